"""What was rewritten inside a pair of sentences, word by word, and whether it can carry meaning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz.distance import Indel

from watcher.compare.units import Token, Unit, tokens
from watcher.facts.cues import tongue
from watcher.lang.values import Value, values

GLUE = 1  #: so few unchanged words between two edits make them one


@dataclass(frozen=True)
class Side:
    """One side of an aligned pair: its sentences in a row."""

    text: str
    seen: str  #: the same without the words that operators taught us to overlook, all offsets kept
    language: str = "en"

    @cached_property
    def values(self) -> tuple[Value, ...]:
        """The values that the words state."""
        return tuple(values(self.seen, tongue(self.language)))

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The words with their places; those of a value are one word, the sign of the value."""
        return tuple(_folded(tokens(self.seen), self.values))

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The normal words."""
        return tuple([t.word for t in self.tokens])


@dataclass(frozen=True, slots=True)
class Edit:
    """Words replaced by words; either may be empty. The spans are offsets in the two sides' texts."""

    old: tuple[str, ...]
    new: tuple[str, ...]
    before: str  #: as shown
    after: str
    old_span: tuple[int, int]
    new_span: tuple[int, int]


def side_of(units: Sequence[Unit]) -> Side:
    """The sentences' texts joined by a space."""
    language = units[0].clause.language if units else "en"
    return Side(" ".join([u.text for u in units]), " ".join([u.seen for u in units]), language)


def _folded(words: Sequence[Token], found: Sequence[Value]) -> Iterator[Token]:
    """`words`, with the sign of each value in place of its words."""
    at = 0
    for value in found:
        while at < len(words) and words[at].end <= value.start:
            yield words[at]
            at += 1
        if at < len(words) and words[at].start < value.end:
            yield Token(value.sign, value.start, value.end)
        while at < len(words) and words[at].start < value.end:
            at += 1
    yield from words[at:]


def edits(old: Side, new: Side) -> tuple[Edit, ...]:
    """The smallest word edits that turn `old` into `new`, those with hardly a word between them made one."""
    spans: list[list[int]] = []
    for op in Indel.opcodes(old.words, new.words):
        if op.tag == "equal":
            continue
        if spans and op.src_start - spans[-1][1] <= GLUE:
            spans[-1][1], spans[-1][3] = op.src_end, op.dest_end
        else:
            spans.append([op.src_start, op.src_end, op.dest_start, op.dest_end])
    return tuple(_edit(old, new, *span) for span in spans)


def _edit(old: Side, new: Side, i: int, j: int, k: int, m: int) -> Edit:
    old_span, new_span = _span(old, i, j), _span(new, k, m)
    return Edit(
        old=old.words[i:j],
        new=new.words[k:m],
        before=old.text[slice(*old_span)],
        after=new.text[slice(*new_span)],
        old_span=old_span,
        new_span=new_span,
    )


def _span(side: Side, first: int, last: int) -> tuple[int, int]:
    """Offsets of the words first..last-1; an empty span at the place where words are missing."""
    if first == last:
        at = side.tokens[first].start if first < len(side.tokens) else len(side.text)
        return at, at
    return side.tokens[first].start, side.tokens[last - 1].end
