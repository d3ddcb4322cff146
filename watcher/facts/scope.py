"""Which products, users and regions the policy covers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from watcher.facts.passage import Passage
from watcher.facts.phrases import cut, items
from watcher.facts.polarity import tidy
from watcher.lang.names import noun_key
from watcher.records import Fact

_DENIED = re.compile(r"\b(?:not|n't|n’t)\b|不适用")


def facts(passage: Passage) -> Iterator[Fact]:
    """Products, sites and people in "this policy applies to"; polarity False where it does not apply."""
    if passage.clause.shape == "heading":
        return
    for match in passage.cues("scope", "frames").finditer(passage.text):
        group = match.lastgroup
        if group is None:
            continue
        polarity = not _DENIED.search(passage.text[match.start() : match.start(group)])
        for start, end in items(passage, *match.span(group)):
            a, b = cut(passage, start, end)
            phrase = passage.text[a:b]
            key = noun_key(phrase, passage.language)
            if key and passage.own(a) and phrase.count(" ") < 8:
                yield passage.fact("scope", "applies", (a, b), key=key, subject=tidy(phrase), polarity=polarity)
