"""Which patterns a text can match at all, from one look-up for each of its words.

Running every pattern over every sentence would cost more than all the rest. So each pattern, a cue, is read once
(`ways`) for the words that must all stand in the text, and the one that comes first. What comes out are sets of cues,
each set one integer: the cues that may be there, those that are there for sure, and where each may begin.

Chinese does not part words: there, two neighbouring signs do what a word does in English.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import accumulate
from operator import or_

from watcher.lang.names import begins_known_name, is_odd, latin_words
from watcher.lang.ways import OPEN, Way, ways

_MARKS = re.compile(r"(\W+)")
_ASCII_MARKS = re.compile(r"(\W+)", re.ASCII)  #: the same for ASCII, at half the time
#: Ids beside those of cues: words that a known name begins with, that are not ordinary English, that hold two digits.
KNOWN_NAME, ODD_WORD, DIGITS = "names.known", "names.odd", "digits"
_DIGITS = re.compile(r"\d\d")
_LEXICON = 20_000  #: words whose cues are remembered


class Index(dict[str, int]):
    """What each word tells about the cues of one language: a dict that learns a word when it is first asked for it.

    A value is a set of bits in three parts: cues for which the word is enough, cues that it is, `size` bits further up,
    and twice as far up stems that cues need beside others.
    """

    def __init__(
        self, language: str, cues: Iterable[tuple[str, str]], names: Iterable[str] = (), **reading: bool
    ) -> None:
        """`cues`: (id of a list of cues or of a concept, pattern). `names`: what is told of words that may be names.

        `reading`: how the patterns are read, see `ways`.
        """
        super().__init__()
        self.han = language == "zh"
        self.bit: dict[str, int] = {}  #: id -> its bit
        self.free = 0  #: cues that may begin with anything, so that they must be searched for everywhere
        self._begins: dict[str, tuple[int, int]] = {}  #: word -> (cues that begin with it, those no more than it)
        self._always = 0  #: cues that need no word at all
        self._sets: dict[tuple[str, ...], int] = {}
        self._named = reduce(or_, map(self._new, names), 0)
        read = [(self._ids(name), way) for name, cue in cues for way in ways(cue, self.han, **reading)]
        self.size = len(self.bit)
        self._stems: dict[str, _Stem] = {}
        self._waits: dict[int, list[tuple[int, int]]] = {}  #: bit of a stem -> (stems, cues there if one of them is)
        self._learn(read)
        #: The lengths of open stems.
        self._sizes = sorted({len(stem) - 1 for stem in self._stems if stem.endswith(OPEN)})

    def bits(self, ids: tuple[str, ...]) -> int:
        """The set of several cues."""
        found = self._sets.get(ids)
        if found is None:
            found = self._sets[ids] = reduce(or_, (self.bit.get(name, 0) for name in ids), 0)
        return found

    def _ids(self, name: str) -> int:
        """The bits of a cue: its own and, for a concept, its group's."""
        return self._new(name) | self._new(name.partition("/")[0])

    def _new(self, name: str) -> int:
        return self.bit.setdefault(name, 1 << len(self.bit))

    def _learn(self, read: list[tuple[int, Way]]) -> None:
        beside: dict[tuple[str, int], set[str]] = {}  #: (stem, cues that need it) -> others, one of them needed
        for ids, way in read:
            if way.first in (None, "", OPEN):
                self.free |= ids
            else:
                self._tell(way.first, 0, ids, 0 if way.sure and way.first[-1] != OPEN else ids)
            if len(way.needs) > 1:
                hook, other, *_ = sorted(way.needs, key=_commonness)
                beside.setdefault((hook, ids), set()).add(other)
            elif way.needs:
                self._tell(min(way.needs), ids | ids << self.size if way.sure else ids)
            else:
                self._always |= ids
        self._wait(beside)

    def _tell(self, stem: str, told: int, begins: int = 0, goes_on: int = 0) -> None:
        known = self._stems.get(stem)
        if known is None:
            known = self._stems[stem] = _Stem()
        known.told |= told
        known.begins |= begins
        known.goes_on |= goes_on

    def _wait(self, beside: Mapping[tuple[str, int], set[str]]) -> None:
        """Hang each cue that needs several words on the rarest: it may be there if the next rarest one is, too."""
        stems = sorted({hook for hook, _ in beside}.union(*beside.values()))
        bits = {stem: 1 << place for place, stem in enumerate(stems, 2 * self.size)}
        for stem, bit in bits.items():
            self._tell(stem, bit)
        for (hook, ids), others in beside.items():
            self._waits.setdefault(bits[hook], []).append((reduce(or_, (bits[stem] for stem in others)), ids))
        self._hooks = reduce(or_, self._waits, 0)

    def __missing__(self, word: str) -> int:
        told, begins, goes_on = self._names(word), 0, 0
        keys = (word[:size] + OPEN for size in self._sizes if size <= len(word))
        for stem in filter(None, map(self._stems.get, (word, *keys))):
            told |= stem.told
            begins |= stem.begins
            goes_on |= stem.goes_on
        begins |= told & self._named
        if "_" in word:  # the sign of emphasis in Markdown: what it parts may stand alone where a kind reads phrases
            told |= reduce(or_, (self[part] for part in word.split("_") if part), 0) & ((1 << self.size) - 1)
        self[word] = told
        self._begins[word] = begins, begins & ~goes_on & told >> self.size
        return told

    def _names(self, word: str) -> int:
        """What `word` tells about proper names."""
        if not self._named:
            return 0
        digits = self.bit[DIGITS] if not word.isalpha() and _DIGITS.search(word) else 0
        if self.han:
            return digits
        parts = (word,) if word.isalnum() and word.isascii() else [part for _, part in latin_words(word)]
        known = self.bit[KNOWN_NAME] if any(map(begins_known_name, parts)) else 0
        return digits | known | (self.bit[ODD_WORD] if any(map(is_odd, parts)) else 0)

    def sight(self, low: str) -> tuple[int, list[str]]:
        """(which cues a text in lower case may hold, its words and what stands between them by turns).

        The set of cues has those that are there for sure once more, `size` bits further up. In Chinese, every two signs
        that follow each other are a word.
        """
        if len(self) > _LEXICON:
            self.forget()
        parts = (
            [low[at : at + 2] for at in range(len(low))]
            if self.han
            else (_ASCII_MARKS if low.isascii() else _MARKS).split(low)
        )
        told = reduce(or_, map(self.__getitem__, parts if self.han else parts[::2]), self._always)
        hooks = told & self._hooks
        while hooks:
            hook = hooks & -hooks
            hooks ^= hook
            for others, ids in self._waits[hook]:
                if others & told:
                    told |= ids
        return told, parts

    def forget(self) -> None:
        """Forget the words learned; they are learned again when they are asked for."""
        self.clear()
        self._begins.clear()

    def spots(self, parts: list[str]) -> list[tuple[int, str, int, int]]:
        """For each word that begins cues: (where it begins, word, the cues, those of them that are no more than it)."""
        words = parts if self.han else parts[::2]
        starts = range(len(parts)) if self.han else [0, *accumulate(map(len, parts))][::2]
        told = map(self._begins.__getitem__, words)
        try:
            return [(at, word, *cues) for at, word, cues in zip(starts, words, told, strict=False) if cues[0]]
        except KeyError:  # forgotten since the text was seen
            return self.spots(self.sight("".join(part[:1] for part in parts) if self.han else "".join(parts))[1])


@dataclass(slots=True)
class _Stem:
    """What a stem tells about cues."""

    told: int = 0  #: as the values of `Index`
    begins: int = 0  #: cues that begin with it
    goes_on: int = 0  #: those of them that go on after it


#: Words that so many sentences of a policy have that a cue hung on one would come up for nothing.
_COMMON = frozenset(
    [
        *("a", "access", "account", "and", "as", "collect", "data", "for", "if", "in", "information", "may", "of"),
        *("on", "or", "other", "our", "personal", "process", "services", "share", "such", "the", "their", "these"),
        *("they", "third", "this", "to", "us", "use", "we", "with", "you", "your"),
    ]
)


def _commonness(stem: str) -> tuple[bool, int, str]:
    """Orders stems, those first that few sentences have."""
    bare = stem.rstrip(OPEN)
    return bare in _COMMON, -len(bare), stem
