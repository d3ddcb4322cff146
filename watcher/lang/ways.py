"""What a pattern cannot match without, read off the pattern: words, or beginnings of words, that the text must hold.

A stem is a word, or its beginning and OPEN; in Chinese, two neighbouring signs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

OPEN = "\0"  #: ends a stem after which its word may go on in any way
_MIDST = "\1"  #: the run of a way of which nothing was read, and which may begin within a word
_SETTLED = "\2"  #: stands for the first stem of a way once that is noted

#: All the stems that one way of matching needs.
Stems = frozenset[str]
#: One way in which a part of a pattern can match: the stem that begins the pattern, "" where that may be a mark, None
#: where it is still to be read; the stems of words that must be there; the word that is being read; whether nothing but
#: the letters of words was read.
_Way = tuple[str | None, Stems, str, bool]


class Wording(NamedTuple):
    """One of the alternatives of a pattern: the words with which it can begin, and those that it cannot do without."""

    firsts: frozenset[tuple[str, bool]]  #: (stem, "" where it may be anything; whether that word is all of it)
    needs: tuple[frozenset[Stems], ...]  #: of each of these, one set of stems must be there


_QUANTIFIER = re.compile(r"[?*+]\??|\{\d*,?\d*\}\??")
_QUANTIFYING = ("?", "*", "+", "{")
_GROUP = re.compile(r"\(\?(?:-?i?:|[=!]|<[=!]|P<\w+>)|\(")
_LITERAL = re.compile(r"[a-z0-9 ]+(?![?*+{])")  #: several letters at once, but for one that is repeated
_HAN_LITERAL = re.compile(r"[^\\()\[\]{}?*+|.^$]+(?![?*+{])")
_PHRASE = re.compile(r"[a-z0-9]+(?: [a-z0-9]+)*")  #: an English cue that is no more than its words
_MOST_WAYS = 60  #: of one group; more are told apart less closely
_MANY_WAYS = 12  #: between two parts of a pattern that every text must hold; of more it is forgotten what they need
_CAPITAL = re.compile(r"(?<![\\?])[A-Z]")  #: but for \W and (?P


def wordings(cue: str, han: bool, *, inside: bool = False) -> Iterator[Wording]:
    """The alternatives of `cue`; no text in lower case without the words that one of them needs holds it.

    `inside`: where it doesn't say \\b, the cue may begin or end within a word; else it is of whole words. Reads the
    part of the pattern language that cues use: literals, groups, classes, quantifiers, \\w \\d \\s \\b.
    """
    cue = _CAPITAL.sub(lambda sign: sign[0].lower(), cue)
    if not (han or inside) and _PHRASE.fullmatch(cue):
        words = cue.split()
        yield Wording(frozenset([(words[0], len(words) == 1)]), (frozenset([frozenset(words)]),))
        return
    at = -1
    while at < len(cue):
        wording, at = _wording(cue, at + 1, han, inside)
        yield wording


def _wording(cue: str, at: int, han: bool, inside: bool) -> tuple[Wording, int]:
    """The alternative that begins at `at`, and where it ends.

    Part by part: what one part needs is noted, and the next one is read anew. So the ways of a part are not multiplied
    by those of the parts before it.
    """
    firsts: set[tuple[str, bool]] = set()
    needs: list[frozenset[Stems]] = []
    here: set[_Way] = {(None, frozenset(), _MIDST if inside and not han else "", True)}
    while at < len(cue) and cue[at] != "|":
        here, at = _part(cue, at, here, han)
        here = _noted(here, firsts, needs)
    ends = {_ended(_opened(way, han) if inside and way[2] else way, han) for way in here}
    firsts |= {(first or "", sure) for first, _, _, sure in _noted(ends, firsts, needs) if first != _SETTLED}
    return Wording(frozenset(firsts), tuple(needs)), at


def _noted(here: set[_Way], firsts: set[tuple[str, bool]], needs: list[frozenset[Stems]]) -> set[_Way]:
    """The ways `here` without what they need, where each needs something: that is noted in `firsts` and `needs`."""
    if all(stems for _, stems, _, _ in here):
        needs.append(_fewest({stems for _, stems, _, _ in here}))
    elif len(here) <= _MANY_WAYS:
        return here
    firsts |= {(first, False) for first, _, _, sure in here if not (sure or first in (None, _SETTLED))}
    return {(first if sure or first is None else _SETTLED, frozenset(), run, sure) for first, _, run, sure in here}


def _fewest(found: set[Stems]) -> frozenset[Stems]:
    """`found` without the sets that hold all of a set of one stem, and more."""
    single = {stem for stems in found if len(stems) == 1 for stem in stems}
    return frozenset(stems for stems in found if len(stems) == 1 or not stems & single)


def _part(cue: str, at: int, before: set[_Way], han: bool) -> tuple[set[_Way], int]:
    """The ways after the signs, class or group at `at` and its quantifier, and where that ends."""
    after, at = _atom(cue, at, before, han)
    quantifier = _QUANTIFIER.match(cue, at) if cue[at : at + 1] in _QUANTIFYING else None
    if quantifier is None:
        return after, at
    sign = quantifier.group()
    if sign[0] in "*+{":
        after = {_opened(way, han) if way[2] else way for way in after}
    if sign[0] in "?*" or sign.startswith(("{0", "{,")):
        after = after | before
    return after, quantifier.end()


def _atom(cue: str, at: int, before: set[_Way], han: bool) -> tuple[set[_Way], int]:
    """The ways after the signs, class or group at `at`, and where it ends."""
    if literal := (_HAN_LITERAL if han else _LITERAL).match(cue, at):
        return _longer(before, literal.group(), han), literal.end()
    sign = cue[at]
    if sign == "(":
        head = _GROUP.match(cue, at)
        assert head is not None
        if head.group()[-1] not in "=!":
            return _alternatives(cue, head.end(), before, han)
        _, end = _alternatives(cue, head.end(), set(), han)
        return {(*way[:3], False) for way in before}, end
    if sign == "[":
        end = cue.index("]", at + 2) + 1
        body = cue[at + 1 : end - 1]
        plain = not body.startswith("^") and "-" not in body[1:-1] and "\\" not in body
        return ({way for c in body for way in _longer(before, c, han)} if plain else _all_opened(before, han)), end
    if sign == "\\":
        letter = cue[at + 1]
        if letter == "b":
            return {_ended(way, han) for way in before}, at + 2
        if letter == "W" and not han:
            return {_marked(way, han) for way in before}, at + 2
        if letter in "wdSWD" or (letter == "s" and han):
            return _all_opened(before, han), at + 2
        return _longer(before, " " if letter == "s" else letter, han), at + 2
    if sign in "^$":
        return {(*_ended(way, han)[:3], False) for way in before}, at + 1
    return (_all_opened(before, han) if sign == "." else _longer(before, sign, han)), at + 1


def _alternatives(cue: str, at: int, before: set[_Way], han: bool) -> tuple[set[_Way], int]:
    """The ways after the alternatives from `at` to the group's end, and where that is."""
    found: set[_Way] = set()
    here = before
    while cue[at] != ")":
        if cue[at] == "|":
            found |= here
            here, at = before, at + 1
            continue
        here, at = _part(cue, at, here, han)
        if len(here) > _MOST_WAYS:
            here = _few(here)
    found |= here
    return (_few(found) if len(found) > _MOST_WAYS else found), at + 1


