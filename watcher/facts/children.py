"""Ages that the policy draws a line at, and what parents must consent to."""

from __future__ import annotations

from collections.abc import Iterator

from watcher.facts.passage import Passage, tidy
from watcher.lang import vocabulary
from watcher.records import Fact


def facts(passage: Passage) -> Iterator[Fact]:
    """Ages and parental consent. The key of an age is "minimum age" (at least N) or "child age" (under N)."""
    if not passage.about("children", "context"):
        return
    if "children" not in passage.topics and not passage.find("children", "people") and passage.find("sharing", "verbs"):
        return  # "we do not share data of users under 16": the age belongs to the sharing
    seen: set[tuple[str, str]] = set()
    for match in passage.all("children", "ages"):
        written = next((g for g in match.groups() if g), "")
        age = vocabulary(passage.language)["children"]["numbers"].get(written, written)
        if not passage.own(match.start()) or not age.isdigit() or not 8 <= int(age) <= 25:
            continue
        near = max(passage.body, match.start() - 12), match.end() + 12
        least = passage.find("children", "least", *near) and not passage.find("children", "below", *near)
        key = "minimum age" if least else "child age"
        if (key, age) not in seen:
            seen.add((key, age))
            yield _fact(passage, "age", match.span(), key, age, passage.does(match.start()))
    consent = passage.find("children", "consent", passage.body)
    if consent:
        yield _fact(passage, "parental consent", consent.span(), "parental consent")


def _fact(passage: Passage, rule: str, span: tuple[int, int], key: str, age: str = "", polarity: bool = True) -> Fact:
    subject = tidy(passage.text[slice(*span)])
    return passage.fact("children", rule, span, key=key, subject=subject, value=age, norm=age, polarity=polarity)
