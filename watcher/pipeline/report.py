"""All is well: a message now and then that shows that alerts would arrive, and how every source and channel stands."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Iterable
from datetime import datetime

from watcher.errors import NotifyError
from watcher.lang import vocabulary
from watcher.pipeline.deliver import receiving
from watcher.pipeline.watch import Watch
from watcher.records import Alert, Channel, Source
from watcher.schedule import next_report, stale_at
from watcher.store import alerts, sources

log = logging.getLogger(__name__)


async def report(watch: Watch, enabled: Collection[Source]) -> list[str]:
    """Send the report to each channel where it is due; their ids. One that does not arrive is sent again next time."""
    now = watch.clock()
    able = set(receiving(watch)) - alerts.stopped(watch.store).keys()
    due = [channel for channel in watch.channels if channel.id in able and _is_due(watch, channel, now)]
    if not due:
        return []
    told = _told(watch, enabled, now)
    return [channel.id for channel in due if await _send(watch, told, channel)]


def _is_due(watch: Watch, channel: Channel, now: datetime) -> bool:
    since = sources.noted(watch.store, "report", channel.id) or sources.first(watch.store) or now
    due = next_report(channel, since)
    return due is not None and due <= now


async def _send(watch: Watch, told: Alert, channel: Channel) -> bool:
    try:
        await asyncio.to_thread(watch.send, [told], channel)
    except NotifyError as error:
        log.warning("the report was not sent: %s", error)
        return False
    sources.note(watch.store, "report", told.created_at, channel.id)
    return True


def _told(watch: Watch, enabled: Collection[Source], now: datetime) -> Alert:
    """How things stand, as a message."""
    say = vocabulary(watch.language)["report"]
    trouble = _trouble(watch, enabled, now)
    bad = {name for names in trouble.values() for name in names}
    count = sources.census(watch.store)
    parts = [say["verified"].format(n=len(enabled) - len(bad), of=len(enabled))]
    parts += [say[kind].format(names=_names(names)) for kind, names in trouble.items() if names]
    stopped = alerts.stopped(watch.store)
    parts.append(say["stopped"].format(names=_names(stopped)) if stopped else say["channels"])
    if count.unsent:
        parts.append(say["unsent"].format(n=count.unsent))
    headline = say["look"].format(n=len(bad) + len(stopped)) if bad or stopped else say["well"].format(n=len(enabled))
    return Alert(
        id=0,
        type="report",
        source="watcher",
        vendor="Policy Watcher",
        url="",
        created_at=now,
        headline=headline,
        detail=" ".join(parts),
    )


def _trouble(watch: Watch, enabled: Collection[Source], now: datetime) -> dict[str, list[str]]:
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
