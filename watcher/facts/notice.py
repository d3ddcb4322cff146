"""How and when people are told that the policy changes."""

from __future__ import annotations

from collections.abc import Iterator

from watcher.facts.concepts import concept_facts
from watcher.facts.passage import Passage
from watcher.records import Fact


def facts(passage: Passage) -> Iterator[Fact]:
    """Ways of notice, and "notice period" with its length, in sentences about changes of the policy."""
    if not passage.about("notice", "cues"):
        return
    yield from concept_facts(passage, "notice")
    for duration in passage.durations:
        near = max(0, duration.start - 50), duration.end + 50
        if passage.own(duration.start) and passage.find("notice", "period", *near):
            span = (duration.start, duration.end)
            value = passage.text[slice(*span)]
            norm = duration.norm.partition(" ")[0]  # whoever says "30 days" means at least so many
            yield passage.fact(
                "notice", "notice period", span, key="notice period", subject=value, value=value, norm=norm
            )
