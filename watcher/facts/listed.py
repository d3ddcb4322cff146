"""Names that only their list shows: a cell under "Provider", the members of （如甲、乙等） after a noun for parties.

Such a name needs neither a capital nor a company's ending: that all its neighbours are parties says that it is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from watcher.facts import cues
from watcher.facts.passage import Passage
from watcher.lang.names import Name, has_han, is_bare_han_name, is_listed, is_name, is_odd, name_key
from watcher.lang.words import normal

LONGEST = 24  #: signs of a cell that is no more than a name
WORDS = 4  #: words of such a cell
MEMBER = 16  #: signs of the longest member of a list of names
_BRACKET = re.compile(r"[（(]([^（()）]{3,120})[)）]")
_ITEM = re.compile(r"[^、，,/;；\s](?:[^、，,/;；]*[^、，,/;；\s])?")
_OPENS = re.compile(r"(?:目前|现|主要|具体)?(?:例如|比如|譬如|诸如|包括但不限于|包括|包含|如|为|有|是|即)?[：:]?\s*")
_REST = re.compile(r"等.*$")
_SAYS = re.compile(r"提供|可能|以便|下同|用于|[的您你我]")  #: in what is no name but says something
_PIECE = re.compile(r"以及|[和及与或]")


def listed_names(passage: Passage) -> Iterator[Name]:
    """The names of a cell in a column of parties, or of a Chinese bracket after parties; not those of companies."""
    if is_named_cell(passage):
        yield from _cell(passage)
    if passage.language == "zh" and "、" in passage.text and _BRACKET.search(passage.text):
        yield from _bracketed(passage)


def is_named_cell(passage: Passage) -> bool:
    """Whether the passage is a cell whose column names parties, in a list of recipients."""
    return bool(passage.title) and "sharing" in passage.topics and _names_parties(passage.title, passage.language)


@lru_cache(maxsize=1024)
def _names_parties(title: str, language: str) -> bool:
    return cues.pattern(language, "sharing", "naming").fullmatch(normal(title)) is not None


def _cell(passage: Passage) -> Iterator[Name]:
    text = passage.text[passage.body :]
    if not passage.first or len(text) > LONGEST or len(text) != len(text.strip()):
        return
    if passage.language == "zh":
        bare = re.sub(r"\s?sdk$", "", text, flags=re.IGNORECASE)
        named = is_bare_han_name(bare) if has_han(bare) else False
    else:
        words = text.split()
        named = text.islower() and len(words) <= WORDS and all(map(str.isalnum, words)) and any(map(is_odd, words))
    if named:
        yield Name(name_key(text), passage.body, passage.body + len(text), False)


def _bracketed(passage: Passage) -> Iterator[Name]:
    for bracket in _BRACKET.finditer(passage.text):
        before = passage.low[max(0, bracket.start() - 16) : bracket.start()]
        if not _before_parties(before):
            continue
        members = list(_members(passage.text, *bracket.span(1)))
        written = [passage.text[name.start : name.end] for name in members]
        if len(members) < 2 or any(len(text) > MEMBER or _SAYS.search(text) for text in written):
            continue
        sure = any(is_listed(text) or _may_be_name(text) for text in written)
        yield from (name for name, text in zip(members, written, strict=True) if sure and _may_be_name(text, sure))


def _before_parties(before: str) -> bool:
    """Whether a text ends in a noun for companies that data goes to."""
    return _parties().search(before) is not None


@lru_cache(maxsize=1)
def _parties() -> re.Pattern[str]:
    return re.compile(rf"(?:{cues.pattern('zh', 'sharing', 'listing').pattern})$")


def _members(text: str, start: int, end: int) -> Iterator[Name]:
    """The members of the list within a bracket, words that open it and 等 left out."""
    opened = _OPENS.match(text, start, end)
    start = opened.end() if opened else start
    for item in _ITEM.finditer(text, start, end):
        at = item.start()
        for piece in _PIECE.split(item.group()):
            begin = text.index(piece, at)
            at = begin + len(piece)
            plain = _REST.sub("", piece)
            begin, plain = begin + plain.rfind(" ") + 1, plain[plain.rfind(" ") + 1 :]
            if plain:
                yield Name(name_key(plain), begin, begin + len(plain), False)


def _may_be_name(text: str, beside: bool = False) -> bool:
    """Whether a member may be a name; `beside` another one, plain words may make up more of it."""
    return is_bare_han_name(text, least=1 if beside else 2) if has_han(text) else is_name(text)
