"""Which patterns a text can match at all, from one look-up for each of its chunks: what stands between two blanks.

Running every pattern over every sentence would cost more than all the rest. So each pattern, a cue, is read once
(`ways`) for the words that must all stand in the text, and the one that comes first. What comes out are sets of cues,
each set one integer: the cues that may be there, those that are there for sure, and where each may begin. What a chunk
tells is remembered with its marks ("(data,"), so that no text has to be parted sign by sign.

Chinese does not part words: there, two neighbouring signs do what a chunk does in English.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from watcher.lang.names import begins_known_name, is_odd, latin_words, ordinary_beginnings
from watcher.lang.ways import OPEN, Stems, Wording, wordings

#: Ids beside those of cues: words that a known name begins with, capitalised words that are not ordinary English, two
#: digits, the sign of an e-mail address, marks.
KNOWN_NAME, ODD_NAME, DIGITS, AT, MARK = NAMES = ("names.known", "names.odd", "digits", "@", "marks")
_PARTS = re.compile(r"\w+|(?P<mark>[,;:()\[\]•|/“”\"])")
_DASHES = ("-", "–", "—")  #: marks where they stand alone
_HAN_MARKS = frozenset("、，,；;：:（）()[]【】“”「」《》|/")
_DIGITS = re.compile(r"\d\d")
_LEXICON = 20_000  #: chunks whose cues are remembered
_LONGEST = 40  #: signs of a chunk that is

#: A word or a mark of a text: where it begins, how it is written, the cues that begin with it, those of them that are
#: no more than it.
Spot = tuple[int, str, int, int]
#: Cues that need several words hang on the rarest, and wait for the next rarest: (those stems as told, the cues).
Wait = tuple[int, int]
#: A chunk that holds spots: where it begins, the cues that begin in it, its spots, counted from where it begins.
Place = tuple[int, int, tuple[Spot, ...]]


class Index(dict[str, tuple[int, int, tuple[Spot, ...], tuple[Wait, ...]]]):
    """What each chunk tells about the cues of one language: a dict that learns a chunk when it is first asked for it.

    A value is what the chunk tells, the cues that begin in it, its spots, and the cues that hang on it. What it tells
    is a set of bits in three parts: cues for which the chunk is enough, cues that are there for sure, `size` bits
    further up, and twice as far up stems on which cues hang that wait for them.
    """

    def __init__(
        self, language: str, cues: Iterable[tuple[str, str]], names: Iterable[str] = (), *, inside: bool = False
    ) -> None:
        """`cues`: (id of a list of cues or of a concept, pattern). `names`: NAMES, where they are told as well.

        `inside`: whether a pattern may begin or end within a word, see `wordings`.
        """
        super().__init__()
        self.han = language == "zh"
        self.bit: dict[str, int] = {}  #: id -> its bit
        self.free = 0  #: cues that may begin with anything, so that they must be searched for everywhere
        self._always = 0  #: cues that need no word at all
        self._sets: dict[tuple[str, ...], int] = {}
        self._named = reduce(or_, map(self._new, names), 0)
        rows = [(self._ids(name), cue) for name, cue in cues]
        self.size = len(self.bit)
        self._mask = (1 << 2 * self.size) - 1
        self._stems: dict[str, _Told] = {}
        self._words: dict[str, _Told] = {}  #: those learned
        self._shared: dict[Any, Any] = {}  #: what many chunks have, kept once
        self._learn((ids, wording) for ids, cue in rows for wording in wordings(cue, self.han, inside=inside))
        self._sizes: dict[str, list[int]] = {}  #: the lengths of open stems, by how they begin
        for first, size in sorted({(stem[0], len(stem) - 1) for stem in self._stems if stem.endswith(OPEN)}):
            self._sizes.setdefault(first, []).append(size)

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

    def _learn(self, read: Iterable[tuple[int, Wording]]) -> None:
        beside: dict[tuple[str, int], set[str]] = {}  #: (stem, cues that need it) -> others, one of them needed
        for ids, (firsts, needs) in read:
            for first, whole in firsts:
                if first in ("", OPEN):
                    self.free |= ids
                else:
                    told = ids | ids << self.size if whole else 0
                    self._tell(first, told, ids, 0 if whole and first[-1] != OPEN else ids)
            if not needs:
                self._always |= ids
                continue
            parts = [[_rarest_first(stems) for stems in part] for part in needs]
            if len(parts) > 1:
                parts.sort(key=_commonest)
            nexts = [stems[0] for stems in parts[1]] if len(parts) > 1 else []
            for hook, *others in parts[0]:
                if others or nexts:
                    beside.setdefault((hook, ids), set()).update(others[:1] or nexts)
                else:
                    self._tell(hook, ids)
        if self._named and not self.han:
            beside |= {(word, self.bit[KNOWN_NAME]): set(others) for word, others in ordinary_beginnings().items()}
        self._wait(beside)

    def _tell(self, stem: str, told: int, begins: int = 0, goes_on: int = 0) -> None:
        known = self._stems.get(stem)
        if known is None:
            known = self._stems[stem] = _Told()
        known.told |= told
        known.begins |= begins
        known.goes_on |= goes_on

    def _wait(self, beside: Mapping[tuple[str, int], set[str]]) -> None:
        """Hang each cue that needs several words on the rarest: it may be there if the next rarest one is, too."""
        bits: dict[str, int] = {}
        for stem in sorted(set[str]().union(*beside.values())):
            bits[stem] = 1 << 2 * self.size + len(bits)
            self._tell(stem, bits[stem])
        for (hook, ids), others in beside.items():
            self._tell(hook, 0)
            self._stems[hook].waits += ((reduce(or_, (bits[stem] for stem in others)), ids),)

    def __missing__(self, chunk: str) -> tuple[int, int, tuple[Spot, ...], tuple[Wait, ...]]:
        told, spots, waits = self._read(chunk)
        begun = reduce(or_, (begins for _, _, begins, _ in spots), 0)
        shared = self._shared.setdefault
        found = shared(told, told), shared(begun, begun), tuple(spots), shared(waits, waits)
        if len(chunk) <= _LONGEST:
            self[chunk] = found
        return found

    def _read(self, chunk: str) -> tuple[int, list[Spot], tuple[Wait, ...]]:
        """What a chunk tells, its spots, counted from where it begins, and the cues that hang on it."""
        low, told, spots, waits = lower(chunk), 0, list[Spot](), list[Wait]()
        mark, names = self.bit.get(MARK, 0), self._named and not self.han
        for at, part, is_mark in self._parts(low):
            if is_mark:
                spots.append((at, part, mark, mark))
                continue
            word = self._word(part)
            told |= word.told
            waits += word.waits
            if word.begins:
                spots.append((at, part, word.begins, word.begins & ~word.goes_on & word.told >> self.size))
            if names:
                told |= self._read_names(chunk, at, part, spots, waits)
        if self._named and not low.isalpha():
            told |= (self.bit[DIGITS] if _DIGITS.search(low) else 0) | (self.bit[AT] if "@" in low else 0)
        return told, spots, tuple(dict.fromkeys(waits))

    def _parts(self, low: str) -> Iterable[tuple[int, str, bool]]:
        """The words of a chunk and its marks: (where it begins, how it is written, whether it is a mark)."""
        if self.han:
            sign = low[0]
            mark = ((0, sign, True),) if sign in _HAN_MARKS or sign.isspace() else ()
            return ((0, low, False), *mark)
        if low.isalpha() or low in _DASHES:
            return ((0, low, low in _DASHES),)
        return [(part.start(), part.group(), part.lastgroup is not None) for part in _PARTS.finditer(low)]

    def _read_names(self, chunk: str, start: int, word: str, spots: list[Spot], waits: list[Wait]) -> int:
        """What a word of a chunk tells about proper names; adds where known ones begin to `spots`, and `waits`."""
        told = 0
        plain = word.isascii() and word.isalnum()
        for at, part in ((0, word),) if plain else latin_words(word):
            if begins_known_name(part):
                spots.append((start + at, part, self.bit[KNOWN_NAME], 0))
                told |= self._word(part).told & ~self._mask
                waits += self._word(part).waits
                told |= 0 if part in ordinary_beginnings() else self.bit[KNOWN_NAME]
            if not chunk.startswith(part, start + at) and is_odd(part):
                told |= self.bit[ODD_NAME]
        return told

    def _word(self, word: str) -> _Told:
        """What a word tells, by itself and by how it begins."""
        found = self._words.get(word)
        if found is None:
            found = self._words[word] = _Told()
            sizes = self._sizes.get(word[:1], ())
            keys = [word[:size] + OPEN for size in sizes if size <= len(word)]
            for stem in filter(None, map(self._stems.get, (word, *keys))):
                found.told |= stem.told
                found.begins |= stem.begins
                found.goes_on |= stem.goes_on
                found.waits += stem.waits
            if "_" in word:  # of emphasis in Markdown: what it parts may stand alone where a kind reads phrases
                for part in map(self._word, filter(None, word.split("_"))):
                    found.told |= part.told & ~(((1 << self.size) - 1) << self.size)
                    found.waits += part.waits
        return found

    def sight(self, text: str) -> tuple[int, list[Place]]:
        """(which cues a text may hold, where some may begin).

        The set of cues has those that are there for sure once more, `size` bits further up.
        """
        if len(self) > _LEXICON:
            self.forget()
        told, start, places, waits, known = self._always, 0, list[Place](), list[Wait](), self.get
        for chunk in [text[at : at + 2] for at in range(len(text))] if self.han else text.split(" "):
            tells, begun, spots, waiting = known(chunk) or self[chunk]
            told |= tells
            if begun:
                places.append((start, begun, spots))
            if waiting:
                waits += waiting
            start += 1 if self.han else len(chunk) + 1
        for others, ids in waits:
            if others & told:
                told |= ids
        return told & self._mask, places

    def forget(self) -> None:
        """Forget the chunks learned; they are learned again when they are asked for."""
        for memo in (self, self._words, self._shared):
            memo.clear()


def spots(places: Iterable[Place], cues: int = -1) -> list[Spot]:
    """The words and marks of a text that begin one of `cues`, from what `Index.sight` tells of it."""
    return [
        (start + at, word, begins, whole)
        for start, begun, own in places
        if begun & cues
        for at, word, begins, whole in own
        if begins & cues
    ]


@dataclass(slots=True)
class _Told:
    """What a stem or a word tells about cues."""

    told: int = 0  #: as the values of `Index`
    begins: int = 0  #: cues that begin with it
    goes_on: int = 0  #: those of them that go on after it
    waits: tuple[Wait, ...] = ()  #: cues that hang on it


def lower(text: str) -> str:
    """`text` in lower case, each sign in its place."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(sign.lower()[:1] for sign in text)


