"""The cue words of a language, compiled once, and which of them a sentence can hold at all.

Running every pattern over every sentence would cost more than all the rest. So each pattern is read once (`ways`) for
what it cannot match without: the words, or beginnings of words, that must all stand in the sentence, and the one that
comes first. A sentence is then one look-up for each of its words (`Index.sight`). What comes out are sets of cues, each
set one integer: the cues that may be there, those that are there for sure, and where each may begin. Only there a
pattern is tried, and a kind of fact none of whose cues may be there is not asked.

Chinese does not part words: there, two neighbouring signs do what a word does in English.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, reduce
from itertools import accumulate
from operator import or_
from typing import NamedTuple, get_args

from watcher.lang import languages, vocabulary
from watcher.lang.names import begins_known_name, is_odd, latin_words, with_plurals
from watcher.records import Kind


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


# --- what a sentence may hold -----------------------------------------------------------------------------------------

_MARKS = re.compile(r"(\W+)")
_ASCII_MARKS = re.compile(r"(\W+)", re.ASCII)  #: the same for ASCII, at half the time
#: Ids beside those of the tables' cues: words that a known name begins with, that are not ordinary English, that are
#: units of time, that hold two digits or more, without which no sentence says what something is for.
KNOWN_NAME, ODD_WORD, UNIT, DIGITS, AIM = "names.known", "names.odd", "units.names", "digits", "purpose.aim"
_DIGITS = re.compile(r"\d\d")
_LEXICON = 20_000  #: words whose cues are remembered


class Index(dict[str, int]):
    """What each word tells about the cues of one language: a dict that learns a word when it is first asked for it.

    A value is a set of bits in three parts: cues for which the word is enough, cues that it is, `size` bits further up,
    and twice as far up stems that cues need beside others.
    """

    def __init__(self, language: str, cues: Iterable[tuple[str, str]], names: Iterable[str] = ()) -> None:
        """`cues`: (id of a list of cues or of a concept, pattern). `names`: what is told of words that may be names."""
        super().__init__()
        self.han = language == "zh"
        self.bit: dict[str, int] = {}  #: id -> its bit
        self.free = 0  #: cues that may begin with anything, so that they must be searched for everywhere
        self._begins: dict[str, tuple[int, int]] = {}  #: word -> (cues that begin with it, those no more than it)
        self._always = 0  #: cues that need no word at all
        self._sets: dict[tuple[str, ...], int] = {}
        self._named = reduce(or_, map(self._new, names), 0)
        read = [(self._ids(name), way) for name, cue in cues for way in ways(cue, self.han)]
        self.size = len(self.bit)
        self._stems: dict[str, _Stem] = {}
        self._waits: dict[int, list[tuple[int, int]]] = {}  #: bit of a stem -> (stems, cues there if one of them is)
        self._learn(read)
        #: The lengths of open stems.
        self._sizes = sorted({len(stem) - 1 for stem in self._stems if stem.endswith(OPEN)})

    def bits(self, ids: tuple[str, ...]) -> int:
        """The set of several cues."""
        found = self._sets.get(ids)
        if found is None:
            found = self._sets[ids] = reduce(or_, (self.bit.get(name, 0) for name in ids), 0)
        return found

    def _ids(self, name: str) -> int:
        """The bits of a cue: its own and, for a concept, its group's."""
        return self._new(name) | self._new(name.partition("/")[0])

    def _new(self, name: str) -> int:
        return self.bit.setdefault(name, 1 << len(self.bit))

    def _learn(self, read: list[tuple[int, Way]]) -> None:
        beside: dict[tuple[str, int], set[str]] = {}  #: (stem, cues that need it) -> others, one of them needed
        for ids, way in read:
            if way.first in (None, "", OPEN):
                self.free |= ids
            else:
                self._tell(way.first, 0, ids, 0 if way.sure and way.first[-1] != OPEN else ids)
            if len(way.needs) > 1:
                hook, other, *_ = sorted(way.needs, key=_commonness)
                beside.setdefault((hook, ids), set()).add(other)
            elif way.needs:
                self._tell(min(way.needs), ids | ids << self.size if way.sure else ids)
            else:
                self._always |= ids
        self._wait(beside)

    def _tell(self, stem: str, told: int, begins: int = 0, goes_on: int = 0) -> None:
        known = self._stems.get(stem)
        if known is None:
            known = self._stems[stem] = _Stem()
        known.told |= told
        known.begins |= begins
        known.goes_on |= goes_on

    def _wait(self, beside: Mapping[tuple[str, int], set[str]]) -> None:
        """Hang each cue that needs several words on the rarest: it may be there if the next rarest one is, too."""
        stems = sorted({hook for hook, _ in beside}.union(*beside.values()))
        bits = {stem: 1 << place for place, stem in enumerate(stems, 2 * self.size)}
        for stem, bit in bits.items():
            self._tell(stem, bit)
        for (hook, ids), others in beside.items():
            self._waits.setdefault(bits[hook], []).append((reduce(or_, (bits[stem] for stem in others)), ids))
        self._hooks = reduce(or_, self._waits, 0)

    def __missing__(self, word: str) -> int:
        told, begins, goes_on = self._names(word), 0, 0
        keys = (word[:size] + OPEN for size in self._sizes if size <= len(word))
        for stem in filter(None, map(self._stems.get, (word, *keys))):
            told |= stem.told
            begins |= stem.begins
            goes_on |= stem.goes_on
        begins |= told & self._named
        if "_" in word:  # the sign of emphasis in Markdown: what it parts may stand alone where a kind reads phrases
            told |= reduce(or_, (self[part] for part in word.split("_") if part), 0) & ((1 << self.size) - 1)
        self[word] = told
        self._begins[word] = begins, begins & ~goes_on & told >> self.size
        return told

    def _names(self, word: str) -> int:
        """What `word` tells about proper names."""
        if not self._named:
            return 0
        digits = self.bit[DIGITS] if not word.isalpha() and _DIGITS.search(word) else 0
        if self.han:
            return digits
        parts = (word,) if word.isalnum() and word.isascii() else [part for _, part in latin_words(word)]
        known = self.bit[KNOWN_NAME] if any(map(begins_known_name, parts)) else 0
        return digits | known | (self.bit[ODD_WORD] if any(map(is_odd, parts)) else 0)

    def sight(self, low: str) -> tuple[int, list[str]]:
        """(which cues a text in lower case may hold, its words and what stands between them by turns).

        The set of cues has those that are there for sure once more, `size` bits further up. In Chinese, every two signs
        that follow each other are a word.
        """
        if len(self) > _LEXICON:
            self.forget()
        parts = (
            [low[at : at + 2] for at in range(len(low))]
            if self.han
            else (_ASCII_MARKS if low.isascii() else _MARKS).split(low)
        )
        told = reduce(or_, map(self.__getitem__, parts if self.han else parts[::2]), self._always)
        hooks = told & self._hooks
        while hooks:
            hook = hooks & -hooks
            hooks ^= hook
            for others, ids in self._waits[hook]:
                if others & told:
                    told |= ids
        return told, parts

    def forget(self) -> None:
        """Forget the words learned; they are learned again when they are asked for."""
        self.clear()
        self._begins.clear()

    def spots(self, parts: list[str]) -> list[tuple[int, str, int, int]]:
        """For each word that begins cues: (where it begins, word, the cues, those of them that are no more than it)."""
        words = parts if self.han else parts[::2]
        starts = range(len(parts)) if self.han else [0, *accumulate(map(len, parts))][::2]
        told = map(self._begins.__getitem__, words)
        try:
            return [(at, word, *cues) for at, word, cues in zip(starts, words, told, strict=False) if cues[0]]
        except KeyError:  # forgotten since the text was seen
            return self.spots(self.sight("".join(part[:1] for part in parts) if self.han else "".join(parts))[1])


