"""What is known of each changed place before it is told: its edits, what it is about, and what sort of line it is.

The signals that the judge weighs:
  sentence    a whole sentence came or went; edit: words inside one did
  negation, limit ("only", "unless", "with your consent"), modality ("may" became "will"): came, went or changed
  number      a number changed; period: a time; nearly: only the days of a month, or "up to"; age: an age; name: a name;
              listed: a list has a member more or less
  member      ... which names a thing of the same sort as its neighbours; term: a term of the field came or went, as a
              right, a legal basis or a tracker
  novel       the words were nowhere in the other version; familiar: half of them were; restated: most were, said
              differently; repeats: all were; offering: a new section brings a product under the policy
  unlisted    an item came or went in one list, while other lists have it; its lead gives it the meaning there
  denial      it says that something is not done; bound: only so, or by a person; caveat: that nothing is quite safe
  pointer     it only sends the reader elsewhere; document: only names of documents changed; citation: of a law;
              channel: only the way to write to somebody, as easy as before
  duty        it asks something of the reader; definition: what a word means; statistics: yearly figures;
              preface: what the document is about; breach: it speaks of a breach of security
  reworded    as much that tells came as went, of the same things: said in other words
  same        its whole passage says the same: of the same things, denied, bound and limited as before
  datum, party, deed, guard, burden, use
              it alone of its rewritten passage names data, a party, a deed, what guards people or burdens them, or a
              use that they mind (compare/restated.py)
  repeated    the same edit in three or more sentences, as when a product is renamed
  example     only what is named in brackets as an example, and neither party nor data
  synonym     one plain word for another; spelling: a typo or an inflection; heading, furniture: not a statement
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from watcher.compare.align import Alignment, Link
from watcher.compare.edits import Edit, Side, edits, side_of
from watcher.compare.evidence import Weighed, weighed
from watcher.compare.inside import gained_or_lost
from watcher.compare.lines import ASIDE, fields_of, nature, speaks
from watcher.compare.meaning import content, says
from watcher.compare.pages import Pages
from watcher.compare.passages import rewritten
from watcher.compare.sense import reworded, same_stance, same_things, sense, untitled
from watcher.compare.units import Unit, words
from watcher.compare.weigh import Repeats, about_edits, about_time, bag, binding, edit_signals, together
from watcher.records import Kind

RESTATED = 0.34  #: a sentence of whose telling word pairs so few are new says nothing new
FAMILIAR = 0.5  #: ... and so few: nothing new if its facts are known too
REPEATS = 0.02  #: ... and so few: it says it in the same words


#: Kinds of which a term more or less in a sentence is told.
TERMED: frozenset[Kind] = frozenset({"rights", "legal_basis", "transfer", "tracking", "sale"})
#: What a whole sentence promises, by its cues.
PROMISES = (("denial", ("negation",)), ("bound", ("limit", "human")))

#: What a sentence of a rewritten passage is told as by what stands in it alone, where nothing else tells.
ALONE: dict[str, Kind] = {
    "use": "purpose",
    "datum": "collection",
    "party": "sharing",
    "deed": "rights",
    "guard": "rights",
    "burden": "rights",
}
#: What a line in which something stands alone is not.
IDLE = frozenset({"pointer", "duty", "preface", "definition", "statistics", "furniture", "document", "channel"})
#: How a sentence may bind otherwise than before.
BINDS = frozenset({"negation won", "negation lost", "limit won", "limit lost", "will -> may", "may -> will"})

Turns = frozenset[str] | None  #: what turned in a sentence of a rewritten passage, if anything; None for any other

#: What an edit shows that is no news where the passage says the same.
SETTLED = frozenset({"number", "period", "age", "name"})


@dataclass(frozen=True)
class Changed:
    """One changed place."""

    link: Link
    sides: tuple[Side, Side]
    edits: tuple[Edit, ...]  #: those that may mean something, else all; () for a whole sentence
    about: tuple[Kind, ...]  #: what it is about, the most telling first
    signals: tuple[str, ...]
    chief: tuple[Kind, ...] = ()  #: the kinds that it is told as: those of a sentence, or of its edits

    @property
    def whole(self) -> bool:
        """Whether a whole sentence came or went."""
        return not (self.link.old and self.link.new)

    @cached_property
    def mains(self) -> tuple[Kind, ...]:
        """The kinds that it tells as such: its chief ones; of a row that came or went, those of its columns."""
        fields = fields_of(self.unit) if self.whole else ()
        return tuple(k for k in fields if k in self.about) or self.chief or self.about[:1]

    @property
    def unit(self) -> Unit:
        """The sentence to show: the new one where there is one."""
        return (self.link.new or self.link.old)[0]


def changed_places(alignment: Alignment) -> list[Changed]:
    """Every changed place of two versions, in the new one's order."""
    if not alignment.changed:
        return []
    pages = Pages(alignment)
    rows = [(link, (side_of(link.old), side_of(link.new))) for link in alignment.changed]
    made = [(link, sides, edits(*sides) if link.old and link.new else ()) for link, sides in rows]
    repeats = Counter(key for link, _, es in made for key in {bag(e, link.new[0].clause.language) for e in es})
    turns = rewritten(alignment, rows)
    return [
        _edited(link, sides, es, repeats, pages, turns.get(i)) if es else _sentence(link, sides, pages, turns.get(i))
        for i, (link, sides, es) in enumerate(made)
        if es or not (link.old and link.new)  # the same words in a row, cut otherwise, are no change
    ]


