"""Ages that the policy draws a line at, and what parents must consent to."""

from __future__ import annotations

from collections.abc import Iterator

from watcher.facts.passage import Passage
from watcher.facts.polarity import does, modality, tidy
from watcher.lang import vocabulary
from watcher.records import Fact


def facts(passage: Passage) -> Iterator[Fact]:
    """Ages and parental consent. The key of an age is "minimum age" (at least N) or "child age" (under N)."""
    if "children" not in passage.topics and not passage.cues("children", "context").search(passage.text):
        return
    seen: set[tuple[str, str]] = set()
    for match in passage.cues("children", "ages").finditer(passage.text, passage.body):
        written = next(g for g in match.groups() if g)
        age = vocabulary(passage.language)["children"]["words"].get(written.casefold(), written)
        if not age.isdigit() or not 8 <= int(age) <= 25:
            continue
        near = passage.text[max(passage.body, match.start() - 12) : match.end() + 12]
        key = "minimum age" if passage.cues("children", "least").search(near) else "child age"
        if (key, age) in seen:
            continue
        seen.add((key, age))
        yield passage.fact(
            "children", "age", match.span(), key=key, subject=tidy(match.group()), value=age, norm=age,
            polarity=does(passage, match.start()), modality=modality(passage),
        )  # fmt: skip
    consent = passage.cues("children", "consent").search(passage.text, passage.body)
    if consent:
        yield passage.fact(
            "children", "parental consent", consent.span(), key="parental consent", subject=tidy(consent.group()),
            polarity=True, modality=modality(passage),
        )  # fmt: skip
