"""From clauses to facts: who, what, how long, which right. Pure; one module per kind, FACT_KINDS is the one table."""

from __future__ import annotations

from watcher.records import Document, Fact, Teaching

#: Stored with cached facts; raise it when the same clause may give other facts.
FACTS = "1"


def facts_of(document: Document, teaching: Teaching | None = None) -> tuple[Fact, ...]:
    """Every fact stated in `document`, in reading order."""
    return ()
