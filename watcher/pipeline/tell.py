"""Who is told: an alert, and a pending delivery for each channel that wants it, written by the step that caused it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from watcher.lang import vocabulary
from watcher.pipeline.watch import Desk
from watcher.records import Channel, Kind, Level, Problem, Source, Verdict
from watcher.schedule import next_digest
from watcher.store import alerts


def change(watch: Desk, source: Source, verdict: Verdict, verdict_id: int, now: datetime) -> int | None:
    """Tell of a change, if the source's settings want verdicts of that level and kind told; the alert's id."""
    if not wanted(verdict, source.alert_on, source.kinds):
        return None
    channels = [c for c in channels_of(watch, source) if wanted(verdict, c.verdicts, c.kinds)]
    digests = {c.id: next_digest(c, verdict.level, now) for c in channels}
    return alerts.add(
        watch.store,
        "change",
        source.id,
        url=source.urls[0],
        headline=verdict.headline,
        channels=[c.id for c in channels],
        now=now,
        verdict=verdict_id,
        digests={channel: due for channel, due in digests.items() if due is not None},
    )


def problem(watch: Desk, source: Source, found: Problem, now: datetime) -> int:
    """Tell that a source is in trouble; the alert's id."""
    return _problem(watch, source, found, "problem", found.kind, found.reason, now)


def escalation(watch: Desk, source: Source, found: Problem, now: datetime) -> int:
    """Tell once more of trouble that lasts, and how long it has; the alert's id."""
    return _problem(watch, source, found, "problem", f"{found.kind}_still", duration(now - found.since), now)


def recovery(watch: Desk, source: Source, found: Problem, now: datetime) -> int:
    """Tell that it no longer is, and how long it was; the alert's id."""
    return _problem(watch, source, found, "recovery", f"{found.kind}_over", duration(now - found.since), now)


def reminder(watch: Desk, alert: int, now: datetime) -> int:
    """Tell once more of an alert that nobody has answered for, where it was told before; the reminder's id."""
    first = alerts.alert(watch.store, alert)
    assert first.verdict is not None
    return alerts.add(
        watch.store,
        "change",
        first.source,
        url=first.url,
        headline=first.headline,
        channels=[delivery.channel for delivery in alerts.deliveries(watch.store, alert)],
        now=now,
        verdict=alerts.verdict_of(watch.store, alert),
        about=alert,
    )


def channel(watch: Desk, about: str, words: str, reason: str, count: int, now: datetime) -> int | None:
    """Tell the other channels of one in trouble, or that it "works" again; the alert's id, None where no other takes
    messages."""
    stopped = alerts.stopped(watch.store)
    others = [c.id for c in watch.channels if c.problems and c.id != about and c.id not in stopped]
    if not others:
        return None
    sentences = vocabulary(watch.language)["outbox"]
    values = {"channel": about, "n": count, "reason": reason.removeprefix(f"channel {about}: ").rstrip(". ")}
    return alerts.add(
        watch.store,
        "recovery" if words == "works" else "channel",
        None,
        headline=sentences[words].format(**values),
        detail=sentences[f"{words}_detail"].format(**values),
        channels=others,
        now=now,
    )


def wanted(verdict: Verdict, levels: Sequence[Level], kinds: Sequence[Kind]) -> bool:
    """Whether somebody who asked for these levels, and only these kinds (empty: all), wants to hear of a verdict."""
    if verdict.level not in levels:
        return False
    if not kinds:
        return True
    return any(r.change.kind in kinds and (r.material or verdict.level != "material") for r in verdict.reasons)


def channels_of(watch: Desk, source: Source) -> list[Channel]:
    """The channels that a source's messages go to."""
    return [
        channel
        for channel in watch.channels
        if (channel.id in source.channels if source.channels else channel.default)
        and (not channel.vendors or source.vendor in channel.vendors)
        and (not channel.tags or set(channel.tags) & set(source.tags))
    ]


def duration(span: timedelta) -> str:
    """A span of time as people say it, in its two largest units: "2 d 3 h"."""
    seconds = max(int(span.total_seconds()), 0)
    parts = []
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min"), (1, "s")):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2]) or "0 s"


def _problem(watch: Desk, source: Source, found: Problem, type: str, words: str, detail: str, now: datetime) -> int:
    sentences = vocabulary(watch.language)["problems"]
    return alerts.add(
        watch.store,
        "recovery" if type == "recovery" else "problem",
        source.id,
        url=source.urls[0],
        headline=sentences[words].format(vendor=source.vendor),
        detail=sentences[f"{words}_detail"].format(detail=detail, source=source.id),
        channels=[c.id for c in channels_of(watch, source) if c.problems],
        now=now,
        problem=found.id,
    )
