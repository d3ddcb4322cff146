"""Who answers for the data: the controller, its representative, its data protection officer."""

from __future__ import annotations

from collections.abc import Iterator

from watcher.facts.passage import Passage
from watcher.facts.polarity import tidy
from watcher.lang.names import is_name, name_key
from watcher.records import Fact


def facts(passage: Passage) -> Iterator[Fact]:
    """The names given to the controller, the representative and the DPO; the name is the value."""
    for match in passage.cues("controller", "frames").finditer(passage.text):
        group = match.lastgroup
        if group is None or not passage.own(match.start(group)):
            continue
        name = tidy(match[group])
        if passage.language != "zh" and not is_name(name):
            continue
        yield passage.fact(
            "controller",
            f"controller {group}",
            match.span(group),
            key=group.rstrip("0123456789"),
            subject=name,
            value=name,
            norm=name_key(name),
            named=True,
        )
