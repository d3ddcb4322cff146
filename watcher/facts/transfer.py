"""Where data is stored or sent, and by which instrument it may cross a border."""

from __future__ import annotations

import re
from collections.abc import Iterator

from watcher.facts.concepts import concept_facts
from watcher.facts.passage import Passage, tidy
from watcher.records import Fact

#: Mechanisms only where the sentence or its heading speaks of crossing a border; elsewhere they are something else.
_ELSEWHERE = frozenset({"explicit consent", "data transfer agreement", "certification", "security assessment"})


def facts(passage: Passage) -> Iterator[Fact]:
    """Places of storage and destinations (key: country code), "abroad", and transfer mechanisms."""
    abroad = passage.find("transfer", "abroad", passage.body)
    crossing = "transfer" in passage.topics or abroad is not None
    for fact in concept_facts(passage, "transfer", "mechanisms"):
        if crossing or fact.key not in _ELSEWHERE:
            yield fact
    if not passage.about("transfer", "cues"):
        return
    for code, match in passage.concepts("transfer.places", passage.body):
        if not _is_home(passage, match.start()):
            yield _place(passage, match, code)
    if abroad:
        yield _place(passage, abroad, "abroad")


def _is_home(passage: Passage, at: int) -> bool:
    """Whether a place is where people live, not where data goes ("residents of the EEA", "if you are located in")."""
    people = passage.all("transfer", "people")
    near = [p.end() for p in people if p.end() <= at <= p.end() + 48]
    return bool(near) and passage.find("transfer", "cues", near[-1], at) is None


def _place(passage: Passage, match: re.Match[str], key: str) -> Fact:
    subject = tidy(passage.text[match.start() : match.end()])
    return passage.fact(
        "transfer", "place", match.span(), key=key, subject=subject, polarity=passage.does(match.start())
    )
