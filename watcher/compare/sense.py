"""What a sentence says whatever its words: inflections and plain synonyms folded, words that say nothing left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

from watcher.compare.meaning import every, look, says, wording
from watcher.compare.units import words
from watcher.facts.cues import tongue
from watcher.lang import languages, vocabulary
from watcher.lang.phrases import stem
from watcher.lang.values import TIME, values

FEW = 1  #: so few more or fewer telling words are no practice
EVEN = 3  #: an exchange of words gives at least the third part of what it takes
HEAD = 2  #: telling words behind a "not" that it denies for certain
_GROUP = "="  #: begins the sign of a group of synonyms
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")


class _Plain(NamedTuple):
    """One language's plain words."""

    groups: dict[str, str]  #: a word, or several, as `_run` writes them -> the sign of its group
    alike: re.Pattern[str]  #: any of these in a run
    empty: frozenset[str]  #: what may come and go, words and signs of groups
    opposites: frozenset[tuple[str, str]]  #: senses of which one undoes the other, both ways round
    deeds: frozenset[str]  #: senses for which no other stands: what is done with data, what people may do
    turn: re.Pattern[str]  #: where a sentence turns, and a "not" no longer reaches

    def sign(self, phrase: str) -> str:
        """What stands for a phrase of a group."""
        return phrase if phrase in self.empty else self.groups[phrase]


def sense(words: Sequence[str], language: str) -> Counter[str]:
    """The telling words of a sentence, given its normal words: stems, or the sign of a group of synonyms."""
    return Counter(_senses(words, language))


def _senses(words: Sequence[str], language: str) -> list[str]:
    plain = _plain(language)
    folded = plain.alike.sub(lambda found: f" {plain.sign(found.group().strip())} ", _run(words, language))
    parts = folded.split() if language != "zh" else re.findall(rf"{_GROUP}\d+|{TIME}[a-z0-9.-]+|\S", folded)
    return [part for part in parts if part not in plain.empty]


def reworded(old: Sequence[str], new: Sequence[str], language: str) -> bool:
    """Whether a sentence only says it in other words: about as much that tells came as went.

    Who adds a practice, or drops one, makes the sentence longer or shorter; who polishes it exchanges words. What such
    an exchange may do to the meaning (another number, name, time, party or sort of data, a "not", an "only") shows by
    other signs.
    """
    before, after = sense(old, language), sense(new, language)
    if any((a, b) in _plain(language).opposites for a in before - after for b in after - before):
        return False
    return _even(before, after) or _even(Counter(set(before)), Counter(set(after)))


def _even(before: Counter[str], after: Counter[str]) -> bool:
    lost, won, kept = (before - after).total(), (after - before).total(), (before & after).total()
    if max(lost, won) <= FEW:
        return True
    # Plain language is shorter: what went may be a little more.
    spared = lost > won and min(lost, won) * EVEN == max(lost, won) and kept >= EVEN * lost
    return spared or (min(lost, won) * EVEN > max(lost, won) and kept >= max(lost, won))


def same_things(old: str, new: str, language: str) -> bool:
    """Whether two texts name the same data, parties, places and deeds, and the same uses that people mind."""
    before, after = sense(words(old), language), sense(words(new), language)
    lost, won = (before - after).keys(), (after - before).keys()
    exchanged = (before.keys() ^ after.keys()) & _plain(language).deeds
    return not (exchanged or lost & _things(old, language) or won & _things(new, language))


def _things(text: str, language: str) -> set[str]:
    """The signs of the things that a text names."""
    table = wording(language)
    seen = look(text, language)
    found = {m.group().lower() for cue in table.nouns.values() for m in seen.every(cue)}
    found |= {m.group().lower() for m in every("special", text, language)}
    return {sign for word in found if word not in table.generic for sign in _senses(words(word), language)}


def same_stance(old: str, new: str, language: str) -> bool:
    """Whether two texts deny and limit the same things, and state the same figures."""
    if any((says(cue, old, language) > 0) != (says(cue, new, language) > 0) for cue in ("limit", "negation")):
        return False
    if _figures(old, language) != _figures(new, language):
        return False
    before, after = _Denials(old, language), _Denials(new, language)
    return not before.against(after) and not after.against(before)


def _figures(text: str, language: str) -> set[str]:
    """The numbers and lengths of time that a text states, however they are written."""
    found = [value for value in values(text, tongue(language)) if value.sign[0] == TIME or value.sign[0].isdigit()]
    for value in reversed(found):
        text = f"{text[: value.start]} {text[value.end :]}"
    return {value.sign for value in found}.union(_FIGURE.findall(text))


class _Denials:
    """What a text denies."""

    def __init__(self, text: str, language: str) -> None:
        self._all = set(_senses(words(text), language))
        self._heads: set[str] = set()
        self._denied: set[str] = set()
        for part in _plain(language).turn.split(text):
            for m in every("negation", part, language):
                if m.group().lower() == "without":
                    continue
                denied = _senses(words(part[m.end() :]), language)
                self._heads |= {s for s in denied[:HEAD] if language != "zh" or s.startswith(_GROUP)}
                self._denied |= set(_senses(words(part), language))  # "letters are not sold": what stands before, too

    def against(self, other: _Denials) -> bool:
        """Whether it denies what `other` states."""
        return bool(self._heads & other._all - other._denied)


@cache
def _plain(language: str) -> _Plain:
    language = language if language in languages() else "en"
    table = vocabulary(language)["wording"]
    groups: dict[str, str] = {}
    heads = set()  # a group says nothing if its first phrase does
    for i, line in enumerate(table["synonyms"].strip().splitlines()):
        phrases = [_run(_cut(phrase, language), language).strip() for phrase in line.split(", ")]
        heads.add(phrases[0])
        for phrase in phrases:
            groups.setdefault(phrase, f"{_GROUP}{i}")
    longest = sorted(groups, key=len, reverse=True)
    body = "|".join(map(re.escape, longest))
    alike = re.compile(body if language == "zh" else rf"(?<=\s)(?:{body})(?=\s)")
    empty = {stem(word) for name in ("empty", "common") for word in table[name].split()}
    single = (word for line in (*table["opposites"], table["deeds"]) for word in line.split())
    signs = {stem(word): stem(word) for word in single} | groups
    pairs = [tuple(signs[stem(word)] for word in line.split()) for line in table["opposites"]]
    opposites = frozenset((a, b) for one, other in pairs for a, b in ((one, other), (other, one)))
    empty |= {groups[head] for head in heads if empty.issuperset(head.split())}
    deeds = frozenset(signs[stem(word)] for word in table["deeds"].split())
    turn = re.compile("|".join(table["turn"]), re.IGNORECASE)
    return _Plain(groups, alike, frozenset(empty), opposites, deeds, turn)


def _cut(phrase: str, language: str) -> Iterable[str]:
    return phrase if language == "zh" else phrase.split()


def _run(words: Iterable[str], language: str) -> str:
    """Words in a row: Chinese as it is written, English as stems with a blank around each."""
    return "".join(words) if language == "zh" else f" {' '.join(map(stem, words))} "
