"""Facts that are told by a concept: a name of the field and the wordings that mean it, one table for each kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from watcher.facts import cues
from watcher.facts.passage import Passage, tidy
from watcher.lang.names import is_company
from watcher.records import Fact, Kind

_TAIL = re.compile(r"(?: (?:to|or|at|of|for|and|the|your|our|a|an))+$", re.IGNORECASE)  #: words that lead on

#: The concepts by which a text shows what it is about wherever they stand, by kind.
TERMS: dict[Kind, tuple[str, ...]] = {
    "rights": ("rights.concepts",),
    "legal_basis": ("legal_basis.concepts",),
    "transfer": ("transfer.mechanisms", "transfer.places"),
    "tracking": ("tracking.concepts",),
    "sale": ("sale.concepts",),
    "purpose": ("purpose.concepts",),
    "security": ("security.concepts",),
    "notice": ("notice.concepts",),
}


@lru_cache(maxsize=1024)
def terms(text: str, language: str) -> frozenset[tuple[Kind, str]]:
    """The terms of the field that a text names, whatever it says of them: (kind, concept)."""
    language = cues.tongue(language)
    low, index = text.lower(), cues.index(language)
    told, _ = index.sight(low)
    return frozenset(
        (kind, concept.name)
        for kind, groups in TERMS.items()
        for group in groups
        if index.bit.get(group, 0) & told
        for concept in cues.concepts(language, group)
        if concept.bit & told and concept.words.search(low)
    )


def concept_facts(passage: Passage, kind: Kind, table: str = "concepts") -> Iterator[Fact]:
    """One fact for each concept of `[kind.table]` that the passage's own words name; its key is the concept."""
    for concept, first in passage.concepts(f"{kind}.{table}", passage.body):
        match = _outside_names(passage, first)
        if match:
            yield passage.fact(
                kind,
                f"{kind} {concept}",
                match.span(),
                key=concept,
                subject=_TAIL.sub("", tidy(passage.text[match.start() : match.end()])) or concept,
                polarity=passage.does(match.start()),
            )


def _outside_names(passage: Passage, first: re.Match[str]) -> re.Match[str] | None:
    """The first wording that is no part of a company's name ("Acme Analytics, Inc." analyses nothing by its name)."""
    match: re.Match[str] | None = first
    while match and passage.text[match.start()].isupper() and _in_company(passage, match):
        match = first.re.search(passage.low, match.end())
    return match


def _in_company(passage: Passage, match: re.Match[str]) -> bool:
    return any(
        name.start <= match.start() and match.end() <= name.end and is_company(passage.text[name.start : name.end])
        for name in passage.names
    )
