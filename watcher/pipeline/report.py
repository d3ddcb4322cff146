"""All is well: a message now and then that shows that alerts would arrive, and how every source and channel stands."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from watcher.lang import vocabulary
from watcher.pipeline.watch import Desk
from watcher.records import Channel, Source
from watcher.schedule import next_report, stale_at
from watcher.store import alerts, sources


def report(watch: Desk, enabled: Collection[Source]) -> int | None:
    """Write the report for each channel where it is due; its alert's id, None where it is due nowhere.

    It goes out like any other message. A channel that is stopped gets the next one once it takes messages again.
    """
    now, stopped = watch.clock(), alerts.stopped(watch.store)
    due = [c.id for c in watch.channels if c.id not in stopped and _is_due(watch, c, now)]
    if not due:
        return None
    headline, detail = _standing(watch, enabled, now)
    with watch.store.atomic():
        for channel in due:
            sources.note(watch.store, "report", now, channel)
        return alerts.add(watch.store, "report", None, headline=headline, detail=detail, channels=due, now=now)


def _is_due(watch: Desk, channel: Channel, now: datetime) -> bool:
    since = sources.noted(watch.store, "report", channel.id) or sources.first(watch.store) or now
    due = next_report(channel, since)
    return due is not None and due <= now


def _standing(watch: Desk, enabled: Collection[Source], now: datetime) -> tuple[str, str]:
    """How things stand, in one line and in a few."""
    say = vocabulary(watch.language)["report"]
    trouble = _trouble(watch, enabled, now)
    bad = {name for names in trouble.values() for name in names}
    count, stopped, refusing = sources.census(watch.store), alerts.stopped(watch.store), alerts.refusing(watch.store)
    parts = [say["verified"].format(n=len(enabled) - len(bad), of=len(enabled))]
    parts += [say[kind].format(names=_names(names)) for kind, names in trouble.items() if names]
    if stopped:
        parts.append(say["stopped"].format(names=_names(stopped)))
    if refusing:
        parts.append(say["refusing"].format(names=_names(refusing)))
    if not stopped and not refusing:
        parts.append(say["channels"])
    if count.unsent:
        parts.append(say["unsent"].format(n=count.unsent))
    wrong = len(bad) + len(stopped.keys() | refusing.keys())
    headline = say["look"].format(n=wrong) if wrong else say["well"].format(n=len(enabled))
    return headline, " ".join(parts)


def _trouble(watch: Desk, enabled: Collection[Source], now: datetime) -> dict[str, list[str]]:
    """Vendors by what is wrong with their sources."""
    states = {state.id: state for state in sources.states(watch.store)}
    trouble: dict[str, list[str]] = {"failing": [], "flapping": [], "stale": []}
    for source in enabled:
        state = states.get(source.id)
        if state is None:
            continue
        if state.failures:
            trouble["failing"].append(source.vendor)
        elif state.steadiness.flapping:
            trouble["flapping"].append(source.vendor)
        elif stale_at(source, state.verified_at or state.created_at, watch.settings.stale_after) < now:
            trouble["stale"].append(source.vendor)
    return trouble


def _names(names: Iterable[str]) -> str:
    return ", ".join(sorted(set(names)))
