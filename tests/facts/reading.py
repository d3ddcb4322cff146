"""What the tests of facts share: a clause in, its facts of one kind out."""

from __future__ import annotations

from typing import Any

from watcher.facts import clause_facts
from watcher.lang.words import clause_hash
from watcher.records import Clause, Fact, Kind, Teaching


def clause(text: str, **more: Any) -> Clause:
    """A paragraph with that text; Chinese where it holds Chinese signs."""
    language = "zh" if any("\u4e00" <= sign <= "\u9fff" for sign in text) else "en"
    return Clause(**{"text": text, "anchor": "a", "language": language, "hash": clause_hash(text), **more})


def read(text: str, kind: Kind, *, teaching: Teaching | None = None, **more: Any) -> list[Fact]:
    """The facts of one kind in a paragraph."""
    return [fact for fact in clause_facts(clause(text, **more), teaching) if fact.kind == kind]


def keys(text: str, kind: Kind, **more: Any) -> set[str]:
    """Their keys."""
    return {fact.key for fact in read(text, kind, **more)}
