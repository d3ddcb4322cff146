"""Lengths of time as policies write them: "twelve (12) months", "up to 30 business days", "三十（30）个工作日".

The words are the table [units] of each language. A duration normalises to ISO 8601 with its bound ("P6M max"), whole
years to years, so that "one year", "1 year" and "twelve (12) months" are one value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from watcher.lang import vocabulary

Bound = Literal["exact", "max", "min"]


@dataclass(frozen=True, slots=True)
class Duration:
    """A stated length of time and where it stands in its text."""

    count: float
    unit: str  #: ISO 8601 letter: "H", "D", "W", "M", "Y"; "B" for working days
    bound: Bound
    start: int  #: of the number, the words of the bound left out
    end: int

    @property
    def norm(self) -> str:
        """ISO 8601 with the bound: "P30D max"; hours "PT24H"; working days, which ISO lacks, "P15B"."""
        count, unit = (self.count / 12, "Y") if self.unit == "M" and self.count % 12 == 0 else (self.count, self.unit)
        length = f"PT{count:g}H" if unit == "H" else f"P{count:g}{unit}"
        return length if self.bound == "exact" else f"{length} {self.bound}"


def may_hold_duration(low: str, words: set[str], language: str) -> bool:
    """Whether a text in lower case, made of `words`, names a unit of time at all: a cheap look before reading it."""
    names = vocabulary(language)["units"]["names"]
    return any(name in low for name in names) if language == "zh" else not words.isdisjoint(names)


def durations(text: str, language: str = "en") -> Iterator[Duration]:
    """Every duration written in `text`, in reading order."""
    grammar = _grammar(language)
    for match in grammar.pattern.finditer(text):
        digits = match["inner"] or match["number"]
        count = grammar.count(digits)
        if count is None:
            continue
        unit = grammar.units[match["unit"].casefold()]
        if unit == "D" and match["working"]:
            unit = "B"
        bound = grammar.bound(text[max(0, match.start() - 24) : match.start()], text[match.end() : match.end() + 8])
        yield Duration(count, unit, bound, match.start(), match.end())


@dataclass(frozen=True, slots=True)
class _Grammar:
    pattern: re.Pattern[str]
    units: dict[str, str]
    numbers: dict[str, int]
    most: re.Pattern[str]
    least: re.Pattern[str]
    after: dict[str, Bound]
    han: bool

    def count(self, word: str) -> float | None:
        """The number that `word` writes in digits, words, or Chinese numerals; None if it is none."""
        word = word.casefold().replace(",", "")
        if re.fullmatch(r"\d+(?:\.\d+)?", word):
            return float(word)
        if word in self.numbers:
            return float(self.numbers[word])
        return _han_number(word, self.numbers) if self.han else None

    def bound(self, left: str, right: str) -> Bound:
        """Whether the words around a duration make it a most or a least."""
        for word, bound in self.after.items():
            if right.lstrip(" )）").startswith(word):
                return bound
        if self.most.search(left):
            return "max"
        return "min" if self.least.search(left) else "exact"


def _han_number(word: str, numbers: dict[str, int]) -> float | None:
    """Chinese numerals below a thousand: 三十 is 30, 一百八十 is 180."""
    total, digit = 0, 0
    for sign in word:
        value = numbers.get(sign)
        if value is None:
            return None
        if value >= 10:
            total += (digit or 1) * value
            digit = 0
        else:
            digit = value
    return float(total + digit)


@cache
def _grammar(language: str) -> _Grammar:
    table = vocabulary(language)["units"]
    han = bool(table["joined"])
    words = "|".join(sorted(table["numbers"], key=len, reverse=True))
    units = "|".join(sorted(table["names"], key=len, reverse=True))
    if han:
        sign = f"[{''.join(w for w in table['numbers'] if len(w) == 1)}]"
        number = rf"\d{{1,4}}(?:\.\d)?|{sign}{{1,5}}"
        pattern = rf"(?<![第年月\d.,])(?P<number>{number})\s*(?:[（(]\s*(?P<inner>\d{{1,4}})\s*[)）]\s*)?"
        pattern += (
            rf"个?(?:(?P<working>{table['working']})|(?:{table['plain']}))?(?P<unit>{units})(?!\s*\d{{1,2}}\s*[日月])"
        )
    else:
        number = rf"(?<=\()\d{{1,3}}(?=\))|\b\d{{1,4}}(?:\.\d{{1,3}})?|\b(?:{words})"
        pattern = rf"(?<![\d.,])(?P<number>{number})\)?(?:\s*\(\s*(?P<inner>\d{{1,4}}|{words})\s*\))?"
        pattern += (
            rf"[\s-]{{0,2}}(?:(?P<working>{table['working']})|(?:{table['plain']}))?[\s-]{{0,2}}(?P<unit>{units})\b"
        )
    return _Grammar(
        pattern=re.compile(pattern, re.IGNORECASE),
        units=table["names"],
        numbers=table["numbers"],
        most=re.compile(rf"(?:{'|'.join(table['most'])})\W{{0,3}}$", re.IGNORECASE),
        least=re.compile(rf"(?:{'|'.join(table['least'])})\W{{0,3}}$", re.IGNORECASE),
        after=table["after"],
        han=han,
    )
