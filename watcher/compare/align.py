"""Which sentence of the old version became which sentence of the new one.

Global, by words and not by place: (1) the same words anywhere are the same sentence, moved or renumbered or not;
(2) words that run through the other document in the same order were only cut differently (a list made inline, a
paragraph split); (3) what is left is paired by shared rare words, best pair first. Every step is near-linear: exact
keys, then a trigram filter before any search, then an index of rare shingles before any measuring.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import nlargest
from itertools import chain, pairwise
from typing import Literal

from rapidfuzz.distance import Indel

from watcher.compare.copies import lost, paired
from watcher.compare.runs import cut
from watcher.compare.units import Unit, sentences
from watcher.compare.whole import Stream, Whole
from watcher.records import Document

Outcome = Literal["same", "moved", "renumbered", "reworded", "split", "joined", "new", "gone"]

REWORDED = 0.5  #: two sentences are one reworded when so much of their words (Indel similarity) agree
SANDWICHED = 0.25  #: ... or when only so much agrees, but both neighbours are the same
CONTAINED = 0.72  #: ... or when so much of the shorter stands, in order, in the longer
PART = 0.7  #: a left-over sentence is part of a pair when so much of it stands in the pair's other side
RECUT = 6  #: words; shorter sentences are not looked for inside the other document, they are found by chance
POSTINGS = 40  #: a shingle that occurs in more left-over sentences than this tells nothing
CANDIDATES = 6  #: pairs measured for each left-over sentence


@dataclass(frozen=True, slots=True)
class Link:
    """Sentences of the old version and what they became; one side is empty for new and gone."""

    outcome: Outcome
    old: tuple[Unit, ...]
    new: tuple[Unit, ...]
    whole: bool = False  #: split or joined without a word changed: it stands in the run of the other side's words
    listed: bool = False  #: new or gone only in its list: the same words stand in another one

    @property
    def changed(self) -> bool:
        """Whether any word changed."""
        return not self.whole and self.outcome not in ("same", "moved", "renumbered")


@dataclass(frozen=True)
class Alignment:
    """What became of the sentences of two documents."""

    links: tuple[Link, ...]  #: in the new document's order, then what is gone; see `runs.cut` for what may be left out
    wholes: tuple[Whole, Whole]  #: what the old and the new version say anywhere

    @cached_property
    def changed(self) -> list[Link]:
        """The links whose words differ."""
        return [link for link in self.links if link.changed]


def align(old: Document, new: Document, ignore: Sequence[str] = ()) -> Alignment:
    """Link every sentence of `old` to what it became in `new`; phrases to `ignore` come and go unseen."""
    read = sentences(ignore)
    wholes = (Whole(old, read), Whole(new, read))
    before, after = cut(*wholes, read)
    exact = paired(before, after)
    linked_old, linked_new = {a.place for a, _ in exact}, {b.place for _, b in exact}
    keys_old, keys_new = {u.key for u in before}, {u.key for u in after}
    # A sentence that stood twice and now once (or the reverse) is neither gone nor new, unless its list lacks it.
    left_old = [u for u in before if u.place not in linked_old and u.key not in keys_new]
    left_new = [u for u in after if u.place not in linked_new and u.key not in keys_old]
    recut_old, rest_old, recut_new, rest_new = _recut(wholes, left_old, left_new)
    spare_old = [u for u in before if u.place not in linked_old and u.key in keys_new]
    spare_new = [u for u in after if u.place not in linked_new and u.key in keys_old]
    beside = _beside(exact, spare_old, rest_new, REWORDED) + _beside(exact, rest_old, spare_new, REWORDED)
    beside += _beside(exact, rest_old, rest_new, SANDWICHED)
    links = _reworded(rest_old, rest_new, recut_old, recut_new, beside)
    links = _copies(links, spare_old, spare_new)
    used = {id(u) for link in links for u in (*link.old, *link.new)}
    backwards = [(b, a) for a, b in exact]
    links += [Link("gone", (u,), (), listed=True) for u in lost(spare_old, before, after, exact) if id(u) not in used]
    links += [
        Link("new", (), (u,), listed=True) for u in lost(spare_new, after, before, backwards) if id(u) not in used
    ]
    links += _same(exact)
    links += [Link("joined", (u,), (), True) for u in recut_old if id(u) not in used]
    links += [Link("split", (), (u,), True) for u in recut_new if id(u) not in used]
    return Alignment(tuple(sorted(links, key=_order)), wholes)


def _order(link: Link) -> tuple[int, int]:
    return (link.new[0].place, 0) if link.new else (10**9, link.old[0].place)


# --- the same words --------------------------------------------------------------------------------------------------


def _same(pairs: Sequence[tuple[Unit, Unit]]) -> list[Link]:
    """Same in place, renumbered, or moved: moved are those outside the longest run in which the order was kept."""
    kept = _longest_rising([a.place for a, _ in pairs])
    links = []
    for i, (a, b) in enumerate(pairs):
        outcome: Outcome = "same" if a.clause.number == b.clause.number else "renumbered"
        links.append(Link(outcome if i in kept else "moved", (a,), (b,)))
    return links


def _longest_rising(places: Sequence[int]) -> set[int]:
    """Indices of a longest rising subsequence (patience sorting)."""
    tails: list[int] = []
    at: list[int] = []
    previous = [-1] * len(places)
    for i, place in enumerate(places):
        j = bisect_left(tails, place)
        tails[j : j + 1] = [place]
        at[j : j + 1] = [i]
        previous[i] = at[j - 1] if j else -1
    kept, i = set(), at[-1] if at else -1
    while i >= 0:
        kept.add(i)
        i = previous[i]
    return kept


# --- the same words, cut differently ---------------------------------------------------------------------------------


def _recut(
    wholes: tuple[Whole, Whole], left_old: Sequence[Unit], left_new: Sequence[Unit]
) -> tuple[list[Unit], list[Unit], list[Unit], list[Unit]]:
    """(recut, rest) of the old side, then of the new: recut are the sentences whose words the other side holds."""
    long_old, long_new = _held(left_old, wholes[1]), _held(left_new, wholes[0])
    recut_old = long_old | _held(left_old, Stream(u.words for u in left_new if u.place in long_new), shortest=1)
    recut_new = long_new | _held(left_new, Stream(u.words for u in left_old if u.place in long_old), shortest=1)
    return (
        [u for u in left_old if u.place in recut_old],
        [u for u in left_old if u.place not in recut_old],
        [u for u in left_new if u.place in recut_new],
        [u for u in left_new if u.place not in recut_new],
    )


def _held(units: Sequence[Unit], stream: Stream | Whole, shortest: int = RECUT) -> set[int]:
    """The places of the units of at least `shortest` words that the stream holds."""
    return {u.place for u in units if len(u.words) >= shortest and stream.holds(u.words)}


# --- reworded --------------------------------------------------------------------------------------------------------


def _beside(
    exact: Sequence[tuple[Unit, Unit]], old: Sequence[Unit], new: Sequence[Unit], alike: float
) -> list[tuple[Unit, Unit]]:
    """Pairs that stand between the same neighbours and are `alike` in so much of their words.

    Place tells which copy of a formula ("kept for 2 years") was reworded, and what a rewritten sentence replaced.
    """
    follows = {b.place + 1: a.place + 1 for a, b in exact} | {-1: -1}
    leads = {b.place - 1: a.place - 1 for a, b in exact}
    at_old, at_new = {u.place: u for u in old}, {u.place: u for u in new}
    pairs = [(at_old[i], at_new[j]) for j, i in follows.items() if i in at_old and j in at_new and leads.get(j) == i]
    return [(a, b) for a, b in pairs if Indel.normalized_similarity(a.words, b.words) >= alike or _grown(a, b)]


def _grown(a: Unit, b: Unit) -> bool:
    """Whether one is the other with words added, in whatever order: "ID (visitor number)", "visitor number (ID)"."""
    return (Counter(a.words) & Counter(b.words)).total() >= PART * min(len(a.words), len(b.words))


def _reworded(
    old: Sequence[Unit],
    new: Sequence[Unit],
    recut_old: Sequence[Unit],
    recut_new: Sequence[Unit],
    beside: Sequence[tuple[Unit, Unit]],
) -> list[Link]:
    """Pair what is left by similarity, best first; add what was split off or joined; the rest is new or gone."""
    groups: list[tuple[list[Unit], list[Unit]]] = [([a], [b]) for a, b in beside]
    taken = {id(u) for pair in beside for u in pair}
    # A sentence that only grew or shrank at its end stands whole in the other version, and still was reworded.
    all_old, all_new = [*old, *recut_old], [*new, *recut_new]
    for _, i, j in sorted(_candidates(all_old, all_new), reverse=True):
        a, b = all_old[i], all_new[j]
        if id(a) not in taken and id(b) not in taken and (i < len(old) or j < len(new)):
            taken |= {id(a), id(b)}
            groups.append(([a], [b]))
    _attach([*recut_new, *new], 1, taken, groups)
    _attach([*recut_old, *old], 0, taken, groups)
    links = [_link(sorted(a, key=_place), sorted(b, key=_place)) for a, b in groups]
    links += [Link("new", (), (u,)) for u in new if id(u) not in taken]
    links += [Link("gone", (u,), ()) for u in old if id(u) not in taken]
    return links


def _copies(links: list[Link], spare_old: Sequence[Unit], spare_new: Sequence[Unit]) -> list[Link]:
    """`links` with what came or went in a section paired with the copy of a formula that it was, or became, there."""
    lone = [[link for link in links if link.outcome == outcome] for outcome in ("gone", "new")]
    taken = {id(u) for link in links for u in (*link.old, *link.new)}
    paired: dict[int, Link] = {}
    for mine, spare, side in ((lone[1], spare_old, 1), (lone[0], spare_new, 0)):
        left = [u for u in spare if id(u) not in taken]
        units = [link.new[0] if side else link.old[0] for link in mine]
        for _, i, j in sorted(_candidates(left, units), reverse=True):
            a, b = left[i], units[j]
            if not {id(a), id(b)} & paired.keys() and a.clause.path == b.clause.path:
                paired[id(a)] = paired[id(b)] = _link([a], [b]) if side else _link([b], [a])
    kept = [link for link in links if not {id(u) for u in (*link.old, *link.new)} & paired.keys()]
    return kept + list({id(link): link for link in paired.values()}.values())


def _place(unit: Unit) -> int:
    return unit.place


def _link(old: Sequence[Unit], new: Sequence[Unit]) -> Link:
    outcome: Outcome = "split" if len(new) > len(old) else "joined" if len(old) > len(new) else "reworded"
    return Link(outcome, tuple(old), tuple(new))


Shingle = str | tuple[str, str]


def _shingles(unit: Unit) -> Collection[Shingle]:
    """Single words and pairs of words, each once, in reading order: what is found must not hang on a set's order."""
    return dict.fromkeys(chain(unit.words, pairwise(unit.words)))


