"""What an alert has to say, in the order in which it is read: prepared once, for every template. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

from watcher.lang import vocabulary
from watcher.notify.quotes import Runs, abridged, clean, marked, mostly_ideographs, shorten
from watcher.records import Alert, Change, Direction, Reason, Severity, StatedDate, Verdict, VersionInfo

TITLE = 140  #: characters of a headline
SUBJECT = 80  #: characters of a change's subject or value within a title
SHOWN = 12  #: changes that one message spells out; the rest is counted

Words = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One change, ready to be shown. Every text is clean; none is escaped yet."""

    number: int
    kind: str  #: as in records.Kind
    label: str  #: the kind in plain words
    action: str
    severity: Severity
    severity_label: str
    direction: Direction
    direction_label: str  #: "" for neutral
    title: str  #: "account data: 6 months → 24 months"
    sentence: str  #: the judge's own words; "" where the title says the same
    before: str
    after: str
    old: Runs  #: the old quote, what is gone marked
    new: Runs  #: the new quote, what is new marked
    old_label: str
    new_label: str
    section: str
    rule: str


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
    items: tuple[Item, ...]
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
    say = vocabulary(language)["messages"]
    verdict = alert.verdict or Verdict(level="noise", headline="", judge="")
    reasons = _told(verdict)
    items = tuple(_item(i, reason, say) for i, reason in enumerate(reasons[:SHOWN], 1))
    vendor = clean(alert.vendor) or clean(alert.source)
    headline = _headline(alert, verdict, items, vendor, say)
    change = alert.type == "change"
    return Story(
        key=key_of(alert),
        id=alert.id,
        type=alert.type,
        language=language,
        source=alert.source,
        vendor=vendor,
        level=verdict.level if change else "",
        subject=_subject(vendor, headline, len(reasons) - 1, say),
        headline=headline,
        lead=_count(verdict.level, len(reasons), say) if change and reasons else clean(alert.detail),
        note={"problem": say["problem_note"], "test": say["test_note"]}.get(alert.type, ""),
        items=items,
        more=say["and_more"].format(n=len(reasons) - SHOWN) if len(reasons) > SHOWN else "",
        dates=_dates(alert, say) if change else (),
        notes=tuple(clean(note) for note in verdict.notes),
        rest=_rest(verdict, reasons, say),
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


def _headline(alert: Alert, verdict: Verdict, items: Sequence[Item], vendor: str, say: Words) -> str:
    """The most important thing, without the vendor's name in front."""
    if alert.type == "change":
        text = items[0].title if items else clean(alert.headline or verdict.headline) or say["changed_policy"]
    else:
        text = clean(alert.headline) or say[alert.type].format(vendor=vendor)
    for glue in (": ", "："):
        text = text.removeprefix(vendor + glue)
    return shorten(text, TITLE)


def _subject(vendor: str, headline: str, more: int, say: Words) -> str:
    text = say["more"].format(headline=headline, n=more) if more > 0 else headline
    return str(say["subject"].format(vendor=vendor, headline=text))


def _count(level: str, n: int, say: Words) -> str:
    sort = "material" if level == "material" else "minor"
    return str(say[f"{sort}_one"] if n == 1 else say[f"{sort}_many"].format(n=n))


def _item(number: int, reason: Reason, say: Words) -> Item:
    change = reason.change
    title = title_of(change, say)
    old, new = marked(*(clean(t) for t in (change.quote_old, change.quote_new, change.before, change.after)))
    unit = say["characters" if mostly_ideographs(change.quote_new or change.quote_old) else "words"]
    return Item(
        number=number,
        kind=change.kind,
        label=say["kinds"][change.kind],
        action=change.action,
        severity=reason.severity,
        severity_label=say[f"severity_{reason.severity}"],
        direction=reason.direction,
        direction_label=say.get(reason.direction, ""),
        title=title,
        sentence=clean(reason.sentence),
        before=clean(change.before),
        after=clean(change.after),
        old=abridged(old, word=unit),
        new=abridged(new, word=unit),
        old_label=say["before"] if change.quote_new else say["removed_quote"],
        new_label=say["after"] if change.quote_old else say["added_quote"],
        section=shorten(clean(change.section), TITLE),
        rule=reason.rule,
    )


def title_of(change: Change, say: Words) -> str:
    """What changed, in one line: "New recipient: Example Ads", "account data: 6 months → 24 months"."""
    noun = say["nouns"][change.kind]
    subject = shorten(clean(change.subject), SUBJECT) or noun
    before, after = (shorten(clean(value), SUBJECT // 2) for value in (change.before, change.after))
    if before and after and before != after:
        return _upper(say["value"].format(subject=subject, before=before, after=after))
    if after and change.action == "added" and change.kind == "retention":
        return _upper(say["value_new"].format(subject=subject, after=after))
    if before and change.action == "removed" and change.kind == "retention":
        return _upper(say["value_gone"].format(subject=subject, before=before))
    form = {"added": "new", "removed": "gone"}.get(change.action, "other")
    return _upper(say[form].format(noun=noun, subject=subject))


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _rest(verdict: Verdict, told: Sequence[Reason], say: Words) -> str:
    """What the message leaves out, counted by weight and kind."""
    left = [r for r in verdict.reasons if r not in told]
    if not left:
        return ""
    counts = []
    for severity in ("minor", "cosmetic"):
        kinds = Counter(say["kinds"][r.change.kind] for r in left if r.severity == severity)
        if kinds:
            names = ", ".join(f"{kind} {n}" if n > 1 else kind for kind, n in kinds.most_common())
            counts.append(f"{kinds.total()} {say[f'severity_{severity}']} ({names})")
    return str(say["not_shown"].format(counts=", ".join(counts)))


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
        return say[role], say["still"].format(now=now) if role == "updated" else now
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
