"""What is told as time passes: stale sources, lasting trouble, deaf channels, reminders of what nobody answered."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from watcher.lang import vocabulary
from watcher.pipeline import tell, trouble
from watcher.pipeline.watch import Desk
from watcher.records import Alert, Source
from watcher.schedule import latest_check, stale_at
from watcher.store import alerts, sources

CHANNEL_PAUSE = timedelta(days=1)  #: between two messages about the trouble of one channel


def upkeep(watch: Desk, enabled: Collection[Source], since: datetime | None = None) -> list[Alert]:
    """Write the alerts that are due by the clock; each of them. For who holds the database's lock.

    `since`: when the program began to watch: each source gets the time of one check from then on before it is stale.
    """
    now, last = watch.clock(), alerts.last(watch.store)
    with watch.store.atomic():
        _stale(watch, enabled, since, now)
        _escalations(watch, enabled, now)
        _reminders(watch, now)
        _channels(watch, now)
    return alerts.after(watch.store, last)


def _stale(watch: Desk, enabled: Collection[Source], since: datetime | None, now: datetime) -> None:
    """Open a problem for each source that was not verified in time, unless people know of one that explains it."""
    states = {state.id: state for state in sources.states(watch.store)}
    known = {problem.source for problem in sources.open_problems(watch.store)}
    words = vocabulary(watch.language)["problems"]
    for source in enabled:
        if source.id in known or source.id not in states:
            continue
        state = states[source.id]
        seen = state.verified_at or state.created_at
        due = stale_at(source, seen, watch.settings.stale_after)
        if now > (due if since is None else max(due, latest_check(source, since))):
            from watcher.notify.story import moment  # with all that stories need, which is rarely needed here

            reason = words["stale_since" if state.verified_at else "stale_never"].format(time=moment(seen))
            trouble.begin(watch, source, "stale", f"{reason} {state.reason}".strip(), seen, now)


def _escalations(watch: Desk, enabled: Collection[Source], now: datetime) -> None:
    """Tell once more of each problem that lasts."""
    if not watch.settings.escalate_after:
        return
    by_id = {source.id: source for source in enabled}
    for lasting in sources.lasting_problems(watch.store, now - timedelta(seconds=watch.settings.escalate_after)):
        if lasting.source in by_id:
            sources.escalate_problem(watch.store, lasting.id, now)
            tell.escalation(watch, by_id[lasting.source], lasting, now)


def _reminders(watch: Desk, now: datetime) -> None:
    """Remind of each material alert that nobody answers for, once in every `remind_after`."""
    if not watch.settings.remind_after:
        return
    for alert in alerts.unanswered(watch.store, now - timedelta(seconds=watch.settings.remind_after), now):
        tell.reminder(watch, alert, now)


def _channels(watch: Desk, now: datetime) -> None:
    """Tell the other channels of each that stopped or lost messages, once a day at most, and once that it works."""
    stops, losses = alerts.untold_stops(watch.store), alerts.untold_losses(watch.store)
    for channel in sorted(stops.keys() | losses.keys()):
        last = sources.noted(watch.store, "channel", channel)
        if last is not None and last > now - CHANNEL_PAUSE:
            continue
        count, reason = losses.get(channel, (0, ""))
        words = "stopped" if channel in stops else "lost"
        if tell.channel(watch, channel, words, stops.get(channel, reason), count, now) is not None:
            alerts.told_of(watch.store, channel, now)
            sources.note(watch.store, "channel", now, channel)
    for mended in (c.id for c in watch.channels if _works_again(watch, c.id)):
        tell.channel(watch, mended, "works", "", 0, now)
        sources.note(watch.store, "channel_over", now, mended)


def _works_again(watch: Desk, channel: str) -> bool:
    """Whether a channel whose trouble was told has taken a message since, and nobody has said so yet."""
    told, over = (sources.noted(watch.store, kind, channel) for kind in ("channel", "channel_over"))
    if told is None or (over is not None and over >= told) or channel in alerts.stopped(watch.store):
        return False
    return alerts.messages_since(watch.store, channel, told) > 0