@dataclass(slots=True)
class _Stem:
    """What a stem tells about cues."""

    told: int = 0  #: as the values of `Index`
    begins: int = 0  #: cues that begin with it
    goes_on: int = 0  #: those of them that go on after it


#: Words that so many sentences of a policy have that a cue hung on one would come up for nothing.
_COMMON = frozenset(
    [
        *("a", "access", "account", "and", "as", "collect", "data", "for", "if", "in", "information", "may", "of"),
        *("on", "or", "other", "our", "personal", "process", "services", "share", "such", "the", "their", "these"),
        *("they", "third", "this", "to", "us", "use", "we", "with", "you", "your"),
    ]
)


def _commonness(stem: str) -> tuple[bool, int, str]:
    """Orders stems, those first that few sentences have."""
    bare = stem.rstrip(OPEN)
    return bare in _COMMON, -len(bare), stem


@cache
def index(language: str) -> Index:
    """The index of a language's cues for sentences."""
    return Index(language, _cues(language), (KNOWN_NAME, ODD_WORD, DIGITS))


def forget() -> None:
    """Forget the words that the indexes learned, to give their memory back."""
    for language in languages():
        index(language).forget()


@cache
def headings(language: str) -> Index:
    """The index of the cues by which a heading announces a kind; the id is the kind's table."""
    rows = ((kind, vocabulary(language).get(kind, {}).get("heading", ())) for kind in get_args(Kind))
    return Index(language, ((kind, cue) for kind, cues in rows for cue in cues))


