"""Facts that came, went or changed value, over the whole of both documents.

A fact counts only where the words that state it changed; it is new only if its subject was nowhere before, gone only
if it is nowhere now; what is stated of the same subject with another value, by a sentence that was reworded, changed.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from watcher.compare.align import Alignment
from watcher.compare.changed import Changed
from watcher.compare.meaning import every, says, titled
from watcher.compare.quotes import around
from watcher.compare.units import Unit, words
from watcher.compare.whole import Whole
from watcher.lang.durations import days, nearly
from watcher.lang.names import is_company
from watcher.lang.values import sign_of
from watcher.records import Change, Fact, Facts, Kind, Reading

#: Kinds of which a sentence says nothing new if all its facts are known.
SETTLED: frozenset[Kind] = frozenset({"rights", "transfer", "children", "tracking", "security", "sale"})
#: Kinds whose facts carry a value worth comparing; the others only have a subject.
VALUED: frozenset[Kind] = frozenset({"retention", "children", "rights", "transfer", "date", "notice", "contact"})
#: Places that state no practice, whatever facts they mention.
QUIET: frozenset[str] = frozenset({"pointer", "statistics", "definition", "preface", "heading", "furniture"})
#: ... but that a value may state none the less: "Logs: 30 days" looks like a label.
BARE: frozenset[str] = frozenset({"furniture", "pointer", "preface"})
#: Patterns of values that are plain where they take another's place, whatever the sentence is about besides.
VALUES: frozenset[str] = frozenset({"place", "notice period"})
#: Kinds whose subject is a phrase of the sentence: another one for the same is no other fact.
PHRASED: frozenset[Kind] = frozenset({"purpose", "collection"})
#: Kinds whose facts, but for the plain ones, are not told where a sentence only was said in other words.
WORDED: frozenset[Kind] = PHRASED | {"rights", "retention"}
#: Kinds whose subject is a name: a mention anywhere in the other version means that it isn't new.
NAMING: frozenset[Kind] = frozenset({"sharing", "collection", "tracking", "transfer", "purpose", "controller", "scope"})
#: Facts that are plain whatever the sentence is about besides.
PLAIN: frozenset[tuple[Kind, str]] = frozenset(
    {("controller", "controller"), ("tracking", "do not track"), ("tracking", "global privacy control")}
)
#: Kinds that a mention in passing, as in a heading, does not tell: what the sentence says of them is still new.
MERELY: frozenset[Kind] = frozenset({"tracking"})
#: How a sentence says that what it denied is done, or the reverse.
_TURNS = frozenset({"negation lost", "negation won"})
_NAME = re.compile(
    r"[A-Z][\w&'-]*(?: [A-Z][\w&'-]*)*|[\u3400-\u9fff]{2,12}"
)  #: a name at the place where one must stand
FORMER = 20  #: characters behind a name within which it says how it was called before
#: What a Chinese category of data may end in or not, with the same meaning: 联系方式, 联系方式信息.
_GENERAL = re.compile("(?<=[\u3400-\u9fff]{3})(?:信息|数据)$")


@dataclass
class FactChanges:
    """The changes, and the places that they explain, each with the kinds that were told."""

    changes: list[Change] = field(default_factory=list)
    explained: defaultdict[int, set[Kind]] = field(default_factory=lambda: defaultdict(set))  #: by index of the place
    known: frozenset[int] = frozenset()  #: places all of whose facts stand in the other version too


@dataclass(frozen=True)
class _Placed:
    """A fact in a changed place."""

    fact: Fact
    unit: Unit
    place: int
    quote: str


def diff_facts(old: Reading, new: Reading, alignment: Alignment, places: Sequence[Changed]) -> FactChanges:
    """Every fact change that the changed places show."""
    found = FactChanges()
    if not places:
        return found
    before, after = _placed(old.facts, places, side=0), _placed(new.facts, places, side=1)
    lost, won = _changed_in_place(before, after, places, found)
    known_old = _Known(_like(won, old.facts), alignment.wholes[0])
    known_new = _Known(_like(lost, new.facts), alignment.wholes[1])
    lost = [p for p in lost if not (known_new.states(p.fact) or _time_kept(p, places, 1))]
    won = [p for p in won if not (known_old.states(p.fact) or _time_kept(p, places, 0))]
    lost, won = _moved_values(lost, won, found)
    found.known = _known_places(before, after, lost, won, places)
    for p in _once(won):
        _tell(found, None, p, known_old, _other_side(places[p.place], 0))
    for p in _once(lost):
        _tell(found, p, None, known_new, _other_side(places[p.place], 1))
    return found


def _like(placed: Sequence[_Placed], facts: Facts) -> Sequence[Fact]:
    """The facts of one version that may be those placed in the other."""
    return facts.of({p.fact.kind for p in placed}, {p.fact.key for p in placed}) if placed else ()


def _time_kept(p: _Placed, places: Sequence[Changed], side: int) -> bool:
    """Whether its sentence states the same time on that side too, of whatever its words make the subject there."""
    if places[p.place].whole or days(p.fact.norm) is None:
        return False
    sign = sign_of(p.fact.norm)
    here, there = (sum(v.sign == sign for v in places[p.place].sides[k].values) for k in (1 - side, side))
    return here <= there


def _other_side(place: Changed, side: int) -> str:
    """The words of a reworded sentence as they stand in the other version; "" where there were none."""
    if place.whole:
        return ""
    edit = place.edits[0]
    return around(place.sides[side].text, *(edit.new_span if side else edit.old_span))


def _known_places(
    before: Sequence[_Placed],
    after: Sequence[_Placed],
    lost: Sequence[_Placed],
    won: Sequence[_Placed],
    places: Sequence[Changed],
) -> frozenset[int]:
    """Whole sentences that state facts of their main kind, all of which the other version states too."""
    stated = {p.place for p in (*before, *after) if p.fact.kind in places[p.place].about[:1]}
    told = {p.place for p in (*lost, *won)}
    located = {p.place for p in before if p.fact.rule == "place" and places[p.place].whole}  # "our servers are in X"
    return frozenset(
        i for i in stated - told if i in located or ("familiar" in places[i].signals and places[i].about[0] in SETTLED)
    )


# --- which facts the changed words state -----------------------------------------------------------------------------


def _placed(facts: Facts, places: Sequence[Changed], *, side: int) -> list[_Placed]:
    """The facts that changed words of that side state, and that the place is about."""
    at: defaultdict[str, list[tuple[int, Unit]]] = defaultdict(list)
    for i, place in enumerate(places):
        for unit in place.link.new if side else place.link.old:
            at[unit.clause.hash].append((i, unit))
    placed = []
    for fact in facts.stated_in(at.keys()):
        for i, unit in at[fact.clause]:
            if _stands_in(fact, unit) and _admitted(fact, places[i], side):
                placed.append(_Placed(fact, unit, i, _quote(fact, unit)))
                break
    if any(p.fact.named and p.fact.kind == "sharing" for p in placed):
        placed = [p for p in placed if p.fact not in facts.own]
    return placed


def _stands_in(fact: Fact, unit: Unit) -> bool:
    """Whether the sentence, or the lead of its list, states the fact."""
    if unit.clause.text[fact.start : fact.end] != fact.quote:
        return True
    return fact.start < unit.start + len(unit.text) and unit.start < fact.end


def _admitted(fact: Fact, place: Changed, side: int) -> bool:
    """Whether the place is about the fact: by its main kind, or because the fact is plain enough to stand alone."""
    if not place.whole and not _TURNS.intersection(place.signals) and not _touched(fact, place, side):
        return False
    quiet = QUIET.intersection(place.signals)
    if quiet and not _is_entry(fact, place) and not (quiet <= BARE and _timed(fact)):
        return False
    if "same" in place.signals and not fact.named:
        return False
    if "reworded" in place.signals and fact.kind in WORDED and not plain(fact):
        return False
    if "caveat" in place.signals and fact.kind == "security":
        return False
    latin = place.unit.clause.language != "zh"  # whose numerals are words like any other
    if latin and "spelling" in place.signals and Counter(place.sides[0].words) != Counter(place.sides[1].words):
        return False  # a word spelt otherwise, not words in another order
    if not place.whole and fact.rule in VALUES:
        return True
    if plain(fact) and not (fact.named and says("connecting", place.unit.text, place.unit.clause.language)):
        return True
    fresh = "duty" not in place.signals and ("restated" not in place.signals or fact.kind in SETTLED)
    return fresh and fact.kind in place.mains


def _is_entry(fact: Fact, place: Changed) -> bool:
    """Whether a line without a verb is an entry in a section on recipients: "Acme   hosting   Ireland"."""
    path = place.unit.clause.path
    labels = QUIET.intersection(place.signals) == {"furniture"} and fact.named and len(place.unit.words) > 1
    return bool(labels and path and "sharing" in titled(path[-1], place.unit.clause.language))


def plain(fact: Fact) -> bool:
    """Whether the fact is plain from its words alone: a known name, a stated time, an age, a deadline, a signal."""
    if fact.kind == "sharing":
        return fact.named and (fact.rule in ("name list", "listed name", "stated name") or is_company(fact.subject))
    return _timed(fact) or (fact.kind, fact.key) in PLAIN


def _timed(fact: Fact) -> bool:
    """Whether it is a time for which data is kept or in which a request is answered, or an age."""
    if fact.kind == "retention":
        return fact.norm.startswith("P")
    return (fact.kind, fact.key) == ("rights", "deadline") or (fact.kind == "children" and bool(fact.value))


def _touched(fact: Fact, place: Changed, side: int) -> bool:
    """Whether an edit touches the words that name the fact's subject or value."""
    text = place.sides[side].text
    spans = [e.new_span if side else e.old_span for e in place.edits]
    for words_of in filter(None, (fact.subject, fact.value)):
        at = text.find(words_of)
        while at >= 0:
            if any(start <= at + len(words_of) and at <= end for start, end in spans):
                return True
            at = text.find(words_of, at + 1)
    return False


