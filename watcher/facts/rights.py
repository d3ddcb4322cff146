"""Rights, choices and opt-outs, and how long an answer to them may take."""

from __future__ import annotations

from collections.abc import Iterator

from watcher.facts.concepts import concept_facts
from watcher.facts.passage import Passage
from watcher.facts.polarity import modality, tidy
from watcher.lang.durations import durations
from watcher.records import Fact


def facts(passage: Passage) -> Iterator[Fact]:
    """Rights by concept ("access", "opt out"), and deadlines with the verb that they bind."""
    yield from _deadlines(passage)
    if passage.clause.shape == "heading":
        return
    if "rights" not in passage.topics and not passage.cues("rights", "grants").search(passage.text):
        return
    yield from concept_facts(passage, "rights")


def _deadlines(passage: Passage) -> Iterator[Fact]:
    """Lengths of time within which a request is answered, or after which it takes effect."""
    for duration in durations(passage.text, passage.language):
        if not passage.own(duration.start):
            continue
        around = passage.text[max(0, duration.start - 80) : duration.end + 60]
        cue = passage.cues("rights", "deadline").search(around)
        if cue is None or (passage.cues("retention", "strong").search(around) and "rights" not in passage.topics):
            continue
        value = passage.text[duration.start : duration.end]
        yield passage.fact(
            "rights", "deadline", (duration.start, duration.end), key="deadline", subject=tidy(cue.group()),
            value=value, norm=duration.norm, modality=modality(passage),
        )  # fmt: skip
