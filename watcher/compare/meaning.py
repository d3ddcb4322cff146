"""What a sentence is about and how it binds, read from its words by the [wording] tables of watcher/lang."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from watcher.compare.look import Cue, Look, Patterns
from watcher.facts.cues import tongue
from watcher.lang import vocabulary
from watcher.records import Kind

BINDING = ("negation", "limit", "obligation", "possibility")
CUES = (
    *BINDING, "pointer", "elsewhere", "link", "document", "definition", "duty", "connecting", "age", "duration",
    "statistics", "relative", "imprint", "offering", "actor", "company", "policy", "special", "sensitive", "verb",
    "person", "preface", "speaks", "aim", "young", "instrument", "sets", "breach", "caveat", "human", "former",
    "channel", "denying", "bounding", "idle", "double",
)  # fmt: skip

READ = 8192  #: sentences whose reading is kept: one comparison asks several times for the same
REACH = 300  #: characters from a verb to the words that it governs
_DIGIT = re.compile(r"\d")
PHRASE = 20  #: characters behind a frame that still belong to its phrase
BEHIND = 150  #: characters that a verb behind the words counts as farther away than one before them

#: Which kind a sentence is about where several speak in it: the telling before the general. Within a row the first
#: in the sentence wins.
RANKS: tuple[tuple[Kind, ...], ...] = (
    ("date",),
    ("sale", "legal_basis", "children"),
    ("retention",),
    ("sharing", "rights"),
    ("transfer",),
    ("tracking",),
    ("security", "notice"),
    ("automated", "collection", "purpose"),
    ("controller",),
    ("scope", "contact"),
)
RANK: dict[Kind, int] = {kind: i for i, row in enumerate(RANKS) for kind in row}


_BY_KIND = ("frames", "headings", "nouns")  #: tables of [wording] that have a list of patterns for each kind


@dataclass(frozen=True)
class Wording:
    """One language's [wording] table, compiled."""

    empty: frozenset[str]  #: words that mean nothing by themselves
    generic: frozenset[str]  #: things that every sentence names
    patterns: Patterns  #: by name: negation, limit, obligation, possibility, pointer, duty, ...
    frames: dict[Kind, Cue]  #: what a sentence of each kind says
    headings: dict[Kind, Cue]  #: what the title of a section of each kind says
    nouns: dict[Kind, Cue]  #: what things a statement of each kind lists


@cache
def wording(language: str) -> Wording:
    """The compiled table of `language`, English for one that is not shipped."""
    table = vocabulary(tongue(language))["wording"]
    lists = {name: table[name] for name in CUES}
    lists |= {f"{part}.{kind}": patterns for part in _BY_KIND for kind, patterns in table[part].items()}
    patterns = Patterns(language, lists)
    by_kind = ({kind: patterns.cues[f"{part}.{kind}"] for kind in table[part]} for part in _BY_KIND)
    empty, generic = (frozenset(table[name].split()) for name in ("empty", "generic"))
    return Wording(empty, generic, patterns, *by_kind)


@lru_cache(maxsize=READ)
def look(text: str, language: str) -> Look:
    """Where the patterns of a language may stand in a text."""
    return Look(text, wording(language).patterns)


def every(cue: str, text: str, language: str) -> Iterator[re.Match[str]]:
    """Every place of a cue (`negation`, `limit`, ...) in `text`."""
    return look(text, language).every(wording(language).patterns.cues[cue])


@lru_cache(maxsize=READ)
def kinds(text: str, language: str) -> tuple[Kind, ...]:
    """The kinds whose frames the sentence fits, the most telling first."""
    return _fitting(_ranked(wording(language).frames, text, language), text, language)


def _fitting(found: tuple[Kind, ...], text: str, language: str) -> tuple[Kind, ...]:
    """`found` as the whole sentence has it.

    Without children where an age only says whose data goes where ("users under 16"); a named instrument of transfer
    before the sharing that it allows. A date only where there are digits; a breach of security before all else.
    """
    if "children" in found and {"sharing", "sale"} & set(found) and not says("young", text, language):
        found = tuple(k for k in found if k != "children")
    if "children" in found and "rights" in found and not says("age", text, language):
        found = (*(k for k in found if k != "children"), "children")
    if found[:1] == ("date",) and len(found) > 1 and not _DIGIT.search(text):
        found = found[1:]
    if found[:1] == ("retention",) and "rights" in found and not says("duration", text, language):
        found = _granted(found, text, language)
    if "security" in found and says("breach", text, language) and not says("aim", text, language):
        found = ("security", *(k for k in found if k != "security"))
    if "sharing" in found and "transfer" in found and says("instrument", text, language):
        found = ("transfer", *(k for k in found if k != "transfer"))
    if "sharing" in found and "tracking" in found and says("sets", text, language):
        found = tuple(dict.fromkeys((*(k for k in found if RANK[k] < RANK["sharing"]), "tracking", *found)))
    return found


def _granted(found: tuple[Kind, ...], text: str, language: str) -> tuple[Kind, ...]:
    """`found` with rights before retention where the sentence first says that somebody may have data deleted."""
    frames, seen = wording(language).frames, look(text, language)
    rights, retention = seen.first(frames["rights"]), seen.first(frames["retention"])
    if rights is None or retention is None or rights >= retention:
        return found
    return ("rights", *(k for k in found if k != "rights"))


@lru_cache(maxsize=READ)
def titled(text: str, language: str) -> tuple[Kind, ...]:
    """The kinds that the title of a section, or the lead of a list, announces, the most telling first."""
    return _ranked(wording(language).headings, text, language) if text.strip() else ()


@lru_cache(maxsize=READ)
def nouns(text: str, language: str) -> tuple[Kind, ...]:
    """The kinds whose things (parties, data, places) the words name, the most telling first."""
    return _ranked(wording(language).nouns, text, language)


def governing(text: str, span: tuple[int, int], language: str) -> tuple[Kind, ...]:
    """The kinds whose frame governs the words at `span`: those whose phrase reaches them first, then the nearest.

    A frame that only speaks after the words counts as farther away; one beyond REACH does not govern them.
    """
    found = []
    for kind, frame in wording(language).frames.items():
        for m in look(text, language).every(frame):
            distance = span[0] - m.start() if m.start() <= span[0] else (m.start() - span[1]) + BEHIND
            if 0 <= distance <= REACH:
                found.append((m.end() + PHRASE < span[0], distance, RANK[kind], kind))
    return _fitting(tuple(dict.fromkeys(kind for *_, kind in sorted(found))), text, language)


def _ranked(cues: Mapping[Kind, Cue], text: str, language: str) -> tuple[Kind, ...]:
    found = sorted((RANK[kind], at, kind) for kind, at in look(text, language).firsts(cues))
    return tuple(kind for _, _, kind in found)


@lru_cache(maxsize=READ)
def says(cue: str, text: str, language: str) -> bool:
    """Whether a cue (`negation`, `limit`, ...) stands in `text`."""
    table = wording(language)
    return look(text, language).has(table.patterns.cues[cue])


def content(words: tuple[str, ...], language: str) -> tuple[str, ...]:
    """The words that carry meaning."""
    empty = wording(language).empty
    return tuple([w for w in words if w not in empty])
