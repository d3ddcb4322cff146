"""Values in the one form that all their wordings share: "two weeks" and "14 days", "thirteen (13)" and "13", "UK"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from watcher.lang import vocabulary
from watcher.lang.durations import durations, number, numeral

TIME = "#"  #: begins the sign of a length of time


class Value(NamedTuple):
    """A value, and where it stands in its text."""

    start: int
    end: int
    sign: str  #: "#p14d-min", "13", "@gb"


def values(text: str, language: str) -> list[Value]:
    """The values that `text` states, in reading order; of numbers only those that are written in words."""
    found: list[Value] = []
    for value in sorted((*_times(text, language), *_numbers(text, language), *_places(text, language)), key=_widest):
        if not found or value.start >= found[-1].end:
            found.append(value)
    return found


def _widest(value: Value) -> tuple[int, int]:
    return value.start, -value.end


def _times(text: str, language: str) -> Iterator[Value]:
    for time in durations(text, language):
        yield Value(time.begin, time.stop, sign_of(time.norm))


def sign_of(norm: str) -> str:
    """The sign of a length of time that normalises so, a single word."""
    return TIME + norm.lower().replace(" ", "-")


def norm_of(sign: str) -> str:
    """What `sign_of` made a sign of."""
    length, _, bound = sign.removeprefix(TIME).partition("-")
    return f"{length.upper()} {bound}".rstrip()


def _numbers(text: str, language: str) -> Iterator[Value]:
    for match in _written(language).finditer(text):
        count = float(match["inner"] or number(match["words"], language) or 0)
        if count > 1:  # "one of", 一些: no number that anybody counts
            yield Value(match.start(), match.end(), f"{count:g}")


def _places(text: str, language: str) -> Iterator[Value]:
    pattern = _spelt(language)
    for match in pattern.finditer(text):
        yield Value(match.start(), match.end(), f"@{match.lastgroup}")


@cache
def _written(language: str) -> re.Pattern[str]:
    """Numbers in words, with the figures that repeat them in brackets; Chinese ones before what is counted."""
    counted = vocabulary(language)["units"].get("counted")
    words, inner = numeral(language), r"(?:\s*[（(]\s*(?P<inner>\d+)\s*[)）])?"
    if counted:
        return re.compile(rf"(?<!第)(?P<words>{words}{{1,5}}){inner}(?=\s*(?:{counted}))")
    return re.compile(rf"\b(?P<words>{words}){inner}", re.IGNORECASE)


@cache
def _spelt(language: str) -> re.Pattern[str]:
    """The names of places that have several, and their abbreviations."""
    rows = vocabulary(language)["transfer"]["spelt"].items()
    return re.compile("|".join(rf"(?P<{code}>{names})" for code, names in rows))
