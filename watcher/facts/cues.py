"""The cue words of a language, compiled once, and which of them a sentence can hold at all.

A sentence is one look-up for each of its words (`lang.index`). Only where that tells that a cue may begin its pattern
is tried, and a kind of fact none of whose cues may be there is not asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple, get_args

from watcher.lang import languages, vocabulary
from watcher.lang.index import NAMES, Index
from watcher.lang.names import with_plurals
from watcher.records import Kind


@cache
def tongue(language: str) -> str:
    """The language whose vocabulary reads a clause: its own where it is shipped, else English."""
    return language if language in languages() else "en"


@cache
def pattern(language: str, table: str, key: str) -> re.Pattern[str]:
    """The cues of `[table] key` as one alternation, longest first, whole words where the language parts words.

    It reads text in lower case. Cues that name groups are alternatives in their own order.
    """
    cues = vocabulary(language)[table][key]
    return _compiled(language, "|".join(cues if "(?P<" in "".join(cues) else sorted(cues, key=len, reverse=True)))


class Concept(NamedTuple):
    """A concept of a group such as "rights.concepts"."""

    name: str
    bit: int  #: of "rights.concepts/access" in the index
    words: re.Pattern[str]  #: its wordings, in lower case


@cache
def concepts(language: str, group: str) -> tuple[Concept, ...]:
    """The concepts of a group, in the table's order."""
    table, _, key = group.partition(".")
    rows, bit = vocabulary(language)[table][key].items(), index(language).bit
    return tuple(Concept(name, bit[f"{group}/{name}"], _compiled(language, words)) for name, words in rows)


def _compiled(language: str, body: str) -> re.Pattern[str]:
    return re.compile(body if language == "zh" else rf"(?<!\w)(?:{body})(?!\w)")


# --- what a sentence may hold -----------------------------------------------------------------------------------------

#: Ids beside those of the tables' cues: units of time; words without which no sentence says what something is for.
UNIT, AIM = "units.names", "purpose.aim"


@cache
def index(language: str) -> Index:
    """The index of a language's cues for sentences."""
    return Index(language, _cues(language), (*NAMES, *(f"{kind}.heading" for kind in get_args(Kind))))


@cache
def headings(language: str) -> Index:
    """The index of the cues by which a heading announces a kind; the id is the kind."""
    rows = ((kind, vocabulary(language).get(kind, {}).get("heading", ())) for kind in get_args(Kind))
    return Index(language, ((kind, cue) for kind, cues in rows for cue in cues))


def _cues(language: str) -> Iterator[tuple[str, str]]:
    """(id, pattern) of every list of cues and every concept of the kinds of fact."""
    for table in (*get_args(Kind), "negation", "modality", "nouns"):
        for key, value in vocabulary(language).get(table, {}).items():
            if key in _PATTERNS:
                rows = value.items() if isinstance(value, dict) else ((None, cue) for cue in value)
                for concept, cue in rows:
                    yield f"{table}.{key}" + (f"/{concept}" if concept else ""), cue
    for unit in vocabulary(language)["units"]["names"]:
        yield UNIT, re.escape(unit)
    yield AIM, r"to|us|purpose\w*" if language != "zh" else ""
    for table, key in (("collection", "heads"), ("sharing", "heads"), ("sharing", "services")):
        words = vocabulary(language)[table].get(key, ())
        for word in words if language == "zh" else map(re.escape, with_plurals(words)):
            yield f"{table}.{key}", word


#: Keys of the tables of kinds that hold patterns; the others hold plain words.
_PATTERNS = frozenset(
    [
        *("abroad", "after", "ages", "below", "boundary", "collectors", "concepts", "consent", "context"),
        *("controller", "criteria", "cues", "data", "deadline", "deeds", "direct", "disputes", "dpo"),
        *("exception", "firm", "frames", "getting", "giving", "grants", "handing", "harmless", "joints"),
        *("keeping", "least", "may", "mechanisms", "objects", "opt_out", "others", "ours", "people"),
        *("period", "places", "representative", "required", "roles", "self", "sending", "sources", "stops"),
        *("strong", "successors", "verbs", "weak", "with_consent", "words"),
    ]
)
