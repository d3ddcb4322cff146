"""A source in trouble: opened once, told once, told louder once, closed and told once."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from watcher.pipeline import tell
from watcher.pipeline.watch import Desk
from watcher.records import Source
from watcher.store import sources

Trouble = Literal["failing", "flapping", "stale"]


def begin(watch: Desk, source: Source, kind: Trouble, reason: str, since: datetime, at: datetime) -> int | None:
    """Open a problem and tell of it, once; its id, None if people know already.

    Failing and stale both say that nobody sees the policy: who knows of one is not told of the other.
    """
    same = ("flapping",) if kind == "flapping" else ("failing", "stale")
    if any(sources.open_problem(watch.store, source.id, other) is not None for other in same):
        return None
    id = sources.add_problem(watch.store, source.id, kind, reason, since, at)
    opened = sources.open_problem(watch.store, source.id, kind)
    assert opened is not None
    tell.problem(watch, source, opened, at)
    return id


def end(watch: Desk, source: Source, kind: Trouble, at: datetime) -> int | None:
    """Close a problem, if it is open, and tell of it; its id."""
    opened = sources.open_problem(watch.store, source.id, kind)
    if opened is None:
        return None
    sources.close_problem(watch.store, opened.id, at)
    tell.recovery(watch, source, opened, at)
    return opened.id
