"""What changed in the wording and no fact explains: new and lost sentences, and edits inside reworded ones.

Each change carries the signals that the judge weighs:
  sentence    a whole sentence came or went; edit: words inside one did
  negation, limit ("only", "unless", "with your consent"), modality ("may" became "will"): came, went or changed
  number      a number changed
  novel       the words were nowhere in the other version; restated: they were, said differently
  pointer     it only sends the reader elsewhere; statistics: yearly figures; place: only names of places
  repeated    the same edit in three or more sentences, as when a product is renamed
  synonym     one plain word for another; spelling: a typo or an inflection; heading, furniture: not a statement
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from rapidfuzz.distance import Indel

from watcher.compare.align import Alignment, Link
from watcher.compare.edits import Edit, Side, edits, side_of
from watcher.compare.meaning import STATEMENTS, content, kinds, says, wording
from watcher.compare.quotes import around, shortened
from watcher.compare.units import Unit
from watcher.records import Change, Kind

#: Kinds that concern the document more than the data; told only where no other kind speaks.
ASIDE: frozenset[Kind] = frozenset({"contact", "scope", "notice", "date", "controller", "legal_basis", "security"})
RESTATED = 0.34  #: a sentence of whose telling word pairs so few are new says nothing new
REPEATED = 3  #: the same edit in so many sentences is a renaming
MOST_KINDS = 2  #: kinds told for one sentence
SPELLING = 0.74  #: two words so alike, of which the old one is gone from the document, are one word spelt better
SENTENCE = 5  #: words; shorter lines without a verb are labels

Pairs = frozenset[tuple[str, str]]


class Pages:
    """What the two versions say as wholes."""

    def __init__(self, alignment: Alignment) -> None:
        self.words = tuple({w for u in units for w in u.words} for units in (alignment.old, alignment.new))
        self._pairs: list[set[tuple[str, str]]] = [
            {pair for u in units for pair in _telling(u.words, u.clause.language)}
            for units in (alignment.old, alignment.new)
        ]

    def novelty(self, words: tuple[str, ...], language: str, *, side: int) -> float:
        """The share of the telling word pairs that the other version (of `side`) has nowhere."""
        pairs = _telling(words, language)
        if not pairs:
            return 0.0
        return sum(pair not in self._pairs[1 - side] for pair in pairs) / len(pairs)


def _telling(words: tuple[str, ...], language: str) -> list[tuple[str, str]]:
    """Neighbouring words that carry meaning, the empty ones between them left out."""
    told = content(words, language)
    return list(pairwise(told))


def diff_wording(alignment: Alignment, explained: Mapping[int, set[Kind]]) -> list[Change]:
    """The changes of wording; `explained`: by index in `alignment.changed`, the kinds that facts have told."""
    pages = Pages(alignment)
    links = alignment.changed
    edited = {i: (side_of(link.old), side_of(link.new)) for i, link in enumerate(links) if link.old and link.new}
    made = {i: edits(*sides) for i, sides in edited.items()}
    repeated = Counter((e.old, e.new) for es in made.values() for e in {(e.old, e.new): e for e in es}.values())
    changes: list[Change] = []
    for i, link in enumerate(links):
        told = explained.get(i, set())
        if i in edited:
            changes += _reworded(link, edited[i], made[i], repeated, pages, told)
        else:
            changes += _whole(link, pages, told)
    return changes


# --- whole sentences -------------------------------------------------------------------------------------------------


def _whole(link: Link, pages: Pages, told: set[Kind]) -> list[Change]:
    """A sentence that came or went."""
    side = 1 if link.new else 0
    unit = (link.new or link.old)[0]
    signals = ["sentence", *_nature(unit)]
    if pages.novelty(unit.words, unit.clause.language, side=side) < RESTATED:
        signals.append("restated")
    found = statement_kinds(unit)
    if told:
        found = tuple(k for k in found[:1] if k not in told and k not in ASIDE)
    return [_sentence_change(unit, side, kind, signals) for kind in found or (() if told else ("editorial",))]


def statement_kinds(unit: Unit) -> tuple[Kind, ...]:
    """What a sentence is about: by its own frames, with its list's lead, else by its heading."""
    language = unit.clause.language
    own = kinds(unit.text, language)
    if unit.clause.shape in ("item", "row", "term") and not (set(own) - ASIDE):
        own = (*kinds(unit.clause.lead, language), *own) or kinds(" ".join(unit.clause.path[-1:]), language)
    if "date" in own:
        return ("date",)
    strong = tuple(k for k in own if k not in ASIDE)
    return (strong or own)[:MOST_KINDS]


def _nature(unit: Unit) -> list[str]:
    """What sort of line it is, where it isn't a plain statement."""
    language, text = unit.clause.language, unit.text
    signals = []
    if unit.clause.shape == "heading":
        signals.append("heading")
    elif len(unit.words) < SENTENCE and not says("verb", text, language) and unit.clause.shape == "paragraph":
        signals.append("furniture")
    if _points(unit):
        signals.append("pointer")
    if says("statistics", text, language):
        signals.append("statistics")
    return signals


def _points(unit: Unit) -> bool:
    """Whether the sentence sends the reader elsewhere before it states anything."""
    table = wording(unit.clause.language)
    pointer = table.cues["pointer"].search(unit.text)
    if pointer is None:
        return False
    first = min(
        (m.start() for k, f in table.frames.items() if k not in ASIDE and (m := f.search(unit.text))), default=None
    )
    return first is None or pointer.start() <= first