#: Words that so many sentences of policies have that a cue hung on one comes up for nothing; the most common first.
_COMMON = (
    *("to", "and", "the", "of", "your", "you", "we", "information", "or", "for", "our", "data", "in", "with"),
    *(
        "personal",
        "a",
        "use",
        "may",
        "that",
        "as",
        "on",
        "services",
        "is",
        "this",
        "by",
        "privacy",
        "if",
        "us",
        "other",
    ),
    *("other", "about", "are", "have", "such", "from", "be", "provide", "not", "any", "will", "when", "service"),
    *("third", "can"),
    *("collect", "account", "including", "it", "s", "how", "also", "policy", "at", "do", "which", "contact", "legal"),
    *("purposes", "party", "access", "request", "content", "process", "address", "processing", "these", "device"),
    *("right", "share", "out", "where", "email", "under", "more", "parties", "user", "users", "time", "cookies"),
    *("using", "security", "law", "advertising", "business", "consent", "their", "they"),
)
_PLACE = {word: place for place, word in enumerate(_COMMON)}


def _commonness(stem: str) -> tuple[int, int, str]:
    """Orders stems, those first that few sentences have."""
    bare = stem.rstrip(OPEN)
    return -_PLACE.get(bare, len(_PLACE)), -len(bare), stem


def _rarest_first(stems: Stems) -> list[str]:
    return sorted(stems, key=_commonness) if len(stems) > 1 else list(stems)


def _commonest(part: list[list[str]]) -> tuple[int, int, str]:
    """Orders parts of patterns, those first whose rarest stems, one of each alternative, few sentences have."""
    return max(_commonness(stems[0]) for stems in part)
