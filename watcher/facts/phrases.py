"""Enumerations: where the items of "a, b (c, d) and e" begin and end. No grammar, only the joints that lists have."""

from __future__ import annotations

import re
from collections.abc import Iterator

from watcher.facts.passage import Passage

_JOINTS = {
    "en": re.compile(
        r"\s*(?:[,;:()\[\]•|/]|\s[-–—]\s|\b(?:and/or|and|or|as well as"
        r"|including(?: but not limited to| without limitation)?"
        r"|such as|e\.g\.|i\.e\.|for example|for instance|like|namely|among others|along with|plus|nor)(?![\w-])"
        r"|(?<![\w])\(?(?:[a-z]|[ivx]{1,4}|\d{1,2})\))+[\s,;:()]*",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        r"\s*(?:[、，,;；:：（）()\[\]【】“”「」《》]|以及|及其|及|和|或者|或|与|包括但不限于|包括|例如|比如|如下|诸如"
        r"|[（(]?(?:\d{1,2}|[一二三四五六七八九十])[)）])+\s*"
    ),
}


def items(passage: Passage, start: int, end: int) -> Iterator[tuple[int, int]]:
    """(start, end) of each item of the enumeration in `passage.text[start:end]`."""
    text, at = passage.text, start
    for joint in _JOINTS[passage.language if passage.language in _JOINTS else "en"].finditer(text, start, end):
        if joint.start() > at:
            yield at, joint.start()
        at = max(at, joint.end())
    if at < end:
        yield at, end


def cut(passage: Passage, start: int, end: int) -> tuple[int, int]:
    """The item without what follows its noun phrase: relative clauses, purposes, places ("partners | who help us")."""
    match = passage.cues("nouns", "stops").search(passage.text, start, end)
    end = match.start() if match else end
    while end > start and passage.text[end - 1] in " \t\n.,;:*_\"'”’":
        end -= 1
    while start < end and passage.text[start] in " \t\n.,;:*_\"'“‘•-–—":
        start += 1
    return start, end
