"""What a whole sentence is mainly about, weighed from all that speaks for it: its own words, its place, its likeness.

The frames of the language's [wording] table see single turns of phrase. Where several fit, or none, the rest decides:
the lead of its list, the heading above it, and how likely its category is by the clause classifier, which has read
every word. What the weights are was learned from 440 sentences of policies that we labelled by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from watcher.compare.lines import about, led_by
from watcher.compare.meaning import says, titled
from watcher.compare.units import Unit
from watcher.facts.categories import probabilities
from watcher.records import Category, Kind

#: The categories of a sentence of each kind.
CATEGORIES: dict[Kind, tuple[Category, ...]] = {
    "sharing": ("sharing",),
    "retention": ("retention",),
    "collection": ("collection_use",),
    "purpose": ("collection_use",),
    "rights": ("rights", "choice"),
    "transfer": ("transfer",),
    "tracking": ("tracking",),
    "children": ("children",),
    "security": ("security",),
    "notice": ("policy_change",),
    "scope": ("introduction", "regional"),
    "contact": ("contact",),
    "controller": ("contact", "introduction"),
    "legal_basis": ("collection_use",),
    "sale": ("sharing", "rights", "choice"),
}
#: Categories of what states no practice.
IDLE: tuple[Category, ...] = ("other", "introduction", "definitions", "messaging")

#: What is collected, and by what means: told together where both weigh much.
MEANS: frozenset[Kind] = frozenset({"collection", "tracking"})
#: Kinds that weigh little whoever is told of them; their frames are enough.
STAYING: tuple[tuple[Kind], ...] = (("security",), ("notice",), ("scope",), ("contact",))

FIRST = 0.75  #: the most telling frame
FRAME = 1.5  #: any frame
LED = 0.35  #: the lead of the list
HEADING = 0.65  #: the title of the section
LIKELY = 2.2  #: times the probability of its category
AIM = 0.7  #: to purpose, and off collection, where a list's item begins as an aim: "to send you parcels"
#: What some kinds are given, or docked, besides.
LEANING: dict[Kind, float] = {
    "rights": 0.9,
    "retention": 0.6,
    "transfer": 0.4,
    "sharing": 0.2,
    "collection": 0.2,
    "purpose": -0.3,
    "contact": -0.7,
}
NOTHING = 2.2  #: what a kind must outweigh to be told at all
BESIDE = 0.5  #: ... and this, to be told beside what weighs most
IDLENESS = 1.9  #: ... and this times the probability that nothing is stated


class Weighed(NamedTuple):
    """What a sentence is about."""

    about: tuple[Kind, ...]  #: what weighs most, then the rest in the order of their frames; () where nothing does
    mains: tuple[Kind, ...]  #: what it is told as: what weighs most, and its most telling frame if that weighs as well


def weighed(unit: Unit) -> Weighed:
    """What a sentence is about, as `lines.about` reads it, with what weighs most first."""
    spoken = about(unit)
    if spoken[:1] == ("date",):
        return Weighed(spoken, spoken[:1])
    clause = unit.clause
    text = clause.text if clause.shape == "row" else unit.text
    likely = probabilities(
        f"{unit.lead} {text}" if unit.lead else text,
        heading=clause.path[-1] if clause.path else "",
        language=clause.language,
    )
    weights = _weights(unit, spoken, likely)
    least = NOTHING + IDLENESS * max(likely[category] for category in IDLE)
    main = max(weights, key=weights.__getitem__)
    if weights[main] < least:
        stays = any(says(cue, unit.text, clause.language) for cue in ("negation", "human")) or spoken[:1] in STAYING
        return Weighed(spoken, spoken[:1]) if stays else Weighed((), ())
    beside = [kind for kind in (*spoken[:1], *MEANS) if kind in spoken and weights[kind] >= least + BESIDE]
    told = (main, *(kind for kind in beside if kind == spoken[0] or {kind, main} == MEANS))
    return Weighed(tuple(dict.fromkeys((main, *spoken))), tuple(dict.fromkeys(told)))


def _weights(unit: Unit, spoken: tuple[Kind, ...], likely: Mapping[Category, float]) -> dict[Kind, float]:
    led, heading = led_by(unit), titled(" ".join(unit.clause.path[-1:]), unit.clause.language)
    begins = unit.clause.shape == "item" and says("aim", unit.text, unit.clause.language)
    aims = AIM * (begins or led[:1] == ("purpose",))
    leaning = {**LEANING, "purpose": LEANING["purpose"] + aims, "collection": LEANING["collection"] - aims}
    return {
        kind: leaning.get(kind, 0.0)
        + LIKELY * max(likely[category] for category in categories)
        + FIRST * (kind in spoken[:1])
        + FRAME * (kind in spoken)
        + LED * (kind in led)
        + HEADING * (kind in heading)
        for kind, categories in CATEGORIES.items()
    }
