"""Rights, choices and opt-outs, and how long an answer to them may take."""

from __future__ import annotations

import re
from collections.abc import Iterator

from watcher.facts.concepts import concept_facts
from watcher.facts.passage import Passage
from watcher.facts.retention import is_retention
from watcher.records import Fact

_EFFECT = ("effect", "生效")
_PEOPLE = re.compile(r"\b(?:you|users?|individuals?|residents?|people|customers?|members?|consumers?)\b|[您你]")
_NUMBER = re.compile(r"[\d,.%]+")


def facts(passage: Passage) -> Iterator[Fact]:
    """Rights by concept ("access", "opt out"), and "deadline" with the time in which a request is answered.

    What is denied is a right only where somebody could have it: "our staff does not access your files" is none.
    """
    if passage.durations:
        yield from _deadlines(passage)
    if passage.about("rights", "grants"):
        told = concept_facts(passage, "rights")
        yield from (fact for fact in told if fact.polarity or _PEOPLE.search(passage.low))


def _deadlines(passage: Passage) -> Iterator[Fact]:
    """Lengths of time within which a request is answered, or after which it takes effect."""
    if sum(_NUMBER.fullmatch(cell.strip()) is not None for cell in passage.clause.cells) > 1:
        return  # a table of statistics, not of promises
    for duration in passage.durations:
        # "within 30 days of hearing from you, or tell you that we need longer for your request"
        low, high = max(0, duration.start - 80), duration.end + (120 if duration.bound == "max" else 60)
        cue = passage.find("rights", "deadline", low, high)
        if cue is None or not passage.own(duration.start):
            continue
        if cue.group().startswith(_EFFECT) and passage.about("notice", "cues"):
            continue  # when a change of the policy takes effect
        if is_retention(passage, duration):
            continue
        value = passage.text[duration.start : duration.end]
        yield passage.fact(
            "rights",
            "deadline",
            (duration.start, duration.end),
            key="deadline",
            subject=passage.text[cue.start() : cue.end()],
            value=value,
            norm=duration.norm.removesuffix(" max"),  # a deadline is a most, whatever is said
        )
