"""From two readings to changes. Pure: facts before words; each change carries its quotes."""

from __future__ import annotations

from watcher.records import Change, Reading, Teaching


def compare(old: Reading, new: Reading, teaching: Teaching | None = None) -> tuple[Change, ...]:
    """Every difference between two versions, unjudged. A document against itself gives ()."""
    return ()
