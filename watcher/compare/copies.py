"""Sentences with the same words: which copy became which, and which copy a list lost or won.

An item says something only with its lead ("We share:", "In Ohio you may:"): one that stands in several lists and
leaves one of them is gone there, though its words are still in the document.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from rapidfuzz.distance import Indel

from watcher.compare.units import Unit

Pair = tuple[Unit, Unit]


def paired(old: Sequence[Unit], new: Sequence[Unit]) -> list[Pair]:
    """Pairs of sentences with the same words, in the new version's order.

    Where one version has a copy more, the longest run in which the order was kept tells which; the copies outside it
    are paired first with first.
    """
    before, after = Counter(u.key for u in old), Counter(u.key for u in new)
    uneven = any(count != after[key] for key, count in before.items() if key in after)
    kept = _in_order(old, new) if uneven else []
    taken_old, taken_new = {a.place for a, _ in kept}, {b.place for _, b in kept}
    waiting: defaultdict[str, list[Unit]] = defaultdict(list)
    for unit in reversed(old):
        if unit.place not in taken_old:
            waiting[unit.key].append(unit)
    moved = [(waiting[u.key].pop(), u) for u in new if u.place not in taken_new and waiting.get(u.key)]
    return sorted(kept + moved, key=lambda pair: pair[1].place)


def _in_order(old: Sequence[Unit], new: Sequence[Unit]) -> list[Pair]:
    """The longest run of sentences with the same words that both versions have in the same order."""
    blocks = Indel.opcodes([u.key for u in old], [u.key for u in new])
    return [
        (old[block.src_start + i], new[block.dest_start + i])
        for block in blocks
        if block.tag == "equal"
        for i in range(block.src_end - block.src_start)
    ]


def lost(spare: Iterable[Unit], mine: Sequence[Unit], other: Sequence[Unit], pairs: Iterable[Pair]) -> list[Unit]:
    """Those of the `spare` copies that their list in `mine` has and the same list in `other` has not.

    `pairs`: sentences of `mine` with what they are in `other`. Lists are the same if they share an item, or the lead.
    """
    items = [u for u in spare if _listed(u)]
    if not items:
        return []
    lists, others = _lists(mine), _lists(other)
    became: defaultdict[int, set[int]] = defaultdict(set)
    for a, b in pairs:
        if lists[a.place] >= 0 and others[b.place] >= 0:
            became[lists[a.place]].add(others[b.place])
    held = {(others[u.place], u.key) for u in other}
    return [
        u
        for u in items
        if became[lists[u.place]] and not any((there, u.key) in held for there in became[lists[u.place]])
    ]


def _listed(unit: Unit) -> bool:
    return unit.clause.shape == "item" or bool(unit.lead)


def _lists(units: Sequence[Unit]) -> list[int]:
    """For each sentence the number of its list, its lead counted in; -1 for one that stands in none."""
    numbers = [-1] * len(units)
    last = -1
    for i, (a, b) in enumerate(pairwise(units), 1):
        if not _listed(b):
            continue
        if not _listed(a):
            last = numbers[i - 1] = i
        elif (a.lead, a.clause.path) != (b.lead, b.clause.path):
            last = i
        numbers[i] = last
    return numbers
