"""What a sentence says whatever its words: inflections and plain synonyms folded, words that say nothing left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

from watcher.lang import languages, vocabulary
from watcher.lang.phrases import stem

FEW = 1  #: so few more or fewer telling words are no practice
EVEN = 3  #: an exchange of words gives at least the third part of what it takes
_GROUP = "="  #: begins the sign of a group of synonyms


class _Plain(NamedTuple):
    """One language's plain words."""

    groups: dict[str, str]  #: a word, or several, as `_run` writes them -> the sign of its group
    alike: re.Pattern[str]  #: any of these in a run
    empty: frozenset[str]  #: what may come and go, words and signs of groups


def sense(words: Sequence[str], language: str) -> Counter[str]:
    """The telling words of a sentence, given its normal words: stems, or the sign of a group of synonyms."""
    plain = _plain(language if language in languages() else "en")
    folded = plain.alike.sub(lambda found: f" {plain.groups[found.group().strip()]} ", _run(words, language))
    parts = folded.split() if language != "zh" else re.findall(rf"{_GROUP}\d+|\S", folded)
    return Counter(part for part in parts if part not in plain.empty)


def reworded(old: Sequence[str], new: Sequence[str], language: str) -> bool:
    """Whether a sentence only says it in other words: about as much that tells came as went.

    Who adds a practice, or drops one, makes the sentence longer or shorter; who polishes it exchanges words. What such
    an exchange may do to the meaning (another number, name, time, party or sort of data, a "not", an "only") shows by
    other signs.
    """
    before, after = sense(old, language), sense(new, language)
    lost, won, kept = (before - after).total(), (after - before).total(), (before & after).total()
    return max(lost, won) <= FEW or (min(lost, won) * EVEN > max(lost, won) and kept >= max(lost, won))


@cache
def _plain(language: str) -> _Plain:
    table = vocabulary(language)["wording"]
    groups: dict[str, str] = {}
    for i, line in enumerate(table["synonyms"].strip().splitlines()):
        for phrase in line.split(", "):
            groups.setdefault(_run(_cut(phrase, language), language).strip(), f"{_GROUP}{i}")
    longest = sorted(groups, key=len, reverse=True)
    body = "|".join(map(re.escape, longest))
    alike = re.compile(body if language == "zh" else rf"(?<=\s)(?:{body})(?=\s)")
    empty = {stem(word) for name in ("empty", "common") for word in table[name].split()}
    return _Plain(groups, alike, frozenset(empty | {groups[word] for word in empty & groups.keys()}))


def _cut(phrase: str, language: str) -> Iterable[str]:
    return phrase if language == "zh" else phrase.split()


def _run(words: Iterable[str], language: str) -> str:
    """Words in a row: Chinese as it is written, English as stems with a blank around each."""
    return "".join(words) if language == "zh" else f" {' '.join(map(stem, words))} "
