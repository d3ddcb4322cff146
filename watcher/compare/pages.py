"""What the two versions say as wholes: how new the words of one are to the other."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cached_property
from itertools import chain, pairwise

from watcher.compare.align import Alignment, Link
from watcher.compare.meaning import content
from watcher.compare.units import Unit

CONTENTS = 15  #: words; a shorter line is not taken for a table of contents


class Pages:
    """What the two versions say as wholes."""

    def __init__(self, alignment: Alignment) -> None:
        sides = (alignment.old, alignment.new)
        self._headings: defaultdict[str, set[str]] = defaultdict(set)  #: by their first word
        for unit in chain(*sides):
            if unit.clause.shape == "heading" and len(unit.words) > 1:
                self._headings[unit.words[0]].add(unit.key)
        self._streams = alignment.streams
        self._sections = tuple(
            {link.new[0].text if side else link.old[0].text for link in alignment.links if _is_heading(link, side)}
            for side in (0, 1)
        )
        self._sides = sides
        self._pairs: list[set[tuple[str, ...]] | None] = [None, None]

    @cached_property
    def words(self) -> tuple[Counter[str], ...]:
        """How often each version says each word."""
        return tuple(Counter(chain.from_iterable(u.words for u in units)) for units in self._sides)

    def _said(self, side: int) -> set[tuple[str, ...]]:
        """The telling word pairs of one version."""
        said = self._pairs[side]
        if said is None:
            said = {p for u in self._sides[side] for p in _telling(u.words, u.clause.language)}
            self._pairs[side] = said
        return said

    def novelty(self, words: tuple[str, ...], language: str, *, side: int) -> float:
        """The share of the telling word pairs that the other version (of `side`) has nowhere."""
        pairs = _telling(words, language)
        if not pairs:
            return 0.0
        said = self._said(1 - side)
        return sum(pair not in said for pair in pairs) / len(pairs)

    def lacks(self, words: tuple[str, ...], *, side: int) -> bool:
        """Whether the other version (of `side`) has these words nowhere in a row."""
        return not self._streams[1 - side].holds(words)

    def lists_headings(self, unit: Unit) -> bool:
        """Whether it is a table of contents: most of its words are headings of the policy."""
        if unit.clause.shape == "heading" or len(unit.words) < CONTENTS:
            return False
        text = f" {unit.key} "
        opened = (self._headings[word] for word in self._headings.keys() & unit.words)
        found = [heading for heading in chain.from_iterable(opened) if f" {heading} " in text]
        return len(found) >= 3 and sum(h.count(" ") + 1 for h in found) * 2 > len(unit.words)

    def own_section(self, unit: Unit, *, side: int) -> bool:
        """Whether the sentence stands in a section that the other version hasn't got."""
        return any(heading in self._sections[side] for heading in unit.clause.path)


def _is_heading(link: Link, side: int) -> bool:
    """Whether the link is a heading that came (side 1) or went (side 0)."""
    return link.outcome == ("gone", "new")[side] and (link.new or link.old)[0].clause.shape == "heading"


def _telling(words: tuple[str, ...], language: str) -> list[tuple[str, ...]]:
    """Neighbouring words that carry meaning, the empty ones between them left out; of Chinese signs, three."""
    told = content(words, language)
    return list(zip(told, told[1:], told[2:], strict=False) if language == "zh" else pairwise(told))
