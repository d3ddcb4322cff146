"""The parts that are compared: the sentences of a document, each with its normal words."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from watcher.lang.sentences import sentence_spans
from watcher.lang.words import normal
from watcher.records import Clause

_CJK = "\u3400-\u9fff\uf900-\ufaff"
# An address of a page is furniture of the link, not a word of the policy; an e-mail address is a word (contact).
_URL = re.compile(r"(?i:https?://|www\.)[^\s<>()\[\]\u3000-\u9fff]+")
_WORD = re.compile(rf"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|[{_CJK}]|\d+(?:[.,:]\d+)*|[^\W\d_{_CJK}]+(?:'(?!s\b)[^\W_{_CJK}]+)?")
#: The same for plain ASCII, a third as slow.
_ASCII = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\d+(?:[.,:]\d+)*|[a-zA-Z]+(?:'(?!s\b)[a-zA-Z]+)?")
_COLON = frozenset(":：")  #: ends the lead of a list
_LISTED = frozenset(";,；，、")  #: end a line that is an item of a list, however it is marked up


@dataclass(frozen=True, slots=True)
class Token:
    """One word as shown, and its normal form. Chinese counts each character as a word."""

    word: str
    start: int  #: offset in the unit's text
    end: int


@lru_cache(maxsize=65536)
def _normal_word(shown: str) -> str:
    return normal(shown)


def _flat(text: str) -> str:
    """`text` with page addresses blanked out and straight apostrophes, all offsets kept."""
    if "://" in text or "www." in text:
        text = _URL.sub(lambda m: " " * len(m.group()), text)
    return plain_quotes(text)


def plain_quotes(text: str) -> str:
    """`text` with straight apostrophes."""
    return text if text.isascii() else text.replace("’", "'").replace("‘", "'")


def tokens(text: str) -> tuple[Token, ...]:
    """The words of `text` with their places, without punctuation, page addresses and case."""
    flat = _flat(text)
    return tuple(Token(_normal_word(m.group()), m.start(), m.end()) for m in _WORD.finditer(flat))


def words(text: str) -> tuple[str, ...]:
    """The normal words of `text`; several times faster than `tokens`, for what is compared but not shown."""
    shown = _flat(text).lower()
    if shown.isascii():
        return tuple(_ASCII.findall(shown))
    return tuple(w if w.isascii() else _normal_word(w) for w in _WORD.findall(shown))


class Sentence(NamedTuple):
    """One sentence of a clause's text."""

    start: int  #: offset in the clause's text
    text: str
    seen: str  #: its text with the words blanked out that operators taught us to overlook, all offsets kept
    words: tuple[str, ...]  #: its normal words
    key: str  #: its identity: the normal words in a row


class Unit(NamedTuple):
    """One sentence of one clause, at its place."""

    clause: Clause
    place: int  #: its position among the units of the document
    lead: str  #: the sentence that introduces the list in which it stands, as marked up or as a colon shows
    start: int  #: as in Sentence, from here on
    text: str
    seen: str
    words: tuple[str, ...]
    key: str


Sentences = Callable[[str], Sequence[Sentence]]  #: those of a text that have a word


def sentences(ignore: Sequence[str] = ()) -> Sentences:
    """A reader of sentences, phrases to `ignore` overlooked; it keeps what it read: two versions share most of it."""
    phrases = sorted(filter(None, ignore), key=len, reverse=True)
    overlooked = re.compile("|".join(map(re.escape, phrases)), re.IGNORECASE) if phrases else None

    @cache
    def read(text: str) -> Sequence[Sentence]:
        found = []
        for start, end in sentence_spans(text):
            shown = text[start:end]
            seen = overlooked.sub(lambda m: " " * len(m.group()), shown) if overlooked else shown
            said = words(seen)
            if said:
                found.append(Sentence(start, shown, seen, said, " ".join(said)))
        return found

    return read


def units_of(clauses: Sequence[Clause], read: Sentences, skipped: Container[int] = ()) -> list[Unit]:
    """The sentences of clauses in reading order. `skipped`: clauses that are not cut, and take one place each."""
    units: list[Unit] = []
    lead, passed, last = "", 0, -1
    for at in [at for at in range(len(clauses)) if at not in skipped] if skipped else range(len(clauses)):
        if at != last + 1:
            lead = _lead(clauses, at)
            passed += at - last - 1
        clause, last = clauses[at], at
        ending = clause.text.rstrip()[-1:]
        listed = clause.shape != "heading" and ending in _LISTED
        led_by = clause.lead or (lead if listed else "")
        for sentence in read(clause.text):
            units.append(Unit(clause, len(units) + passed, led_by, *sentence))
        if ending in _COLON:
            lead = clause.text
        elif not listed:
            lead = ""
    return units


def _lead(clauses: Sequence[Clause], at: int) -> str:
    """The sentence that introduces the list in which the clause at that place may stand."""
    for clause in reversed(clauses[:at]):
        ending = clause.text.rstrip()[-1:]
        if ending in _COLON:
            return clause.text
        if clause.shape == "heading" or ending not in _LISTED:
            return ""
    return ""
