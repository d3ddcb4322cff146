"""The changes of an alert gathered by the words that prove them, each told in one line. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from watcher.notify.quotes import (
    LONGEST,
    Runs,
    abridged,
    clean,
    framed,
    is_beside,
    joined,
    marked,
    mostly_ideographs,
    pointed,
    shorten,
)
from watcher.records import Change, Kind, Reason, Severity

TITLE = 140  #: characters of a title or a headline
SUBJECT = 80  #: characters of a change's subject or value within a title
PHRASE = 40  #: characters of replaced words that a title quotes
NAMES = 5  #: subjects that one title lists
SENTENCES = 4  #: of those that came or went together, so many have room for their words
ITEM = 80  #: characters of a quote that may be an item of a list
LEVELS = 2  #: headings that say where a passage stands, the innermost ones
LISTED: frozenset[Kind] = frozenset(
    {"sharing", "collection", "purpose", "transfer", "rights", "tracking", "controller"}
)

Quotes = tuple[str, str]  #: the old one and the new one, clean; "" for none
Words = dict[str, Any]  #: the words of a language around what a policy says: its table [messages]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What one change, or several that are said in the same words, comes to. Texts are clean; none is escaped yet."""

    title: str  #: "New recipients: Brightline Ads, Plover Analytics", "Account data: 6 months → 24 months"
    labels: tuple[str, ...]  #: its kinds, in plain words
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One place of the policy, before and after, with all that changed there: a quote is shown once."""

    number: int
    statements: tuple[Statement, ...]  #: most severe first
    labels: tuple[str, ...]  #: the kinds of its statements, in plain words, where their titles do not say them
    severity: Severity  #: of the first
    severity_label: str
    direction_label: str  #: "worse for people"; "" where neutral, or where the statements differ
    old: Runs  #: the old quote, what is gone marked
    new: Runs  #: the new quote, what is new marked
    old_label: str
    new_label: str
    section: str


def places(told: Sequence[Reason]) -> list[list[Reason]]:
    """The changes, those of one passage together, in the order of the most severe of each.

    The same words, or the same value, replaced all over the policy in the same way are one change in many places; so
    are the items of a list, and the sentences of a section, that came or went and of which no fact is told.
    """
    quotes = {id(reason): _quoted(reason.change) for reason in told}
    stated = {quotes[id(reason)] for reason in told if not is_wording(reason.change)}
    where: dict[tuple[str, ...], set[Quotes]] = {}
    for reason in told:
        where.setdefault(_replacement(reason.change), set()).add(quotes[id(reason)])
    places: dict[tuple[str, ...], list[Reason]] = {}
    for reason in told:
        key: tuple[str, ...] = _replacement(reason.change)
        if not key or len(where[key]) < 2:
            own = quotes[id(reason)]
            key = (() if own in stated else _row(reason)) or own
        places.setdefault(key if any(key) else (str(id(reason)),), []).append(reason)
    merged: list[list[Reason]] = []
    sections: dict[str, list[tuple[list[Reason], list[Quotes]]]] = {}
    for reasons in places.values():
        beside = sections.setdefault(reasons[0].change.section, [])
        quoted = [quotes[id(reason)] for reason in reasons]
        same = next((place for place in beside if _is_one_place(place[1], quoted)), None)
        if same is None:
            merged.append(reasons)
            beside.append((reasons, quoted))
        else:
            same[0].extend(reasons)
            same[1].extend(quoted)
    return merged


def _is_one_place(place: Sequence[Quotes], other: Sequence[Quotes]) -> bool:
    """Whether the quotes of both, of one section, are parts of one passage: a long sentence is quoted in parts."""
    return any(_is_beside(*one, *two) for one in place for two in other)


def _is_beside(old: str, new: str, other_old: str, other_new: str) -> bool:
    """Whether two changes have the same sides, and their quotes are parts of one passage on each."""
    if bool(old) != bool(other_old) or bool(new) != bool(other_new) or not (old or new):
        return False
    return (not old or is_beside(old, other_old)) and (not new or is_beside(new, other_new))


def _replacement(change: Change) -> tuple[str, ...]:
    """What a replacement has in common with the same one elsewhere; () for other changes."""
    if not is_replaced(change) and not is_slipped_in(change):
        return ()
    values = (value.strip(_LOOSE) for value in (change.before, change.after))
    return change.kind, "" if is_wording(change) else change.subject, *values


def _row(reason: Reason) -> tuple[str, ...]:
    """What an item or a sentence that came or went has in common with others of its section; () for other changes."""
    change = reason.change
    if not _is_told_whole(change):
        return ()
    return change.kind, change.action, change.section, reason.severity, reason.direction


def _is_item(change: Change) -> bool:
    """Whether words came or went that are too short to be read alone."""
    return _is_told_whole(change) and len(change.quote_old or change.quote_new) <= ITEM


def _is_told_whole(change: Change) -> bool:
    """Whether an item or a sentence came or went."""
    return is_wording(change) and not (change.quote_old and change.quote_new)


def _quoted(change: Change) -> Quotes:
    return clean(change.quote_old), clean(change.quote_new)


def is_replaced(change: Change) -> bool:
    """Whether a value, or a few words, stand where others stood."""
    values = change.before, change.after
    if is_wording(change):
        return all(0 < len(value) <= PHRASE for value in values)
    return change.old is not None and change.new is not None and all(values) and values[0] != values[1]


def is_slipped_in(change: Change) -> bool:
    """Whether a few words, which can be named, were put into a sentence or taken out of one."""
    one_sided = bool(change.before) != bool(change.after) and bool(change.quote_old and change.quote_new)
    return one_sided and is_wording(change) and 0 < len((change.before or change.after).strip(_LOOSE)) <= PHRASE


_LOOSE = " ,;，；、"


def passage(number: int, reasons: Sequence[Reason], say: Words) -> Passage:
    """One place: its statements, its two quotes with what differs marked, and where it stands."""
    change, stated = reasons[0].change, statements(reasons, say)
    directions = {r.direction for r in reasons}
    old, new = _quotes([r.change for r in reasons], say)
    return Passage(
        number=number,
        statements=stated,
        labels=tuple(dict.fromkeys(label for s in stated for label in s.labels if not _is_said(label, s))),
        severity=reasons[0].severity,
        severity_label=say[f"severity_{reasons[0].severity}"],
        direction_label=say.get(directions.pop(), "") if len(directions) == 1 else "",
        old=old,
        new=new,
        old_label=say["before"] if change.quote_new else say["removed_quote"],
        new_label=say["after"] if change.quote_old else say["added_quote"],
        section=shorten(" › ".join(clean(change.section).split(" > ")[-LEVELS:]), TITLE),
    )


def _is_said(label: str, statement: Statement) -> bool:
    return label.lower() in statement.title.lower()


def _quotes(changes: Sequence[Change], say: Words) -> tuple[Runs, Runs]:
    """The quotes of a passage, marked: what differs, or, where there is only one, what the statements speak of."""
    first = changes[0]
    quote = first.quote_new or first.quote_old
    here = [c for c in changes if _is_told_whole(c) or is_beside(c.quote_new or c.quote_old, quote)]
    old, new = (joined(quotes) for quotes in zip(*map(_quoted, here), strict=True))
    runs = marked(old, new, clean(first.before), clean(first.after))
    if not any(run.look == "changed" for side in runs for run in side):
        told = here if len(here) == 1 else [c for c in here if not _is_told_whole(c)]  # those are shown whole
        spoken = [clean(text) for c in told for text in (c.before, c.after, c.subject)]
        runs = pointed(old, spoken), pointed(new, spoken)
    unit = say["characters" if mostly_ideographs(old + new) else "words"]
    most = LONGEST * min(len({_quoted(c) for c in here}), SENTENCES)
    sides = abridged(runs[0], word=unit, most=most), abridged(runs[1], word=unit, most=most)
    return sides if _is_item(first) else (framed(sides[0]), framed(sides[1]))


def statements(reasons: Sequence[Reason], say: Words) -> tuple[Statement, ...]:
    """What a passage says; what came or went together, or happened to its text, in one line."""
    groups: dict[str, list[Reason]] = {}
    for reason in reasons:
        groups.setdefault(_line(reason), []).append(reason)
    return tuple(
        Statement(
            title=_title(group, say),
            labels=tuple(dict.fromkeys(say["kinds"][r.change.kind] for r in group)),
            reasons=tuple(group),
        )
        for group in groups.values()
    )


def _line(reason: Reason) -> str:
    """What the reasons of a passage have in common that are told in one line."""
    change = reason.change
    if form := _list_form(change):
        return f"{form} {change.kind}"
    if is_replaced(change) or is_slipped_in(change):
        return " ".join(_replacement(change))
    if _is_denied(change):
        return f"denied {change.action} {change.kind}"
    return f"text {_text_form(change)}" if is_wording(change) else str(id(reason))


def _list_form(change: Change) -> str:
    """ "new" or "gone" for a plain fact that came or went and can stand in a list with others, else ""."""
    fact = change.new or change.old
    plain = fact is not None and fact.polarity and change.kind in LISTED and not (change.before and change.after)
    return {"added": "new", "removed": "gone"}.get(change.action, "") if plain else ""


def _title(group: Sequence[Reason], say: Words) -> str:
    """One line: a list of what came or went, a value before and after, what happened to a text; else the sentence."""
    change, sentence = group[0].change, clean(group[0].sentence)
    if form := _list_form(change):
        names = list(dict.fromkeys(shorten(clean(r.change.subject), SUBJECT) for r in group))
        some = "" if len(names) == 1 else "_many"
        return str(say[form + some][change.kind].format(names=_listed(names, say)))
    if is_wording(change) or not sentence:
        return _text_title(group, say)
    if is_replaced(change):
        before, after = _values(change)
        subject = shorten(clean(change.subject), SUBJECT)
        if subject in ("", before, after):
            subject = say["kinds"][change.kind]
        value = say["values"].get(change.kind, say["values"]["other"])
        return _often(_upper(value.format(subject=subject, before=before, after=after)), group, say)
    return shorten(_of_all(group, sentence, say), TITLE)


def _is_denied(change: Change) -> bool:
    """Whether it came or went that something is not done."""
    fact = change.new or change.old
    return fact is not None and not fact.polarity and change.action != "changed"


def _of_all(group: Sequence[Reason], sentence: str, say: Words) -> str:
    """The sentence of the first change with the subjects of all in place of its own."""
    names = list(dict.fromkeys(shorten(clean(r.change.subject), SUBJECT) for r in group))
    own = clean(group[0].change.subject)
    return sentence.replace(own, _listed(names, say), 1) if len(names) > 1 and own in sentence else sentence


def _text_title(group: Sequence[Reason], say: Words) -> str:
    """What happened to words that no fact is told of: where, how they bind otherwise, and how often."""
    change = group[0].change
    labels = [say["kinds"][kind] for kind in dict.fromkeys(r.change.kind for r in group)]
    before, after = _values(change)
    title = say["text_only" if change.kind == "editorial" else "text"][_text_form(change)].format(
        kind=say["comma"].join(label[:1].lower() + label[1:] for label in labels),
        label=say["comma"].join(labels),
        before=before,
        after=after,
    )
    if is_slipped_in(change):
        title = say["quoted"].format(title=title, quote=(before or after).strip(_LOOSE))
    signals = dict.fromkeys(signal for r in group for signal in r.change.signals)
    return _often(say["comma"].join([title, *(say["binding"][s] for s in signals if s in say["binding"])]), group, say)


def _text_form(change: Change) -> str:
    """ "replaced" where the words can be named, "added" or "removed" where they came or went, else "changed"."""
    if is_replaced(change):
        return "replaced"
    if change.action == "changed" and bool(change.before) != bool(change.after):
        return "added" if change.after else "removed"
    return change.action


def _often(title: str, group: Sequence[Reason], say: Words) -> str:
    places = len({_quoted(r.change) for r in group})
    return str(say["comma"].join([title, say["in_places"].format(n=places)])) if places > 1 else title


def _values(change: Change) -> tuple[str, str]:
    before, after = (shorten(clean(value), SUBJECT // 2) for value in (change.before, change.after))
    return before, after


def is_wording(change: Change) -> bool:
    """Whether a change rests on no fact, only on words."""
    return change.old is None and change.new is None


def _listed(names: Sequence[str], say: Words) -> str:
    text = say["comma"].join(names[:NAMES])
    return str(say["names_more"].format(names=text, n=len(names) - NAMES)) if len(names) > NAMES else text


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
