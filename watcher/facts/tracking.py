"""Cookies, SDKs, pixels and their like, and the signals by which people refuse them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from watcher.facts.concepts import concept_facts
from watcher.facts.passage import Passage
from watcher.records import Fact

_SIGNAL = re.compile(r"do[- ]not[- ]track|global privacy control", re.IGNORECASE)


def facts(passage: Passage) -> Iterator[Fact]:
    """Technologies in use and signals honoured or not; the key is the technology or the signal.

    "We do not honour such signals" is told by the name that the clause gives the signal.
    """
    for fact in concept_facts(passage, "tracking"):
        named = _SIGNAL.search(passage.clause.text) if fact.key == "do not track" else None
        if named and not _SIGNAL.search(fact.subject):
            fact = replace(fact, key=named.group().lower().replace("-", " "), subject=named.group())
        yield fact
