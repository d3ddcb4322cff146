"""What is known of each changed place before it is told: its edits, what it is about, and what sort of line it is.

The signals that the judge weighs:
  sentence    a whole sentence came or went; edit: words inside one did
  negation, limit ("only", "unless", "with your consent"), modality ("may" became "will"): came, went or changed
  number      a number changed; listed: a list has a member more or less
  novel       the words were nowhere in the other version; familiar: half of them were; restated: most were, said
              differently; repeats: all were; offering: a new section brings a product under the policy
  pointer     it only sends the reader elsewhere; document: only names of documents changed; citation: of a law
  duty        it asks something of the reader; definition: what a word means; statistics: yearly figures
  repeated    the same edit in three or more sentences, as when a product is renamed
  synonym     one plain word for another; spelling: a typo or an inflection; heading, furniture: not a statement
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import Indel

from watcher.compare.align import Alignment, Link, Stream
from watcher.compare.edits import Edit, Side, edits, side_of
from watcher.compare.meaning import BINDING, RANK, content, kinds, says, titled, wording
from watcher.compare.units import Unit
from watcher.records import Kind

#: Kinds that concern the document more than the data; told only where no other kind speaks.
ASIDE: frozenset[Kind] = frozenset({"contact", "scope", "notice", "date", "controller", "security"})
RESTATED = 0.34  #: a sentence of whose telling word pairs so few are new says nothing new
FAMILIAR = 0.5  #: ... and so few: nothing new if its facts are known too
REPEATS = 0.02  #: ... and so few: it says it in the same words
REPEATED = 3  #: the same edit in so many sentences is a renaming
SPELLING = 0.7  #: two words so alike, of which the old one is gone from the document, are one word spelt better
LABEL = 5  #: words; shorter lines without a verb are labels
LONG = 5  #: telling words; a longer insertion is new where the other version hasn't got it word for word
NEAR = 40  #: characters before an edit that belong to its phrase
RARE = 2  #: occurrences; a word that is not rarer is no slip of the pen

#: Between the entries of a menu in one line.
_SEPARATORS = ("·", "|", "•", "»")
_CJK = re.compile("[\u3400-\u9fff]")
_FIGURE = re.compile(r"\w: ?\d[\d,.]*$")
_JOINT_LEFT = re.compile(r"[,、，;；/]\s*$")
_JOINT_RIGHT = re.compile(r"\s*(?:[,、，;；/]|and\b|or\b|及|和|或)")
_Repeats = Mapping[tuple[tuple[str, ...], tuple[str, ...]], int]


@dataclass(frozen=True)
class Changed:
    """One changed place."""

    link: Link
    sides: tuple[Side, Side]
    edits: tuple[Edit, ...]  #: those that may mean something, else all; () for a whole sentence
    about: tuple[Kind, ...]  #: what it is about, the most telling first
    signals: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether a whole sentence came or went."""
        return not (self.link.old and self.link.new)

    @property
    def unit(self) -> Unit:
        """The sentence to show: the new one where there is one."""
        return (self.link.new or self.link.old)[0]


class Pages:
    """What the two versions say as wholes."""

    def __init__(self, alignment: Alignment) -> None:
        sides = (alignment.old, alignment.new)
        self.words = tuple(Counter(w for u in units for w in u.words) for units in sides)
        self._headings = {u.key for units in sides for u in units if u.clause.shape == "heading" and len(u.words) > 1}
        self._streams = tuple(Stream(units) for units in sides)
        self._sections = tuple(
            {link.new[0].text if side else link.old[0].text for link in alignment.links if _is_heading(link, side)}
            for side in (0, 1)
        )
        self._pairs = tuple({p for u in units for p in _telling(u.words, u.clause.language)} for units in sides)

    def novelty(self, words: tuple[str, ...], language: str, *, side: int) -> float:
        """The share of the telling word pairs that the other version (of `side`) has nowhere."""
        pairs = _telling(words, language)
        if not pairs:
            return 0.0
        return sum(pair not in self._pairs[1 - side] for pair in pairs) / len(pairs)

    def lacks(self, words: tuple[str, ...], *, side: int) -> bool:
        """Whether the other version (of `side`) has these words nowhere in a row."""
        return not self._streams[1 - side].holds(words)

    def lists_headings(self, unit: Unit) -> bool:
        """Whether it is a table of contents: most of its words are headings of the policy."""
        if unit.clause.shape == "heading" or len(unit.words) < 3 * LABEL:
            return False
        text = f" {unit.key} "
        found = [heading for heading in self._headings if f" {heading} " in text]
        return len(found) >= 3 and sum(h.count(" ") + 1 for h in found) * 2 > len(unit.words)

    def own_section(self, unit: Unit, *, side: int) -> bool:
        """Whether the sentence stands in a section that the other version hasn't got."""
        return any(heading in self._sections[side] for heading in unit.clause.path)


