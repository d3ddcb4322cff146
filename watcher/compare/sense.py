"""What a sentence says whatever its words: inflections and plain synonyms folded, words that say nothing left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from rapidfuzz.distance import LCSseq

from watcher.compare.meaning import content, every, look, says, wording
from watcher.compare.units import words
from watcher.facts.concepts import terms
from watcher.facts.cues import tongue
from watcher.lang import vocabulary
from watcher.lang.phrases import stem
from watcher.lang.values import TIME, values

FEW = 1  #: so few more or fewer telling words are no practice
EVEN = 3  #: an exchange of words gives more than the third part of what it takes
SPARED = 2  #: one telling word may go without another where so many stay
ANEW = 4  #: so many words exchanged make a passage a new one
COUNTED = 10  #: a list may have so many members that a sentence counts them in words
KIN = 6  #: letters that words of one stem begin with
_DOERS = ("er", "or")  #: end words for who does something
HEAD = 2  #: telling words behind a "not" that it denies for certain
_GROUP = "="  #: begins the sign of a group of synonyms
#: The title of a document or a section.
_TITLE = re.compile(r"[“\"‘《][A-Z\u3400-\u9fff][^”\"’》]{2,60}[”\"’》]")
_STOP = re.compile(r"[.!?;](?=\s|$)|[。！？；]")
_SIGNS = re.compile(rf"{_GROUP}\d+|{TIME}[a-z0-9.-]+|\S")  #: of a Chinese text whose phrases are folded
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")


class _Plain(NamedTuple):
    """One language's plain words."""

    groups: dict[str, str]  #: a word, or several, in stems, or in Chinese -> the sign of its group
    phrases: dict[str, list[tuple[tuple[str, ...], str]]]  #: by what it begins with: each of these, whole
    empty: frozenset[str]  #: what may come and go, words and signs of groups
    plain: frozenset[str]  #: what weighs nothing: how, how much or when, not what is done
    opposites: frozenset[tuple[str, str]]  #: senses of which one undoes the other, both ways round
    deeds: frozenset[str]  #: senses for which no other stands: what is done with data, what people may do
    bounds: frozenset[str]  #: how an "only" is said
    turn: re.Pattern[str]  #: where a sentence turns, and a "not" no longer reaches

    def together(self, units: tuple[str, ...]) -> Iterator[str]:
        """Stems, or Chinese signs, those of a phrase of a group as one."""
        at = 0
        while at < len(units):
            size, said = 1, units[at]
            for parts, phrase in self.phrases.get(said, ()):
                if units[at : at + len(parts)] == parts:
                    size, said = len(parts), phrase
                    break
            yield said
            at += size

    def sign(self, said: str) -> str:
        """What stands for a word, or for a phrase of a group."""
        return said if said in self.empty else self.groups.get(said, said)


def sense(words: Sequence[str], language: str) -> Counter[str]:
    """The telling words of a sentence, given its normal words: stems, or the sign of a group of synonyms."""
    return Counter(senses(words, language))


def senses(words: Sequence[str], language: str) -> list[str]:
    plain = plain_words(language)
    if language == "zh":
        said = plain.together(tuple("".join(words)))
        parts = _SIGNS.findall("".join(f" {plain.sign(part)} " if part in plain.groups else part for part in said))
    else:
        parts = " ".join(map(plain.sign, plain.together(tuple(map(stem, words))))).split()
    return [part for part in parts if part not in plain.empty]


def reworded(old: Sequence[str], new: Sequence[str], language: str) -> bool:
    """Whether a sentence only says it in other words: about as much that tells came as went.

    Who adds a practice, or drops one, makes the sentence longer or shorter; who polishes it exchanges words. What such
    an exchange may do to the meaning (another number, name, time, party or sort of data, a "not", an "only") shows by
    other signs.
    """
    before, after = sense(old, language), sense(new, language)
    plain = plain_words(language)
    if any((a, b) in plain.opposites for a in before - after for b in after - before):
        return False
    light = plain.plain if exchanged(old, new, language) else frozenset()
    return _even(before, after, light) or _even(Counter(set(before)), Counter(set(after)), light)


def exchanged(old: Sequence[str], new: Sequence[str], language: str) -> bool:
    """Whether words took the place of words, or another place; where they only came, or only went, more is said."""
    before, after = content(tuple(old), language), content(tuple(new), language)
    return LCSseq.similarity(before, after) < min(len(before), len(after))


def written_anew(old: Sequence[str], new: Sequence[str], language: str, least: int = ANEW) -> bool:
    """Whether so many words, `least`, took the place of others that how each of them is said tells little."""
    before, after = (Counter(content(tuple(said), language)) for said in (old, new))
    return min((before - after).total(), (after - before).total()) >= least


