"""The cue words of a language, compiled once, and where in a sentence each of them can begin.

Running every pattern over every sentence would cost more than all the rest. So the words with which a pattern can begin
are read off the pattern itself (`beginnings`), and a pattern is only tried where a sentence has such a word: one table
look-up for each word of the sentence, instead of a search for each pattern.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple, get_args

from watcher.lang import languages, vocabulary
from watcher.records import Kind

_WORD = re.compile(r"[a-z0-9]+")
_OPEN, _CLOSED = "\0", "\1"  #: end a beginning after which anything may follow, and one whose word is over


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
    id: str  #: "rights.concepts/access"
    words: re.Pattern[str]  #: its wordings, in lower case


@cache
def concepts(language: str, group: str) -> tuple[Concept, ...]:
    """The concepts of a group, in the table's order."""
    table, _, key = group.partition(".")
    rows = vocabulary(language)[table][key].items()
    return tuple(Concept(name, f"{group}/{name}", _compiled(language, words)) for name, words in rows)


def _compiled(language: str, body: str) -> re.Pattern[str]:
    return re.compile(body if language == "zh" else rf"(?<!\w)(?:{body})(?!\w)")


# --- where cues can begin ---------------------------------------------------------------------------------------------

Spots = Mapping[str, list[int]]  #: id of a list of cues ("sharing.verbs") or a concept ("rights.concepts/access")
Token = tuple[int, str]  #: where a word begins, and the word


def tokens(low: str) -> list[Token]:
    """The Latin words and numbers of a text in lower case."""
    return [(match.start(), match.group()) for match in _WORD.finditer(low)]


def spots(low: str, words: list[Token], language: str) -> Spots:
    """Where in `low`, whose words are `words`, the cues of each list and each concept may begin, in reading order."""
    found: dict[str, list[int]] = {name: [0] for name in _index(language)[1]}
    of_word = _ids_of_pair if language == "zh" else _ids_of_word
    for at, word in _pairs(low) if language == "zh" else words:
        for name in of_word(word):
            if name in found:
                found[name].append(at)
            else:
                found[name] = [at]
    return found


def _pairs(low: str) -> Iterator[Token]:
    return ((at, low[at : at + 2]) for at in range(len(low)))


def free(language: str) -> frozenset[str]:
    """The ids of cues that may begin with anything, so that they must be searched for everywhere."""
    return _index(language)[1]


@cache
def _ids_of_word(word: str) -> tuple[str, ...]:
    """The ids of the cues that may begin with an English word: by its first letters, or by three that leave it open."""
    index = _index("en")[0]
    return tuple({name: None for stem in (word[:LETTERS], word[:3] + _OPEN) for name in index.get(stem, ())})


@cache
def _ids_of_pair(pair: str) -> tuple[str, ...]:
    """The ids of the cues that may begin with two Chinese signs: by both, or by the first."""
    index = _index("zh")[0]
    return tuple({name: None for stem in (pair, pair[:1], pair[:1] + _OPEN) for name in index.get(stem, ())})


LETTERS = 5  #: of an English word that tell which cues it may begin; a shorter word must be a cue's whole first word


@cache
def _index(language: str) -> tuple[dict[str, tuple[str, ...]], frozenset[str]]:
    """(beginning -> ids of the cues that may begin so, ids of those that may begin with anything)."""
    size, shortest = (2, 1) if language == "zh" else (LETTERS, 3)
    index: dict[str, set[str]] = {}
    free: set[str] = set()
    for name, cue in _cues(language):
        starts = beginnings(cue, size)
        if not starts or any(s.endswith(_OPEN) and len(s) <= shortest for s in starts):
            free.update((name, name.partition("/")[0]))
            continue
        for start in starts:
            stem = start[:shortest] + _OPEN if start.endswith(_OPEN) else start
            index.setdefault(stem, set()).update((name, name.partition("/")[0]))
    return {start: tuple(sorted(names)) for start, names in index.items()}, frozenset(free)


def _cues(language: str) -> Iterator[tuple[str, str]]:
    """(id, pattern) of every list of cues and every concept of the kinds of fact."""
    for table in (*get_args(Kind), "negation", "modality", "nouns", "bounds"):
        for key, value in vocabulary(language).get(table, {}).items():
            if key in _PATTERNS:
                rows = value.items() if isinstance(value, dict) else ((None, cue) for cue in value)
                for concept, cue in rows:
                    yield f"{table}.{key}" + (f"/{concept}" if concept else ""), cue


