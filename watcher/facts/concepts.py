"""Facts that are told by a concept: a name of the field and the wordings that mean it, one table for each kind."""

from __future__ import annotations

import re
from collections.abc import Iterator

from watcher.facts.passage import Passage, tidy
from watcher.lang.names import is_company
from watcher.records import Fact, Kind

_TAIL = re.compile(r"(?: (?:to|or|at|of|for|and|the|your|our|a|an))+$", re.IGNORECASE)  #: words that lead on


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
