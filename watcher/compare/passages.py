"""Passages rewritten as a whole: sentences that came and went side by side and say the same in other words."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence

from rapidfuzz.distance import Indel

from watcher.compare.align import Alignment, Link
from watcher.compare.edits import Side
from watcher.compare.restated import Saying, gained, lone, turned
from watcher.compare.sense import ANEW, exchanged, reworded, same_stance, same_things, sense, untitled, written_anew
from watcher.compare.units import words
from watcher.compare.whole import Whole
from watcher.lang.names import is_name

LONGEST = 24  #: changed sentences in a row; more of them are a rewritten policy, not a rewritten passage
POLISHED = 0.7  #: share of the words in order that stay in a sentence that was not recast
SHARED = 2  #: telling words that two sentences of one passage have in common
RECUT = 2  #: words exchanged that make a passage a new one whose sentences were cut otherwise
PART = 3  #: ... and at least the third part of those of the shorter

_CAPITAL = re.compile(r"(?<=[a-z,;] )[A-Z]\w*(?:[&+-]\w+)*")  #: a word within a sentence that may belong to a name
#: ... and several in a row
_SEVERAL = re.compile(r"(?<=[a-z,;] )[A-Z]\w*(?:[ &+-][A-Z]\w+)+")
Row = tuple[Link, tuple[Side, Side]]


def rewritten(alignment: Alignment, rows: Sequence[Row]) -> dict[int, frozenset[str]]:
    """The `rows` (changed links, with what they say) of rewritten passages, by index: what turned in each, if anything.

    `alignment`: of the two versions; the links that did not change hold the passages apart.
    """
    found: dict[int, frozenset[str]] = {}
    for gap in _gaps(alignment.links, rows):
        if len(gap) > LONGEST:
            continue
        told = _told(gap, rows, alignment)
        if told is None and len(gap) > 1:
            told = {}
            for passage in _passages(gap, rows):
                told |= _told(passage, rows, alignment) or {}
        found |= told or {}
    return found


def _told(passage: Sequence[int], rows: Sequence[Row], alignment: Alignment) -> dict[int, frozenset[str]] | None:
    """What turned in each row of a passage that was rewritten; None of another."""
    turns = _turns(passage, rows, alignment)
    if turns is None and _says_the_same([rows[i] for i in passage], alignment):
        return dict.fromkeys(passage, frozenset())
    return turns


def _turns(passage: Sequence[int], rows: Sequence[Row], alignment: Alignment) -> dict[int, frozenset[str]] | None:
    """What turned in each recast row of a passage that was written anew; None of another passage."""
    language = _language(rows[passage[0]])
    old, new = ([(i, rows[i][1][side].seen) for i in passage if rows[i][1][side].seen] for side in (0, 1))
    before, after = (" ".join(said for _, said in side) for side in (old, new))
    if not (before and after):
        return None
    if language == "zh":
        return _gained(new, before, language) or None
    least = RECUT if any(not (rows[i][0].old and rows[i][0].new) for i in passage) else ANEW
    both = words(before), words(after)
    if not (exchanged(*both, language) and written_anew(*both, language, least)):
        return None
    found = lone(old, new, language)
    if found is None:
        return None
    told = turned(old, new, language)
    for side, other, whole in ((new, before, alignment.wholes[0]), (old, after, alignment.wholes[1])):
        for row, said in side:
            if _names(said, other, whole):
                told.setdefault(row, set()).add("name")
    recast = [i for i in passage if not _polished(rows[i])]
    return {i: frozenset(found.get(i, set()) | told.get(i, set())) for i in recast}


def _gained(new: Sequence[Saying], before: str, language: str) -> dict[int, frozenset[str]]:
    """The rows with a use or a sort of data of which nothing was said."""
    return {row: frozenset({sign}) for row, sign in gained(new, before, language)}


def _polished(row: Row) -> bool:
    """Whether a sentence only had a few words exchanged: its edits tell what they are."""
    link, (old, new) = row
    return bool(link.old and link.new) and Indel.normalized_similarity(old.words, new.words) >= POLISHED


def _gaps(links: Sequence[Link], rows: Sequence[Row]) -> list[list[int]]:
    """The rows that stand between the same unchanged sentences."""
    kept = [link for link in links if link.outcome in ("same", "renumbered")]
    old, new = [link.old[0].place for link in kept], [link.new[0].place for link in kept]
    gaps: defaultdict[int, list[int]] = defaultdict(list)
    for i, (link, _) in enumerate(rows):
        gap = bisect_left(new, link.new[0].place) if link.new else bisect_left(old, link.old[0].place)
        gaps[gap].append(i)
    return list(gaps.values())


def _passages(gap: Sequence[int], rows: Sequence[Row]) -> list[list[int]]:
    """The rows of a gap in groups: the old side of one shares what it says with the new side of another."""
    language = _language(rows[gap[0]])
    senses = {i: tuple(set(sense(side.words, language)) for side in rows[i][1]) for i in gap}
    group = {i: [i] for i in gap}
    for i in gap:
        for j in gap:
            if group[i] is not group[j] and _share(senses[i][0], senses[j][1]):
                group[i].extend(group[j])
                for member in group[j]:
                    group[member] = group[i]
    return list({id(members): members for members in group.values()}.values())


def _share(old: set[str], new: set[str]) -> bool:
    common = len(old & new)
    shorter = min(len(old), len(new))
    return common * PART >= shorter and common >= min(SHARED, shorter - 1) > 0


def _says_the_same(rows: Sequence[Row], alignment: Alignment) -> bool:
    language = _language(rows[0])
    old, new = ([row[1][side] for row in rows] for side in (0, 1))
    before, after = (" ".join(s.seen for s in sides if s.seen) for sides in (old, new))
    if not before or not after:
        return False
    before, after = untitled(before, after)
    return (
        exchanged(words(before), words(after), language)
        and reworded(words(before), words(after), language)
        and same_things(before, after, language, often=False)
        and same_stance(before, after, language, anew=written_anew(words(before), words(after), language))
        and not _names(before, after, alignment.wholes[1])
        and not _names(after, before, alignment.wholes[0])
    )


def _names(text: str, other: str, whole: Whole) -> bool:
    """Whether a text has a name that `other` hasn't, nor the whole other version."""
    found = {m.group() for m in _CAPITAL.finditer(text)} - {m.group() for m in _CAPITAL.finditer(other)}
    found |= {m.group() for m in _SEVERAL.finditer(text)}
    return any(any(map(is_name, name.split())) and not whole.holds(words(name)) for name in found)


def _language(row: Row) -> str:
    link = row[0]
    return (link.new or link.old)[0].clause.language
