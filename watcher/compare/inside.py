"""What words edited inside a sentence are about, weighed from all that speaks for it: the words and where they stand.

An edit changes one part of its sentence: the words between two turns ("unless", a semicolon, a Chinese comma), and in
it members of a list. So there speak, each with its weight: what sort of thing the edited words name (data, a party, a
place, a right), what their neighbours in the list are, the frame that governs them in their part, the terms of the
field that the sentence gained or lost (a right, a legal basis), a time or an age among them, how likely each category
is for the part by the clause classifier; and, last, what the sentence as a whole is about.

The weights were learned from edits of real policies that we labelled: the pairs, and edits that we wrote.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise

from watcher.compare.edits import Edit, Side
from watcher.compare.evidence import CATEGORIES, Weighed
from watcher.compare.meaning import every, governing, kinds, says, titled
from watcher.compare.units import Unit
from watcher.facts.categories import probabilities
from watcher.facts.collection import ends_in_data
from watcher.facts.concepts import terms
from watcher.facts.cues import tongue
from watcher.facts.sharing import ends_in_party
from watcher.lang import vocabulary
from watcher.records import Kind

Evidence = tuple[Kind, str, float]  #: a kind, what speaks for it by the names of WEIGHTS, 1.0 or a probability

#: What each piece of evidence for a kind weighs.
WEIGHTS: dict[str, float] = {
    "sort": 1.0,  #: what sort of thing the edited words name
    "neighbours": 0.9,  #: ... and their neighbours in the list
    "member": 1.5,  #: ... where both are of one sort
    "governed": 1.4,  #: the frame that governs them in their part of the sentence
    "denied": 3.0,  #: what a "not" that came or went denies
    "term": 1.8,  #: a term that the sentence gained or lost
    "time": 3.4,  #: a time, for retention
    "deadline": 0.9,  #: a time, for rights
    "age": 2.2,
    "special": 1.2,  #: advertising, profiling, training, for purpose
    "sentence": 2.8,  #: what the whole sentence is about
    "likely": 3.2,  #: times the probability of its category
}
#: What some kinds are given, or docked, besides.
LEANING: dict[Kind, float] = {
    "sharing": 1.6,
    "controller": 0.6,
    "rights": 0.3,
    "scope": 0.3,
    "tracking": 0.2,
    "collection": -0.2,
    "sale": -0.3,
    "legal_basis": -0.4,
    "purpose": -0.5,
    "contact": -1.2,
    "transfer": -0.9,
}
LEAST = 1.5  #: what a kind must weigh; a neighbour, or one word that may name data, is not enough
#: Kinds of the terms that tell what sort of thing some words name.
NAMED: frozenset[Kind] = frozenset({"tracking", "transfer", "rights", "legal_basis", "purpose"})
NEAR = 24  #: characters around an edit that may belong to a term
DENIED = 40  #: characters behind a "not" that it denies
CELLS = " | "  #: between the cells of a row
SHORT = 3  #: words; fewer tell the classifier nothing


def weighed_edits(sides: tuple[Side, Side], shown: Sequence[Edit], unit: Unit, sentence: tuple[Kind, ...]) -> Weighed:
    """What the edits are about together, and the kinds that weigh most in one of them.

    `sentence`: what the whole sentence is about.
    """
    if len(unit.clause.cells) > 1:
        cells = [_cell(sides[at].text, span) for e in shown for at, span in ((1, e.new_span), (0, e.old_span))]
        sentence = _columns([text for text, _ in cells], unit) or sentence
    general = _general(sides, sentence, unit.clause.language)
    each = [_of_edit(edit, sides, unit) for edit in shown]
    together = _ranked([*general, *(row for rows in each for row in rows)])
    mains = (together[:1], *(_ranked([*general, *rows])[:1] for rows in each))
    return Weighed(together, tuple(dict.fromkeys(kind for first in mains for kind in first)))


def _ranked(rows: Iterable[Evidence]) -> tuple[Kind, ...]:
    """The kinds for which something speaks, what weighs most first; of several with one name the strongest counts."""
    strongest: defaultdict[Kind, dict[str, float]] = defaultdict(dict)
    for kind, name, value in rows:
        if kind in CATEGORIES:
            strongest[kind][name] = max(value, strongest[kind].get(name, 0.0))
    weights = {
        kind: LEANING.get(kind, 0.0) + sum(WEIGHTS[name] * value for name, value in speaking.items())
        for kind, speaking in strongest.items()
        if speaking.keys() - {"likely"}
    }
    return tuple(sorted((k for k, weight in weights.items() if weight >= LEAST), key=lambda kind: -weights[kind]))


def _columns(cells: Sequence[str], unit: Unit) -> tuple[Kind, ...]:
    """What the columns are about in which the edited cells stand: the others of the row speak of other matters."""
    named = zip(unit.clause.columns, unit.clause.cells, strict=False)
    names = [name for name, cell in named if name and any(part and part in cell for part in cells)]
    return tuple(dict.fromkeys(kind for name in names for kind in titled(name, unit.clause.language)[:1]))


def _cell(text: str, span: tuple[int, int]) -> tuple[str, tuple[int, int]]:
    """The cell of a table's row in which the span stands, and where in it."""
    start = text.rfind(CELLS, 0, span[0]) + len(CELLS) if CELLS in text[: span[0]] else 0
    end = text.find(CELLS, span[1])
    return text[start : end if end >= 0 else len(text)], (span[0] - start, span[1] - start)


