"""How long data is kept: stated lengths of time, criteria ("as long as necessary"), events and legal duties."""

from __future__ import annotations

import re
from collections.abc import Iterator

from watcher.facts.cues import last
from watcher.facts.passage import Passage
from watcher.facts.phrases import cut
from watcher.facts.polarity import does, modality, tidy
from watcher.lang.durations import Duration, durations
from watcher.lang.names import noun_key
from watcher.records import Fact

#: Words between a verb of keeping and its object that belong to neither.
_AUXILIARY = re.compile(
    r"(?:^|\s)(?:is|are|be|been|being|will|may|shall|was|were|also|only|automatically|generally|not|then|usually|to|and|or"
    r"|permanently|typically|normally|can|must|securely|all|both|would|either|which|that|it|have|has)+$",
    re.IGNORECASE,
)


def facts(passage: Passage) -> Iterator[Fact]:
    """Retention periods and criteria of `passage`, each with the data it speaks of."""
    verb = passage.cues("retention", "verbs").search(passage.text)
    if verb is None and "retention" not in passage.topics:
        return
    found = False
    for duration in durations(passage.text, passage.language):
        if not passage.own(duration.start) or not _is_retention(passage, duration):
            continue
        found = True
        yield _stated(passage, duration)
    if not found and verb is not None:
        yield from _criterion(passage)


def _is_retention(passage: Passage, duration: Duration) -> bool:
    """Whether a length of time is one of keeping data: near a verb of keeping, and no deadline, age or notice."""
    around = passage.text[max(0, duration.start - 60) : duration.end + 30]
    if passage.cues("retention", "others").search(around) and not passage.cues("retention", "strong").search(around):
        return False
    near = passage.text[max(0, duration.start - 240) : duration.end + 120]
    if not passage.cues("retention", "verbs").search(near):
        return "retention" in passage.topics
    return "retention" in passage.topics or bool(passage.cues("retention", "objects").search(passage.text))


def _stated(passage: Passage, duration: Duration) -> Fact:
    verb = _nearest(passage, duration.start)
    subject = _object(passage, verb) if verb else ""
    value = passage.text[_with_bound(passage, duration) : duration.end]
    return passage.fact(
        "retention", "stated period", (duration.start, duration.end), key=_key(passage, subject),
        subject=subject or _fallback(passage), value=tidy(value), norm=duration.norm,
        polarity=True, modality=modality(passage),
    )  # fmt: skip


def _with_bound(passage: Passage, duration: Duration) -> int:
    """Where the words "up to", "at least" in front of a duration begin; its own start where there are none."""
    left = passage.text[max(passage.body, duration.start - 26) : duration.start]
    for key in ("most", "least"):
        for match in passage.cues("units", key).finditer(left):
            if not left[match.end() :].strip(" a的"):
                return duration.start - len(left) + match.start()
    return duration.start


def _nearest(passage: Passage, at: int) -> re.Match[str] | None:
    """The verb of keeping nearest to `at`, those before it first."""
    before = None
    for match in passage.cues("retention", "verbs").finditer(passage.text):
        if match.start() > at:
            return before or match
        before = match
    return before


def _object(passage: Passage, verb: re.Match[str]) -> str:
    """The data that is kept: what follows an active verb, or the subject in front of a passive one."""
    text = passage.text
    if passage.language == "zh":
        return _han_object(passage, verb)
    left = _AUXILIARY.sub("", text[max(0, verb.start() - 120) : verb.start()].rstrip())
    passive = re.search(
        r"(?:\bis|\bare|\bbe|\bbeen|\bwere|\bwas)\b[^,;.]{0,30}$", text[max(0, verb.start() - 40) : verb.start()]
    )
    start, end = cut(passage, verb.end(), min(len(text), verb.end() + 90))
    phrase = re.split(r"[,;(.]| or | and (?:not|will|may|then|are|is|use)", text[start:end])[0]
    if not passive and passage.cues("retention", "objects").search(phrase):
        return tidy(phrase)
    while (shorter := _AUXILIARY.sub("", left).rstrip()) != left:
        left = shorter
    phrase = re.split(r"[,;:(.|]| and we | that | which | where | when | if ", left)[-1]
    words = phrase.split()
    return tidy(" ".join(words[-8:])) if passage.cues("retention", "objects").search(phrase) else ""


def _han_object(passage: Passage, verb: re.Match[str]) -> str:
    around = passage.text[max(0, verb.start() - 40) : verb.end() + 30]
    found = last(passage.cues("retention", "objects"), around)
    return found.group() if found else ""


def _fallback(passage: Passage) -> str:
    return passage.clause.path[-1] if "retention" in passage.topics and passage.clause.path else ""


def _key(passage: Passage, subject: str) -> str:
    return noun_key(subject, passage.language) or "personal data"


def _criterion(passage: Passage) -> Iterator[Fact]:
    """Criteria that stand in place of a length of time; one for each sentence."""
    for match in passage.cues("retention", "criteria").finditer(passage.text, passage.body):
        verb = _nearest(passage, match.start())
        if verb is None or abs(match.start() - verb.end()) > 160:
            continue
        subject = _object(passage, verb)
        if not subject and "retention" not in passage.topics:
            continue
        start, end = match.start(), min(len(passage.text), match.end() + 60)
        stop = re.search(r"[,;.。；，]", passage.text[match.end() : end])
        end = match.end() + stop.start() if stop else end
        value = tidy(passage.text[start:end])
        yield passage.fact(
            "retention", "criterion", (start, end), key=_key(passage, subject), subject=subject or _fallback(passage),
            value=value, norm=noun_key(match.group(), passage.language), polarity=does(passage, verb.start()),
            modality=modality(passage),
        )  # fmt: skip
        return