def _is_heading(link: Link, side: int) -> bool:
    """Whether the link is a heading that came (side 1) or went (side 0)."""
    return link.outcome == ("gone", "new")[side] and (link.new or link.old)[0].clause.shape == "heading"


def _telling(words: tuple[str, ...], language: str) -> list[tuple[str, ...]]:
    """Neighbouring words that carry meaning, the empty ones between them left out; of Chinese signs, three."""
    told = content(words, language)
    return list(zip(told, told[1:], told[2:], strict=False) if language == "zh" else pairwise(told))


def changed_places(alignment: Alignment) -> list[Changed]:
    """Every changed place of two versions, in the new one's order."""
    if not alignment.changed:
        return []
    pages = Pages(alignment)
    rows = [(link, (side_of(link.old), side_of(link.new))) for link in alignment.changed]
    made = [(link, sides, edits(*sides) if link.old and link.new else ()) for link, sides in rows]
    repeats = Counter(key for _, _, es in made for key in {_bag(e) for e in es})
    return [
        _edited(link, sides, es, repeats, pages) if es else _sentence(link, sides, pages)
        for link, sides, es in made
        if es or not (link.old and link.new)  # the same words in a row, cut otherwise, are no change
    ]


def _bag(edit: Edit) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """An edit whatever the order of its words: how the same words are cut out depends on their neighbours."""
    return tuple(sorted(edit.old)), tuple(sorted(edit.new))


# --- whole sentences -------------------------------------------------------------------------------------------------


def _sentence(link: Link, sides: tuple[Side, Side], pages: Pages) -> Changed:
    side = 1 if link.new else 0
    unit = (link.new or link.old)[0]
    signals = ["sentence", *_nature(unit)]
    novelty = pages.novelty(unit.words, unit.clause.language, side=side)
    if pages.lists_headings(unit):
        signals.append("furniture")
    if novelty < FAMILIAR:
        signals.append("familiar")
    if pages.own_section(unit, side=side) and says("offering", unit.text, unit.clause.language):
        signals.append("offering")
    if novelty < RESTATED and not pages.own_section(unit, side=side):
        signals += ["restated"] if novelty > REPEATS else ["restated", "repeats"]
    return Changed(link, sides, (), about(unit), tuple(signals))


def about(unit: Unit) -> tuple[Kind, ...]:
    """What a sentence is about: by its own frames, else by its list's lead or its columns, else by its heading."""
    language, clause = unit.clause.language, unit.clause
    own = kinds(unit.text, language)
    heading = titled(" ".join(clause.path[-1:]), language)
    lead = " ".join((unit.lead, *clause.columns))
    context = tuple(dict.fromkeys((*kinds(lead, language), *titled(lead, language)))) or heading
    if "retention" in context and "retention" not in own and says("duration", unit.text, language):
        return ("retention", *own)
    listed = unit.lead or clause.shape in ("item", "row", "term")
    if own or not listed or (says("verb", unit.text, language) and len(unit.words) > LABEL):
        return own
    return tuple(k for k in context if k not in ASIDE)


def _nature(unit: Unit) -> list[str]:
    """What sort of line it is, where it isn't a plain statement."""
    language, text = unit.clause.language, unit.text
    signals = []
    if unit.clause.shape == "heading":
        signals.append("heading")
    elif _is_furniture(unit) and (about(unit)[:1] != ("date",) or says("relative", text, language)):
        signals.append("furniture")
    if _opens_with("pointer", unit) or says("elsewhere", text, language):
        signals.append("pointer")
    if _opens_with("duty", unit) or (says("duty", text, language) and not says("actor", text, language)):
        signals.append("duty")
    if _opens_with("definition", unit):
        signals.append("definition")
    if says("statistics", text, language) or _is_figures(unit):
        signals.append("statistics")
    return signals


