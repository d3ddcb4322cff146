"""What an alert has to say, in the order in which it is read: prepared once, for every template. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

from watcher.lang import vocabulary
from watcher.notify.quotes import Runs, abridged, clean, marked, mostly_ideographs, pointed, shorten
from watcher.records import Alert, Change, Kind, Reason, Severity, StatedDate, Verdict, VersionInfo

TITLE = 140  #: characters of a headline
SUBJECT = 80  #: characters of a change's subject or value within a title
SHOWN = 10  #: passages that one message shows; the rest is counted
LISTED: frozenset[Kind] = frozenset(
    {"sharing", "collection", "purpose", "transfer", "rights", "tracking", "controller"}
)
LEVELS = 2  #: headings that say where a passage stands, the innermost ones
PHRASE = 40  #: characters of replaced words that a title quotes
NAMES = 5  #: subjects that one title lists

Words = dict[str, Any]


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
    labels: tuple[str, ...]  #: the kinds of its statements, in plain words
    severity: Severity  #: of the first
    severity_label: str
    direction_label: str  #: "worse for people"; "" where neutral, or where the statements differ
    old: Runs  #: the old quote, what is gone marked
    new: Runs  #: the new quote, what is new marked
    old_label: str
    new_label: str
    section: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An alert as people read it."""

    key: str  #: the same for every copy of this alert, on every channel and attempt
    id: int
    type: str
    language: str
    source: str
    vendor: str
    level: str  #: "material", "minor", "noise"; "" where nothing was judged
    subject: str  #: vendor and the most important change, one line
    headline: str  #: the same without the vendor
    lead: str  #: "2 material changes"; what happened, for a problem
    note: str  #: what a problem means; "" for a change
    passages: tuple[Passage, ...]
    told: tuple[Reason, ...]  #: the changes that the passages spell out, and those that `more` counts
    more: str  #: "and 4 more, not shown here"; "" when all are shown
    dates: tuple[tuple[str, str], ...]  #: (label, value), each date on its own
    notes: tuple[str, ...]
    rest: str  #: what was not material, counted
    url: str  #: the policy; "" unless it is an http(s) address
    dashboard: str  #: address of this alert in the dashboard, "" if there is none
    why: str  #: the command that explains it; "" where there is nothing to explain
    reference: str  #: "Alert 12"
    created_at: datetime
    say: Words  #: the words of the language, for templates


def key_of(alert: Alert) -> str:
    """The idempotency key of an alert: its id, with its source and time so that two databases never share one."""
    return f"{alert.id}.{alert.source}.{alert.created_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def tell(alert: Alert, *, language: str = "en", dashboard: str = "") -> Story:
    """The story of an alert in a language that is shipped; `dashboard`: its root address, if it has one."""
    say = {"binding": vocabulary(language)["sentences"]["binding"]} | vocabulary(language)["messages"]
    verdict = alert.verdict or Verdict(level="noise", headline="", judge="")
    told = _told(verdict)
    places = _places(told)
    passages = tuple(_passage(number, reasons, say) for number, reasons in enumerate(places[:SHOWN], 1))
    vendor = clean(alert.vendor) or clean(alert.source)
    first = passages[0].statements[0] if passages else None
    headline = _headline(alert, first, vendor, say)
    change = alert.type == "change"
    hidden = sum(len(reasons) for reasons in places[SHOWN:])
    return Story(
        key=key_of(alert),
        id=alert.id,
        type=alert.type,
        language=language,
        source=alert.source,
        vendor=vendor,
        level=verdict.level if change else "",
        subject=_subject(vendor, headline, len(told) - len(first.reasons) if first else 0, say),
        headline=headline,
        lead=_lead(alert, verdict, told, say) if change else clean(alert.detail),
        note={"problem": say["problem_note"], "test": say["test_note"]}.get(alert.type, ""),
        passages=passages,
        told=told,
        more=say["and_more"].format(n=hidden) if hidden else "",
        dates=_dates(alert, say) if change else (),
        notes=_notes(alert, verdict),
        rest=_rest(verdict, told, say),
        url=web_address(alert.url),
        dashboard=f"{dashboard.rstrip('/')}/alerts/{alert.id}" if web_address(dashboard) and change else "",
        why=f"watcher why {alert.id}" if change else "",
        reference=say["alert"].format(id=alert.id),
        created_at=alert.created_at.astimezone(UTC),
        say=say,
    )


def web_address(url: str) -> str:
    """`url` if a message may link to it, else "": only http(s), no spaces or signs that could end the link early."""
    if clean(url) != url or any(c in url for c in ' <>"|`'):
        return ""
    return url if urlsplit(url).scheme in {"http", "https"} and urlsplit(url).netloc else ""