def _even(before: Counter[str], after: Counter[str], light: frozenset[str]) -> bool:
    gone, come = _unlike(before - after, after - before)
    lost, won = (_weight(said, light) for said in (gone, come))
    kept = (before & after).total()
    if max(lost, won) <= FEW:
        return True
    # Plain language is shorter: what went may be a little more.
    spared = won <= FEW and lost * SPARED <= kept
    return spared or (min(lost, won) * EVEN > max(lost, won) and kept >= max(lost, won))


def untitled(old: str, new: str) -> tuple[str, str]:
    """Two texts without the titles that both cite: what a title says, nobody does."""
    for title in set(_TITLE.findall(old)) & set(_TITLE.findall(new)):
        old, new = old.replace(title, " "), new.replace(title, " ")
    return old, new


def _unlike(gone: Counter[str], come: Counter[str]) -> tuple[Counter[str], Counter[str]]:
    """What went and came, without words of one stem: "reliability" for "reliable". Who does it is another word."""
    kin = [(a, b) for a in gone for b in come if a[:KIN] == b[:KIN] and len(a) >= KIN <= len(b) and _is_kin(a, b)]
    for a, b in kin:
        count = min(gone[a], come[b])
        gone, come = gone - Counter({a: count}), come - Counter({b: count})
    return gone, come


def _is_kin(a: str, b: str) -> bool:
    return a.endswith(_DOERS) == b.endswith(_DOERS)


def _weight(said: Counter[str], light: frozenset[str]) -> int:
    """How much is said in words that weigh."""
    return sum(count for sign, count in said.items() if sign not in light)


def same_things(old: str, new: str, language: str, *, often: bool = True) -> bool:
    """Whether two texts name the same data, parties, places, deeds, instruments of transfer and uses that people mind.

    `often`: as often as each other; of passages it is enough that both name them.
    """
    before, after = sense(words(old), language), sense(words(new), language)
    exchanged = (before.keys() ^ after.keys()) & plain_words(language).deeds
    lost, won = (before - after, after - before) if often else (before.keys() - after, after.keys() - before)
    if any(kind == "transfer" for kind, _ in terms(old, language) ^ terms(new, language)):
        return False
    return not (exchanged or set(lost) & _things(old, language) or set(won) & _things(new, language))


def _things(text: str, language: str) -> set[str]:
    """The signs of the things that a text names."""
    table = wording(language)
    seen = look(text, language)
    found = {m.group().lower() for cue in table.nouns.values() for m in seen.every(cue)}
    found |= {m.group().lower() for cue in ("special", "sensitive") for m in every(cue, text, language)}
    return {sign for word in found if word not in table.generic for sign in senses(words(word), language)}


def same_stance(old: str, new: str, language: str, *, anew: bool = False) -> bool:
    """Whether two texts deny and limit the same things, bind as much, and state the same figures and times.

    `anew`: the words are new throughout, so that an "only" more is how it is said.
    """
    if undenied(old, new, language) or undenied(new, old, language):
        return False
    if unlimited(old, new, language, anew=anew) or unlimited(new, old, language, anew=anew, newly=True):
        return False
    if figures(old, language) != figures(new, language):
        return False
    if loosened(old, new, language) or loosened(new, old, language):
        return False
    before, after = Denials(old, language), Denials(new, language)
    return not before.against(after) and not after.against(before)


def unlimited(text: str, other: str, language: str, *, anew: bool, newly: bool = False) -> bool:
    """Whether a text is limited, by an "only", an "unless" or by consent, as the other is not.

    `anew`: where the words are new throughout, it is enough that the other speaks of the same: of consent, of asking.
    `newly`: of a new text against the old one, where another "only" is how it is said.
    """
    plain = plain_words(language)
    lost = _limits(text, language) - _limits(other, language)
    if not anew:
        return bool(lost)
    if language == "zh":
        lost = {sign for sign in lost if sign.startswith(_GROUP)}
    free = plain.bounds if newly or says("bounding", other, language) else set()
    return bool(lost - set(senses(words(other), language)) - free)


def _limits(text: str, language: str) -> set[str]:
    """The senses of the words by which a text limits."""
    found = (words(m.group()) for m in every("limit", text, language))
    return {sign for limit in found for sign in senses(limit, language)} - plain_words(language).plain


def undenied(old: str, new: str, language: str) -> bool:
    """Whether the one text denies something, and the other nothing. "Not without your consent" denies nothing."""
    return denies(old, language) and not any(says(cue, new, language) for cue in ("negation", "denying"))


def conditional(said: str, language: str) -> bool:
    """Whether what a sentence denies is only so under a condition: "not without", "not unless"."""
    return says("limit", said, language) or says("double", said, language)


