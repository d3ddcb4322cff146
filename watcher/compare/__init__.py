"""From two readings to changes. Pure: facts before words; each change carries its quotes."""

from __future__ import annotations

from watcher.compare.align import align
from watcher.compare.facts_diff import diff_facts
from watcher.compare.wording_diff import diff_wording
from watcher.records import Change, Reading, Teaching


def compare(old: Reading, new: Reading, teaching: Teaching | None = None) -> tuple[Change, ...]:
    """Every difference between two versions, unjudged. A document against itself gives ()."""
    alignment = align(old.document, new.document)
    found = diff_facts(old, new, alignment)
    return (*found.changes, *diff_wording(alignment, found.explained))
