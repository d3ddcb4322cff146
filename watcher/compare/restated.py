"""What a rewritten passage says that it did not say, or no longer says: what stands on one side alone.

Who rewrites a passage exchanges nearly all of its words. What then counts is not how many of them match, but whether
something stands on one side without a counterpart on the other: a datum, a party, a deed, a right, a figure, a denial,
a limit; or telling words at a place where the other side has none whose place they could have taken. Each such thing
is told of the sentence that holds it. That a sentence found no match is no evidence (decision 0009).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from watcher.compare.meaning import every, says
from watcher.compare.sense import Denials, denies, figures, loosened, plain_words, synonyms, undenied, unlimited
from watcher.compare.units import words
from watcher.facts.concepts import terms
from watcher.facts.cues import tongue
from watcher.lang import vocabulary
from watcher.lang.phrases import stem
from watcher.records import Kind

MOST = (0.55, 0.4)  #: share of the old and the new words; of which more are alone is another passage, not a rewritten
SPARED = 2  #: telling words; so few may always be alone
LEFT = 0.6  #: share of its words; a sentence of which more are alone came or went
FEW = 1  #: so few words that no other could have stood for are how it is said
NEAR = 4  #: telling words around a place
LIGHT = 2  #: by so many words is one that weighs nothing farther away
ROOT = 5  #: letters that words of one root begin with; all four of a word that has no more

FIELDS: frozenset[Kind] = frozenset({"transfer", "sale"})  #: kinds of terms for which no other words stand
_DOERS = (frozenset(("", "er")), frozenset(("", "or")))  #: who does something is another word than what is done

Saying = tuple[int, str]  #: a sentence of a passage, with the number of its row before it


class Word(NamedTuple):
    """A telling word of a passage, or a phrase that is one of several synonyms."""

    said: str  #: as stems
    signs: frozenset[str]  #: its groups of synonyms, and itself
    light: bool  #: it says how, how much or when
    row: int


class _Weighty(NamedTuple):
    """The words of a language for which no other could stand."""

    data: frozenset[str]
    parties: frozenset[str]
    anybody: frozenset[str]  #: groups of words for parties that are anybody
    guards: frozenset[str]  #: whose loss takes something from people
    burdens: frozenset[str]  #: what puts something upon them


# --- what stands alone -----------------------------------------------------------------------------------------------


def lone(old: Sequence[Saying], new: Sequence[Saying], language: str) -> dict[int, set[str]] | None:
    """What stands on one side of a passage alone, by row: its signs. None if the sides have too little in common."""
    sides = ([_telling(*s, language) for s in old], [_telling(*s, language) for s in new])
    flat = [[word for sentence in side for word in sentence] for side in sides]
    left = (_unmatched(flat[0], flat[1]), _unmatched(flat[1], flat[0]))
    if any(_weight(left[i]) > max(SPARED, MOST[i] * _weight(flat[i])) for i in (0, 1)):
        return None
    found: defaultdict[int, set[str]] = defaultdict(set)
    for word, sign in _named(left, language):
        found[word.row].add(sign)
    alone = Counter(word.row for word in _without_counterpart(sides, left))
    for row in (row for row, count in alone.items() if count > FEW):
        found[row].add("novel")
    for side, rest in zip(sides, left, strict=True):
        for sentence in side:
            if _weight([word for word in sentence if word in rest]) > max(SPARED, LEFT * _weight(sentence)):
                found[sentence[0].row].add("novel")
    return found


def _named(left: tuple[list[Word], list[Word]], language: str) -> Iterator[tuple[Word, str]]:
    """The words left over for which no other could stand, with the sign of what is told of them."""
    weighty, plain = _weighty(tongue(language)), plain_words(language)
    for word in left[1]:
        if word.said in weighty.burdens:
            yield word, "burden"
        elif word.light:
            continue
        elif word.said in weighty.data:
            yield word, "datum"
        elif word.said in weighty.parties and word.signs.isdisjoint(weighty.anybody):
            yield word, "party"
    for word in (*left[0], *left[1]):
        if plain.groups.get(word.said, word.said) in plain.deeds:
            yield word, "deed"
    for word in left[0]:
        if word.said in weighty.guards:
            yield word, "guard"


def _without_counterpart(
    sides: tuple[list[list[Word]], list[list[Word]]], left: tuple[list[Word], list[Word]]
) -> list[Word]:
    """The telling words that came where none went whose place they could have taken."""
    spare, alone = list(left[0]), []
    for sentence in sides[1]:
        for at, word in enumerate(sentence):
            if word.light or word not in left[1]:
                continue
            around = sentence[max(0, at - NEAR) : at] + sentence[at + 1 : at + NEAR + 1]
            taken = _nearest(around, sides[0], spare)
            if taken is None:
                alone.append(word)
            else:
                spare.remove(taken)
    return alone


def _nearest(around: Sequence[Word], old: Iterable[Sequence[Word]], spare: Sequence[Word]) -> Word | None:
    """Of the words that went, the one that stood nearest to any of those `around` the new one."""
    found: list[tuple[int, Word]] = []
    for sentence in old:
        went = [(i, word) for i, word in enumerate(sentence) if word in spare]
        places = [i for i, word in enumerate(sentence) if not _unmatched([word], around)] if went else []
        if places:
            found += [(min(abs(i - at) for at in places) + LIGHT * word.light, word) for i, word in went]
    return min(((distance, word) for distance, word in found if distance <= NEAR), default=(0, None))[1]


# --- how it binds ----------------------------------------------------------------------------------------------------


def turned(old: Sequence[Saying], new: Sequence[Saying], language: str) -> dict[int, set[str]]:
    """What a passage denies, limits, leaves open, uses or states in figures otherwise than before, by row."""
    before, after = (" ".join(text for _, text in side) for side in (old, new))
    found: defaultdict[int, set[str]] = defaultdict(set)
    undone, stated = undenied(before, after, language), [_figures(text, language) for text in (before, after)]
    for side, other, ending, shown in ((old, after, "lost", stated[1]), (new, before, "won", stated[0])):
        denied = Denials(other, language)
        for row, said in side:
            if denies(said, language) and ((undone and side is old) or Denials(said, language).against(denied)):
                found[row].add(f"negation {ending}")
            if unlimited(said, other, language, anew=True, newly=side is new):
                found[row].add(f"limit {ending}")
            if _figures(said, language) - shown:
                found[row].add("number")
    for row, sign in gained(new, before, language):
        found[row].add(sign)
    if loosened(before, after, language):
        for side, cue in ((old, "obligation"), (new, "possibility")):
            for row in (row for row, said in side if says(cue, said, language)):
                found[row].add("will -> may")
    return found


def gained(new: Sequence[Saying], before: str, language: str) -> Iterator[tuple[int, str]]:
    """The rows that speak of a use, or a sort of data, which people mind and the old side has no word for."""
    known, named = _telling(0, before, language), terms(before, language)
    for row, said in new:
        if any(kind in FIELDS for kind, _ in terms(said, language) - named):
            yield row, "use"
        for cue, sign in (("special", "use"), ("sensitive", "datum")):
            used = (_telling(0, m.group(), language) for m in every(cue, said, language))
            if any(_unheard(words_of, known, language) for words_of in used):
                yield row, sign


def _unheard(said: Sequence[Word], known: Sequence[Word], language: str) -> bool:
    """Whether none of the words is known; of Chinese, where each sign counts as a word, not all."""
    left = _unmatched(said, known)
    return bool(left) and (language == "zh" or len(left) == len(said))


def _figures(text: str, language: str) -> set[str]:
    """The figures of a text; whether a time is the least or the most is how it is said: "within", "no later than"."""
    return {sign.removesuffix("-min").removesuffix("-max") for sign in figures(text, language)}


# --- words -----------------------------------------------------------------------------------------------------------


def _weight(said: Iterable[Word]) -> int:
    """How many words weigh."""
    return sum(not word.light for word in said)


def _telling(row: int, text: str, language: str) -> list[Word]:
    """The telling words of a sentence in their order."""
    groups, plain = _synonyms(tongue(language)), plain_words(language)
    stems = tuple(map(stem, words(text)))
    found = []
    for part in stems if language == "zh" else plain.together(stems):
        signs = {part, plain.groups.get(part, part)}
        if signs.isdisjoint(plain.empty):
            light = not signs.isdisjoint(plain.plain) or part[0].isdigit()
            found.append(Word(part, groups.get(part, frozenset()) | {part}, light, row))
    return found


def _unmatched(mine: Sequence[Word], yours: Sequence[Word]) -> list[Word]:
    """The words for which the other side has none of the same sense or root."""
    signs = frozenset().union(*(word.signs for word in yours))
    roots: defaultdict[str, set[str]] = defaultdict(set)
    for word in yours:
        roots[word.said[: ROOT - 1]].add(word.said)
    left = [word for word in mine if signs.isdisjoint(word.signs)]
    return [w for w in left if not any(_akin(w.said, other) for other in roots.get(w.said[: ROOT - 1], ()))]


@lru_cache(maxsize=8192)
def _akin(a: str, b: str) -> bool:
    """Whether two stems are of one root: "publication", "publish"."""
    root = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    if root < min(ROOT, max(ROOT - 1, len(a)), max(ROOT - 1, len(b))):
        return False
    ends = frozenset((a[root:], b[root:]))
    return ends <= _endings() and ends not in _DOERS


@cache
def _endings() -> frozenset[str]:
    return frozenset(("", *vocabulary("en")["wording"]["endings"].split()))


@cache
def _weighty(language: str) -> _Weighty:
    table, groups = vocabulary(language), plain_words(language).groups
    wording = table["wording"]
    data, parties = (frozenset(map(stem, table[key]["heads"])) for key in ("collection", "sharing"))
    vague = frozenset(map(stem, (*table["collection"]["vague"], *wording["vague"].split())))
    anybody = frozenset(groups.get(stem(word), stem(word)) for word in wording["anybody"].split())
    guards, burdens = (frozenset(map(stem, wording[key].split())) for key in ("guards", "burdens"))
    return _Weighty(data - vague, parties, anybody, guards, burdens)


@cache
def _synonyms(language: str) -> dict[str, frozenset[str]]:
    """The groups of synonyms of each phrase, as stems: all of them where it stands in several."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    first = plain_words(language).groups
    for sign, alike in synonyms(language):
        for phrase in alike:
            found[phrase] |= {sign, first[alike[0]]}
    return {phrase: frozenset(signs) for phrase, signs in found.items()}
