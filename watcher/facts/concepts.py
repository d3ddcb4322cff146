"""Facts that are told by a concept: a name of the field and the wordings that mean it, one table for each kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from watcher.facts.passage import Passage
from watcher.facts.polarity import does, modality, tidy
from watcher.lang import vocabulary
from watcher.records import Fact, Kind


def concept_facts(passage: Passage, kind: Kind, table: str = "concepts") -> Iterator[Fact]:
    """One fact for each concept of `[kind.table]` that the passage's own words name; its key is the concept."""
    if passage.clause.shape == "heading":
        return
    for concept, words in concepts(passage.language, kind, table):
        match = words.search(passage.text, passage.body)
        if match:
            yield passage.fact(
                kind,
                f"{kind} {concept}",
                match.span(),
                key=concept,
                subject=tidy(match.group()) or concept,
                polarity=does(passage, match.start()),
                modality=modality(passage),
            )


@cache
def concepts(language: str, kind: str, table: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """(concept, pattern of its wordings) of a kind in a language, in the table's order."""
    edge = "" if language == "zh" else r"\b"
    rows = vocabulary(language)[kind][table].items()
    return tuple((name, re.compile(f"{edge}(?:{words})", re.IGNORECASE)) for name, words in rows)