def denies(text: str, language: str) -> bool:
    """Whether a sentence of it denies something, with more than a "without", and under no condition."""
    return any(_negations(said, language) and not conditional(said, language) for said in _sentences(text))


def _negations(text: str, language: str) -> list[re.Match[str]]:
    """Where a text denies; a "without" denies what another word says."""
    return [m for m in every("negation", text, language) if m.group().lower() != "without"]


def _sentences(text: str) -> list[str]:
    return [said for said in _STOP.split(text) if said]


def figures(text: str, language: str) -> set[str]:
    """The numbers and lengths of time that a text states, however they are written."""
    for m in every("idle", text, language):
        text = text.replace(m.group(), " ")
    found = [value for value in values(text, tongue(language)) if value.sign[0] == TIME or value.sign[0].isdigit()]
    for value in reversed(found):
        text = f"{text[: value.start]} {text[value.end :]}"
    # "In three cases:" counts what follows.
    return {v.sign for v in found if v.sign[0] == TIME or int(v.sign) > COUNTED}.union(_FIGURE.findall(text))


def loosened(old: str, new: str, language: str) -> bool:
    """Whether what must be done in the one text only may be done in the other."""
    must, may = ([_count(cue, text, language) for text in (old, new)] for cue in ("obligation", "possibility"))
    return must[0] > must[1] and may[0] < may[1]


def _count(cue: str, text: str, language: str) -> int:
    return sum(1 for _ in every(cue, text, language))


class Denials:
    """What a text denies."""

    def __init__(self, text: str, language: str) -> None:
        self._all = set(senses(words(text), language))
        self._heads: set[str] = set()
        self._denied: set[str] = set()
        for said in _sentences(text):
            self._read(said, language)

    def _read(self, said: str, language: str) -> None:
        """Take in what one sentence denies; of "not unless" it is its words, but nothing for certain."""
        limited = conditional(said, language)
        for part in plain_words(language).turn.split(said):
            for m in _negations(part, language):
                denied = senses(words(part[m.end() :]), language)
                if not limited:
                    self._heads |= {s for s in denied[:HEAD] if language != "zh" or s.startswith(_GROUP)}
                self._denied |= set(senses(words(part), language))  # "letters are not sold": what stands before, too
            if says("denying", part, language):
                self._denied |= set(senses(words(part), language))

    def against(self, other: Denials) -> bool:
        """Whether it denies what `other` states."""
        return bool(self._heads & other._all - other._denied)


@cache
def plain_words(language: str) -> _Plain:
    language = tongue(language)
    table = vocabulary(language)["wording"]
    groups: dict[str, str] = {}
    heads = set()  # a group says nothing if its first phrase does
    for sign, alike in synonyms(language):
        heads.add(alike[0])
        for phrase in alike:
            groups.setdefault(phrase, sign)
    empty = {stem(word) for name in ("empty", "common") for word in table[name].split()}
    single = (word for line in (*table["opposites"], table["deeds"]) for word in line.split())
    signs = {stem(word): stem(word) for word in single} | groups
    pairs = [tuple(signs[stem(word)] for word in line.split()) for line in table["opposites"]]
    opposites = frozenset((a, b) for one, other in pairs for a, b in ((one, other), (other, one)))
    empty |= {groups[head] for head in heads if empty.issuperset(head.split())}
    plain = {stem(word) for word in table["plain"].split()}
    plain |= {groups[head] for head in heads if head in plain or (empty | plain).issuperset(head.split())}
    deeds = frozenset(signs[stem(word)] for word in table["deeds"].split())
    bounds = frozenset(signs[stem(word)] for word in table["bounds"].split())
    turn = re.compile("|".join(table["turn"]), re.IGNORECASE)
    return _Plain(
        groups, _by_beginning(groups, language), frozenset(empty), frozenset(plain), opposites, deeds, bounds, turn
    )


def synonyms(language: str) -> Iterator[tuple[str, list[str]]]:
    """The groups of synonyms of a language: the sign of each, and its phrases, in stems, or in Chinese."""
    for i, line in enumerate(vocabulary(language)["wording"]["synonyms"].strip().splitlines()):
        phrases = (phrase.strip() for phrase in line.split(", "))
        yield f"{_GROUP}{i}", [p if language == "zh" else " ".join(map(stem, p.split())) for p in phrases]


def _by_beginning(phrases: Iterable[str], language: str) -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """Phrases by their first stem or Chinese sign, the longest first."""
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for phrase in sorted(phrases, key=len, reverse=True):
        units = tuple(phrase if language == "zh" else phrase.split())
        found.setdefault(units[0], []).append((units, phrase))
    return found
