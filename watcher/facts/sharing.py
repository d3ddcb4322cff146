"""Who receives personal data: by name, by form of name, and by what kind of party it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from watcher.facts.cues import last, pattern
from watcher.facts.passage import Passage
from watcher.facts.phrases import cut, items
from watcher.facts.polarity import does, exception_after, modality, tidy
from watcher.lang import vocabulary
from watcher.lang.names import known_names, noun_key, proper_names
from watcher.records import Fact, Role

REACH = 420  #: characters after a verb of sharing in which its recipients may stand
LONGEST = 9  #: words of a recipient that is a noun phrase


def facts(passage: Passage) -> Iterator[Fact]:
    """Recipients that `passage` states, named and unnamed, each once."""
    seen: set[str] = set()
    for fact in (*named(passage), *unnamed(passage)):
        if fact.key and fact.key not in seen:
            seen.add(fact.key)
            yield fact


# --- named ------------------------------------------------------------------------------------------------------------


def named(passage: Passage) -> Iterator[Fact]:
    """Companies and products in a sentence, list or section that speaks of sharing or of others' services."""
    if passage.clause.shape == "heading" or not in_context(passage):
        return
    text, taken = passage.text, []
    for name in known_names(text, dict(passage.taught)):
        taken.append((name.start, name.end))
        if passage.own(name.start) and name.key != "-":
            yield _named(passage, name.start, name.end, name.key, "name list")
    for name in proper_names(text, passage.language):
        if any(a < name.end and name.start < b for a, b in taken) or not passage.own(name.start):
            continue
        if _in_slot(passage, name.start, name.end):
            yield _named(passage, name.start, name.end, name.key, "proper name")


def in_context(passage: Passage) -> bool:
    """Whether companies that this passage names receive data: its words, its lead-in or its heading say so."""
    return bool("sharing" in passage.topics or passage.cues("sharing", "cues").search(passage.text))


def _in_slot(passage: Passage, start: int, end: int) -> bool:
    """Whether an unknown name stands where recipients stand: after "by", "such as", a comma of a list, or first."""
    left = passage.text[max(0, start - 24) : start].rstrip(" \"'“‘*[(（")
    if not left or start == passage.body:
        return True
    if left[-1] in ",;:、，：；|":
        return True
    return bool(_slot(passage.language).search(left))


@cache
def _slot(language: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{pattern(language, 'sharing', 'slots').pattern})$", re.IGNORECASE)


def _named(passage: Passage, start: int, end: int, key: str, rule: str) -> Fact:
    subject = tidy(passage.text[start:end])
    return passage.fact(
        "sharing", rule, (start, end), key=key, subject=subject, named=True, role=role(passage, subject),
        polarity=_affirmed(passage, start), modality=modality(passage),
    )  # fmt: skip


def _affirmed(passage: Passage, at: int) -> bool:
    """Polarity of the nearest verb of sharing to the left, exceptions taken out of a denial."""
    verb = last(passage.cues("sharing", "verbs"), passage.text, 0, at)
    if verb is None:
        return True
    exception = exception_after(passage, verb.end())
    return does(passage, verb.start()) or (exception is not None and exception <= at)


# --- unnamed ----------------------------------------------------------------------------------------------------------


def unnamed(passage: Passage) -> Iterator[Fact]:
    """Recipients told by what they are: objects of verbs of sharing, items of lists of recipients, collectors."""
    for start, end in _regions(passage):
        for a, b in items(passage, start, end):
            yield from _recipient(passage, *cut(passage, a, b))


def _regions(passage: Passage) -> Iterator[tuple[int, int]]:
    """Parts of the text that enumerate recipients."""
    text = passage.text
    if passage.language == "zh":
        for match in passage.cues("sharing", "frames").finditer(text):
            group = match.lastgroup
            if group:
                yield match.span(group)
        if "sharing" in passage.topics and passage.first and passage.clause.shape in ("item", "term"):
            yield passage.body, min(len(text), passage.body + 40)
        return
    covered = -1
    for verb in passage.cues("sharing", "verbs").finditer(text):
        if verb.start() < covered:
            continue
        preposition = passage.cues("sharing", "prepositions").search(text, verb.end(), verb.end() + 160)
        start = preposition.end() if preposition else verb.end()
        covered = min(len(text), start + REACH)
        yield start, covered
    if passage.first and passage.body == 0 and "sharing" in passage.topics:
        yield 0, min(len(text), 90)


def _recipient(passage: Passage, start: int, end: int) -> Iterator[Fact]:
    phrase = passage.text[start:end]
    if not phrase or not passage.own(start) or len(phrase) > 90 or phrase.count(" ") >= LONGEST:
        return
    head = last(passage.cues("sharing", "heads"), phrase)
    if head is None or (passage.language != "zh" and head.end() < len(phrase.rstrip())):
        return
    key = noun_key(phrase, passage.language)
    if not key or key in _nobody(passage.language):
        return
    yield passage.fact(
        "sharing", "recipient", (start, end), key=key, subject=tidy(phrase), role=role(passage, phrase),
        polarity=_affirmed(passage, start), modality=modality(passage),
    )  # fmt: skip


@cache
def _nobody(language: str) -> frozenset[str]:
    return frozenset(vocabulary(language)["sharing"]["nobody"])


@cache
def _roles(language: str) -> tuple[tuple[Role, re.Pattern[str]], ...]:
    table = vocabulary(language)["sharing"]["roles"]
    edge = "" if language == "zh" else r"\b"
    return tuple((r, re.compile(rf"{edge}(?:{'|'.join(w)}){edge}", re.IGNORECASE)) for r, w in table.items())


def role(passage: Passage, phrase: str) -> Role:
    """What a recipient is to the policy's owner, by its own words first, then by its sentence's."""
    for text in (phrase, passage.text):
        for name, words in _roles(passage.language):
            if words.search(text):
                return name
    return "third_party"
