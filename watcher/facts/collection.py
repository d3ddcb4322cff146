"""Which data is collected: the items of enumerations that end in a noun of data, and their neighbours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from watcher.facts.cues import last
from watcher.facts.passage import Passage
from watcher.facts.phrases import cut, items
from watcher.facts.polarity import does, modality, tidy
from watcher.lang import vocabulary
from watcher.lang.names import noun_key
from watcher.records import Fact

LONGEST = {"en": 7, "zh": 16}  #: words (Chinese: signs) of a category of data


def facts(passage: Passage) -> Iterator[Fact]:
    """Categories of data that `passage` says are collected, or not collected."""
    cue = passage.cues("collection", "cues").search(passage.text)
    if passage.clause.shape == "heading" or (cue is None and "collection" not in passage.topics):
        return
    at = cue.start() if cue else 0
    spans = [cut(passage, a, b) for a, b in items(passage, 0, len(passage.text))]
    kept = [(a, b) for a, b in spans if b > a and passage.own(a) and _short(passage.text[a:b], passage.language)]
    known = [(a, b) for a, b in kept if _is_data(passage.text[a:b], passage.language)]
    if not known:
        return
    seen: set[str] = set()
    for start, end in known:
        start = _after_verb(passage, start, end)
        phrase = passage.text[start:end]
        key = noun_key(phrase, passage.language)
        if not key or key in seen or key in _vague(passage.language) or len(key) < 2:
            continue
        seen.add(key)
        yield passage.fact(
            "collection", "data category", (start, end), key=key, subject=tidy(phrase),
            polarity=does(passage, at), modality=modality(passage),
        )  # fmt: skip


def _after_verb(passage: Passage, start: int, end: int) -> int:
    """Where the data begins in an item that still holds the verb before it ("we collect your | name")."""
    verb = last(passage.cues("collection", "verbs"), passage.text, start, end)
    if verb is None or not passage.text[verb.end() : end].strip():
        return start
    return end - len(passage.text[verb.end() : end].lstrip())


def _short(phrase: str, language: str) -> bool:
    return len(phrase) <= LONGEST["zh"] + 14 if language == "zh" else phrase.count(" ") <= LONGEST["en"] + 6


def _is_data(phrase: str, language: str) -> bool:
    """Whether a phrase ends in a noun of data."""
    return bool(_tail(language).search(phrase))


@cache
def _tail(language: str) -> re.Pattern[str]:
    heads = "|".join(sorted(vocabulary(language)["collection"]["heads"], key=len, reverse=True))
    if language == "zh":
        return re.compile(rf"(?:{heads})(?:等|等信息)?$", re.IGNORECASE)
    return re.compile(rf"\b(?:{heads})$", re.IGNORECASE)


@cache
def _vague(language: str) -> frozenset[str]:
    return frozenset(vocabulary(language)["collection"]["vague"])
