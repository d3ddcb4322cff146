"""Who answers for the data: the controller, its representative, its data protection officer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from watcher.facts.passage import Passage, tidy
from watcher.lang.names import Name, proper_names
from watcher.records import Fact

_FAMILY = re.compile(r"\s+(?:and|or|together with) (?:its|their|our) [\w ,]{1,50}$")
GROUPS = ("self", "after", "controller", "representative", "dpo")  #: of cues
_OTHERS = tuple(f"controller.{group}" for group in GROUPS if group != "self")
REACH = 100  #: characters between a cue and the name it announces


def facts(passage: Passage) -> Iterator[Fact]:
    """The names given to the controller, the representative and the DPO; the name is the value.

    Cues after a name: the bracket in which a policy names itself ('Acme Inc. ("we")'), and "is the controller".
    """
    bracket = passage.body if passage.language == "zh" else passage.text.find("(", passage.body)
    if bracket < 0 and not passage.may(*_OTHERS):
        return
    for group, start in (("self", bracket), ("after", passage.body)):
        cue = passage.find("controller", group, start) if start >= 0 else None
        if cue:
            yield from _name_before(passage, cue.start(), "controller")
    for group in ("controller", "representative", "dpo"):
        cue = passage.find("controller", group, passage.body)
        if cue:
            yield from _name_after(passage, cue.end(), group)


def _name_before(passage: Passage, at: int, key: str) -> Iterator[Fact]:
    start = max(passage.body, at - REACH)
    at -= len(passage.text[start:at]) - len(_FAMILY.sub("", passage.text[start:at]))
    names = [n for n in proper_names(passage.text[start:at], passage.language) if at - start - n.end <= 3]
    if names:
        yield _fact(passage, names[-1], start, key)


def _name_after(passage: Passage, at: int, key: str) -> Iterator[Fact]:
    name = next(proper_names(passage.text[at : at + REACH], passage.language), None)
    if name and name.start <= 30:
        yield _fact(passage, name, at, key)


def _fact(passage: Passage, name: Name, offset: int, key: str) -> Fact:
    span = (offset + name.start, offset + name.end)
    subject = tidy(passage.text[slice(*span)])
    return passage.fact(
        "controller", f"controller {key}", span, key=key, subject=subject, value=subject, norm=name.key, named=True
    )
