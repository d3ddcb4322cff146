"""Cue phrases in running text: English is compared by the stems of its words, Chinese by its characters.

A phrase is written in plain words in the language's TOML. "share … with" means "with" later in the same sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Generic, TypeVar

from watcher.lang.words import normal

GAP = "…"
END = "."  #: stands for the end of a sentence among an English text's stems
_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?|[.;!?](?=\s|$)")
_END_ZH = re.compile("[。！？；;!?]")
_IRREGULAR = {"used": "use", "uses": "use", "using": "use", "kept": "keep", "sold": "sell", "given": "give"}
T = TypeVar("T")
Unit = str | tuple[str, str]  #: a stem or a character, or two that follow each other


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """A light stem: plural, -ed, -ing, final -e and -y folded, so that "shares", "shared", "sharing" are one word."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    word = word.removesuffix("'s").removesuffix("'")
    if word.endswith("s") and len(word) > 3 and not word.endswith(("ss", "us", "is")):
        word = word[:-2] if word.endswith("sses") else word[:-1]
    for suffix in ("ing", "ed"):
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            word = word[: -len(suffix)]
            if word[-1] == word[-2] and word[-1] not in "lsz":
                word = word[:-1]
            break
    if len(word) > 4 and word.endswith("e"):
        word = word[:-1]
    return word[:-1] + "i" if len(word) > 3 and word.endswith("y") else word


class Line:
    """A text prepared once for many phrases."""

    __slots__ = ("stems", "units", "words", "written", "zh")

    def __init__(self, text: str, language: str) -> None:
        text = normal(text)
        self.zh = language == "zh"
        #: English: the words as written, a sentence's end as "."; Chinese: none.
        self.words: list[str] = [] if self.zh else [END if w in ".;!?" else w for w in _WORD.findall(text)]
        #: English: the stem of each word; Chinese: none.
        self.stems: list[str] = [w if w == END else stem(w) for w in self.words]
        #: What phrases are looked for in.
        self.written = text if self.zh else f" {' '.join(self.stems)} "
        units = list(text) if self.zh else self.stems
        #: The different stems, or characters, and the pairs of them that follow each other.
        self.units: frozenset[Unit] = frozenset(units).union(pairwise(units))

    def sentences(self) -> Iterable[str]:
        """The sentences, in the form that phrases are looked for in."""
        if self.zh:
            return _END_ZH.split(self.written)
        return (f" {sentence} " for sentence in self.written.split(f" {END} "))


class Phrases(Generic[T]):
    """Many phrases of one language, each with what it stands for, found in one pass over a line's words."""

    def __init__(self, phrases: Iterable[tuple[str, T]], language: str) -> None:
        self._zh = language == "zh"
        self._by_start: dict[Unit, list[tuple[str, tuple[str, ...], T]]] = {}
        for phrase, meaning in phrases:
            parts = self._parts(phrase, language)
            first, *rest = list(parts[0]) if self._zh else parts[0].split()
            start = (first, rest[0]) if rest else first
            self._by_start.setdefault(start, []).append((phrase, parts, meaning))

    def found(self, line: Line) -> Iterator[tuple[str, T]]:
        """Each phrase that the line holds, once, with what it stands for."""
        for unit in line.units & self._by_start.keys():
            for phrase, parts, meaning in self._by_start[unit]:
                if _holds(line, parts):
                    yield phrase, meaning

    @staticmethod
    def _parts(phrase: str, language: str) -> tuple[str, ...]:
        return tuple(Line(part, language).written for part in phrase.split(GAP))


def _holds(line: Line, parts: tuple[str, ...]) -> bool:
    """Whether the parts follow each other within one sentence of the line."""
    if len(parts) == 1:
        return parts[0] in line.written
    if not all(part in line.written for part in parts):
        return False
    return any(_in_order(sentence, parts) for sentence in line.sentences())


def _in_order(sentence: str, parts: tuple[str, ...]) -> bool:
    at = 0
    for part in parts:
        found = sentence.find(part, at)
        if found < 0:
            return False
        at = found + len(part.rstrip())  # the blank after a word may open the next part
    return True