def _sentence(link: Link, sides: tuple[Side, Side], pages: Pages, turns: Turns) -> Changed:
    same = turns is not None and not turns
    side = 1 if link.new else 0
    unit = (link.new or link.old)[0]
    signals = ["sentence", *nature(unit)]
    unlisted = link.listed and not speaks(unit)
    novelty = 1.0 if unlisted else pages.novelty(unit.words, unit.clause.language, side=side)
    if unlisted:
        signals.append("unlisted")
    if pages.lists_headings(unit):
        signals.append("furniture")
    signals += [signal for signal, cues in PROMISES if any(says(c, unit.text, unit.clause.language) for c in cues)]
    if novelty < FAMILIAR:
        signals.append("familiar")
    if pages.own_section(unit, side=side) and says("offering", unit.text, unit.clause.language):
        signals.append("offering")
    if turns:
        signals += sorted(turns)
    elif novelty < RESTATED and not pages.own_section(unit, side=side):
        signals += ["restated"] if novelty > REPEATS else ["restated", "repeats"]
    elif same and not unlisted:
        signals += ["restated", "reworded"]
    if same and not unlisted:
        signals.append("same")
    if turns and ALONE.keys() & turns:
        signals = [signal for signal in signals if signal not in IDLE]
    kinds = _named(weighed(unit), turns)
    return Changed(link, sides, (), kinds.about, tuple(signals), kinds.mains)


def _with_turns(shared: Iterable[str], turns: frozenset[str]) -> list[str]:
    """The signals of a recast sentence: what stands alone in it is new, whatever sort of line it is."""
    own = {"novel"} if ALONE.keys() & turns else set()
    return sorted({*shared, *(turns - BINDS), *own} - (IDLE if own else set()))


def _named(kinds: Weighed, turns: Turns) -> Weighed:
    """What a sentence is about, by what stands alone in it where nothing else tells."""
    if not turns or not ALONE.keys() & turns or (kinds.about and kinds.about[0] not in ASIDE):
        return kinds
    named = tuple(dict.fromkeys(kind for sign, kind in ALONE.items() if sign in turns))
    return Weighed((*named, *kinds.about), named[:1])


def _edited(
    link: Link, sides: tuple[Side, Side], made: tuple[Edit, ...], repeats: Repeats, pages: Pages, turns: Turns
) -> Changed:
    same = turns is not None and not turns
    unit = link.new[0]
    language = unit.clause.language
    if Counter(content(sides[0].words, language)) == Counter(content(sides[1].words, language)):
        return Changed(link, sides, made, (), ("edit", "spelling", *nature(unit)))
    weighed = [(e, edit_signals(e, sides, repeats, pages, unit)) for e in made]
    telling = [(e, s) for e, s in weighed if not s & {"empty", "spelling"}]
    shared = together([s for _, s in telling])
    binds = [] if {"pointer", "document"} & set(shared) else binding(sides, language)
    if not telling and not binds:
        return Changed(link, sides, made, (), ("edit", "spelling", *nature(unit)))
    polished = not _names_more([e for e, s in telling if "member" in s], sides, language) and _reworded(sides, language)
    if turns is not None:
        binds = sorted(turns & BINDS)
        shared = _with_turns(shared, turns)
    worded = not turns and (same or polished or (shared and all("example" in s for _, s in telling)))
    if worded and (same or same_stance(sides[0].text, sides[1].text, language)):
        shared = ["reworded", *(s for s in shared if s not in ("novel", "listed"))]
        binds = []
    if same:
        shared = ["same", *(s for s in shared if s not in SETTLED)]
    shown = tuple(e for e, _ in telling) or made
    kinds = _named(about_edits(sides, shown, (link.old[0], unit)), turns)
    if telling and all("period" in s for _, s in telling):
        kinds = about_time(kinds, sides)
    if not same and TERMED.intersection(kinds.mains[:1]) and gained_or_lost(sides, shown, kinds.mains[0], language):
        shared.append("term")
    return Changed(link, sides, shown, kinds.about, ("edit", *binds, *_nature_kept(link), *shared), kinds.mains)


def _names_more(members: Sequence[Edit], sides: tuple[Side, Side], language: str) -> bool:
    """Whether one of the members of a list that came or went is said nowhere else in the sentence."""
    before, after = (sense(side.words, language) for side in sides)
    exchanged = (before - after) | (after - before)
    return any(exchanged & sense(e.old or e.new, language) for e in members)


def _reworded(sides: tuple[Side, Side], language: str) -> bool:
    """Whether the sentence says the same of the same things in other words."""
    old, new = untitled(sides[0].seen, sides[1].seen)
    return reworded(words(old), words(new), language) and same_things(old, new, language)


def _nature_kept(link: Link) -> list[str]:
    """The nature of the new sentence, as far as the old one shared it: a practice turned into a pointer is gone."""
    was, is_now = nature(link.old[0]), nature(link.new[0])
    return [signal for signal in is_now if signal in was]
