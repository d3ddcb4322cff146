"""Alerts about policies of companies that do not exist, in the manner of real ones."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from watcher.records import Alert, Change, Fact, Reason, StatedDate, Verdict, VersionInfo

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def dated(role: Any, *day: int) -> StatedDate:
    """A date that a policy states about itself."""
    return StatedDate(role=role, value=date(*day), quote="as stated")


def version(number: int, *dates: StatedDate, source: str = "harbour", seen: datetime = NOON) -> VersionInfo:
    """A stored version; the second and later ones confirmed six minutes after they were seen."""
    return VersionInfo(
        id=number,
        source=source,
        sequence=number,
        cause="change" if number > 1 else "first",
        extractor="1",
        first_seen=seen,
        confirmed_at=seen + timedelta(minutes=6),
        verified_at=seen + timedelta(minutes=6),
        clauses=40,
        title="Privacy policy",
        dates=dates,
    )


def reason(severity: Any = "major", direction: Any = "expands", sentence: str = "", **change: Any) -> Reason:
    """A judged change. It rests on facts, unless `words`: only the wording changed; `denied`: of not doing."""
    words, denied = change.pop("words", False), change.pop("denied", False)
    change = {"kind": "retention", "action": "changed", "subject": "account data"} | change
    facts = {
        side: None if words or change["action"] == missing else _fact(change, value, quote, denied)
        for side, missing, value, quote in (
            ("old", "added", "before", "quote_old"),
            ("new", "removed", "after", "quote_new"),
        )
    }
    return Reason(
        rule=f"{change['kind']}.{change['action']}",
        severity=severity,
        direction=direction,
        sentence=sentence,
        change=Change(**change, **facts),
    )


def _fact(change: dict[str, Any], value: str, quote: str, denied: bool) -> Fact:
    subject = change["subject"]
    return Fact(
        kind=change["kind"],
        key=subject.casefold(),
        subject=subject,
        value=change.get(value, ""),
        quote=change.get(quote, ""),
        polarity=not denied,
        clause="",
        rule="test",
    )


def alert(*reasons: Reason, **fields: Any) -> Alert:
    """An alert of a policy change at Harbour Lamps."""
    level = "material" if any(r.material for r in reasons) else "minor"
    given: dict[str, Any] = {
        "id": 12,
        "type": "change",
        "source": "harbour",
        "vendor": "Harbour Lamps",
        "url": "https://harbour-lamps.example/privacy",
        "created_at": NOON + timedelta(minutes=6),
        "headline": reasons[0].sentence if reasons else "",
        "verdict": Verdict(level=level, headline="", reasons=reasons, judge="1"),
        "before": version(1, seen=NOON - timedelta(days=200)),
        "after": version(2),
    }
    return Alert(**(given | fields))


RETENTION = reason(
    sentence="Account data is kept for longer.",
    before="6 months",
    after="24 months",
    quote_old="We keep account data for 6 months after you close your account.",
    quote_new="We keep account data for 24 months after you close your account.",
    section="5 How long we keep data",
)
SHARING = reason(
    "critical",
    sentence="Brightline Ads now receives personal data.",
    kind="sharing",
    action="added",
    subject="Brightline Ads",
    named=True,
    quote_new="We share device identifiers and order history with Brightline Ads for its own advertising.",
    section="4 Who we share with > 4.2 Partners",
)
