"""What a pattern cannot match without, read off the pattern: words, or beginnings of words, that the text must hold."""

from __future__ import annotations

import re
from typing import NamedTuple

OPEN = "\0"  #: ends a stem after which its word may go on in any way
MIDST = "\1"  #: the run of a way of which nothing was read, and which may begin within a word


class Way(NamedTuple):
    """One way in which a pattern can match, as far as words tell. A stem is a word, or its beginning and OPEN."""

    first: str | None = None  #: the stem that begins it; "" where that may be a mark; None: still to be read
    needs: frozenset[str] = frozenset()  #: stems of words that must be there
    run: str = ""  #: the word that is being read
    sure: bool = True  #: nothing but the letters of words was read


_QUANTIFIER = re.compile(r"[?*+]\??|\{\d*,?\d*\}\??")
_GROUP = re.compile(r"\(\?(?:-?i?:|[=!]|<[=!]|P<\w+>)|\(")
_LITERAL = re.compile(r"[a-z0-9]+(?![?*+{])")  #: several letters at once, but for one that is repeated
_HAN_LITERAL = re.compile(r"[^\\()\[\]{}?*+|.^$]+(?![?*+{])")
_MOST_WAYS = 60  #: of one part of a pattern; more are told apart less closely


_CAPITAL = re.compile(r"(?<![\\?])[A-Z]")  #: but for \W and (?P


def ways(cue: str, han: bool, *, inside: bool = False, far: bool = True) -> set[Way]:
    """The ways in which `cue` can match; no text in lower case without the words that one of them needs holds it.

    `inside`: where it doesn't say \\b, the cue may begin or end within a word; else it is of whole words. `far`: all
    that it needs is read, not only the first word. Reads the part of the pattern language that cues use: literals,
    groups, classes, quantifiers, \\w \\d \\s \\b.
    """
    cue = _CAPITAL.sub(lambda sign: sign[0].lower(), cue)
    found, _ = _alternatives(cue, 0, {Way(run=MIDST if inside and not han else "")}, han, far)
    return {_ended(_opened(way, han) if inside and way.run else way, han) for way in found}


def _alternatives(cue: str, at: int, before: set[Way], han: bool, far: bool) -> tuple[set[Way], int]:
    """The ways after the alternatives from `at` to the group's end, and where that is."""
    found: set[Way] = set()
    here = before
    while at < len(cue) and cue[at] != ")":
        if cue[at] == "|":
            found |= here
            here, at = before, at + 1
            continue
        after, at = _atom(cue, at, here, han, far)
        here, at = _quantified(cue, at, here, after, han)
        if not far:
            here = {_ended(way, han) if han and len(way.run) > 1 else way for way in here}
            settled = {way for way in here if way.needs and not way.run}
            found |= settled
            here -= settled
        if len(here) > _MOST_WAYS:
            here = _few(here, han)
    return _few(_least(found | here), han), at + 1


def _least(found: set[Way]) -> set[Way]:
    """`found` without the ways that need all that another one needs which is as far, and more."""
    if len(found) < _MOST_WAYS // 4:
        return found
    alike: dict[tuple[str | None, str, bool], list[Way]] = {}
    for way in sorted(found, key=lambda way: len(way.needs)):
        kept = alike.setdefault((way.first, way.run, way.sure), [])
        if not any(other.needs <= way.needs for other in kept):
            kept.append(way)
    return {way for kept in alike.values() for way in kept}


def _quantified(cue: str, at: int, before: set[Way], after: set[Way], han: bool) -> tuple[set[Way], int]:
    quantifier = _QUANTIFIER.match(cue, at)
    if quantifier is None:
        return after, at
    sign = quantifier.group()
    if sign[0] in "*+{":
        after = {_opened(way, han) if way.run else way for way in after}
    if sign[0] in "?*" or sign.startswith(("{0", "{,")):
        after = after | before
    return after, quantifier.end()


def _atom(cue: str, at: int, before: set[Way], han: bool, far: bool) -> tuple[set[Way], int]:
    """The ways after the signs, class or group at `at`, and where it ends."""
    if literal := (_HAN_LITERAL if han else _LITERAL).match(cue, at):
        return {_longer(way, literal.group(), han) for way in before}, literal.end()
    sign = cue[at]
    if sign == "(":
        head = _GROUP.match(cue, at)
        assert head is not None
        if head.group()[-1] not in "=!":
            return _alternatives(cue, head.end(), before, han, far)
        _, end = _alternatives(cue, head.end(), set(), han, far)
        return {way._replace(sure=False) for way in before}, end
    if sign == "[":
        end = cue.index("]", at + 2) + 1
        body = cue[at + 1 : end - 1]
        plain = not body.startswith("^") and "-" not in body[1:-1] and "\\" not in body
        return ({_longer(way, c, han) for c in body for way in before} if plain else _all_opened(before, han)), end
    if sign == "\\":
        letter = cue[at + 1]
        if letter == "b":
            return {_ended(way, han) for way in before}, at + 2
        if letter == "W" and not han:
            return {_marked(_ended(way, han)) for way in before}, at + 2
        if letter in "wdSWD" or (letter == "s" and han):
            return _all_opened(before, han), at + 2
        return {_longer(way, " " if letter == "s" else letter, han) for way in before}, at + 2
    if sign in "^$":
        return {_ended(way, han)._replace(sure=False) for way in before}, at + 1
    return (_all_opened(before, han) if sign == "." else {_longer(way, sign, han) for way in before}), at + 1


def _longer(way: Way, signs: str, han: bool) -> Way:
    """`way` with one more sign, or several letters."""
    first, needs, run, sure = way
    if han or "a" <= signs < "{" or "0" <= signs < ":":
        if run == MIDST:
            return Way(first, needs, OPEN, False)
        return way if run[-1:] == OPEN else Way(first, needs, run + signs, sure)
    if signs.isalnum():
        return _opened(way, han)
    return _marked(_ended(way, han))


def _marked(way: Way) -> Way:
    """`way` with a sign that is of no word."""
    return Way("" if way.first is None else way.first, way.needs, way.run, False)


def _all_opened(before: set[Way], han: bool) -> set[Way]:
    return {_opened(way, han) for way in before}


def _opened(way: Way, han: bool) -> Way:
    """`way` with signs that are not told; they may end a Chinese run and begin another, but not an English word."""
    if han:
        return _marked(_ended(way, han))
    first, needs, run, _ = way
    return way if run[-1:] == OPEN else Way(first, needs, run.rstrip(MIDST) + OPEN, False)


def _ended(way: Way, han: bool) -> Way:
    """`way` with its word ended."""
    if way.run in ("", MIDST):
        return way._replace(run="")
    stems = _pairs_of(way.run) if han else [way.run]
    needs = way.needs.union(stem for stem in stems if stem != OPEN)
    return Way(stems[0] if way.first is None else way.first, needs, "", way.sure and len(stems) == 1)


def _pairs_of(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run + OPEN]


def _few(found: set[Way], han: bool) -> set[Way]:
    """`found`; of too many, what those have in common that begin alike and are in the midst of one word."""
    if len(found) <= _MOST_WAYS:
        return found
    alike: dict[tuple[str | None, str], Way] = {}
    for way in found:
        key = (way.first, way.run)
        other = alike.get(key, way)
        alike[key] = other._replace(needs=other.needs & way.needs, sure=other.sure and way.sure)
    return set(alike.values())
