"""Which practice a clause is about: its heading, its cue words and its n-grams, and what they say together.

The names are the categories of `watcher.records.Category`; each maps to a class of OPP-115 (Wilson et al., 2016) and of
CA4P-483. A clause has one main category and may have others. Cue phrases are those of the language's [categories]
table; what they and the n-grams weigh was learned (`data/README.md` says from what). Everything that decides is a word
of the clause or of its heading, so `explain` can always show it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from math import exp, sqrt
from typing import get_args

from watcher.facts.cues import tongue
from watcher.facts.linear import Linear, load, ngrams
from watcher.lang import vocabulary
from watcher.lang.phrases import Line, Phrases
from watcher.records import Category, Clause

CATEGORIES: tuple[Category, ...] = get_args(Category)
ALSO = 0.35  #: another category is named from this probability on
MOST = 3  #: no clause is given more categories
_SHOWN = 6  #: words shown for a category
_SIGNS = {"strong": "+", "weak": "~", "heading": "^"}  #: how a level of cue is marked in a feature's name
_CUE = 0.3  #: a cue's feature per root of the phrases found; keeps it on the n-grams' footing


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """What spoke for one category of a text."""

    category: Category
    probability: float  #: 0 to 1, of this category alone; a text may have several
    words: tuple[str, ...]  #: what decided, weightiest first; words of the heading are marked "heading: "


@dataclass(frozen=True, slots=True)
class Features:
    """A text as the classifier sees it."""

    grams: dict[str, str]  #: n-gram -> as written
    cues: dict[str, float]  #: "+sharing" (strong), "~sharing" (weak), "^sharing" (heading) -> strength
    phrases: dict[str, list[str]]  #: the cue phrases behind each cue


def categories(text: str, *, heading: str = "", language: str = "en") -> tuple[Category, ...]:
    """The categories of a clause, the main one first; ("other",) where nothing is recognised."""
    model, seen = _read(text, heading, language)
    return tuple(CATEGORIES[k] for k, _ in _decide(model.scores(seen.grams, seen.cues)[0], seen))


def clause_categories(clause: Clause) -> tuple[Category, ...]:
    """The categories of a clause, read with its headings and, for a list item, with the sentence that leads in."""
    path = clause.path[:-1] if clause.path[-1:] == (clause.text,) else clause.path
    if clause.shape == "heading":
        return categories(clause.text, heading=clause.text, language=clause.language)
    text = f"{clause.lead} {clause.text}" if clause.lead else clause.text
    return categories(text, heading=path[-1] if path else "", language=clause.language)


def probabilities(text: str, *, heading: str = "", language: str = "en") -> Mapping[Category, float]:
    """How likely each category is for a text, 0 to 1, each for itself: a text may have several."""
    model, seen = _read(text, heading, language)
    scores, _ = model.scores(seen.grams, seen.cues)
    return {category: 1 / (1 + exp(-score)) for category, score in zip(CATEGORIES, scores, strict=True)}


def explain(text: str, *, heading: str = "", language: str = "en") -> tuple[Weighing, ...]:
    """The categories of a clause as `categories` gives them, each with its probability and the words that decided."""
    model, seen = _read(text, heading, language)
    scores, unit = model.scores(seen.grams, seen.cues)
    return tuple(
        Weighing(category=CATEGORIES[k], probability=p, words=_words(model, seen, k, unit)[:_SHOWN])
        for k, p in _decide(scores, seen)
    )


def features(text: str, heading: str, language: str) -> Features:
    """What the classifier looks at: the text's n-grams, and the cue phrases found in the text and in its heading."""
    body = Line(text, language)
    phrases: dict[str, list[str]] = {}
    for phrase, name in _cues(language)[0].found(body):
        phrases.setdefault(name, []).append(phrase)
    for phrase, name in _announced(heading, language) if heading else ():
        phrases.setdefault(name, []).append(phrase)
    cues = {name: _CUE * sqrt(min(len(found), 4)) for name, found in phrases.items()}
    return Features(ngrams(body), cues, phrases)


@lru_cache(maxsize=1024)
def _announced(heading: str, language: str) -> tuple[tuple[str, str], ...]:
    """The cue phrases of a heading, each with the feature for which it stands; many texts stand below one heading."""
    return tuple(_cues(language)[1].found(Line(heading, language)))


def _read(text: str, heading: str, language: str) -> tuple[Linear, Features]:
    language = tongue(language)
    return load(f"categories-{language}.gz"), features(text, heading, language)


def _decide(scores: list[float], seen: Features) -> list[tuple[int, float]]:
    """The categories chosen, as index and probability, the main one first."""
    ranked = sorted(((1 / (1 + exp(-score)), k) for k, score in enumerate(scores)), key=lambda pair: -pair[0])
    if not seen.cues and ranked[0][0] < ALSO:
        return [(CATEGORIES.index("other"), 0.0)]
    return [(k, p) for place, (p, k) in enumerate(ranked[:MOST]) if place == 0 or p >= ALSO]


def _words(model: Linear, seen: Features, label: int, unit: float) -> tuple[str, ...]:
    """The phrases and n-grams that spoke for a label, weightiest first, none inside a weightier one."""
    spoke = sorted(_contributions(model, seen, label, unit), reverse=True)
    words: list[str] = []
    for weight, word in spoke:
        if weight > 0 and not any(word in other or other in word for other in words):
            words.append(word)
    return tuple(words)


def _contributions(model: Linear, seen: Features, label: int, unit: float) -> Iterator[tuple[float, str]]:
    for name, phrases in seen.phrases.items():
        weight = model.cues[name][label] * seen.cues[name] / len(phrases) if name in model.cues else 0.0
        for phrase in phrases:
            yield weight, f"heading: {phrase}" if name.startswith("^") else phrase
    for gram, written in seen.grams.items():
        yield model.weight(gram, label) * unit, written


@cache
def _cues(language: str) -> tuple[Phrases[str], Phrases[str]]:
    """The cue phrases for running text and those for headings, each standing for a feature's name."""
    table = vocabulary(language)["categories"]

    def cues(*levels: str) -> Phrases[str]:
        named = [(phrase, _SIGNS[lv] + c) for c in CATEGORIES for lv in levels for phrase in table[c][lv]]
        return Phrases(named, language)

    return cues("strong", "weak"), cues("heading")
