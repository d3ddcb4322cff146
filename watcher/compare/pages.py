"""What the two versions say as wholes: how new the words of one are to the other."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from itertools import chain, pairwise

from watcher.compare.align import Alignment, Link
from watcher.compare.meaning import content
from watcher.compare.units import Unit
from watcher.compare.whole import Whole

FEW = 100  #: word pairs that cost less to look for than all that a version says to gather
CONTENTS = 15  #: words; a shorter line is not taken for a table of contents


class Pages:
    """What the two versions say as wholes."""

    def __init__(self, alignment: Alignment) -> None:
        self._wholes = alignment.wholes
        self._sections = tuple(
            {link.new[0].text if side else link.old[0].text for link in alignment.changed if _is_heading(link, side)}
            for side in (0, 1)
        )
        self._said = tuple(map(_Said, self._wholes))

    @cached_property
    def _headings(self) -> defaultdict[str, set[str]]:
        """The headings of more than one word, by their first."""
        headings: defaultdict[str, set[str]] = defaultdict(set)
        for whole in self._wholes:
            for i, clause in enumerate(whole.clauses):
                for sentence in whole.sentences(i) if clause.shape == "heading" else ():
                    if len(sentence.words) > 1:
                        headings[sentence.words[0]].add(sentence.key)
        return headings

    def count(self, word: str, *, side: int) -> int:
        """How often one version says a word."""
        return self._wholes[side].count(word)

    def novelty(self, words: tuple[str, ...], language: str, *, side: int) -> float:
        """The share of the telling word pairs that the other version (of `side`) has nowhere."""
        pairs = _telling(words, language)
        if not pairs:
            return 0.0
        said = self._said[1 - side]
        return sum(pair not in said for pair in pairs) / len(pairs)

    def lacks(self, words: tuple[str, ...], *, side: int) -> bool:
        """Whether the other version (of `side`) has these words nowhere in a row."""
        return not self._wholes[1 - side].holds(words)

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


class _Said:
    """The telling word pairs of one version, gathered from where they are asked for."""

    def __init__(self, whole: Whole) -> None:
        self._whole = whole
        self._pairs: set[tuple[str, ...]] = set()
        self._left = set(range(len(whole.clauses)))
        self._asked = 0

    def __contains__(self, pair: tuple[str, ...]) -> bool:
        if pair in self._pairs or not self._left:
            return pair in self._pairs
        self._asked += 1
        for i in self._whole.holding(pair) if self._asked <= FEW else list(self._left):
            if i in self._left:
                self._left.remove(i)
                language = self._whole.clauses[i].language
                self._pairs.update(p for s in self._whole.sentences(i) for p in _telling(s.words, language))
                if pair in self._pairs and self._asked <= FEW:
                    return True
        return pair in self._pairs


def _is_heading(link: Link, side: int) -> bool:
    """Whether the link is a heading that came (side 1) or went (side 0)."""
    return link.outcome == ("gone", "new")[side] and (link.new or link.old)[0].clause.shape == "heading"


def _telling(words: tuple[str, ...], language: str) -> list[tuple[str, ...]]:
    """Neighbouring words that carry meaning, the empty ones between them left out; of Chinese signs, three."""
    told = content(words, language)
    return list(zip(told, told[1:], told[2:], strict=False) if language == "zh" else pairwise(told))