def _is_furniture(unit: Unit) -> bool:
    """Whether the line belongs to the page: a label, a menu, a counter, small print, or no word of a policy in it."""
    language, text = unit.clause.language, unit.text
    if _is_label(unit) or says("relative", text, language) or says("imprint", text, language):
        return True
    return not says("policy", f"{unit.lead} {text}", language) and (_opens_with("pointer", unit) or not about(unit))


def _is_label(unit: Unit) -> bool:
    """Whether the line is a label, the name of a document, or a row of them, as menus have them."""
    language, text = unit.clause.language, unit.text
    separators = sum(text.count(sign) for sign in _SEPARATORS)
    if unit.clause.shape != "row" and separators > 2 and separators * 8 > len(unit.words):
        return True
    if len(unit.words) >= LABEL * (3 if _CJK.search(text) else 1) or says("verb", text, language):
        return False
    alone = unit.clause.shape == "paragraph" and not unit.lead
    return alone or says("document", text, language) > 0


def _is_figures(unit: Unit) -> bool:
    """Whether it is a row of figures, or a figure with its name."""
    figures = sum(w[0].isdigit() for w in unit.words)
    return (figures >= 3 and figures * 4 >= len(unit.words)) or _FIGURE.search(unit.text) is not None


def _opens_with(cue: str, unit: Unit) -> bool:
    """Whether the cue stands before any practice is stated."""
    table = wording(unit.clause.language)
    found = table.cues[cue].search(unit.text)
    if found is None:
        return False
    frames = (f.search(unit.text) for kind, f in table.frames.items() if kind not in ASIDE)
    first = min((m.start() for m in frames if m), default=None)
    return first is None or found.start() <= first


# --- edits inside a sentence -----------------------------------------------------------------------------------------


def _edited(link: Link, sides: tuple[Side, Side], made: Sequence[Edit], repeats: _Repeats, pages: Pages) -> Changed:
    unit = link.new[0]
    weighed = [(e, _edit_signals(e, sides, repeats, pages, unit)) for e in made]
    telling = [(e, s) for e, s in weighed if not s & {"empty", "spelling"}]
    together = _together([s for _, s in telling])
    binding = [] if {"pointer", "document"} & set(together) else _binding(sides, unit.clause.language)
    if not telling and not binding:
        return Changed(link, sides, tuple(made), (), ("edit", "spelling", *_nature(unit)))
    signals = ["edit", *binding, *_nature(unit), *together]
    shown = tuple(e for e, _ in telling) or tuple(made)
    return Changed(link, sides, shown, _about_edits(link, sides, shown), tuple(signals))


def _together(signals: Sequence[set[str]]) -> list[str]:
    """The signals of a place: what any edit shows, but what excuses an edit only where it excuses all."""
    if not signals:
        return []
    excuses = {"pointer", "repeated", "synonym", "document", "citation"}
    return sorted((set().union(*signals) - excuses) | (set.intersection(*signals) & excuses))


def _binding(sides: tuple[Side, Side], language: str) -> list[str]:
    """How the sentence binds otherwise than before."""
    counts = {cue: tuple(says(cue, s.text, language) for s in sides) for cue in BINDING}
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


def _edit_signals(edit: Edit, sides: tuple[Side, Side], repeats: _Repeats, pages: Pages, unit: Unit) -> set[str]:
    language = unit.clause.language
    old, new = content(edit.old, language), content(edit.new, language)
    if _spelling(edit.old, edit.new, pages):
        return {"spelling"}
    if Counter(old) == Counter(new) or all(len(w) < 3 and w.isascii() and w.isalpha() for w in (*old, *new)):
        return {"empty"}
    if _doubled(edit, sides):
        return {"empty"}
    signals = set()
    if repeats[_bag(edit)] >= REPEATED:
        signals.add("repeated")
    if [w for w in old if w[0].isdigit()] != [w for w in new if w[0].isdigit()]:
        signals.add("number")
    if len(old) == len(new) == 1 and not _named(edit):
        signals.add("synonym")
    if _document(edit, len(old), len(new), language):
        signals.add("document")
    named_link = says("link", sides[1].text[: edit.new_span[0]][-40:], language) and edit.before and edit.after
    if named_link or all(not part or says("pointer", part, language) for part in (edit.before, edit.after)):
        signals.add("pointer")
    if not new and all(w[0].isdigit() or len(w) == 2 for w in old):
        signals.add("citation")
    if _listed(edit, sides, len(old) + len(new)):
        signals.add("listed")
    if any(
        len(told) > 1
        and (
            pages.novelty(words, language, side=side) > RESTATED or (len(told) > LONG and pages.lacks(words, side=side))
        )
        for side, (told, words) in enumerate(((old, edit.old), (new, edit.new)))
    ):
        signals.add("novel")
    return signals


