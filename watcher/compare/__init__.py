"""From two readings to changes. Pure: facts before words; each change carries its quotes."""

from __future__ import annotations

from watcher.compare.align import align
from watcher.compare.changed import changed_places
from watcher.compare.facts_diff import diff_facts
from watcher.compare.wording_diff import wording_changes
from watcher.records import Change, Reading, Teaching


def compare(old: Reading, new: Reading, teaching: Teaching | None = None) -> tuple[Change, ...]:
    """Every difference between two versions, unjudged. A document against itself gives ()."""
    alignment = align(old.document, new.document, teaching.ignore if teaching else ())
    places = changed_places(alignment)
    found = diff_facts(old, new, alignment, places)
    worded = [
        change
        for i, place in enumerate(places)
        for change in wording_changes(place, found.explained.get(i, ()), known=i in found.known)
    ]
    return (*found.changes, *worded)
