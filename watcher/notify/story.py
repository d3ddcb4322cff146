"""What an alert has to say, in the order in which it is read: prepared once, for every template. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from watcher.lang import vocabulary
from watcher.notify.passages import (
    SUBJECT,
    TITLE,
    Passage,
    Statement,
    Words,
    is_replaced,
    is_slipped_in,
    is_wording,
    passage,
    places,
    statements,
)
from watcher.notify.quotes import clean, shorten
from watcher.records import Alert, Reason, StatedDate, Verdict, VersionInfo

SHOWN = 10  #: passages that one message shows; the rest is counted
FURTHER = 3  #: changes that a digest names besides the first


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
    note: str  #: what a problem means, or what a reminder asks for; "" for a change
    passages: tuple[Passage, ...]
    further: tuple[str, ...]  #: what else changed, besides the headline, a line each; at most FURTHER and a count
    told: tuple[Reason, ...]  #: the changes that the passages spell out, and those that `more` counts
    more: str  #: "and 4 more, not shown here: Tracking 3, Security"; "" when all are shown
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
    number = alert.about or alert.id
    say = _words(language)
    verdict = alert.verdict or Verdict(level="noise", headline="", judge="")
    told = _told(verdict)
    gathered = places(told)
    passages = tuple(passage(number, reasons, say) for number, reasons in enumerate(gathered[:SHOWN], 1))
    vendor = clean(alert.vendor) or clean(alert.source)
    first = passages[0].statements[0] if passages else None
    headline = _of_statement(first, say) if first else _of_alert(alert, vendor, say)
    change = alert.type == "change"
    hidden = [reason for reasons in gathered[SHOWN:] for reason in reasons]
    return Story(
        key=key_of(alert),
        id=alert.id,
        type=alert.type,
        language=language,
        source=alert.source,
        vendor=vendor,
        level=verdict.level if change else "",
        subject=_subject(alert, vendor, headline, len(told) - len(first.reasons) if first else 0, say),
        headline=headline,
        lead=_lead(alert, verdict, told, say) if change else clean(alert.detail),
        note=_note(alert, say),
        passages=passages,
        further=_further(passages, told, say),
        told=told,
        more=say["and_more"].format(n=len(hidden)) + say["colon"] + _kinds(hidden, say) if hidden else "",
        dates=_dates(alert, say) if change else (),
        notes=_notes(alert, verdict),
        rest=_rest(verdict, told, say),
        url=web_address(alert.url),
        dashboard=f"{dashboard.rstrip('/')}/alerts/{number}" if web_address(dashboard) and change else "",
        why=f"watcher why {number}" if change else "",
        reference=say["alert"].format(id=number),
        created_at=alert.created_at.astimezone(UTC),
        say=say,
    )


def web_address(url: str) -> str:
    """`url` if a message may link to it, else "": only http(s), no spaces or signs that could end the link early."""
    if clean(url) != url or any(c in url for c in ' <>"|`'):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in {"http", "https"} and parts.netloc else ""


def _told(verdict: Verdict) -> tuple[Reason, ...]:
    """The reasons worth spelling out: the material ones; of a minor verdict, the minor ones, a new date last."""
    material = tuple(r for r in verdict.reasons if r.material)
    minor = sorted((r for r in verdict.reasons if r.severity == "minor"), key=lambda r: r.change.kind == "date")
    return material or tuple(minor) or verdict.reasons


def headline_of(verdict: Verdict, language: str = "en") -> str:
    """The most important change in one line, the same in a message, on a terminal and in the database; "" for none."""
    say = _words(language)
    gathered = places(_told(verdict))
    return _of_statement(statements(gathered[0], say)[0], say) if gathered else ""


def _words(language: str) -> Words:
    words: Words = vocabulary(language)["messages"]
    return {"binding": vocabulary(language)["sentences"]["binding"]} | words


def _of_statement(first: Statement, say: Words) -> str:
    text, change = first.title, first.reasons[0].change
    if is_wording(change) and not is_replaced(change) and not is_slipped_in(change):
        # Under "New text on tracking" stands its quote; a headline stands alone.
        quote = clean(change.after or change.before or change.subject)
        text = say["quoted"].format(title=text, quote=shorten(quote, SUBJECT)) if quote else text
    return shorten(text[:1].upper() + text[1:], TITLE)


def _further(passages: Sequence[Passage], told: Sequence[Reason], say: Words) -> tuple[str, ...]:
    """The titles behind the first, for a digest."""
    named = [s for p in passages for s in p.statements][: 1 + FURTHER]
    left = len(told) - sum(len(s.reasons) for s in named)
    return (*(s.title for s in named[1:]), *([say["and_more"].format(n=left)] if left > 0 else []))


def _of_alert(alert: Alert, vendor: str, say: Words) -> str:
    """What happened, without the vendor's name in front."""
    text = clean(alert.headline) or str(say[alert.type]).format(vendor=vendor)
    for glue in (": ", "："):
        text = text.removeprefix(vendor + glue)
    return shorten(text[:1].upper() + text[1:], TITLE)