def _told(verdict: Verdict) -> tuple[Reason, ...]:
    """The reasons worth spelling out: the material ones; of a minor verdict, the minor ones."""
    material = tuple(r for r in verdict.reasons if r.material)
    return material or tuple(r for r in verdict.reasons if r.severity == "minor") or verdict.reasons


def _headline(alert: Alert, first: Statement | None, vendor: str, say: Words) -> str:
    """The most important thing, without the vendor's name in front."""
    if first is not None:
        text = first.title
        change = first.reasons[0].change
        if _is_wording(change) and not _replaced(change):
            # Under "New text on tracking" stands its quote; a headline stands alone.
            quote = clean(change.after or change.before or change.subject)
            text = say["quoted"].format(title=text, quote=shorten(quote, SUBJECT)) if quote else text
    else:
        text = clean(alert.headline) or str(say[alert.type]).format(vendor=vendor)
    for glue in (": ", "："):
        text = text.removeprefix(vendor + glue)
    return shorten(text, TITLE)


def _subject(vendor: str, headline: str, more: int, say: Words) -> str:
    text = say["more"].format(headline=headline, n=more) if more > 0 else headline
    return str(say["subject"].format(vendor=vendor, headline=text))


def _lead(alert: Alert, verdict: Verdict, told: Sequence[Reason], say: Words) -> str:
    """How many changes, and from when they hold, if that is new or yet to come."""
    sort = "material" if verdict.level == "material" else "minor"
    count = say[f"{sort}_one"] if len(told) == 1 else say[f"{sort}_many"].format(n=len(told))
    parts = [count] if told else []
    new, old = _of_role(alert.after, "effective"), _of_role(alert.before, "effective")
    today = alert.created_at.astimezone(UTC).date()
    if new and new.value and (new.value > today or old is None or new.value != old.value):
        parts.append(f"{say['effective']}{say['colon']}{_away(new.value, today, say)}")
    return " · ".join(parts)


def _notes(alert: Alert, verdict: Verdict) -> tuple[str, ...]:
    """The judge's notes, without those that repeat a date which has its own line."""
    days = [d.value.isoformat() for d in (alert.after.dates if alert.after else ()) if d.value]
    return tuple(clean(note) for note in verdict.notes if not any(day in note for day in days))


# --- changes, gathered by the words that prove them ------------------------------------------------------------------


def _places(told: Sequence[Reason]) -> list[list[Reason]]:
    """The changes, those with the same quotes together, in the order of the most severe of each.

    The same words, or the same value, replaced all over the policy in the same way are one change in many places.
    """
    places: dict[tuple[str, ...], list[Reason]] = {}
    for reason in told:
        change = reason.change
        key: tuple[str, ...] = clean(change.quote_old), clean(change.quote_new)
        if _replaced(change):
            key = ("replaced", change.kind, "" if _is_wording(change) else change.subject, change.before, change.after)
        elif not any(key):
            key = (str(id(reason)),)
        places.setdefault(key, []).append(reason)
    return list(places.values())


def _replaced(change: Change) -> bool:
    """Whether a value, or a few words, stand where others stood."""
    values = change.before, change.after
    if _is_wording(change):
        return all(0 < len(value) <= PHRASE for value in values)
    return change.old is not None and change.new is not None and all(values) and values[0] != values[1]


def _passage(number: int, reasons: Sequence[Reason], say: Words) -> Passage:
    change, statements = reasons[0].change, _statements(reasons, say)
    directions = {r.direction for r in reasons}
    old, new = _quotes([r.change for r in reasons], say)
    return Passage(
        number=number,
        statements=statements,
        labels=tuple(dict.fromkeys(label for s in statements for label in s.labels)),
        severity=reasons[0].severity,
        severity_label=say[f"severity_{reasons[0].severity}"],
        direction_label=say.get(directions.pop(), "") if len(directions) == 1 else "",
        old=old,
        new=new,
        old_label=say["before"] if change.quote_new else say["removed_quote"],
        new_label=say["after"] if change.quote_old else say["added_quote"],
        section=shorten(" › ".join(clean(change.section).split(" > ")[-LEVELS:]), TITLE),
    )


def _quotes(changes: Sequence[Change], say: Words) -> tuple[Runs, Runs]:
    """The quotes of a passage, marked: what differs, or, where there is only one, what the statements speak of."""
    first = changes[0]
    old, new = clean(first.quote_old), clean(first.quote_new)
    if old and new:
        runs = marked(old, new, clean(first.before), clean(first.after))
    else:
        spoken = [clean(text) for c in changes for text in (c.before, c.after, c.subject)]
        runs = pointed(old, spoken), pointed(new, spoken)
    unit = say["characters" if mostly_ideographs(old + new) else "words"]
    return abridged(runs[0], word=unit), abridged(runs[1], word=unit)


