"""A sentence as the kinds read it: with the lead-in of its list, the subject of its section, and its clause."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from watcher.facts.cues import kinds_hinted, pattern, tongue
from watcher.lang import vocabulary
from watcher.lang.sentences import sentence_spans
from watcher.records import Clause, Fact, Kind

QUOTE = 220  #: longest quote, in characters


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence of a clause. `text` is what is read: for a list item, its lead-in stands before its words."""

    clause: Clause
    language: str  #: of the vocabulary that reads it
    text: str
    body: int  #: where the clause's own words begin in `text`; what stands before is the lead-in
    start: int  #: where those words begin in the clause's text
    topics: frozenset[str]  #: kinds that the headings above are about
    hints: frozenset[str]  #: kinds of which the text holds a cue
    first: bool = True  #: whether it is the clause's first sentence
    taught: Mapping[str, str] = field(default_factory=dict)  #: operators' aliases, lower case -> key

    def own(self, at: int) -> bool:
        """Whether the character at `at` belongs to the clause, not to its lead-in."""
        return at >= self.body

    def cues(self, table: str, key: str) -> re.Pattern[str]:
        """The pattern of a list of cues in this passage's language."""
        return pattern(self.language, table, key)

    def fact(self, kind: Kind, rule: str, span: tuple[int, int], *, key: str, subject: str, **more: Any) -> Fact:
        """The fact that the words at `span` state, with the sentence around them as its quote."""
        begin = max(0, span[0] - self.body) + self.start
        finish = max(begin, max(0, span[1] - self.body) + self.start)
        low, high = self.start, self.start + len(self.text) - self.body
        start, end = window(self.clause.text, low, high, begin, finish)
        return Fact(
            kind=kind,
            key=key,
            subject=subject,
            quote=self.clause.text[start:end],
            start=start,
            end=end,
            clause=self.clause.hash,
            anchor=self.clause.anchor,
            rule=rule,
            **more,
        )


def window(text: str, low: int, high: int, begin: int, finish: int) -> tuple[int, int]:
    """The sentence [low, high) of `text`, or the part of it around [begin, finish) where it is longer than a quote."""
    if high - low <= QUOTE:
        return low, high
    start = max(low, min(begin - 80, high - QUOTE))
    end = min(high, max(start + QUOTE, finish))
    while start > low and not text[start - 1].isspace() and start < begin and ord(text[start]) < 0x3000:
        start += 1
    while end < high and not text[end].isspace() and end > finish and ord(text[end - 1]) < 0x3000:
        end -= 1
    return start, len(text[:end].rstrip()) if end > start else end


def passages(clause: Clause, taught: Mapping[str, str]) -> Iterator[Passage]:
    """The sentences of a clause, the first one read with the lead-in of its list."""
    language = tongue(clause.language)
    topics = section_topics(clause.path[-1], language) if clause.path else frozenset()
    lead = last_sentence(clause.lead) if clause.lead else ""
    for index, (start, end) in enumerate(sentence_spans(clause.text)):
        own = clause.text[start:end]
        before = lead + " " if lead and index == 0 else ""
        text = before + own
        yield Passage(
            clause=clause,
            language=language,
            text=text,
            body=len(before),
            start=start,
            topics=topics,
            hints=frozenset(kinds_hinted(text, language)),
            first=index == 0,
            taught=taught,
        )


@lru_cache(maxsize=4096)
def last_sentence(lead: str) -> str:
    """The last sentence of a lead-in: the one that its list completes."""
    start, end = sentence_spans(lead)[-1] if lead.strip() else (0, 0)
    return lead[start:end]


@lru_cache(maxsize=4096)
def section_topics(heading: str, language: str) -> frozenset[str]:
    """The kinds that a heading announces ("How long we keep data" announces retention)."""
    return frozenset(
        table
        for table, content in vocabulary(language).items()
        if isinstance(content, dict) and "gate" in content and "heading" in content
        if pattern(language, table, "heading").search(heading)
    )
