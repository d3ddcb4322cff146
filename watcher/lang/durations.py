"""Lengths of time as policies write them: "twelve (12) months", "up to 30 business days", "三十（30）个工作日".

The words are the table [units] of each language. A duration normalises to ISO 8601 with its bound ("P6M max"): whole
weeks to days, whole years to years, so that "one year", "1 year" and "twelve (12) months" are one value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from watcher.lang import vocabulary

Bound = Literal["exact", "max", "min"]

LONGEST = 150  #: years; a number of more is that of a year
BEFORE, BEHIND = 32, 16  #: characters before and behind a length of time in which the words of its bound stand
BEFORE_UNIT = 48  #: characters before a unit in which its number stands: "one hundred and eighty (180) consecutive"
_SPLIT = re.compile(r"[\s-]+")
_NORM = re.compile(r"P(?:T)?([\d.]+)([HDBMY])(?: (max|min))?")
#: Days of a unit, as people reckon who say "30 days" or "a month".
DAYS: Mapping[str, float] = {"H": 1 / 24, "D": 1.0, "M": 30.0, "Y": 365.0}


@dataclass(frozen=True, slots=True)
class Duration:
    """A stated length of time and where it stands in its text."""

    count: float
    unit: str  #: ISO 8601 letter: "H", "D", "M", "Y"; "B" for working days
    bound: Bound
    start: int  #: of the number, the words of the bound left out
    end: int
    begin: int  #: the same with the words of the bound
    stop: int

    @property
    def norm(self) -> str:
        """ISO 8601 with the bound: "P30D max"; hours "PT24H"; working days, which ISO lacks, "P15B"."""
        length = f"P{'T' * (self.unit == 'H')}{self.count:g}{self.unit}"
        return length if self.bound == "exact" else f"{length} {self.bound}"


def durations(text: str, language: str = "en") -> Iterator[Duration]:
    """Every duration written in `text`, in reading order."""
    grammar = _grammar(language)
    for match in grammar.matches(text):
        count = number(match["inner"] or match["number"], language)
        if count is None:
            continue
        count += 0.5 * (bool(match["mid"]) + bool(match["half"])) if grammar.han else 0
        unit = grammar.units[match["unit"].casefold()]
        if unit == "D" and match["working"]:
            unit = "B"
        if unit == "Y" and count > LONGEST:
            continue
        count, unit = _canonical(count, unit)
        bound, begin, stop = grammar.bound(text, match.start(), match.end())
        yield Duration(count, unit, bound, match.start(), match.end(), begin, stop)


def _canonical(count: float, unit: str) -> tuple[float, str]:
    """The same time in the unit in which all its wordings meet: 14 days for two weeks, one year for twelve months."""
    if unit == "Y" and count % 1:
        count, unit = count * 12, "M"
    if unit == "M" and count == 0.5:
        return 15, "D"
    if unit == "M" and count % 12 == 0:
        return count / 12, "Y"
    if unit == "W":
        return count * 7, "D"
    return (count / 24, "D") if unit == "H" and count % 24 == 0 else (count, unit)


def nearly(a: str, b: str) -> bool:
    """Whether two norms are the same time but for how many days a month has, or for "up to"."""
    one, other = _NORM.fullmatch(a), _NORM.fullmatch(b)
    if not one or not other or (one[3] == "min") != (other[3] == "min"):
        return False
    return one.group(1, 2) == other.group(1, 2) or days(a) == days(b) is not None


def days(norm: str) -> float | None:
    """The days of a norm, a month taken as 30 and a year as 365; None for working days, and where there is no time."""
    found = _NORM.match(norm)
    if found is None or found[2] not in DAYS:
        return None
    count, unit = float(found[1]), found[2]
    return count * DAYS[unit]


@dataclass(frozen=True, slots=True)
class _Grammar:
    unit: re.Pattern[str]
    pattern: re.Pattern[str]
    units: dict[str, str]
    most: re.Pattern[str]
    least: re.Pattern[str]
    after: tuple[tuple[re.Pattern[str], Bound], ...]
    han: bool

    def matches(self, text: str) -> Iterator[re.Match[str]]:
        """The lengths of time in `text`. They are looked for from their units backwards: most words are no unit."""
        end = 0
        for unit in self.unit.finditer(text):
            found = self.pattern.search(text, max(end, unit.start() - BEFORE_UNIT), unit.end() + BEHIND)
            if found is not None and found.start() < unit.start() < found.end():
                end = found.end()
                yield found

    def bound(self, text: str, start: int, end: int) -> tuple[Bound, int, int]:
        """Whether the words around text[start:end] make it a most or a least, and the span that holds these, too."""
        stop = end
        found: Bound = "exact"
        for pattern, bound in self.after:
            if match := pattern.match(text, end, end + BEHIND):
                found, stop = bound, match.end()
        left = text[max(0, start - BEFORE) : start]
        most, least = self.most.search(left), self.least.search(left)
        before = min(filter(None, (most, least)), key=lambda match: match.start(), default=None)
        if before is None:
            return found, start, stop
        return "max" if before is most else "min", start - len(left) + before.start(), stop


def number(words: str, language: str) -> float | None:
    """The number that `words` write in digits, words, or Chinese numerals; None if it is none."""
    words = words.casefold().replace(",", "")
    if re.fullmatch(r"\d+(?:\.\d+)?", words):
        return float(words)
    table = vocabulary(language)["units"]
    return _han_number(words, table["numbers"]) if table["joined"] else _number(words, table["numbers"])


def _number(words: str, numbers: Mapping[str, float]) -> float:
    """English numerals below a thousand: "one hundred and eighty" is 180, "half a" 0.5, "one and a half" 1.5."""
    total = 0.0
    parts = _SPLIT.split(words)
    for word in parts:
        value = numbers.get(word, 0)
        total = max(total, 1) * value if value >= 100 else total + value
    return total or 1.0  # "a", "an"


def _han_number(word: str, numbers: Mapping[str, float]) -> float | None:
    """Chinese numerals below a thousand: 三十 is 30, 一百八十 is 180, 半 0.5."""
    total, digit = 0.0, 0.0
    for sign in word:
        value = numbers.get(sign)
        if value is None:
            return None
        if value >= 10:
            total += (digit or 1) * value
            digit = 0
        else:
            digit = value
    return total + digit


def numeral(language: str) -> str:
    """The pattern of a number written in words; of Chinese signs, of any length."""
    numbers: Mapping[str, float] = vocabulary(language)["units"]["numbers"]
    if vocabulary(language)["units"]["joined"]:
        return f"[{''.join(numbers)}]"

    def words(low: float, high: float) -> str:
        return "|".join(sorted((w for w, n in numbers.items() if low <= n < high), key=len, reverse=True))

    below = rf"(?:{words(20, 100)})(?:[ -](?:{words(1, 10)}))?|{words(1, 20)}"
    return rf"(?:(?:(?:{words(1, 10)}|an?) {words(100, 101)}(?: and)?(?: (?:{below}))?|{below})\b)"


@cache
def _grammar(language: str) -> _Grammar:
    table = vocabulary(language)["units"]
    han = bool(table["joined"])
    units = "|".join(sorted(table["names"], key=len, reverse=True))
    work = rf"(?:(?P<working>{table['working']})|(?:{table['plain']}))?"
    inner = r"\s*[（(]\s*(?P<inner>\d{1,4})\s*[)）]"
    if han:
        number = rf"\d{{1,4}}(?:\.\d)?|{numeral(language)}{{1,5}}"
        pattern = rf"(?<![第年月〇零\d.,])(?P<number>{number})\s*(?:{inner}\s*)?个?(?P<mid>半)?{work}(?P<unit>{units})"
        pattern += r"(?!\s*\d{1,2}\s*[日月]|岁)(?P<half>半)?"
    else:
        article = "|".join(rf"(?<=\b{word} {a})" for word in table["before_article"] for a in ("a", "an"))
        number = rf"(?<=\()\d{{1,3}}(?=\))|\b\d{{1,4}}(?:\.\d{{1,3}})?|\b{numeral(language)}(?: and a half)?"
        number += rf"|\bhalf(?:[ -]an?)?|\ban?\b(?:{article})"
        inner = inner.replace(r"\d{1,4}", rf"\d{{1,4}}|{numeral(language)}")
        pattern = rf"(?<![\d.,])(?P<number>{number})\)?(?:{inner})?[\s-]{{0,2}}{work}[\s-]{{0,2}}(?P<unit>{units})\b"
        pattern += rf"(?![\s-]?(?:{table['aged']}))"
    most, least = (_bounding(table[key]) for key in ("most", "least"))
    after: dict[str, Bound] = table["after"]
    return _Grammar(
        unit=re.compile(units if han else rf"(?<![^\W\d_])(?:{units})\b", re.IGNORECASE),
        pattern=re.compile(pattern, re.IGNORECASE),
        units=table["names"],
        most=most,
        least=least,
        after=tuple((re.compile(rf"[ )）]*{words}", re.IGNORECASE), bound) for words, bound in after.items()),
        han=han,
    )


def _bounding(words: list[str]) -> re.Pattern[str]:
    """Words of a bound, one or several in a row, before a number."""
    return re.compile(rf"(?:(?:\b(?:an?|the) )?(?:{'|'.join(words)})\W{{0,3}})+$", re.IGNORECASE)