def _sentence_change(unit: Unit, side: int, kind: Kind, signals: Sequence[str]) -> Change:
    quote = around(unit.text, 0, len(unit.text))
    return Change(
        kind=kind,
        action="added" if side else "removed",
        subject=shortened(unit.text),
        quote_old="" if side else quote,
        quote_new=quote if side else "",
        section=" > ".join(unit.clause.path),
        old_anchor="" if side else unit.clause.anchor,
        new_anchor=unit.clause.anchor if side else "",
        signals=tuple(signals),
    )


# --- edits inside a sentence -----------------------------------------------------------------------------------------


def _reworded(
    link: Link,
    sides: tuple[Side, Side],
    made: Sequence[Edit],
    repeated: Mapping[tuple[tuple[str, ...], tuple[str, ...]], int],
    pages: Pages,
    told: set[Kind],
) -> list[Change]:
    """The edits of one pair: those that may mean something each, else one editorial change."""
    unit = link.new[0]
    language = unit.clause.language
    weighed = [(e, _edit_signals(e, sides, repeated, pages, unit)) for e in made]
    telling = [(e, s) for e, s in weighed if not s & {"empty", "spelling"}]
    whole = _binding(sides, language)
    if not telling and not whole:
        if told:
            return []
        return [_edit_change(link, sides, made, "editorial", ["edit", "spelling", *_nature(unit)])]
    signals = ["edit", *whole, *_nature(unit), *sorted(set().union(*(s for _, s in telling)))]
    found = _edit_kinds(link, sides, telling)
    if told:
        found = tuple(k for k in found[:1] if k not in told and k not in ASIDE and whole)
    edits_shown = [e for e, _ in telling] or list(made)
    return [_edit_change(link, sides, edits_shown, kind, signals) for kind in found or (() if told else ("editorial",))]


def _binding(sides: tuple[Side, Side], language: str) -> list[str]:
    """How the sentence binds otherwise than before."""
    counts = {cue: tuple(says(cue, s.text, language) for s in sides) for cue in STATEMENTS}
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


def _edit_signals(
    edit: Edit,
    sides: tuple[Side, Side],
    repeated: Mapping[tuple[tuple[str, ...], tuple[str, ...]], int],
    pages: Pages,
    unit: Unit,
) -> set[str]:
    language = unit.clause.language
    old, new = content(edit.old, language), content(edit.new, language)
    if Counter(old) == Counter(new):
        return {"empty"}
    if _spelling(old, new, pages):
        return {"spelling"}
    signals = set()
    if repeated[edit.old, edit.new] >= REPEATED:
        signals.add("repeated")
    if [w for w in old if w[0].isdigit()] != [w for w in new if w[0].isdigit()]:
        signals.add("number")
    if len(old) == len(new) == 1 and not _named(edit):
        signals.add("synonym")
    if pages.novelty(_with_neighbours(edit, sides, 1), language, side=1) > RESTATED and len(new) > 1:
        signals.add("novel")
    if len(old) > 1 and pages.novelty(_with_neighbours(edit, sides, 0), language, side=0) > RESTATED:
        signals.add("novel")
    return signals


def _with_neighbours(edit: Edit, sides: tuple[Side, Side], side: int) -> tuple[str, ...]:
    return edit.new if side else edit.old


def _named(edit: Edit) -> bool:
    """Whether a word of the edit is written like a name."""
    return any(w[:1].isupper() for part in (edit.before, edit.after) for w in part.split())


def _spelling(old: Sequence[str], new: Sequence[str], pages: Pages) -> bool:
    """Whether the words are the same ones inflected or spelt better."""
    if len(old) != len(new) or not old:
        return False
    return all(
        a == b or _stem(a) == _stem(b) or (_alike(a, b) and a not in pages.words[1])
        for a, b in zip(old, new, strict=True)
    )


def _alike(a: str, b: str) -> bool:
    return min(len(a), len(b)) >= 4 and Indel.normalized_similarity(a, b) >= SPELLING and not a[0].isdigit()


def _stem(word: str) -> str:
    for ending in ("ing", "ies", "ied", "es", "ed", "s", "y", "e"):
        if len(word) > len(ending) + 2 and word.endswith(ending):
            return word[: -len(ending)]
    return word


def _edit_kinds(link: Link, sides: tuple[Side, Side], telling: Iterable[tuple[Edit, set[str]]]) -> tuple[Kind, ...]:
    """What the edited words are about: by themselves, else by the sentence in which they stand."""
    unit = link.new[0]
    language = unit.clause.language
    own: list[Kind] = []
    for edit, _ in telling:
        own += kinds(edit.after, language) + kinds(edit.before, language)
    sentence = statement_kinds(unit) or statement_kinds(link.old[0])
    if "date" in sentence:
        return ("date",)
    strong = tuple(dict.fromkeys(k for k in own if k not in ASIDE))
    return strong[:MOST_KINDS] or sentence[:1] or tuple(dict.fromkeys(own))[:1]


def _edit_change(
    link: Link, sides: tuple[Side, Side], shown: Sequence[Edit], kind: Kind, signals: Sequence[str]
) -> Change:
    first, last = (shown[0], shown[-1]) if shown else (None, None)
    before = " … ".join(e.before for e in shown if e.before)
    after = " … ".join(e.after for e in shown if e.after)
    return Change(
        kind=kind,
        action="changed",
        subject=shortened(after or before or sides[1].text),
        before=shortened(before, 120),
        after=shortened(after, 120),
        quote_old=around(sides[0].text, first.old_span[0], last.old_span[1]) if first and last else sides[0].text,
        quote_new=around(sides[1].text, first.new_span[0], last.new_span[1]) if first and last else sides[1].text,
        section=" > ".join(link.new[0].clause.path),
        old_anchor=link.old[0].clause.anchor,
        new_anchor=link.new[0].clause.anchor,
        signals=tuple(signals),
    )
