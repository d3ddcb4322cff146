"""One look at a text: which patterns it may match, and where; only there they are tried."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from operator import or_
from typing import NamedTuple, TypeVar

from watcher.lang.index import Index, spots

T = TypeVar("T")


class Cue(NamedTuple):
    """A list of patterns, any of which may match, the first before the others: the sets of their bits in an index."""

    fixed: int  #: those whose first word is known
    free: int  #: those that may begin with anything


class Patterns:
    """Lists of patterns with the index of their words. A pattern is compiled when it is first tried."""

    def __init__(self, language: str, lists: Mapping[str, Iterable[str]]) -> None:
        rows = {f"{name}/{i}": pattern for name, patterns in lists.items() for i, pattern in enumerate(patterns)}
        self.index = Index(language, rows.items(), inside=True)
        self.cues: dict[str, Cue] = {}  #: by name
        for name, patterns in lists.items():
            bits = reduce(or_, (self.index.bit[f"{name}/{i}"] for i, _ in enumerate(patterns)), 0)
            self.cues[name] = Cue(bits & ~self.index.free, bits & self.index.free)
        self._written = {self.index.bit[row]: pattern for row, pattern in rows.items()}
        self._compiled: dict[int, re.Pattern[str]] = {}

    def of(self, bits: int) -> re.Pattern[str]:
        """The patterns of a set as alternatives, the first before the others."""
        found = self._compiled.get(bits)
        if found is None:
            body = "|".join(f"(?:{pattern})" for bit, pattern in self._written.items() if bit & bits)
            found = self._compiled[bits] = re.compile(body, re.IGNORECASE)
        return found

    def match(self, bits: int, text: str, at: int) -> re.Match[str] | None:
        """The first pattern of a set that matches at a place."""
        while bits:
            bit = bits & -bits
            if match := (self._compiled.get(bit) or self.of(bit)).match(text, at):
                return match
            bits ^= bit
        return None

    def search(self, bits: int, text: str) -> int | None:
        """Where a pattern of a set matches first."""
        found = None
        while bits:
            bit = bits & -bits
            match = self.of(bit).search(text)
            if match and (found is None or match.start() < found):
                found = match.start()
            bits ^= bit
        return found


class Look:
    """A text, and where the patterns may begin in it."""

    __slots__ = ("_patterns", "_spots", "_text", "_told")

    def __init__(self, text: str, patterns: Patterns) -> None:
        self._text, self._patterns = text, patterns
        # Of all letters "İ" alone is longer in lower case.
        self._told, places = patterns.index.sight(text.replace("İ", "I").lower())
        self._spots = [(at, begins) for at, _, begins, _ in spots(places)]

    def every(self, cue: Cue) -> Iterator[re.Match[str]]:
        """Every match of the cue, none within another."""
        fixed, free = cue
        if free & self._told:
            yield from self._patterns.of(fixed | free).finditer(self._text)
        elif fixed & self._told:
            end = 0
            for at, begins in self._spots:
                if begins & fixed and at >= end and (match := self._patterns.match(begins & fixed, self._text, at)):
                    end = match.end()
                    yield match

    def has(self, cue: Cue) -> bool:
        """Whether the cue matches anywhere."""
        fixed, free = cue[0] & self._told, cue[1] & self._told
        if fixed:
            for at, begins in self._spots:
                if begins & fixed and self._patterns.match(begins & fixed, self._text, at):
                    return True
        return free != 0 and self._patterns.search(free, self._text) is not None

    def first(self, cue: Cue) -> int | None:
        """Where the cue matches first."""
        if not (cue.fixed | cue.free) & self._told:
            return None
        return next((at for _, at in self.firsts({"": cue})), None)

    def firsts(self, cues: Mapping[T, Cue]) -> Iterator[tuple[T, int]]:
        """The cues that match, each with where it does first."""
        told, patterns, text = self._told, self._patterns, self._text
        sought: dict[T, int] = {}
        best: dict[T, int] = {}
        for name, (fixed, free) in cues.items():
            if fixed & told:
                sought[name] = fixed
            if free & told and (at := patterns.search(free & told, text)) is not None:
                best[name] = at
        wanted = reduce(or_, sought.values(), 0)
        for at, begins in self._spots if wanted else ():
            here = begins & wanted
            if not here:
                continue
            for name, fixed in list(sought.items()):
                if here & fixed and patterns.match(here & fixed, text, at):
                    best[name] = min(at, best.get(name, at))
                    wanted ^= sought.pop(name)
        yield from best.items()
