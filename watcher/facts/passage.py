"""A sentence as the kinds read it: with the lead-in of its list, the subject of its section, and its clause."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, Generic, NamedTuple, TypeVar

from watcher.facts import cues
from watcher.lang.durations import Duration, durations
from watcher.lang.index import MARK, Spot, lower, spots
from watcher.lang.names import Name, proper_names
from watcher.lang.sentences import sentence_spans
from watcher.records import Clause, Fact, Kind, Modality, Role, maker

QUOTE = 220  #: longest quote, in characters
_EDGE = " \t\n.,;:*_|\"'“”‘’()（）[]、，。；：-–—•·"


class Phrase(NamedTuple):
    """An item of an enumeration, or what stands after a preposition, up to where its noun phrase ends."""

    start: int
    end: int
    joint: str  #: what stands in front of it, in lower case: ",", "with", "such as", ...; "" at the beginning


T = TypeVar("T")


class lazy(Generic[T]):  # noqa: N801 - used as a decorator, like `property`
    """An attribute worked out when it is first asked for: `functools.cached_property` without its lock (until 3.12)."""

    def __init__(self, work: Callable[[Any], T]) -> None:
        self._work, self._name = work, work.__name__
        self.__doc__ = work.__doc__

    def __get__(self, owner: object, _: object = None) -> T:
        value = owner.__dict__[self._name] = self._work(owner)
        return value


class Passage:
    """One sentence of a clause. `text` is what is read: for a list item, its lead-in stands before its words."""

    def __init__(
        self, clause: Clause, span: tuple[int, int], *, lead: str, topics: frozenset[str], first: bool
    ) -> None:
        self.clause = clause
        self.language = cues.tongue(clause.language)  #: of the vocabulary that reads it
        self.start, self.stop = span  #: its own words in the clause's text
        self.body = len(lead) + 1 if lead else 0  #: where its own words begin in `text`
        own = clause.text[span[0] : span[1]]
        self.text = f"{lead} {own}" if lead else own
        self.topics = topics  #: kinds that the headings above are about
        self.first = first  #: whether it is the clause's first sentence
        self._found: dict[str, tuple[re.Match[str], ...]] = {}
        self._spots: dict[int, list[Spot]] = {}
        self.row = ""  #: for a cell: the first cell of its row
        self.title = ""  #: for a cell: its column's name
        self.column: frozenset[str] = frozenset()  #: for a cell: the kinds that its column's name announces
        self.low = lower(self.text)
        self._index = cues.index(self.language)
        told, self._places = self._index.sight(self.text)
        #: Which cues may be there, see `lang.index`; "sharing.heading" where the headings are about it.
        self.told = told | _announced(topics, self.language) if topics else told

    def own(self, at: int) -> bool:
        """Whether the character at `at` belongs to the clause, not to its lead-in."""
        return at >= self.body

    def about(self, table: str, key: str) -> bool:
        """Whether the heading announces the kind `table`, or the sentence holds a cue of `[table] key`."""
        return table in self.topics or self.holds(table, key)

    def holds(self, table: str, key: str) -> bool:
        """Whether the sentence holds a cue of `[table] key`."""
        bit = self._index.bit.get(f"{table}.{key}", 0)
        if not bit & self.told:
            return False
        return bit << self._index.size & self.told != 0 or self.find(table, key) is not None

    def may(self, *names: str) -> bool:
        """Whether the words of one of these lists of cues ("sharing.verbs"), or concepts, are there: only a look-up."""
        return self.told & self._index.bits(names) != 0

    def words(self, name: str) -> list[tuple[int, str]]:
        """Where the words begin that the index tells something of (`KNOWN_NAME`), and the words."""
        bit = self._index.bit[name]
        return [(at, word) for at, word, _, _ in self._where(bit)] if bit & self.told else []

    def find(self, table: str, key: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        """The first cue of `[table] key` in `text[start:end]`."""
        bit = self._index.bit.get(f"{table}.{key}", 0)
        if not bit & self.told:
            return None
        words = cues.pattern(self.language, table, key)
        if bit & self._index.free:
            return words.search(self.low, start, len(self.low) if end is None else end)
        return self._first(self._where(bit), bit, words, start, len(self.low) if end is None else end)

    def _where(self, bits: int) -> list[Spot]:
        """The words and marks that begin one of these cues."""
        found = self._spots.get(bits)
        if found is None:
            found = self._spots[bits] = spots(self._places, bits)
        return found

    def _first(
        self, spots: Iterable[Spot], bit: int, words: re.Pattern[str], start: int, end: int
    ) -> re.Match[str] | None:
        for at, _, begins, _ in spots:
            if begins & bit and start <= at < end and (match := words.match(self.low, at, end)):
                return match
        return None

    def all(self, table: str, key: str) -> tuple[re.Match[str], ...]:
        """Every cue of `[table] key`, in reading order, none within another."""
        name = f"{table}.{key}"
        bit = self._index.bit.get(name, 0)
        if not bit & self.told:
            return ()
        if name not in self._found:
            self._found[name] = self._every(bit, cues.pattern(self.language, table, key))
        return self._found[name]

    def _every(self, bit: int, words: re.Pattern[str]) -> tuple[re.Match[str], ...]:
        if bit & self._index.free:
            return tuple(words.finditer(self.low))
        found: list[re.Match[str]] = []
        for at, _, _, _ in self._where(bit):
            if (not found or found[-1].end() <= at) and (match := words.match(self.low, at)):
                found.append(match)
        return tuple(found)

    def spans(self, table: str, key: str) -> list[tuple[int, int]]:
        """Where the cues of `[table] key` begin and end, as `all` finds them; a cue of one word is not searched for."""
        bit = self._index.bit.get(f"{table}.{key}", 0)
        if not bit & self.told:
            return []
        words = cues.pattern(self.language, table, key)
        if bit & self._index.free:
            return [match.span() for match in words.finditer(self.low)]
        found: list[tuple[int, int]] = []
        end = 0
        for at, word, _, whole in self._where(bit):
            if at >= end:
                if whole & bit:
                    end = at + len(word)
                elif match := words.match(self.low, at):
                    end = match.end()
                else:
                    continue
                found.append((at, end))
        return found

    def concepts(self, group: str, start: int = 0) -> Iterator[tuple[str, re.Match[str]]]:
        """Each concept of a group ("rights.concepts") that `text[start:]` words, with the words."""
        told, low = self.told, self.low
        every = self._index.bit.get(group, 0)
        if not every & told:
            return
        for name, bit, words in cues.concepts(self.language, group):
            if bit & told:
                if bit & self._index.free:
                    match = words.search(low, start)
                else:
                    match = self._first(self._where(every), bit, words, start, len(low))
                if match:
                    yield name, match

    @lazy
    def durations(self) -> tuple[Duration, ...]:
        """Every length of time that the sentence writes."""
        return tuple(durations(self.text, self.language)) if self.may(cues.UNIT) else ()

    def heading(self, kind: str) -> str:
        """The innermost heading, where it announces `kind`; else ""."""
        return self.clause.path[-1] if kind in self.topics and self.clause.path else ""

    @lazy
    def names(self) -> tuple[Name, ...]:
        """The proper names that the sentence's capitals show, as `proper_names` reads them."""
        return tuple(proper_names(self.text, self.language))

    @lazy
    def modality(self) -> Modality:
        """How the sentence binds itself, the strongest condition first; "will" where it states a plain practice."""
        if self.may(*_BINDING):
            for key, name in _MODALITIES:
                if self.holds("modality", key):
                    return name
        return "will"

    def does(self, at: int) -> bool:
        """Whether the verb at `at` is affirmed: False for "we do not share".

        The scope of a negation is the words to its right in the same sub-clause; "not limited to" and its like deny
        nothing, and words after "except" or "unless" are not denied either.
        """
        if not self._denials:
            return True
        near = [d for d in self._denials if at - REACH.get(self.language, 90) <= d < at]
        if not near:
            return True
        wall = max((m.end() for m in self.all("negation", "boundary") if m.end() <= at), default=-1)
        return sum(d >= wall for d in near) % 2 == 0

    @lazy
    def _denials(self) -> tuple[int, ...]:
        found = self.spans("negation", "words")
        harmless = self.spans("negation", "harmless") if found else ()
        return tuple(at for at, _ in found if not any(a <= at < b for a, b in harmless))

    @lazy
    def exceptions(self) -> tuple[int, ...]:
        """Where exceptions begin ("except", "unless", "other than")."""
        return tuple(m.end() for m in self.all("negation", "exception"))

    @lazy
    def phrases(self) -> tuple[Phrase, ...]:
        """The sentence cut at the joints of lists and at prepositions, each part up to where its noun phrase ends."""
        text = self.text
        joints, stops = self._joints_and_stops()
        joints.append((len(text), len(text)))
        found: list[Phrase] = []
        at, joint = 0, ""
        for start, end in joints:
            words = text[at:start].lstrip(_EDGE)
            if words:
                at = start - len(words)
                stop = bisect_left(stops, at)
                if stop < len(stops) and stops[stop] < start:
                    words = words[: stops[stop] - at]
                words = words.rstrip(_EDGE)
                if words:
                    found.append(Phrase(at, at + len(words), joint))
            at, joint = end, self.low[start:end].strip()
        return tuple(found)

    def _joints_and_stops(self) -> tuple[list[tuple[int, int]], list[int]]:
        """Where joints stand: words and punctuation that part items, neighbouring ones as one; where stops begin."""
        low, index = self.low, self._index
        joint, stop = index.bits((MARK, "nouns.joints")), index.bit["nouns.stops"]
        joins, stops_at = (cues.pattern(self.language, "nouns", key) for key in ("joints", "stops"))
        joints: list[tuple[int, int]] = []
        stops: list[int] = []
        joined = stopped = 0  # where the last one ends
        for at, word, begins, whole in self._where(joint | stop):
            if begins & stop and at >= stopped:
                end = at + len(word) if whole & stop else _end(stops_at.match(low, at))
                if end:
                    stops.append(at)
                    stopped = end
            if begins & joint and at >= joined:
                end = at + len(word) if whole & joint else _end(joins.match(low, at))
                if not end:
                    continue
                if joints and (at == joined or low[joined:at].isspace()):
                    joints[-1] = (joints[-1][0], end)
                else:
                    joints.append((at, end))
                joined = end
        return joints, stops

    def fact(
        self,
        kind: Kind,
        rule: str,
        span: tuple[int, int],
        *,
        key: str,
        subject: str,
        value: str = "",
        norm: str = "",
        polarity: bool = True,
        role: Role | None = None,
        named: bool = False,
        data: str = "",
    ) -> Fact:
        """The fact that the words at `span` state, with the sentence around them as its quote."""
        clause, start, end = self.clause, self.start, self.stop
        if end - start > QUOTE:
            begin = max(0, span[0] - self.body) + start
            finish = max(begin, max(0, span[1] - self.body) + start)
            start, end = window(clause.text, start, end, begin, finish)
        told = (kind, key, subject, value, norm, polarity, self.modality, role, named, data)
        return _made_fact(*told, clause.text[start:end], start, end, clause.hash, clause.anchor, rule)