def _quote(fact: Fact, unit: Unit) -> str:
    at = unit.text.find(fact.subject) if fact.subject else -1
    if at < 0:
        at = max(0, fact.start - unit.start)
    return around(unit.text, at, min(len(unit.text), at + len(fact.subject)))


# --- what each version states anywhere -------------------------------------------------------------------------------


class _Known:
    """What a version states anywhere of the same subjects."""

    def __init__(self, facts: Sequence[Fact], whole: Whole) -> None:
        self._subjects = {(f.kind, f.key, f.polarity) for f in facts}
        self._values = {(f.kind, f.key, f.polarity, f.norm) for f in facts}
        self._whole = whole

    def states(self, fact: Fact) -> bool:
        """Whether the same fact, with the same value where it has one, stands somewhere."""
        if fact.kind in VALUED and fact.norm:
            return (fact.kind, fact.key, fact.polarity, fact.norm) in self._values
        return (fact.kind, fact.key, fact.polarity) in self._subjects

    def denies(self, fact: Fact) -> bool:
        """Whether the opposite stands somewhere."""
        return (fact.kind, fact.key, not fact.polarity) in self._subjects

    def says(self, name: str) -> bool:
        """Whether the words stand anywhere."""
        return self._whole.holds(words(name))

    def mentions(self, fact: Fact) -> bool:
        """Whether the subject's words stand anywhere, in whatever role."""
        return self._whole.holds(words(_GENERAL.sub("", fact.subject)))