#: What a shingle tells that so many sentences have.
_WEIGHTS = [1 / math.log(2 + sentences) for sentences in range(POSTINGS + 1)]


def _candidates(old: Sequence[Unit], new: Sequence[Unit]) -> list[tuple[float, int, int]]:
    """(score, old index, new index) of the pairs that are alike enough, found through shared rare shingles."""
    index: defaultdict[Shingle, list[int]] = defaultdict(list)
    for i, unit in enumerate(old):
        for shingle in _shingles(unit):
            index[shingle].append(i)
    telling = {shingle: postings for shingle, postings in index.items() if len(postings) <= POSTINGS}
    found = []
    for j, unit in enumerate(new):
        votes: dict[int, float] = {}
        for postings in filter(None, map(telling.get, _shingles(unit))):
            weight = _WEIGHTS[len(postings)]
            for i in postings:
                votes[i] = votes.get(i, 0.0) + weight
        for i in nlargest(CANDIDATES, votes, key=votes.__getitem__):
            score = likeness(old[i].words, unit.words)
            if score:
                found.append((score, i, j))
    return found


def likeness(a: Sequence[str], b: Sequence[str]) -> float:
    """How surely `b` is `a` reworded, 0 where it is not: the shared words in order against both, or the shorter."""
    shared = (len(a) + len(b) - Indel.distance(a, b)) // 2
    whole, part = 2 * shared / (len(a) + len(b)), shared / min(len(a), len(b))
    if whole >= REWORDED or (part >= CONTAINED and min(len(a), len(b)) >= RECUT):
        return max(whole, part * 0.8)
    return 0.0


