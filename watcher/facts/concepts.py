"""Facts that are told by a concept: a name of the field and the wordings that mean it, one table for each kind."""

from __future__ import annotations

from collections.abc import Iterator

from watcher.facts.passage import Passage, tidy
from watcher.records import Fact, Kind


def concept_facts(passage: Passage, kind: Kind, table: str = "concepts") -> Iterator[Fact]:
    """One fact for each concept of `[kind.table]` that the passage's own words name; its key is the concept."""
    for concept, match in passage.concepts(f"{kind}.{table}", passage.body):
        yield passage.fact(
            kind,
            f"{kind} {concept}",
            match.span(),
            key=concept,
            subject=tidy(passage.text[match.start() : match.end()]) or concept,
            polarity=passage.does(match.start()),
        )
