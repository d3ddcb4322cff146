"""Which practice a clause is about: its heading and cue words, and what they say together.

The names are the categories of `watcher.records.Category`; each maps to a class of OPP-115 (Wilson et al., 2016) and of
CA4P-483. A clause has one main category and may have others. Everything that decides is a word of the clause or of its
heading, so `explain` can always show it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import get_args

from watcher.lang import languages, vocabulary
from watcher.lang.phrases import Line, compiled, holds
from watcher.records import Category, Clause

CATEGORIES: tuple[Category, ...] = get_args(Category)
_STRONG, _WEAK, _HEADING = 1.0, 0.3, 2.0
_ALSO = 0.65  #: another category is named when it has this part of the main one's score


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """What spoke for one category of a text."""

    category: Category
    score: float  #: comparable within one text only
    words: tuple[str, ...]  #: what decided, weightiest first; words of the heading are marked "heading: "


@dataclass(frozen=True, slots=True)
class _Cues:
    """One category's cue phrases in one language, each with the parts it is looked for by."""

    heading: tuple[tuple[str, tuple[str, ...]], ...]
    strong: tuple[tuple[str, tuple[str, ...]], ...]
    weak: tuple[tuple[str, tuple[str, ...]], ...]


def categories(text: str, *, heading: str = "", language: str = "en") -> tuple[Category, ...]:
    """The categories of a clause, the main one first; ("other",) where nothing is recognised."""
    return tuple(weighing.category for weighing in explain(text, heading=heading, language=language))


def clause_categories(clause: Clause) -> tuple[Category, ...]:
    """The categories of a clause, read with its headings and, for a list item, with the sentence that leads in."""
    path = clause.path[:-1] if clause.shape == "heading" and clause.path[-1:] == (clause.text,) else clause.path
    text = f"{clause.lead} {clause.text}" if clause.lead else clause.text
    if clause.shape == "heading":
        return categories("", heading=text, language=clause.language)
    return categories(text, heading=" - ".join(path[-2:]), language=clause.language)


def explain(text: str, *, heading: str = "", language: str = "en") -> tuple[Weighing, ...]:
    """The categories of a clause as `categories` gives them, each with its score and the words that decided."""
    cues = _cues(language if language in languages() else "en")
    body, title = Line(text, language), Line(heading, language)
    found = sorted((_weigh(c, cues[c], body, title) for c in CATEGORIES), key=lambda w: -w.score)
    if found[0].score <= 0:
        return (Weighing(category="other", score=0.0, words=()),)
    return tuple(w for w in found if w.score >= _ALSO * found[0].score)


def _weigh(category: Category, cues: _Cues, body: Line, title: Line) -> Weighing:
    heading = [f"heading: {phrase}" for phrase, parts in cues.heading if holds(title, parts)]
    strong = [phrase for phrase, parts in cues.strong if holds(body, parts)]
    weak = [phrase for phrase, parts in cues.weak if holds(body, parts)]
    score = _HEADING * min(len(heading), 2) + _STRONG * len(strong) + _WEAK * min(len(weak), 3)
    return Weighing(category=category, score=score, words=(*heading, *strong, *weak))


@cache
def _cues(language: str) -> dict[Category, _Cues]:
    table = vocabulary(language)["categories"]

    def level(category: Category, name: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
        return tuple((phrase, compiled(phrase, language)) for phrase in table[category][name])

    return {c: _Cues(level(c, "heading"), level(c, "strong"), level(c, "weak")) for c in CATEGORIES}