def _attach(units: Sequence[Unit], side: int, taken: set[int], groups: list[tuple[list[Unit], list[Unit]]]) -> None:
    """Add to each pair the left-over sentences most of whose words stand in its other side (split, joined)."""
    index: defaultdict[Shingle, set[int]] = defaultdict(set)
    for g, pair in enumerate(groups):
        for unit in pair[1 - side]:
            for shingle in _shingles(unit):
                index[shingle].add(g)
    telling = {shingle: postings for shingle, postings in index.items() if len(postings) <= POSTINGS}
    spare: dict[int, Counter[str]] = {}
    for unit in units:
        if id(unit) in taken:
            continue
        votes: dict[int, int] = {}
        for postings in filter(None, map(telling.get, _shingles(unit))):
            for g in postings:
                votes[g] = votes.get(g, 0) + 1
        for g in nlargest(2, votes, key=votes.__getitem__):
            left = spare[g] if g in spare else _spare(groups[g][side], groups[g][1 - side])
            spare[g] = left
            if (Counter(unit.words) & left).total() / len(unit.words) >= PART:
                taken.add(id(unit))
                groups[g][side].append(unit)
                del spare[g]
                break


def _spare(mine: Sequence[Unit], other: Sequence[Unit]) -> Counter[str]:
    """The words of `other` that `mine` leaves over."""
    return Counter(w for u in other for w in u.words) - Counter(w for u in mine for w in u.words)