# --- telling ---------------------------------------------------------------------------------------------------------


def _changed_in_place(
    before: Sequence[_Placed], after: Sequence[_Placed], places: Sequence[Changed], found: FactChanges
) -> tuple[list[_Placed], list[_Placed]]:
    """Tell the facts that changed inside a reworded sentence; return what is left on each side."""
    left = {id(p) for p in (*before, *after)}
    there: defaultdict[int, list[_Placed]] = defaultdict(list)
    for p in after:
        there[p.place].append(p)
    beside = [p for p in before if p.place in there]
    for same in (_same_fact, _same_subject, _same_kind_other_value, _same_company, _same_in_other_words):
        for p in beside:
            q = next((q for q in there[p.place] if {id(p), id(q)} <= left and same(p.fact, q.fact)), None)
            if q is None:
                continue
            left -= {id(p), id(q)}
            if same is _same_company or _equal(p.fact, q.fact) or _turned_in_words(p.fact, q.fact, places[p.place]):
                continue
            if same is not _same_in_other_words or {"novel", "listed"} & set(places[p.place].signals):
                _tell(found, p, q, None)
    return [p for p in before if id(p) in left], [q for q in after if id(q) in left]


def _same_fact(a: Fact, b: Fact) -> bool:
    return _same_subject(a, b) and _equal(a, b)


def _same_subject(a: Fact, b: Fact) -> bool:
    return (a.kind, a.key) == (b.kind, b.key)


def _same_kind_other_value(a: Fact, b: Fact) -> bool:
    return a.kind == b.kind and a.kind in VALUED and bool(a.norm or b.norm)


def _same_company(a: Fact, b: Fact) -> bool:
    """Whether two names are of one well-known company's products, of which one took the other's place."""
    product = a.rule == b.rule == "name list" and not (is_company(a.subject) or is_company(b.subject))
    return product and a.key.split()[:1] == b.key.split()[:1]


def _same_in_other_words(a: Fact, b: Fact) -> bool:
    """Whether two facts without a value share so many words that one is the other reworded."""
    if a.kind != b.kind or a.named or b.named or a.kind in VALUED:
        return False
    mine, yours = set(words(a.subject)), set(words(b.subject))
    return 5 * len(mine & yours) >= 2 * max(len(mine), len(yours), 1)