def _statements(reasons: Sequence[Reason], say: Words) -> tuple[Statement, ...]:
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
    if _replaced(change):
        return "replaced"
    return f"text {_text_form(change)}" if _is_wording(change) else str(id(reason))


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
    if _is_wording(change) or not sentence:
        return _text_title(group, say)
    if _replaced(change):
        before, after = _values(change)
        subject = shorten(clean(change.subject), SUBJECT) or say["kinds"][change.kind]
        value = say["values"].get(change.kind, say["values"]["other"])
        return _often(_upper(value.format(subject=subject, before=before, after=after)), group, say)
    return shorten(sentence, TITLE)


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
    signals = dict.fromkeys(signal for r in group for signal in r.change.signals)
    return _often(say["comma"].join([title, *(say["binding"][s] for s in signals if s in say["binding"])]), group, say)


def _text_form(change: Change) -> str:
    """ "replaced" where the words can be named, "added" or "removed" where they came or went, else "changed"."""
    if _replaced(change):
        return "replaced"
    if change.action == "changed" and bool(change.before) != bool(change.after):
        return "added" if change.after else "removed"
    return change.action


def _often(title: str, group: Sequence[Reason], say: Words) -> str:
    places = len({(r.change.quote_old, r.change.quote_new) for r in group})
    return str(say["comma"].join([title, say["in_places"].format(n=places)])) if places > 1 else title


def _values(change: Change) -> tuple[str, str]:
    before, after = (shorten(clean(value), SUBJECT // 2) for value in (change.before, change.after))
    return before, after


def _is_wording(change: Change) -> bool:
    """Whether a change rests on no fact, only on words."""
    return change.old is None and change.new is None


def _listed(names: Sequence[str], say: Words) -> str:
    text = say["comma"].join(names[:NAMES])
    return str(say["names_more"].format(names=text, n=len(names) - NAMES)) if len(names) > NAMES else text


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _rest(verdict: Verdict, told: Sequence[Reason], say: Words) -> str:
    """What the message leaves out, counted by weight and kind."""
    spelled_out = {id(r) for r in told}
    left = [r for r in verdict.reasons if id(r) not in spelled_out]
    counts = []
    for severity in ("minor", "cosmetic"):
        kinds = Counter(say["kinds"][r.change.kind] for r in left if r.severity == severity)
        if kinds:
            names = say["comma"].join(f"{kind} {n}" if n > 1 else kind for kind, n in kinds.most_common())
            weight = say[f"severity_{severity}"]
            counts.append(say["count"].format(n=kinds.total(), severity=weight, kinds=names))
    return str(say["not_shown"].format(counts=say["comma"].join(counts))) if counts else ""


# --- dates, each kept apart ------------------------------------------------------------------------------------------


def _dates(alert: Alert, say: Words) -> tuple[tuple[str, str], ...]:
    if alert.after is None:
        return ()
    today = alert.created_at.astimezone(UTC).date()
    rows = [_stated(role, alert.before, alert.after, today, say) for role in ("effective", "updated", "published")]
    rows.append((say["first_seen"], moment(alert.after.first_seen)))
    seen = alert.after.confirmed_at
    confirmed = say["confirmed_value"].format(time=moment(seen)) if seen else say["unconfirmed"]
    rows.append((say["confirmed"], confirmed))
    if alert.before is not None:
        rows.append((say["verified"], moment(alert.before.verified_at)))
    return tuple(row for row in rows if row is not None)


def _stated(
    role: str, before: VersionInfo | None, after: VersionInfo, today: date, say: Words
) -> tuple[str, str] | None:
    """A date that the policy states, beside the one it stated before."""
    new, old = _of_role(after, role), _of_role(before, role)
    then = day(old, say) if old else ""
    if new is None:
        return (say[role], say["dropped"].format(before=then)) if old else None
    now = _away(new.value, today, say) if role == "effective" and new.value else day(new, say)
    if old and then == day(new, say):
        return say[role], say["still"].format(now=now)
    return say[role], say["was"].format(now=now, before=then) if then else now


def _of_role(version: VersionInfo | None, role: str) -> StatedDate | None:
    return next((d for d in version.dates if d.role == role), None) if version else None


def day(stated: StatedDate, say: Words) -> str:
    """A stated date in the reader's language; where it could not be read as a day, the words that state it."""
    return _day(stated.value, say) if stated.value else f"“{shorten(clean(stated.quote), SUBJECT)}”"


def _day(value: date, say: Words) -> str:
    return str(say["date"].format(day=value.day, month=say["months"][value.month - 1], year=value.year))


def _away(value: date, today: date, say: Words) -> str:
    """A day with its distance from the day of the alert."""
    days = (value - today).days
    form = {0: "today", 1: "tomorrow", -1: "yesterday"}.get(days, "in_days" if days > 0 else "days_ago")
    return str(say[form].format(date=_day(value, say), n=abs(days)))


def moment(at: datetime) -> str:
    """A time to the minute, in UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
