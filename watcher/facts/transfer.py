"""Where data is stored or sent, and by which instrument it may cross a border."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from watcher.facts.concepts import concept_facts
from watcher.facts.passage import Passage
from watcher.facts.polarity import does, modality, tidy
from watcher.lang import vocabulary
from watcher.records import Fact


def facts(passage: Passage) -> Iterator[Fact]:
    """Places of storage and destinations (key: country code), "abroad", and transfer mechanisms."""
    if passage.clause.shape == "heading":
        return
    crossing = "transfer" in passage.topics or passage.cues("transfer", "abroad").search(passage.text)
    for fact in concept_facts(passage, "transfer", "mechanisms"):
        if fact.key not in ("explicit consent", "data transfer agreement", "certification") or crossing:
            yield fact
    if "transfer" not in passage.topics and not passage.cues("transfer", "cues").search(passage.text):
        return
    yield from _places(passage)
    abroad = passage.cues("transfer", "abroad").search(passage.text, passage.body)
    if abroad:
        yield _place(passage, abroad, "abroad")


def _places(passage: Passage) -> Iterator[Fact]:
    words, codes = _gazetteer(passage.language)
    seen: set[str] = set()
    for match in words.finditer(passage.text, passage.body):
        code = codes[match.lastgroup or ""]
        if code not in seen:
            seen.add(code)
            yield _place(passage, match, code)


def _place(passage: Passage, match: re.Match[str], key: str) -> Fact:
    return passage.fact(
        "transfer",
        "place",
        match.span(),
        key=key,
        subject=tidy(match.group()),
        polarity=does(passage, match.start()),
        modality=modality(passage),
    )


@cache
def _gazetteer(language: str) -> tuple[re.Pattern[str], dict[str, str]]:
    """One alternation of all places, each in a group whose name leads to its code."""
    rows = sorted(vocabulary(language)["transfer"]["places"].items(), key=lambda row: -len(row[0]))
    codes = {f"p{n}": code for n, (_, code) in enumerate(rows)}
    body = "|".join(f"(?P<p{n}>{name})" for n, (name, _) in enumerate(rows))
    return re.compile(body if language == "zh" else rf"\b(?:{body})(?!\w)"), codes
