"""Which clauses need no cutting: those in long runs that both versions have, where nothing that changed refers to them.

A policy of five hundred clauses of which one changed is compared by that clause and its neighbours. That gives what
cutting all of it would give, because three things are made sure of, and all of it is cut where one fails: no sentence
that came or went between two such runs stands in a run; none of those that remain has a copy more or less; and they
kept their order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from rapidfuzz.distance import Indel

from watcher.compare.copies import paired
from watcher.compare.units import Sentences, Unit, units_of
from watcher.compare.whole import Whole

LONG = 8  #: clauses; a shorter run is cut with the rest
LIGHT = 8  #: where more than one clause in so many differs, all are cut


class Run(NamedTuple):
    """Clauses that say the same in both versions."""

    old: int  #: place of the first in the old version
    new: int
    length: int


def cut(old: Whole, new: Whole, read: Sentences) -> tuple[list[Unit], list[Unit]]:
    """The sentences of both versions, or, of two that differ little, those in and beside what differs."""
    runs = _runs(old, new)
    shared = sum(run.length for run in runs)
    most = max(len(old.clauses), len(new.clauses))
    if (most - shared) * LIGHT <= most:
        inner = [_inner(run, new) for run in runs]
        kept_apart = [{i for run in inner for i in range(run[side], run[side] + run.length)} for side in (0, 1)]
        before, after = units_of(old.clauses, read, kept_apart[0]), units_of(new.clauses, read, kept_apart[1])
        if any(kept_apart) and _in_order(before, after) and not _recur(runs, old, new):
            return before, after
    return units_of(old.clauses, read), units_of(new.clauses, read)


def _runs(old: Whole, new: Whole) -> list[Run]:
    """What both versions have in the same order, by the clauses' texts."""
    blocks = Indel.opcodes([clause.text for clause in old.clauses], [clause.text for clause in new.clauses])
    return [
        Run(block.src_start, block.dest_start, block.src_end - block.src_start)
        for block in blocks
        if block.tag == "equal"
    ]


def _inner(run: Run, new: Whole) -> Run:
    """The run without the clauses at its ends that stand beside something else: one on each side that has a word."""
    first, last = run.new, run.new + run.length
    while first < last and not new.sentences(first):
        first += 1
    while first < last and not new.sentences(last - 1):
        last -= 1
    first, last = first + 1, last - 1
    return run._replace(old=run.old + first - run.new, new=first, length=last - first if last - first >= LONG else 0)


def _in_order(before: Sequence[Unit], after: Sequence[Unit]) -> bool:
    """Whether no sentence has a copy more or less, and those with the same words follow each other as they did."""
    counts, now = Counter(unit.key for unit in before), Counter(unit.key for unit in after)
    if any(count != now[key] for key, count in counts.items() if key in now):
        return False
    return all(a.place < b.place for (a, _), (b, _) in pairwise(paired(before, after)))


def _recur(runs: Sequence[Run], old: Whole, new: Whole) -> bool:
    """Whether a sentence of which there are more, or fewer, between two runs stands in a run."""
    same = {i for run in runs for i in range(run.old, run.old + run.length)}
    return any(
        sentence.key == key
        for key, words in _odd(runs, old, new).items()
        for i in old.holding(set(words))
        if i in same
        for sentence in old.sentences(i)
    )


def _odd(runs: Sequence[Run], old: Whole, new: Whole) -> dict[str, tuple[str, ...]]:
    """Sentences of which there are more, or fewer, between two runs than there were: their words by their keys."""
    found: dict[str, tuple[str, ...]] = {}
    ends = Run(len(old.clauses), len(new.clauses), 0)
    for run, following in pairwise([Run(0, 0, 0), *runs, ends]):
        before = [s for i in range(run.old + run.length, following.old) for s in old.sentences(i)]
        after = [s for i in range(run.new + run.length, following.new) for s in new.sentences(i)]
        counts = Counter(s.key for s in before)
        counts.subtract(s.key for s in after)
        found |= {s.key: s.words for s in (*before, *after) if counts[s.key]}
    return found
