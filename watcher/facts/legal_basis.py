"""On which legal ground data is processed (GDPR Article 6, PIPL Article 13)."""

from __future__ import annotations

from collections.abc import Iterator

from watcher.facts.concepts import concept_facts
from watcher.facts.passage import Passage
from watcher.records import Fact


def facts(passage: Passage) -> Iterator[Fact]:
    """Legal bases that a sentence names as such; consent to something else is a choice, not a basis."""
    if passage.about("legal_basis", "cues"):
        yield from concept_facts(passage, "legal_basis")
