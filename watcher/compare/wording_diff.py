"""What changed in the wording and no fact explains: new and lost sentences, and edits inside reworded ones."""

from __future__ import annotations

import re
from collections.abc import Collection

from watcher.compare.changed import Changed
from watcher.compare.lines import ASIDE
from watcher.compare.meaning import kinds, says, titled
from watcher.compare.quotes import around, shortened
from watcher.lang.values import TIME
from watcher.records import Change, Kind

#: Kinds beside which advertising, marketing, profiling or training is told as a purpose of its own.
USUAL: frozenset[Kind] = frozenset({"collection", "purpose"})
SPECIAL_BESIDE: frozenset[Kind] = frozenset({"sharing", "collection", "tracking", "retention", "transfer"})
_NAMES = re.compile(r"(?<=[a-z,;] )[A-Z][\w-]+")  #: words within a sentence that belong to names


def wording_changes(place: Changed, told: Collection[Kind], *, known: bool) -> list[Change]:
    """The changes of wording in one place. `told`: the kinds that facts have told of it; `known`: all its facts are."""
    main: Kind = place.about[0] if place.about else _section(place)
    signalled = main == "rights" and set(told) == {"tracking"} and not place.whole
    wanted: list[Kind] = [main] if not told or signalled else []  # a signal, as GPC, is a way to use a right, too
    if place.whole:
        # Beside a fact, the words of a purpose or of collecting are how it is said ("in order to deliver").
        quiet = {*ASIDE, *told, *wanted, *(USUAL if told else ())}
        wanted += [k for k in place.mains if k not in quiet]
    if not place.whole and main not in told and any(signal.endswith(" lost") for signal in place.signals):
        wanted = [main]
    lost = place.whole and not place.link.new
    if main != "purpose" and "purpose" not in told and not lost and _special(place) and main in SPECIAL_BESIDE:
        wanted.append("purpose")
    if "offering" in place.signals and main != "scope":
        wanted.append("scope")
    signals = (*place.signals, "known") if known else place.signals
    return [_whole(place, kind, signals) if place.whole else _edit(place, kind, signals) for kind in wanted]


def _section(place: Changed) -> Kind:
    """What a denial that went is about where its own words don't tell: its section, its paragraph; else no kind."""
    if not place.whole or place.link.new or "denial" not in place.signals:
        return "editorial"
    clause = place.unit.clause
    announced = (*titled(" ".join(clause.path[-1:]), clause.language), *kinds(clause.text, clause.language))
    return next((kind for kind in announced if kind not in ASIDE), "editorial")


def _special(place: Changed) -> bool:
    """Whether the words that came or went name a use of data that is told besides the main matter."""
    if place.whole:
        return says("special", _NAMES.sub(" ", place.unit.text), place.unit.clause.language)
    parts = [part for e in place.edits for part in (e.before, e.after) if part and not part.istitle()]
    text = " ".join(parts)
    return says("special", text, place.unit.clause.language)


def _whole(place: Changed, kind: Kind, signals: tuple[str, ...]) -> Change:
    unit, new = place.unit, bool(place.link.new)
    duration = _duration(place, int(new)) if kind == "retention" else ""
    quote = around(unit.text, 0, len(unit.text))
    return Change(
        kind=kind,
        action="added" if new else "removed",
        subject=shortened(unit.text),
        before="" if new else duration,
        after=duration if new else "",
        quote_old="" if new else quote,
        quote_new=quote if new else "",
        section=" > ".join(unit.clause.path),
        old_anchor="" if new else unit.clause.anchor,
        new_anchor=unit.clause.anchor if new else "",
        signals=signals,
    )


def _edit(place: Changed, kind: Kind, signals: tuple[str, ...]) -> Change:
    before = " … ".join(e.before for e in place.edits if e.before)
    after = " … ".join(e.after for e in place.edits if e.after)
    stated = (_duration(place, 0), _duration(place, 1)) if kind == "retention" or "period" in signals else ("", "")
    if kind == "date":
        before, after = (side.text for side in place.sides)
    first, last = place.edits[0], place.edits[-1]
    return Change(
        kind=kind,
        action="added" if not before else "removed" if not after else "changed",
        subject=shortened(after or before),
        before=_with(stated[0], before),
        after=_with(stated[1], after),
        quote_old=around(place.sides[0].text, first.old_span[0], last.old_span[1]),
        quote_new=around(place.sides[1].text, first.new_span[0], last.new_span[1]),
        section=" > ".join(place.unit.clause.path),
        old_anchor=place.link.old[0].clause.anchor,
        new_anchor=place.link.new[0].clause.anchor,
        signals=signals,
    )


def _duration(place: Changed, side: int) -> str:
    """The times that one side states, as written: those that an edit touches, else all."""
    said = place.sides[side]
    found = [value for value in said.values if value.sign[0] == TIME]
    spans = [e.new_span if side else e.old_span for e in place.edits]
    touched = [v for v in found if any(v.start <= end and start <= v.end for start, end in spans)]
    return ", ".join(dict.fromkeys(said.text[v.start : v.end] for v in touched or found))


def _with(duration: str, changed: str) -> str:
    """The changed words, with the time that the sentence states where they leave it out."""
    if changed in duration:
        return duration
    return shortened(changed if not duration or duration in changed else f"{duration} {changed}", 120)
