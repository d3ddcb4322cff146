"""Which products, users and regions the policy covers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from watcher.facts.passage import Passage, tidy
from watcher.lang.names import noun_key, proper_names
from watcher.lean import late
from watcher.records import Fact

_DENIED = re.compile(r"\b(?:not|doesn't|doesn’t|don't)\b|不适用")
_PARTICULAR = late(r"\S\.[a-z]{2,}|[《“]|公司|[\u3400-\u9fff][A-Za-z]|[A-Za-z][\u3400-\u9fff]")
LONGEST = 60  #: signs of what is covered


def _is_particular(text: str) -> bool:
    """Whether what is covered has a name or an address of its own; "our services" does not."""
    return bool(_PARTICULAR.search(text)) or any(True for _ in proper_names(text))


def facts(passage: Passage) -> Iterator[Fact]:
    """Products, sites and people in "this policy applies to"; polarity False where it does not apply."""
    for match in passage.all("scope", "frames"):
        group = match.lastgroup
        if group is None:
            continue
        start, end = match.span(group)
        polarity = not _DENIED.search(passage.low, match.start(), start)
        for phrase in passage.phrases:
            if not (start <= phrase.start and phrase.end <= end and passage.own(phrase.start)):
                continue
            text = passage.text[phrase.start : phrase.end]
            key = noun_key(text, passage.language)
            if len(key) > 1 and len(text) <= LONGEST and (group == "b" or _is_particular(text)):
                span = (phrase.start, phrase.end)
                yield passage.fact(
                    "scope",
                    "applies" if group == "a" else "people",
                    span,
                    key=key,
                    subject=tidy(text),
                    polarity=polarity,
                )
