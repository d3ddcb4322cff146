"""How and when people are told that the policy changes."""

from __future__ import annotations

from collections.abc import Iterator

from watcher.facts.concepts import concept_facts
from watcher.facts.passage import Passage
from watcher.facts.polarity import modality
from watcher.lang.durations import durations
from watcher.records import Fact


def facts(passage: Passage) -> Iterator[Fact]:
    """Ways of notice, and "notice period" with its length, in sentences about changes of the policy."""
    if "notice" not in passage.topics and not passage.cues("notice", "cues").search(passage.text):
        return
    yield from concept_facts(passage, "notice")
    for duration in durations(passage.text, passage.language):
        if passage.own(duration.start):
            value = passage.text[duration.start : duration.end]
            yield passage.fact(
                "notice",
                "notice period",
                (duration.start, duration.end),
                key="notice period",
                subject=value,
                value=value,
                norm=duration.norm,
                modality=modality(passage),
            )