def _general(sides: tuple[Side, Side], sentence: tuple[Kind, ...], language: str) -> list[Evidence]:
    """What speaks whatever the edit: the terms that the sentence gained or lost, and what it is about."""
    before, after = (terms(side.text, language) for side in sides)
    return [*((kind, "term", 1.0) for kind, _ in before ^ after), *((kind, "sentence", 1.0) for kind in sentence)]


def _of_edit(edit: Edit, sides: tuple[Side, Side], unit: Unit) -> list[Evidence]:
    """What an edit shows in either version."""
    rows = ((1, edit.new_span, edit.after), (0, edit.old_span, edit.before))
    return [spoken for at, span, said in rows if said for spoken in _speaking(sides[at].text, span, said, unit)]


def _speaking(text: str, span: tuple[int, int], words: str, unit: Unit) -> Iterator[Evidence]:
    """What one edit shows in one version."""
    language = unit.clause.language
    if len(unit.clause.cells) > 1:
        text, span = _cell(text, span)
    named, around = sorts_beside(text, span, language)
    for name, told in (("sort", named), ("neighbours", around), ("member", named & around)):
        for kind in told:
            yield kind, name, 1.0
    start, end = _part(text, span, language)
    part = text[start:end]
    for kind in governing(part, (span[0] - start, min(span[1], end) - start), language)[:1]:
        yield kind, "governed", 1.0
    if says("negation", words, language):
        for kind in kinds(text[span[1] : span[1] + DENIED], language)[:1]:
            yield kind, "denied", 1.0
    if any(m.start() < span[1] and span[0] < m.end() for m in every("duration", text, language)):
        yield "retention", "time", 1.0
        yield "rights", "deadline", 1.0
    if any(m.start() <= span[1] and span[0] <= m.end() for m in every("age", text, language)):
        yield "children", "age", 1.0
    if says("special", words, language):
        yield "purpose", "special", 1.0
    if len(words.split()) >= SHORT or (len(words) > SHORT and language == "zh"):
        path = unit.clause.path
        likely = probabilities(part, heading=path[-1] if path else "", language=language)
        for kind, categories in CATEGORIES.items():
            yield kind, "likely", max(likely[category] for category in categories)


def sorts_beside(text: str, span: tuple[int, int], language: str) -> tuple[set[Kind], set[Kind]]:
    """What sorts of thing the words at `span` name, with what of their list they touch, and their neighbours in it."""
    members, beside = _members(text, span, language)
    phrases = (text[slice(*span)], *members)
    return set().union(*(_sorts(p, language) for p in phrases)), set().union(*(_sorts(p, language) for p in beside))


def gained_or_lost(sides: tuple[Side, Side], shown: Sequence[Edit], kind: Kind, language: str) -> bool:
    """Whether the edits took a term of that kind from the sentence or gave it one: another basis, a right less."""
    before, after = (terms(side.text, language) for side in sides)
    return any(
        told == kind and (told, term) in terms(text[max(0, start - NEAR) : end + NEAR], language)
        for here, there, at in ((before, after, 0), (after, before, 1))
        for told, term in here - there
        for edit in shown
        for text, (start, end) in ((sides[at].text, edit.new_span if at else edit.old_span),)
        if start < end
    )


def _sorts(phrase: str, language: str) -> set[Kind]:
    """The kinds whose things a phrase names by its last noun or by its terms, or for what it says something is."""
    low = phrase.lower().strip(" .。;；:：")
    found: set[Kind] = {kind for kind, _ in terms(phrase, language) if kind in NAMED}
    if ends_in_data(low, language):
        found.add("collection")
    if ends_in_party(low, language):
        found.add("sharing")
    if says("aim", phrase, language):
        found.add("purpose")
    return found


def _members(text: str, span: tuple[int, int], language: str) -> tuple[list[str], list[str]]:
    """The members of a list that an edit touches, and the nearest ones that it leaves."""
    cuts = [(0, 0), *(m.span() for m in _pattern("joints", language).finditer(text)), (len(text), len(text))]
    parts = [(a, b) for (_, a), (b, _) in pairwise(cuts) if text[a:b].strip()]
    touched = [i for i, (a, b) in enumerate(parts) if a < span[1] and span[0] < b]
    around = (touched[0] - 1, touched[-1] + 1) if touched else ()
    beside = [parts[i] for i in around if 0 <= i < len(parts)]
    return [text[a:b] for a, b in (parts[i] for i in touched)], [text[a:b] for a, b in beside]


def _part(text: str, span: tuple[int, int], language: str) -> tuple[int, int]:
    """Where the part of the sentence begins and ends in which an edit begins."""
    turn = _pattern("turn", language)
    start = max((m.end() for m in turn.finditer(text, 0, span[0])), default=0)
    end = next((m.start() for m in turn.finditer(text, max(span[1], 1))), len(text))
    return start, end


@cache
def _pattern(key: str, language: str) -> re.Pattern[str]:
    table = vocabulary(tongue(language))["wording"]
    return re.compile("|".join(table[key]), re.IGNORECASE)