#: Keys of the tables of kinds that hold patterns; the others hold plain words.
_PATTERNS = frozenset(
    (
        *("abroad", "after", "ages", "below", "boundary", "collectors", "concepts", "consent", "context", "controller"),
        *(
            "criteria",
            "cues",
            "data",
            "deadline",
            "direct",
            "disputes",
            "dpo",
            "exception",
            "firm",
            "frames",
            "getting",
            "giving",
            "grants",
            "handing",
            "harmless",
        ),
        *("joints", "least", "may", "mechanisms", "most", "objects", "opt_out", "others", "people", "period", "places"),
        *("representative", "required", "roles", "self", "sources", "stops", "strong", "successors", "verbs", "weak"),
        *("with_consent", "words"),
    )
)


def beginnings(cue: str, size: int) -> set[str]:
    """The beginnings, `size` signs or a whole word, of what `cue` can match; a beginning that ends in NUL is open.

    Reads the part of the pattern language that cues use: literals, groups, classes, quantifiers, \\w \\d \\s \\b.
    """
    starts, _ = _alternatives(cue, 0, {""}, size)
    return {s.rstrip(_CLOSED) for s in starts if s}


def _alternatives(cue: str, at: int, before: set[str], size: int) -> tuple[set[str], int]:
    """Beginnings after the alternatives from `at` to the group's end, and where that is."""
    found: set[str] = set()
    starts = before
    while at < len(cue) and cue[at] != ")":
        if cue[at] == "|":
            found |= starts
            starts, at = before, at + 1
            continue
        after, at = _atom(cue, at, starts, size)
        after, at = _quantified(cue, at, starts, after)
        starts = after
    return found | starts, at + 1


def _quantified(cue: str, at: int, before: set[str], after: set[str]) -> tuple[set[str], int]:
    quantifier = re.compile(r"[?*+]\??|\{\d*,?\d*\}\??").match(cue, at)
    if quantifier is None:
        return after, at
    sign = quantifier.group()
    if sign[0] in "*+{":
        after = {s if s.endswith((_CLOSED, _OPEN)) else s + _OPEN for s in after}
    if sign[0] in "?*" or sign.startswith(("{0", "{,")):
        after = after | before
    return after, quantifier.end()


def _atom(cue: str, at: int, before: set[str], size: int) -> tuple[set[str], int]:
    """Beginnings after the one sign, class or group at `at`, and where it ends."""
    sign = cue[at]
    if sign == "(":
        head = re.compile(r"\(\?(?:[:=!]|<[=!]|P<\w+>)|\(").match(cue, at)
        assert head is not None
        inner, end = _alternatives(cue, head.end(), before, size)
        return (before if head.group()[-1] in "=!" else inner), end
    if sign == "[":
        end = cue.index("]", at + 2) + 1
        body = cue[at + 1 : end - 1]
        plain = not body.startswith("^") and "-" not in body[1:-1] and "\\" not in body
        return ({s for c in body for s in _longer(before, c, size)} if plain else _open(before)), end
    if sign == "\\":
        letter = cue[at + 1]
        if letter == "b":
            return before, at + 2
        return (_open(before) if letter in "wdSWD" else _longer(before, "." if letter != "s" else " ", size)), at + 2
    if sign in "^$":
        return before, at + 1
    return (_open(before) if sign == "." else _longer(before, sign, size)), at + 1


def _open(before: set[str]) -> set[str]:
    return {s if s.endswith((_CLOSED, _OPEN)) else s + _OPEN for s in before}


def _longer(before: set[str], sign: str, size: int) -> set[str]:
    """Each beginning with one more sign, as long as its word goes on."""
    found = set()
    for start in before:
        if start.endswith((_CLOSED, _OPEN)):
            found.add(start)
        elif not (sign.isalnum() or "\u3400" <= sign <= "\u9fff"):
            found.add(start + _CLOSED if start else "")
        else:
            found.add(start + sign + (_CLOSED if len(start) + 1 == size else ""))
    return found