def _listed(edit: Edit, sides: tuple[Side, Side], telling: int) -> bool:
    """Whether the words are one more, or one less, member of a list inside the sentence."""
    if bool(edit.old) == bool(edit.new) or telling < 2:
        return False
    text, (start, end) = (sides[1].text, edit.new_span) if edit.new else (sides[0].text, edit.old_span)
    return bool(_JOINT_LEFT.search(text[max(0, start - 6) : start]) or _JOINT_RIGHT.match(text[end : end + 6]))


def _doubled(edit: Edit, sides: tuple[Side, Side]) -> bool:
    """Whether the words only stand once more, or once less, than they did in the sentence."""
    if bool(edit.old) == bool(edit.new) or len(edit.old) + len(edit.new) < 3:
        return False
    kept = sides[0] if edit.new else sides[1]
    return f" {' '.join(edit.old or edit.new)} " in f" {' '.join(kept.words)} "


def _document(edit: Edit, old: int, new: int, language: str) -> bool:
    """Whether the words are names of documents, or one and next to nothing."""
    named = (says("document", edit.before, language), says("document", edit.after, language))
    return any(named) and (bool(named[0]) or old <= 2) and (bool(named[1]) or new <= 2) and old + new <= 12


def _named(edit: Edit) -> bool:
    """Whether a word of the edit is written like a name."""
    return any(w[:1].isupper() for part in (edit.before, edit.after) for w in part.split())


def _spelling(old: Sequence[str], new: Sequence[str], pages: Pages) -> bool:
    """Whether the words are the same ones inflected or spelt better."""
    if len(old) != len(new) or not old:
        return False
    return all(
        _stem(a) == _stem(b) or (_alike(a, b) and pages.words[0][a] <= RARE) for a, b in zip(old, new, strict=True)
    )


def _alike(a: str, b: str) -> bool:
    return min(len(a), len(b)) >= 4 and Indel.normalized_similarity(a, b) >= SPELLING and (a + b).isalpha()


def _stem(word: str) -> str:
    for ending in ("ing", "ies", "ied", "es", "ed", "s", "y", "e"):
        if len(word) > len(ending) + 2 and word.endswith(ending):
            return word[: -len(ending)]
    return word


def _about_edits(link: Link, sides: tuple[Side, Side], shown: Sequence[Edit]) -> tuple[Kind, ...]:
    """What the edited words are about: by themselves, else by the sentence in which they stand."""
    language = link.new[0].clause.language
    sentence = about(link.new[0]) or about(link.old[0])
    if "date" in sentence:
        return ("date",)
    if "controller" in sentence and any(says("company", e.after, language) for e in shown):
        return ("controller",)
    own = [k for e in shown for text in (e.after, e.before) for k in kinds(text, language) if k not in ASIDE]
    if any(says("special", text, language) for e in shown for text in (e.after, e.before)):
        own.append("purpose")
        special = True
    else:
        special = any(says("special", _close(sides[1], e.new_span), language) for e in shown)
    told: list[Kind] = [k for k in own if RANK[k] < RANK["purpose"]]
    told += (
        ["purpose"] if special and sentence[:1] == ("collection",) else [k for k in own if k == "purpose" and special]
    )
    told += [k for k in sentence if RANK[k] < RANK["purpose"]]
    return tuple(dict.fromkeys((*told, *own, *sentence)))


def _close(side: Side, span: tuple[int, int]) -> str:
    """The changed words with the few before them."""
    return side.text[max(0, span[0] - NEAR) : span[1]]