def _subject(alert: Alert, vendor: str, headline: str, more: int, say: Words) -> str:
    text = say["more"].format(headline=headline, n=more) if more > 0 else headline
    subject = say["subject"].format(vendor=vendor, headline=text)
    return str(say["reminder"].format(subject=subject) if alert.about else subject)


def _note(alert: Alert, say: Words) -> str:
    """What a problem means, or what a reminder asks for."""
    if alert.about:
        return str(say["reminder_note"].format(id=alert.about))
    return str({"problem": say["problem_note"], "test": say["test_note"]}.get(alert.type, ""))


def _lead(alert: Alert, verdict: Verdict, told: Sequence[Reason], say: Words) -> str:
    """How many changes, and from when they hold, if that is new or yet to come."""
    sort = "material" if verdict.level == "material" else "minor"
    count = say[f"{sort}_one"] if len(told) == 1 else say[f"{sort}_many"].format(n=len(told))
    parts = [count] if told else []
    new, old = _of_role(alert.after, "effective"), _of_role(alert.before, "effective")
    today = alert.created_at.astimezone(UTC).date()
    if new and new.value and (new.value > today or old is None or new.value != old.value):
        parts.append(f"{_in_force(new.value, today, say)}{say['colon']}{_away(new.value, today, say)}")
    return " · ".join(parts)


def _notes(alert: Alert, verdict: Verdict) -> tuple[str, ...]:
    """The judge's notes, without those that repeat a date which has its own line."""
    days = [d.value.isoformat() for d in (alert.after.dates if alert.after else ()) if d.value]
    return tuple(clean(note) for note in verdict.notes if not any(day in note for day in days))


def _rest(verdict: Verdict, told: Sequence[Reason], say: Words) -> str:
    """What the message leaves out, counted by weight and kind."""
    spelled_out = {id(r) for r in told}
    left = [r for r in verdict.reasons if id(r) not in spelled_out]
    counts = []
    for severity in ("minor", "cosmetic"):
        some = [r for r in left if r.severity == severity]
        if some:
            weight = say[f"severity_{severity}"]
            counts.append(say["count"].format(n=len(some), severity=weight, kinds=_kinds(some, say)))
    return str(say["not_shown"].format(counts=say["comma"].join(counts))) if counts else ""


def _kinds(reasons: Sequence[Reason], say: Words) -> str:
    """The kinds of changes, counted: "Tracking 3, Security"."""
    kinds = Counter(say["kinds"][r.change.kind] for r in reasons)
    return str(say["comma"].join(f"{kind} {n}" if n > 1 else kind for kind, n in kinds.most_common()))


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
    if role == "effective" and new.value:
        label, now = _in_force(new.value, today, say), _away(new.value, today, say)
    else:
        label, now = say[role], day(new, say)
    if old and then == day(new, say):
        return label, say["still"].format(now=now)
    return label, say["was"].format(now=now, before=then) if then else now


def _in_force(value: date, today: date, say: Words) -> str:
    return str(say["effective" if value >= today else "in_force"])


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
