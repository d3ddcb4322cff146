"""What time alone brings about, whoever is checked: reminders of what nobody has answered for."""

from __future__ import annotations

from datetime import datetime, timedelta

from watcher.pipeline import tell
from watcher.pipeline.watch import Watch
from watcher.records import Alert
from watcher.store import alerts


def upkeep(watch: Watch) -> list[Alert]:
    """Write the alerts that are due by the clock; each of them. For who holds the database's lock."""
    now = watch.clock()
    return [alerts.alert(watch.store, id) for id in _reminders(watch, now)]


def _reminders(watch: Watch, now: datetime) -> list[int]:
    """Remind of each material alert that nobody answers for, once in every `remind_after`."""
    if not watch.settings.remind_after:
        return []
    with watch.store.atomic():
        late = alerts.unanswered(watch.store, now - timedelta(seconds=watch.settings.remind_after), now)
        return [tell.reminder(watch, alert, now) for alert in late]
