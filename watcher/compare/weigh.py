"""What each word edit inside a sentence shows: whether it can carry meaning, and what it is about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz.distance import OSA, Indel

from watcher.compare.edits import Edit, Side
from watcher.compare.evidence import Weighed
from watcher.compare.inside import sorts_beside, weighed_edits
from watcher.compare.lines import about
from watcher.compare.meaning import BINDING, content, every, nouns, says
from watcher.compare.pages import Pages
from watcher.compare.units import Unit, words
from watcher.facts.cues import pattern, tongue
from watcher.lang.durations import nearly
from watcher.lang.names import is_name
from watcher.lang.values import TIME, norm_of
from watcher.lang.words import HAN
from watcher.records import Kind

NOVEL = 0.34  #: share of telling word pairs that the other version lacks, from which an edit says something new
REPEATED = 3  #: the same edit in so many sentences is a renaming
SPELLING = 0.7  #: two words so alike, of which the old one is rare, are one word spelt better
RARE = 2  #: occurrences; a word that is not rarer is no slip of the pen
LONG = 5  #: telling words; a longer insertion is new where the other version hasn't got it word for word
ASKED = 8  #: telling words of two ways to ask for something

LISTED = 6  #: words; a longer member of a list says more than what sort of thing it is
#: Kinds of the sorts of thing of which one more, or one less, in a list is told.
THINGS: frozenset[Kind] = frozenset({"collection", "sharing", "transfer", "rights", "tracking"})

_CAPITALS_LEFT = re.compile(r"(?:\b[A-Z][\w.&'-]* )+$")
_CAPITALS_RIGHT = re.compile(r"(?:,? ?\b[A-Z][\w.&'-]*)+")
#: Brackets that give examples, and what closes them.
_EXAMPLES = re.compile(r"[(（]\s*(?:e\.?g\b|for (?:example|instance)|such as|like|例如|比如|如)", re.IGNORECASE)
_TWICE = re.compile(r"([^\W\d_])\1+")
_CLOSED = re.compile("[)）]")
#: What stands before one of several examples in the run of a sentence.
_FEWER = re.compile(
    r"(?:\b(?:such as|like|for example|for instance)\b,? |例如|比如)[^.;:()。；：（）]{2,60}$", re.IGNORECASE
)
_JOINT_LEFT = re.compile(r"[,、，;；/]\s*(?:and |or )?$")
_JOINED = re.compile(r"(?:and|or)\b|及|和|或")
_JOINING = re.compile(r"(?:[,、，;；]|\b(?:and|or)|及|和|或)\s*$")
_JOINT_RIGHT = re.compile(r"\s*(?:[,、，;；/]|and\b|or\b|及|和|或)")

Repeats = Mapping[tuple[tuple[str, ...], tuple[str, ...]], int]
Bag = tuple[tuple[str, ...], tuple[str, ...]]


def bag(edit: Edit, language: str) -> Bag:
    """What an edit takes and gives, whatever the order: how the same words are cut out depends on their neighbours."""
    old, new = Counter(content(edit.old, language)), Counter(content(edit.new, language))
    return tuple(sorted((old - new).elements())), tuple(sorted((new - old).elements()))


def together(signals: Sequence[set[str]]) -> list[str]:
    """The signals of a place: what any edit shows, but what excuses an edit only where it excuses all."""
    if not signals:
        return []
    excuses = {"pointer", "repeated", "synonym", "document", "citation", "channel"}
    return sorted((set().union(*signals) - excuses) | (set.intersection(*signals) & excuses))


def binding(sides: tuple[Side, Side], language: str) -> list[str]:
    """How the sentence binds otherwise than before."""
    counts = {cue: [sum(1 for _ in every(cue, s.text, language)) for s in sides] for cue in BINDING}
    signals = [
        f"{cue} {'won' if counts[cue][1] > counts[cue][0] else 'lost'}"
        for cue in ("negation", "limit")
        if counts[cue][0] != counts[cue][1]
    ]
    must, may = counts["obligation"], counts["possibility"]
    if must[0] > must[1] and may[0] < may[1]:
        signals.append("will -> may")
    if must[0] < must[1] and may[0] > may[1]:
        signals.append("may -> will")
    return signals


def edit_signals(edit: Edit, sides: tuple[Side, Side], repeats: Repeats, pages: Pages, unit: Unit) -> set[str]:
    language = unit.clause.language
    old, new = content(edit.old, language), content(edit.new, language)
    said = words(edit.before), words(edit.after)
    counts = _counts(edit.old), _counts(edit.new)
    if _spelling(*((edit.old, edit.new) if any(counts) else said), pages):
        return {"spelling"}
    if Counter(old) == Counter(new) or all(len(w) < 3 and w.isascii() and w.isalpha() for w in (*old, *new)):
        return {"empty"}
    if _doubled(edit, sides):
        return {"empty"}
    signals = set()
    if repeats[bag(edit, language)] >= REPEATED:
        signals.add("repeated")
    if counts[0] != counts[1] and (all(counts) or _counted(sides[0]) != _counted(sides[1])):
        signals.add("number")
    signals |= _timed(edit, sides, unit) | ({"age"} if _aged(edit, sides, language) else set())
    if _named(edit) and len(old) + len(new) <= 6 and not says("document", f"{edit.before} {edit.after}", language):
        signals.add("name")
    elif len(old) == len(new) == 1 and "number" not in signals:
        signals.add("synonym")
    if _document(edit, len(old), len(new), language):
        signals.add("document")
    if _channel(edit, len(old) + len(new), language):
        signals.add("channel")
    named_link = says("link", sides[1].text[: edit.new_span[0]][-40:], language) and edit.before and edit.after
    if named_link or all(not part or says("pointer", part, language) for part in (edit.before, edit.after)):
        signals.add("pointer")
    if all(_is_example(side.text, span) for side, span in zip(sides, (edit.old_span, edit.new_span), strict=True)):
        signals |= {"example"} if not nouns(f"{edit.before} {edit.after}", language) else set()
    if edit.old and not edit.new and _FEWER.search(sides[0].text, 0, edit.old_span[0]):
        signals |= {"example"} if not nouns(edit.before, language) else set()
    if not new and all(w[0].isdigit() or len(w) == 2 for w in said[0]):
        signals.add("citation")
    if _listed(edit, sides, len(old) + len(new)):
        signals.add("listed")
    if bool(old) != bool(new) and _member(edit, sides, language):
        signals.add("member")
    if any(_novel(part, pages, language, side=side) for side, part in enumerate(said)):
        signals.add("novel")
    return signals


def _novel(said: tuple[str, ...], pages: Pages, language: str, *, side: int) -> bool:
    """Whether the words of an edit say something that the other version has nowhere."""
    telling = len(content(said, language))
    if telling < 2:
        return False
    return pages.novelty(said, language, side=side) > NOVEL or (telling > LONG and pages.lacks(said, side=side))


def _is_example(text: str, span: tuple[int, int]) -> bool:
    """Whether the words at `span` stand in brackets that give examples, or there are none."""
    start, end = span
    if start == end:
        return True
    opened = _EXAMPLES.match(text, max(text.rfind("(", 0, end), text.rfind("（", 0, end)))
    return opened is not None and not _CLOSED.search(text, opened.end(), max(start, opened.end()))


def _listed(edit: Edit, sides: tuple[Side, Side], telling: int) -> bool:
    """Whether the words are one more, or one less, member of a list inside the sentence."""
    if bool(edit.old) == bool(edit.new) or telling < 2:
        return False
    text, (start, end) = (sides[1].text, edit.new_span) if edit.new else (sides[0].text, edit.old_span)
    if _JOINED.match(edit.after or edit.before) or _JOINING.search(edit.after or edit.before):
        return True
    return bool(_JOINT_LEFT.search(text[max(0, start - 6) : start]) or _JOINT_RIGHT.match(text[end : end + 6]))


def _member(edit: Edit, sides: tuple[Side, Side], language: str) -> bool:
    """Whether the words are one more, or one less, thing of a sort (data, a party, a place) among its like."""
    side, span = (1, edit.new_span) if edit.new else (0, edit.old_span)
    named, around = sorts_beside(sides[side].text, span, language)
    return bool(named & around & THINGS) and len(edit.old or edit.new) <= LISTED


def _doubled(edit: Edit, sides: tuple[Side, Side]) -> bool:
    """Whether the words only stand once more, or once less, than they did in the sentence."""
    if bool(edit.old) == bool(edit.new) or len(edit.old) + len(edit.new) < 3:
        return False
    kept = sides[0] if edit.new else sides[1]
    return f" {' '.join(edit.old or edit.new)} " in f" {' '.join(kept.words)} "


def _document(edit: Edit, old: int, new: int, language: str) -> bool:
    """Whether the words are names of documents, or one and nothing to speak of."""
    named = (says("document", edit.before, language), says("document", edit.after, language))
    return any(named) and (named[0] or old <= 1) and (named[1] or new <= 1) and old + new <= 12


def _channel(edit: Edit, telling: int, language: str) -> bool:
    """Whether one way to write to somebody stands where another stood, and next to nothing else."""
    return telling <= ASKED and all(says("channel", part, language) for part in (edit.before, edit.after))


def _named(edit: Edit) -> bool:
    """Whether every side of the edit has a word written like a name, and one of them is a name."""
    opening = edit.old_span[0] == 0 or edit.new_span[0] == 0
    parts = [part.split()[1:] if opening else part.split() for part in (edit.before, edit.after) if part]
    capitals = [[w for w in words if w[:1].isupper()] for words in parts]
    return all(capitals) and any(is_name(w) for words in capitals for w in words)


def _counts(words: Iterable[str]) -> list[str]:
    """The numbers and lengths of time among normal words."""
    return [word for word in words if word[0].isdigit() or word[0] == TIME]


def _counted(side: Side) -> Counter[str]:
    """The numbers and lengths of time of a whole side: they may stand elsewhere in the sentence."""
    return Counter(_counts(side.words))


def _timed(edit: Edit, sides: tuple[Side, Side], unit: Unit) -> set[str]:
    """Whether the edit replaces a time by another, "period", or by one that people take for the same, "nearly".

    How a time is written, or where in the sentence it stands, is no change of it. "30 days' notice" is a least anyway.
    """
    bounds = about(unit)[:1] != ("notice",)
    old, new = ([_time(w, bounds=bounds) for w in words if w[0] == TIME] for words in (edit.old, edit.new))
    if not (edit.old and edit.new) or Counter(old) == Counter(new):
        return set()
    if old and new:
        return {"nearly"} if len(old) == len(new) and all(map(nearly, old, new)) else {"period"}
    stated = [{_time(w, bounds=bounds) for w in side.words if w[0] == TIME} for side in sides]
    return {"period"} if set(old) - stated[1] or set(new) - stated[0] else set()


def _time(sign: str, *, bounds: bool) -> str:
    norm = norm_of(sign)
    return norm if bounds else norm.partition(" ")[0]


def _aged(edit: Edit, sides: tuple[Side, Side], language: str) -> bool:
    """Whether the edit replaces an age by another, or by something else."""
    if not (edit.old and edit.new):
        return False
    ages = [
        [_figures(side, m) for m in every("age", side.text, language) if m.start() <= span[1] and span[0] <= m.end()]
        for side, span in zip(sides, (edit.old_span, edit.new_span), strict=True)
    ]
    old, new = (list(filter(None, figures)) for figures in ages)  # "at least 10 days" has none
    return old != new


def _figures(side: Side, found: re.Match[str]) -> list[str]:
    """The numbers in the words of a cue."""
    return [t.word for t in side.tokens if found.start() <= t.start < found.end() and t.word[0].isdigit()]


def _spelling(old: Sequence[str], new: Sequence[str], pages: Pages) -> bool:
    """Whether the words are the same ones inflected or spelt better."""
    if len(old) != len(new) or not old:
        return False
    return all(
        _stem(a) == _stem(b)
        or (_alike(a, b) and pages.count(a, side=0) <= RARE)
        or (_slipped(a, b) and pages.count(b, side=1) <= RARE)
        or (_doubling(a, b) and pages.count(a, side=0) <= RARE)
        for a, b in zip(old, new, strict=True)
    )


def _alike(a: str, b: str) -> bool:
    return min(len(a), len(b)) >= 4 and Indel.normalized_similarity(a, b) >= SPELLING and (a + b).isalpha()


def _doubling(a: str, b: str) -> bool:
    """Whether a letter stands twice in one word, and once in the other."""
    return len(b) > 2 and _TWICE.sub(r"\1", a) == _TWICE.sub(r"\1", b)


def _slipped(a: str, b: str) -> bool:
    """Whether one word is the other with a letter too many, too few, or two letters swapped; not another letter."""
    if min(len(a), len(b)) < 6 or not (a + b).isalpha() or HAN.search(a + b):
        return False
    return OSA.distance(a, b) == 1 and (len(a) != len(b) or sorted(a) == sorted(b))


def _stem(word: str) -> str:
    for ending in ("ing", "ies", "ied", "es", "ed", "s", "y", "e"):
        if len(word) > len(ending) + 2 and word.endswith(ending):
            return word[: -len(ending)]
    return word


# --- what it is about ------------------------------------------------------------------------------------------------


def about_edits(sides: tuple[Side, Side], shown: Sequence[Edit], units: tuple[Unit, Unit]) -> Weighed:
    """What the edited words are about, what weighs most first, and then what the sentence is about."""
    sentence = about(units[1]) or about(units[0])
    if "date" in sentence:
        return Weighed(("date",), ("date",))
    if all(_addressed(edit) for edit in shown):
        return Weighed(("contact",), ("contact",))
    found, mains = weighed_edits(sides, shown, units[1], sentence)
    if any(_company(edit, sides, sentence, units[1].clause.language) for edit in shown) and found[:1] != ("sharing",):
        found, mains = ("controller", *found), ("controller",)
    return Weighed(tuple(dict.fromkeys((*found, *sentence))), mains)


#: What a time is about that took another's place: it limits these, it is no purpose and no recipient.
_LIMITED: frozenset[Kind] = frozenset({"retention", "rights", "notice", "security", "children", "tracking"})


def about_time(found: Weighed, sides: tuple[Side, Side]) -> Weighed:
    """`found` with what a changed time limits first: a right, where the sentence speaks of answers to requests."""
    limited = tuple(k for k in found.about if k in _LIMITED)
    if not limited and _answers(sides[1].text, tongue(sides[1].language)):
        limited = ("rights",)
    first = tuple(dict.fromkeys((*limited, *found.about)))
    return Weighed(first, tuple(dict.fromkeys((*first[:1], *(k for k in found.mains if k in _LIMITED)))))


def _answers(text: str, language: str) -> bool:
    return pattern(language, "rights", "deadline").search(text.lower()) is not None


def _addressed(edit: Edit) -> bool:
    """Whether one e-mail address took the place of another."""
    return "@" in edit.before and "@" in edit.after


def _company(edit: Edit, sides: tuple[Side, Side], sentence: tuple[Kind, ...], language: str) -> bool:
    """Whether the name of a company took another's place where it says who writes."""
    names = [_titled(sides[0].text, edit.old_span), _titled(sides[1].text, edit.new_span)]
    if all(name and says("company", name, language) for name in names):
        return True
    renamed = edit.before[:1].isupper() and len(edit.old) <= 3
    return ("controller" in sentence or renamed) and says("company", edit.after, language)


def _titled(text: str, span: tuple[int, int]) -> str:
    """The words at `span` with the capitalised ones around them: a name of which only a part was edited.

    "" where what was edited is no part of a name.
    """
    if not text[slice(*span)][:1].isupper():
        return ""
    left, right = _CAPITALS_LEFT.search(text[: span[0]]), _CAPITALS_RIGHT.match(text, span[1])
    return text[left.start() if left else span[0] : right.end() if right else span[1]]
