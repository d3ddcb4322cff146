"""The parts that are compared: the sentences of a document, each with its normal words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from watcher.lang.sentences import sentence_spans
from watcher.lang.words import normal
from watcher.records import Clause, Document

_CJK = "\u3400-\u9fff\uf900-\ufaff"
# An address of a page is furniture of the link, not a word of the policy; an e-mail address is a word (contact).
_URL = re.compile(r"(?:https?://|www\.)[^\s<>()\[\]\u3000-\u9fff]+", re.IGNORECASE)
_WORD = re.compile(
    rf"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|[{_CJK}]|\d+(?:[.,:]\d+)*|(?:(?![{_CJK}\d_])\w)+(?:'(?!s\b)(?:(?![{_CJK}_])\w)+)?"
)
#: The same for plain ASCII, a third as slow.
_ASCII = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\d+(?:[.,:]\d+)*|[a-zA-Z]+(?:'(?!s\b)[a-zA-Z]+)?")
_COLON = (":", "：")  #: ends the lead of a list
_LISTED = (";", ",", "；", "，", "、")  #: end a line that is an item of a list, however it is marked up
_CURLY = str.maketrans("’‘", "''")


@dataclass(frozen=True, slots=True)
class Token:
    """One word as shown, and its normal form. Chinese counts each character as a word."""

    word: str
    start: int  #: offset in the unit's text
    end: int


@lru_cache(maxsize=65536)
def _normal_word(shown: str) -> str:
    return normal(shown)


def _masked(text: str) -> str:
    """`text` with page addresses blanked out, all other offsets kept."""
    return _URL.sub(lambda m: " " * len(m.group()), text) if "://" in text or "www." in text else text


def tokens(text: str) -> tuple[Token, ...]:
    """The words of `text` with their places, without punctuation, page addresses and case."""
    flat = _masked(text).translate(_CURLY)
    return tuple(Token(_normal_word(m.group()), m.start(), m.end()) for m in _WORD.finditer(flat))


def words(text: str) -> tuple[str, ...]:
    """The normal words of `text`; several times faster than `tokens`, for what is compared but not shown."""
    shown = _masked(text).translate(_CURLY).lower()
    if shown.isascii():
        return tuple(_ASCII.findall(shown))
    return tuple(w if w.isascii() else _normal_word(w) for w in _WORD.findall(shown))


@dataclass(frozen=True)
class Unit:
    """One sentence of one clause."""

    clause: Clause
    place: int  #: its position among the units of the document
    start: int  #: offset in the clause's text
    text: str
    ignore: re.Pattern[str] | None = None  #: words that operators taught us to overlook
    lead: str = ""  #: the sentence that introduces the list in which it stands, as marked up or as a colon shows

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Its normal words."""
        return words(self.seen)

    @cached_property
    def seen(self) -> str:
        """Its text with the overlooked words blanked out, all offsets kept."""
        return self.ignore.sub(lambda m: " " * len(m.group()), self.text) if self.ignore else self.text

    @cached_property
    def key(self) -> str:
        """Its identity: the normal words in a row."""
        return " ".join(self.words)


def units_of(document: Document, ignore: Sequence[str] = ()) -> list[Unit]:
    """The sentences of a document in reading order; those without a word, `ignore` overlooked, are left out."""
    phrases = sorted(filter(None, ignore), key=len, reverse=True)
    overlooked = re.compile("|".join(map(re.escape, phrases)), re.IGNORECASE) if phrases else None
    units: list[Unit] = []
    lead = ""
    for clause in document.clauses:
        listed = clause.shape != "heading" and clause.text.rstrip().endswith(_LISTED)
        for start, end in sentence_spans(clause.text):
            led_by = clause.lead or (lead if listed else "")
            unit = Unit(clause, len(units), start, clause.text[start:end], overlooked, led_by)
            if unit.key:
                units.append(unit)
        if clause.text.rstrip().endswith(_COLON):
            lead = clause.text
        elif not listed:
            lead = ""
    return units