def _cues(language: str) -> Iterator[tuple[str, str]]:
    """(id, pattern) of every list of cues and every concept of the kinds of fact."""
    for table in (*get_args(Kind), "negation", "modality", "nouns", "bounds"):
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
        *("abroad", "after", "ages", "below", "boundary", "collectors", "concepts", "consent", "context", "controller"),
        *("criteria", "cues", "data", "deadline", "direct", "disputes", "dpo", "exception", "firm", "frames"),
        *("getting", "giving", "grants", "handing", "harmless", "joints", "least", "may", "mechanisms", "most"),
        *("objects", "opt_out", "others", "people", "period", "places", "representative", "required", "roles", "self"),
        *("sources", "stops", "strong", "successors", "verbs", "weak", "with_consent", "words"),
    ]
)


# --- what a pattern cannot match without ------------------------------------------------------------------------------

OPEN = "\0"  #: ends a stem after which its word may go on in any way


class Way(NamedTuple):
    """One way in which a pattern can match, as far as words tell. A stem is a word, or its beginning and OPEN."""

    first: str | None = None  #: the stem that begins it; "" where that may be a mark; None: still to be read
    needs: frozenset[str] = frozenset()  #: stems of words that must be there
    run: str = ""  #: the word that is being read
    sure: bool = True  #: nothing but the letters of words was read


_QUANTIFIER = re.compile(r"[?*+]\??|\{\d*,?\d*\}\??")
_GROUP = re.compile(r"\(\?(?:[:=!]|<[=!]|P<\w+>)|\(")
_LITERAL = re.compile(r"[a-z0-9]+(?![?*+{])")  #: several letters at once, but for one that is repeated
_HAN_LITERAL = re.compile(r"[^\\()\[\]{}?*+|.^$]+(?![?*+{])")
_MOST_WAYS = 60  #: of one part of a pattern; more are told apart less closely


def ways(cue: str, han: bool) -> set[Way]:
    """The ways in which `cue` can match; no text without the words that one of them needs holds it.

    Reads the part of the pattern language that cues use: literals, groups, classes, quantifiers, \\w \\d \\s \\b.
    """
    found, _ = _alternatives(cue, 0, {Way()}, han)
    return {_ended(way, han) for way in found}


def _alternatives(cue: str, at: int, before: set[Way], han: bool) -> tuple[set[Way], int]:
    """The ways after the alternatives from `at` to the group's end, and where that is."""
    found: set[Way] = set()
    here = before
    while at < len(cue) and cue[at] != ")":
        if cue[at] == "|":
            found |= here
            here, at = before, at + 1
            continue
        after, at = _atom(cue, at, here, han)
        here, at = _quantified(cue, at, here, after, han)
    return _few(_least(found | here), han), at + 1


