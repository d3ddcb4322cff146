"""How long data is kept: stated lengths of time, criteria ("as long as necessary"), events and legal duties."""

from __future__ import annotations

import re
from collections.abc import Iterator

from watcher.facts import cues
from watcher.facts.passage import Passage, is_list_joint, tidy
from watcher.lang.durations import Duration
from watcher.lang.names import noun_key
from watcher.records import Fact

_PASSIVE = re.compile(r"\b(?:is|are|be|been|being|was|were)\b(?: \w+){0,4} ?$")
_FOR = re.compile(r"\bfor (?:up to |at least |a maximum of )?$")
_AFTER = re.compile(r" (?:after|from|following|since|once)\b")
_STOP = re.compile(r"[,;.。；，)）]")
_HAN_BREAK = re.compile(r"[，；。,;]")


def facts(passage: Passage) -> Iterator[Fact]:
    """Retention periods and criteria of `passage`, each with the data it speaks of."""
    if not passage.about("retention", "verbs") and not passage.durations:
        return
    found = False
    for duration in passage.durations:
        if passage.own(duration.start) and is_retention(passage, duration):
            found = True
            yield _stated(passage, duration)
    if not found:
        yield from _criterion(passage)


def says_more(passage: Passage) -> bool:
    """Whether a verb of `passage` tells that data is collected or used, not only kept."""
    kept = {verb.start() for verb in passage.all("retention", "verbs")}
    nouns = {data.end() for data in passage.all("retention", "objects")}  # "call records" records nothing
    return any(verb.start() not in kept and verb.end() not in nouns for verb in passage.all("collection", "verbs"))


def is_retention(passage: Passage, duration: Duration) -> bool:
    """Whether a length of time is one of keeping data: near a verb of keeping, and no deadline, age or notice."""
    low, high = max(0, duration.start - 60), duration.end + 30
    if passage.find("retention", "others", low, high) and not passage.find("retention", "strong", low, high):
        return False
    if "retention" in passage.topics or passage.find("retention", "strong", duration.end, duration.end + 12):
        return True  # "one-year retention"
    if passage.row and duration.start <= passage.body + 12:  # "Call records | 6 months"
        return passage.find("retention", "objects", 0, passage.body) is not None
    if _FOR.search(passage.low, 0, duration.start) and _AFTER.match(passage.low, duration.end):
        return passage.find("retention", "objects") is not None  # "we use your data for 2 years after"
    near = passage.find("retention", "verbs", max(0, duration.start - 240), duration.end + 120)
    return near is not None and passage.find("retention", "objects") is not None


def _stated(passage: Passage, duration: Duration) -> Fact:
    subject = _beside(passage, duration.start) or _subject(passage, duration.start)
    return passage.fact(
        "retention",
        "stated period",
        (duration.start, duration.end),
        key=noun_key(subject, passage.language) or "personal data",
        subject=subject,
        value=tidy(passage.text[max(passage.body, duration.begin) : duration.end]),
        norm=duration.norm,
    )


def _beside(passage: Passage, at: int) -> str:
    """The data named between the last break and the length of time at `at`; "" where none is, or in a table.

    An earlier length of time is a break ("kept for three years, server logs for six months"). So is a Chinese comma,
    where data stands in front of its verb: 订单记录保存三年，日志保存六个月.
    """
    since = max((d.end for d in passage.durations if d.end < at), default=0)
    han = passage.language == "zh"
    low = max((m.end() for m in _HAN_BREAK.finditer(passage.low, since, at)), default=since) if han else since
    if passage.row or not (since or (han and passage.find("retention", "verbs", low, at))):
        return ""
    for phrase in reversed(passage.phrases) if han else passage.phrases:
        if low <= phrase.start and phrase.end <= at and (han or is_list_joint(phrase.joint)):
            words = passage.text[phrase.start : phrase.end]
            if _names_data(words.lower(), passage.language):
                return tidy(words)
    return ""


def _names_data(low: str, language: str) -> bool:
    """Whether a noun phrase names data: in Chinese by its last signs, in English by any word ("cookie IDs")."""
    return any(
        language == "en" or m.end() == len(low) for m in cues.pattern(language, "retention", "objects").finditer(low)
    )


def _subject(passage: Passage, at: int) -> str:
    """The data whose keeping the words at `at` limit: of the nearest verb, else the row's or the section's subject."""
    if passage.row:
        return tidy(passage.row.partition("(")[0])[:80]
    verb = _nearest(passage, at)
    return (_object(passage, verb, at) if verb else "") or passage.heading("retention")


def _nearest(passage: Passage, at: int) -> re.Match[str] | None:
    """The verb of keeping nearest to `at`, one before it first."""
    before = None
    for match in passage.all("retention", "verbs"):
        if match.start() > at:
            return before or match
        before = match
    return before


def _object(passage: Passage, verb: re.Match[str], at: int) -> str:
    """The data that is kept until `at`: what follows an active verb, or the subject in front of a passive one.

    After an earlier length of time, what follows that: "keep logs for 6 months and invoices for 7 years".
    """
    since = max((d.end for d in passage.durations if d.end < at), default=0)
    after = [p for p in passage.phrases if max(verb.end(), since) <= p.start <= max(verb.end() + 60, since + 40)]
    before = [p for p in passage.phrases if verb.start() - 110 <= p.start and p.end <= verb.start()][::-1]
    passive = passage.language == "en" and _PASSIVE.search(passage.low, max(0, verb.start() - 50), verb.start())
    for phrase in (*before, *after) if passive else (*after[:2], *before, *after[2:]):
        if passage.find("retention", "objects", phrase.start, phrase.end):
            return tidy(passage.text[phrase.start : phrase.end])
    return ""


def _criterion(passage: Passage) -> Iterator[Fact]:
    """The criterion that stands in place of a length of time; one for each sentence."""
    for match in passage.all("retention", "criteria"):
        verb = _nearest(passage, match.start())
        if not passage.own(match.start()) or verb is None or abs(match.start() - verb.end()) > 160:
            continue
        subject = _subject(passage, match.start())
        if not subject:
            continue
        stop = _STOP.search(passage.text, match.end(), match.end() + 60)
        end = stop.start() if stop else min(len(passage.text), match.end() + 60)
        yield passage.fact(
            "retention",
            "criterion",
            (match.start(), end),
            key=noun_key(subject, passage.language) or "personal data",
            subject=subject,
            value=tidy(passage.text[match.start() : end]),
            norm=noun_key(match.group(), passage.language),
            polarity=passage.does(verb.start()),
        )
        return
