"""Selling, renting, and sharing for cross-context advertising, affirmed or denied."""

from __future__ import annotations

from collections.abc import Iterator

from watcher.facts.concepts import concept_facts
from watcher.facts.passage import Passage
from watcher.records import Fact


def facts(passage: Passage) -> Iterator[Fact]:
    """One fact for each concept that the passage names."""
    if passage.find("sale", "data") and not passage.find("sale", "successors"):  # a merger or bankruptcy sells no data
        yield from concept_facts(passage, "sale")
