"""The dates that a policy states about itself: last updated, effective, published, and its version.

Words and months come from [dates] of each language file; a date is only taken where a label stands beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Literal

from watcher.lang import languages, vocabulary
from watcher.records import StatedDate

Role = Literal["updated", "effective", "published", "version"]
_ROLES: tuple[Role, ...] = ("updated", "effective", "published", "version")
#: A year, the number of a version; each begins with what can be looked for quickly.
_YEAR = re.compile(r"[12一二](?:(?<=1)9\d\d|(?<=2)0\d\d|[0-9〇零○九][0-9〇零○一二三四五六七八九]{2})")
_VERSION = re.compile(r"[vV](?<!\w[vV])(?:[eE][rR])?\.?\s*\d")
_HAN_DIGITS = {
    sign: value
    for value, signs in enumerate(("〇零○", "一", "二", "三", "四", "五", "六", "七", "八", "九"))
    for sign in signs
}
_NUMBER = "[0-9〇零○一二三四五六七八九十]"
_LINK = re.compile(r"[\s(（,，]*(?:起|开始|正式|将|is the|was the)*\s*")  #: what may stand between a date and its label
_BEFORE, _AFTER = 48, 16  #: characters around a date in which its label may stand
_SHORT = 160  #: a clause up to this length is about the document itself if it has a label
_MOST = 12  #: stated dates kept of one document
_TOP = 8  #: clauses from the top among which a bare date counts


@dataclass(frozen=True, slots=True)
class Day:
    """A date written in a text, and where. `value` is None where no single day is meant ("May 2025", "10/11/2021")."""

    start: int
    end: int
    value: date | None


@dataclass(frozen=True, slots=True)
class _Grammar:
    """What the language files know of dates, compiled."""

    written: re.Pattern[str]
    months: dict[str, int]
    labels: dict[Role, re.Pattern[str]]
    policy: re.Pattern[str]
    ranges: re.Pattern[str]
    version: re.Pattern[str]


@cache
def _grammar() -> _Grammar:
    """The grammar of all languages together; a Chinese policy may well say "Last updated"."""
    tables = [vocabulary(language)["dates"] for language in languages()]

    def either(key: str) -> str:
        words = sorted({word for table in tables for word in table[key]}, key=len, reverse=True)
        return "|".join(rf"\b{re.escape(w)}\b" if w.isascii() else re.escape(w) for w in words)

    months = {
        name: number for table in tables for number, names in enumerate(table["months"], 1) for name in names.split("|")
    }
    month = "|".join(sorted(map(re.escape, months), key=len, reverse=True))
    day = r"\d{1,2}(?:st|nd|rd|th)?"
    written = rf"""
        (?P<y1>\d{{4}})\s?[-/.]\s?(?P<m1>\d{{1,2}})\s?[-/.]\s?(?P<d1>\d{{1,2}})(?!\d)
      | (?P<y2>{_NUMBER}{{4}})\s*年\s*(?P<m2>{_NUMBER}{{1,3}})\s*月(?:\s*(?P<d2>{_NUMBER}{{1,3}})\s*[日号])?
      | \b(?P<d3>{day})(?:\s+of\s+|[-\s]+)(?P<m3>{month})\b\.?[-,\s]+(?P<y3>\d{{4}})(?!\d)
      | \b(?P<m4>{month})\b\.?\s*(?P<d4>{day})\s*,?\s*(?P<y4>\d{{4}})(?!\d)
      | \b(?P<a5>\d{{1,2}})(?P<s5>[-/.])(?P<b5>\d{{1,2}})(?P=s5)(?P<y5>\d{{4}})(?!\d)
      | \b(?P<m6>{month})\b\.?,?[-\s]*(?P<y6>\d{{4}})(?!\d)
    """
    version = either("version")
    return _Grammar(
        written=re.compile(written, re.I | re.X),
        months=months,
        labels={role: re.compile(either(role), re.I) for role in _ROLES},
        policy=re.compile(either("policy"), re.I),
        ranges=re.compile(either("ranges"), re.I),
        version=re.compile(
            rf"(?:{version})(?:\s*(?:no\.?|number|号))?\s*[:：]?\s*(?P<n>v?\d{{1,4}}(?:\.\d+)*\b(?![年/-]))", re.I
        ),
    )


@lru_cache(4096)
def days_in(text: str) -> tuple[Day, ...]:
    """Every date written in `text`, left to right."""
    return tuple(Day(found.start(), found.end(), _value(found)) for found in _grammar().written.finditer(text))


def _value(found: re.Match[str]) -> date | None:
    """The day that one match means."""
    g = {key: value for key, value in found.groupdict().items() if value}
    if "a5" in g:
        return _from_parts(g["y5"], *_day_and_month(int(g["a5"]), int(g["b5"]), dotted=g["s5"] == "."))
    n = next(key[1] for key in g if key[0] == "y")
    month = _grammar().months.get(g[f"m{n}"].lower()) or _number(g[f"m{n}"])
    day = g.get(f"d{n}", "")
    return _from_parts(g[f"y{n}"], month, _number(day.rstrip("stndrhSTNDRH"))) if day else None


def _day_and_month(first: int, second: int, *, dotted: bool) -> tuple[int, int]:
    """(month, day) of two numbers; (0, 0) where both orders are possible and give different days."""
    if dotted or first > 12:
        return second, first
    return (first, second) if second > 12 or first == second else (0, 0)


def _from_parts(year: str, month: int, day: int) -> date | None:
    """A date, or None where there is no such day."""
    with suppress(ValueError):
        return date(_number(year), month, day)
    return None


def _number(text: str) -> int:
    """Digits, or Chinese numerals up to thirty-one (and years sign by sign), as a number; 0 for none."""
    if text.isdecimal():
        return int(text)
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (_HAN_DIGITS.get(tens, 1) * 10) + _HAN_DIGITS.get(ones, 0)
    digits = [str(_HAN_DIGITS.get(sign, sign)) for sign in text]
    return int("".join(digits)) if digits and "".join(digits).isdecimal() else 0


def stated_dates(texts: Iterable[str]) -> tuple[StatedDate, ...]:
    """The dates that the clauses `texts` (in reading order) state about the policy itself, first ones first."""
    found: dict[tuple[Role, date | None, str], StatedDate] = {}
    before = ""
    for place, text in enumerate(texts):
        for stated in _of_clause(text, before, place) if _has_year(text) else ():
            key = (stated.role, stated.value, stated.quote if stated.value is None else "")
            found.setdefault(key, stated)
        before = text
        if len(found) >= _MOST:
            break
    return tuple(found.values())


@lru_cache(4096)
def _has_year(text: str) -> bool:
    """Whether a text may hold a date or a version: the cheap question before the dear one."""
    if "version" in text.lower() or "版本" in text:
        return True
    return _YEAR.search(text) is not None or _VERSION.search(text) is not None


def _of_clause(text: str, before: str, place: int) -> Iterator[StatedDate]:
    """The stated dates of one clause; `before`: the clause above it, which may be nothing but a label."""
    grammar = _grammar()
    days = days_in(text)
    for i, day in enumerate(days):
        if _is_range(text, days, i):
            continue
        left = days[i - 1].end if i else 0
        right = days[i + 1].start if i + 1 < len(days) else len(text)
        stated = _labelled(text, day, left, right) or _under_label(text, day, before, place)
        if stated is not None:
            yield stated
    if len(text) <= _SHORT:
        for match in grammar.version.finditer(text):
            if any(day.start < match.end() and match.start("n") < day.end for day in days):
                continue
            yield StatedDate(role="version", value=None, quote=match[0])


def _is_range(text: str, days: tuple[Day, ...], i: int) -> bool:
    """Whether a date is one end of a period ("from ... until ..."), as in lists of earlier versions."""
    ranges = _grammar().ranges
    ahead = bool(i + 1 < len(days) and ranges.fullmatch(text[days[i].end : days[i + 1].start].strip(" ,")))
    return ahead or bool(i and ranges.fullmatch(text[days[i - 1].end : days[i].start].strip(" ,")))


def _labelled(text: str, day: Day, left: int, right: int) -> StatedDate | None:
    """The date with the label beside it in the same sentence: the nearest before it, else one right after it."""
    start = max(left, day.start - _BEFORE)
    ahead = re.split(r"[.;。；!?！？]\s", text[start : day.start])[-1]
    sentence_start = day.start - len(ahead)
    marks = [(m.end(), -m.start(), role, m) for role in _ROLES[:3] for m in _grammar().labels[role].finditer(ahead)]
    if marks:
        _, start_of, role, _ = max(marks)
        quote = text[sentence_start - start_of : day.end]
    else:
        after = text[day.end : min(right, day.end + _AFTER)]
        trailing = [(m.start(), role, m.end()) for role in _ROLES[:3] for m in _grammar().labels[role].finditer(after)]
        if not trailing or not _LINK.fullmatch(after[: min(trailing)[0]]):
            return None
        _, role, end = min(trailing)
        quote = text[day.start : day.end + end]
    if len(text) > _SHORT and not _grammar().policy.search(text[max(0, day.start - 120) : day.end + 60]):
        return None
    return StatedDate(role=role, value=day.value, quote=quote)


def _under_label(text: str, day: Day, before: str, place: int) -> StatedDate | None:
    """A clause that is nothing but a date, under a clause that is a label, or near the top of the page."""
    if text.strip(" ()[].,:") != text[day.start : day.end]:
        return None
    for role in _ROLES[:3] if len(before) <= 40 else ():
        if _grammar().labels[role].search(before):
            return StatedDate(role=role, value=day.value, quote=text)
    return StatedDate(role="updated", value=day.value, quote=text) if place < _TOP else None