_made_fact = maker(Fact)


def _end(match: re.Match[str] | None) -> int:
    return match.end() if match else 0


_LISTING = frozenset(",;/|、，；及和或与") | {"and", "or", "and/or", "以及", "或者", "nor"}


@lru_cache(maxsize=4096)
def is_list_joint(joint: str) -> bool:
    """Whether a joint parts two items of one list: a comma, "and", "and your"; not "with" or "such as"."""
    parts = [part for part in joint.replace(",", " , ").split() if part not in ("your", "our", "their", "its")]
    return bool(parts) and all(part in _LISTING for part in parts)


REACH = {"en": 90, "zh": 40}  #: characters to the left of a verb in which its negation may stand
_MODALITIES: tuple[tuple[str, Modality], ...] = (
    ("opt_out", "opt_out"),
    ("with_consent", "with_consent"),
    ("required", "required_by_law"),
    ("may", "may"),
)
_BINDING = tuple(f"modality.{key}" for key, _ in _MODALITIES)


@lru_cache(maxsize=512)
def _announced(topics: frozenset[str], language: str) -> int:
    return cues.index(language).bits(tuple(f"{kind}.heading" for kind in sorted(topics)))


def tidy(text: str) -> str:
    """A subject as shown: one line, without the marks and punctuation around it."""
    return " ".join(text.split()).strip(_EDGE)