def _least(found: set[Way]) -> set[Way]:
    """`found` without the ways that need all that another one needs which is as far, and more."""
    if len(found) < _MOST_WAYS // 4:
        return found
    alike: dict[tuple[str | None, str, bool], list[Way]] = {}
    for way in sorted(found, key=lambda way: len(way.needs)):
        kept = alike.setdefault((way.first, way.run, way.sure), [])
        if not any(other.needs <= way.needs for other in kept):
            kept.append(way)
    return {way for kept in alike.values() for way in kept}


def _quantified(cue: str, at: int, before: set[Way], after: set[Way], han: bool) -> tuple[set[Way], int]:
    quantifier = _QUANTIFIER.match(cue, at)
    if quantifier is None:
        return after, at
    sign = quantifier.group()
    if sign[0] in "*+{":
        after = {_opened(way, han) if way.run else way for way in after}
    if sign[0] in "?*" or sign.startswith(("{0", "{,")):
        after = after | before
    return after, quantifier.end()


def _atom(cue: str, at: int, before: set[Way], han: bool) -> tuple[set[Way], int]:
    """The ways after the signs, class or group at `at`, and where it ends."""
    if literal := (_HAN_LITERAL if han else _LITERAL).match(cue, at):
        return {_longer(way, literal.group(), han) for way in before}, literal.end()
    sign = cue[at]
    if sign == "(":
        head = _GROUP.match(cue, at)
        assert head is not None
        if head.group()[-1] not in "=!":
            return _alternatives(cue, head.end(), before, han)
        _, end = _alternatives(cue, head.end(), {Way()}, han)
        return {way._replace(sure=False) for way in before}, end
    if sign == "[":
        end = cue.index("]", at + 2) + 1
        body = cue[at + 1 : end - 1]
        plain = not body.startswith("^") and "-" not in body[1:-1] and "\\" not in body
        return ({_longer(way, c, han) for c in body for way in before} if plain else _all_opened(before, han)), end
    if sign == "\\":
        letter = cue[at + 1]
        if letter == "b":
            return {_ended(way, han) for way in before}, at + 2
        if letter in "wdSWD" or (letter == "s" and han):
            return _all_opened(before, han), at + 2
        return {_longer(way, " " if letter == "s" else letter, han) for way in before}, at + 2
    if sign in "^$":
        return {way._replace(sure=False) for way in before}, at + 1
    return (_all_opened(before, han) if sign == "." else {_longer(way, sign, han) for way in before}), at + 1


def _longer(way: Way, signs: str, han: bool) -> Way:
    """`way` with one more sign, or several letters."""
    first, needs, run, sure = way
    if han or "a" <= signs < "{" or "0" <= signs < ":":
        return way if run[-1:] == OPEN else Way(first, needs, run + signs, sure)
    if signs.isalnum():
        return _opened(way, han)
    return _marked(_ended(way, han))


def _marked(way: Way) -> Way:
    """`way` with a sign that is of no word."""
    return Way("" if way.first is None else way.first, way.needs, way.run, False)


def _all_opened(before: set[Way], han: bool) -> set[Way]:
    return {_opened(way, han) for way in before}


def _opened(way: Way, han: bool) -> Way:
    """`way` with signs that are not told; they may end a Chinese run and begin another, but not an English word."""
    if han:
        return _marked(_ended(way, han))
    first, needs, run, _ = way
    return way if run[-1:] == OPEN else Way(first, needs, run + OPEN, False)


def _ended(way: Way, han: bool) -> Way:
    """`way` with its word ended."""
    if not way.run:
        return way
    stems = _pairs_of(way.run) if han else [way.run]
    needs = way.needs.union(stem for stem in stems if stem != OPEN)
    return Way(stems[0] if way.first is None else way.first, needs, "", way.sure and len(stems) == 1)


def _pairs_of(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run + OPEN]


def _few(found: set[Way], han: bool) -> set[Way]:
    """`found`; of too many, what those have in common that begin alike and are in the midst of one word."""
    if len(found) <= _MOST_WAYS:
        return found
    alike: dict[tuple[str | None, str], Way] = {}
    for way in found:
        key = (way.first, way.run)
        other = alike.get(key, way)
        alike[key] = other._replace(needs=other.needs & way.needs, sure=other.sure and way.sure)
    return set(alike.values())
