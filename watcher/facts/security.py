"""Security promises, breach notice, and what is expressly not promised."""

from __future__ import annotations

from collections.abc import Iterator

from watcher.facts.concepts import concept_facts
from watcher.facts.passage import Passage
from watcher.records import Fact


def facts(passage: Passage) -> Iterator[Fact]:
    """One fact for each concept that the passage names."""
    yield from concept_facts(passage, "security")