def window(text: str, low: int, high: int, begin: int, finish: int) -> tuple[int, int]:
    """The sentence [low, high) of `text`, or the part of it around [begin, finish) where it is longer than a quote."""
    if high - low <= QUOTE:
        return low, high
    start = max(low, min(begin - 80, high - QUOTE))
    end = min(high, max(start + QUOTE, finish))
    while low < start < begin and not text[start - 1].isspace() and ord(text[start]) < 0x3000:
        start += 1
    while finish < end < high and not text[end].isspace() and ord(text[end - 1]) < 0x3000:
        end -= 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def passages(clause: Clause) -> Iterator[Passage]:
    """The sentences of a clause, the first one read with the lead-in of its list; a row's cells with their columns."""
    if clause.shape == "heading":
        return
    language = cues.tongue(clause.language)
    topics = section_topics(clause.path[-1], language) if clause.path else frozenset()
    if clause.cells and len(clause.cells) > 1:
        yield from _cells(clause, topics, language)
        return
    lead = last_sentence(clause.lead) if clause.lead else ""
    for index, span in enumerate(sentence_spans(clause.text)):
        yield Passage(clause, span, lead=lead if index == 0 else "", topics=topics, first=index == 0)


def _cells(clause: Clause, topics: frozenset[str], language: str) -> Iterator[Passage]:
    """Each cell as a passage that its column's name leads in; of two cells without columns the first leads in."""
    if clause.cells == clause.columns:
        return
    pair = len(clause.cells) == 2
    columns = (clause.columns[0] if clause.columns else "", clause.cells[0]) if pair else clause.columns
    at = 0
    for index, cell in enumerate(clause.cells):
        found = clause.text.find(cell, at) if cell.strip() else -1
        if found < 0:
            continue
        at = found + len(cell)
        name = columns[index] if index < len(columns) else ""
        column = section_topics(name, language) if name else frozenset()
        about = topics | column
        for number, (a, b) in enumerate(sentence_spans(cell)):
            lead = f"{name}:" if name and number == 0 and index else ""
            passage = Passage(clause, (found + a, found + b), lead=lead, topics=about, first=number == 0)
            passage.row, passage.title, passage.column = clause.cells[0] if index else "", name, column
            yield passage


@lru_cache(maxsize=4096)
def last_sentence(lead: str) -> str:
    """The last sentence of a lead-in: the one that its list completes."""
    start, end = sentence_spans(lead)[-1] if lead.strip() else (0, 0)
    return lead[start:end]


@lru_cache(maxsize=4096)
def section_topics(heading: str, language: str) -> frozenset[str]:
    """The kinds that a heading announces ("How long we keep data" announces retention)."""
    low = heading.lower()
    index = cues.headings(language)
    told, _ = index.sight(low)
    return frozenset(
        table
        for table, bit in index.bit.items()
        if bit & told and (bit << index.size & told or cues.pattern(language, table, "heading").search(low))
    )