def _few(found: set[_Way]) -> set[_Way]:
    """What those ways have in common that begin alike and are in the midst of one word."""
    alike: dict[tuple[str | None, str], _Way] = {}
    for way in found:
        first, needs, run, sure = way
        _, others, _, surely = alike.get((first, run), way)
        alike[first, run] = first, needs & others, run, sure and surely
    return set(alike.values())


def _longer(before: set[_Way], signs: str, han: bool) -> set[_Way]:
    """The ways with a sign, or several letters and blanks, added."""
    if han:
        return {_longer_han(way, signs) for way in before}
    if not (signs.isalnum() or " " in signs):
        return {_marked(way, han) for way in before}
    if not signs.isascii():
        return _all_opened(before, han)
    word, *words = signs.split(" ")
    here = {(first, needs, _grown(run, word), sure and run != _MIDST) for first, needs, run, sure in before}
    for word in words:
        here = {(first, needs, word, False) for first, needs, _, _ in [_marked(way, han) for way in here]}
    return here


def _grown(run: str, letters: str) -> str:
    """An English run with letters added."""
    if not letters or run[-1:] == OPEN:
        return run
    return OPEN if run == _MIDST else run + letters


def _longer_han(way: _Way, signs: str) -> _Way:
    """`way` with more Chinese signs: each two neighbours are a stem. Of the run, the last two are kept."""
    first, needs, before, sure = way
    run = before + signs
    if len(run) < 2:
        return first, needs, run, sure
    pairs = [run[at : at + 2] for at in range(max(0, len(before) - 1), len(run) - 1)]
    return pairs[0] if first is None else first, needs.union(pairs), run[-2:], sure and len(run) == 2


def _marked(way: _Way, han: bool) -> _Way:
    """`way` with its word ended by a sign that is of no word."""
    first, needs, _, _ = _ended(way, han)
    return first or "", needs, "", False


def _all_opened(before: set[_Way], han: bool) -> set[_Way]:
    return {_opened(way, han) for way in before}


def _opened(way: _Way, han: bool) -> _Way:
    """`way` with signs that are not told; they may end a Chinese run and begin another, but not an English word."""
    if han:
        return _marked(way, han)
    first, needs, run, _ = way
    return way if run[-1:] == OPEN else (first, needs, run.rstrip(_MIDST) + OPEN, False)


def _ended(way: _Way, han: bool) -> _Way:
    """`way` with its word ended; a Chinese sign that stood alone begins a pair."""
    first, needs, run, sure = way
    if run in ("", _MIDST) or (han and len(run) == 2):
        return first, needs, "", sure
    stem = run + OPEN if han else run
    return stem if first is None else first, needs if stem == OPEN else needs | {stem}, "", sure