def _equal(a: Fact, b: Fact) -> bool:
    """Whether two facts of one subject say the same."""
    same_words = a.kind in VALUED or a.key == b.key
    return same_words and (a.norm, a.polarity) == (b.norm, b.polarity)


def _turned_in_words(a: Fact, b: Fact, place: Changed) -> bool:
    """Whether only the words that deny it changed, and the sentence denies what it denied."""
    return a.norm == b.norm != "" and "reworded" in place.signals and not _TURNS.intersection(place.signals)


def _moved_values(
    lost: Sequence[_Placed], won: Sequence[_Placed], found: FactChanges
) -> tuple[list[_Placed], list[_Placed]]:
    """A subject whose one value is gone and whose other value is new changed, though its sentence was rewritten.

    Neither did whose value is the same and whose subject only bears another name: "bank details", "details of banks".
    """
    left, came = list(lost), list(won)
    for p in lost:
        q = next((q for q in came if _same_time(p.fact, q.fact)), None)
        if q is not None:
            left.remove(p)
            came.remove(q)
    for p in list(left):
        if p.fact.kind not in VALUED:
            continue
        q = next((q for q in came if _same_subject(p.fact, q.fact)), None)
        if q is not None:
            left.remove(p)
            came.remove(q)
            _tell(found, p, q, None)
    return left, came


def _same_time(a: Fact, b: Fact) -> bool:
    """Whether two facts state the same time of what may be the same, by a word that their subjects share."""
    if (a.kind, a.norm, a.polarity) != (b.kind, b.norm, b.polarity) or days(a.norm) is None:
        return False
    mine, yours = set(words(a.subject)), set(words(b.subject))
    return not mine or not yours or bool(mine & yours)


def _once(placed: Iterable[_Placed]) -> list[_Placed]:
    """One for each kind, subject and value; a longer name of a recipient is the same recipient."""
    seen: dict[tuple[Kind, str, str, bool], _Placed] = {}
    for p in placed:
        fact = p.fact
        longer = any(k == fact.kind == "sharing" and _within(key, fact.key) for k, key, _, _ in seen)
        if not longer:
            seen.setdefault((fact.kind, fact.key, fact.norm, fact.polarity), p)
    return list(seen.values())


def _within(a: str, b: str) -> bool:
    """Whether one name's words all stand in the other."""
    one, other = set(a.split()), set(b.split())
    return bool(one) and bool(other) and (one <= other or other <= one)


def _renamed(shown: _Placed, other: _Known) -> bool:
    """Whether the sentence says which name, known to the other version, the subject bore before."""
    text, language = shown.unit.text, shown.unit.clause.language
    at = text.find(shown.fact.subject) + len(shown.fact.subject)
    former = (m for m in every("former", text, language) if at <= m.start() <= at + FORMER)
    names = (_NAME.match(text, m.end()) for m in former)
    return any(name is not None and other.says(name.group()) for name in names)


def _tell(found: FactChanges, old: _Placed | None, new: _Placed | None, other: _Known | None, beside: str = "") -> None:
    """Add the change from `old` to `new` (one may be missing; `beside`: what its sentence says in that version)."""
    shown = new or old
    assert shown is not None
    fact = shown.fact
    signals: list[str] = []
    instead = beside and fact.rule in VALUES  # nearly every policy mentions the United States somewhere
    if other is not None and fact.kind in NAMING and not instead and other.mentions(fact) and not other.denies(fact):
        signals.append("mentioned")
    if other is not None and new and fact.named and _renamed(new, other):
        signals.append("renamed")
    if fact.kind == "collection" and says("sensitive", fact.subject, shown.unit.clause.language):
        signals.append("sensitive")
    if (old and new and old.fact.polarity != new.fact.polarity) or (other is not None and other.denies(fact)):
        signals.append("polarity")
    elif old and new and nearly(old.fact.norm, new.fact.norm):
        signals.append("nearly")
    found.changes.append(
        Change(
            kind=fact.kind,
            action="changed" if old and new else "added" if new else "removed",
            subject=fact.subject,
            before=old.fact.value if old else "",
            after=new.fact.value if new else "",
            quote_old=old.quote if old else beside,
            quote_new=new.quote if new else beside,
            named=fact.named,
            section=" > ".join(shown.unit.clause.path),
            old_anchor=old.unit.clause.anchor if old else "",
            new_anchor=new.unit.clause.anchor if new else "",
            old=old.fact if old else None,
            new=new.fact if new else None,
            signals=tuple(signals),
        )
    )
    if signals[:1] == ["mentioned"] and fact.kind in MERELY:
        return
    for p in (old, new):
        if p is not None:
            found.explained[p.place].add(fact.kind)
