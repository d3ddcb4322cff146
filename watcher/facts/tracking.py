"""Cookies, SDKs, pixels and their like, and the signals by which people refuse them."""

from __future__ import annotations

from collections.abc import Iterator

from watcher.facts.concepts import concept_facts
from watcher.facts.passage import Passage
from watcher.records import Fact


def facts(passage: Passage) -> Iterator[Fact]:
    """Technologies in use and signals honoured or not; the key is the technology or the signal."""
    yield from concept_facts(passage, "tracking")
