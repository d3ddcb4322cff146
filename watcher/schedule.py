"""When a source is checked next. Pure: interval and jitter, or a cron expression, inside its active hours and zone."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from watcher.errors import ConfigError
from watcher.records import LEVELS, Channel, Level, Source

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
_HORIZON = 366 * 8 + 2  #: days searched: 29 February comes back within eight years even around 2100


def next_check(source: Source, after: datetime, spread: Callable[[], float] = random.random) -> datetime:
    """The moment of the check that follows `after`. `spread`: a number in [0, 1) that places the jitter."""
    jitter = timedelta(seconds=source.jitter * spread())
    if source.cron is not None:
        return within_hours(source, next_by_cron(source.cron, source.timezone, after)) + jitter
    return within_hours(source, after + timedelta(seconds=source.interval) + jitter)


def latest_check(source: Source, after: datetime) -> datetime:
    """The moment by which `source` must have been checked if `after` is now: a schedule beyond it is out of date."""
    return next_check(source, after, lambda: 1.0)


def stale_at(source: Source, verified_at: datetime, intervals: float) -> datetime:
    """The moment by which a source verified at `verified_at` must have been verified again; later it is stale.

    `intervals`: how many checks it may miss (`WatchSettings.stale_after`); a fraction counts as a whole check.
    """
    moment = verified_at
    for _ in range(max(1, math.ceil(intervals))):
        moment = latest_check(source, moment)
    return moment


def within_hours(source: Source, moment: datetime) -> datetime:
    """`moment`, or the next opening of the source's active hours if it falls outside them."""
    if source.active_hours is None:
        return moment
    zone = ZoneInfo(source.timezone)
    local = moment.astimezone(zone)
    opens, closes = _hours(source.active_hours)
    if opens == closes or is_within(source.active_hours, local):
        return moment
    day = local.date() if local.time() < opens else local.date() + timedelta(days=1)
    return datetime.combine(day, opens, zone).astimezone(UTC)


def is_within(hours: str, local: datetime) -> bool:
    """Whether a local time falls into "HH:MM-HH:MM"; hours that end before they begin go over midnight."""
    opens, closes = _hours(hours)
    now = local.time()
    return opens <= now < closes if opens <= closes else now >= opens or now < closes


def _hours(text: str) -> tuple[time, time]:
    opens, closes = (time.fromisoformat(part) for part in text.split("-"))
    return opens, closes


#: What the words for a digest's rhythm stand for.
RHYTHMS = {"hourly": "0 * * * *", "daily": "0 8 * * *", "weekly": "0 8 * * mon"}


def next_digest(channel: Channel, level: Level, now: datetime) -> datetime | None:
    """When a change of that weight goes to a channel, by its wall clock; None: at once."""
    rhythm = channel.material if level == "material" else channel.minor
    if rhythm == "immediate":
        return None
    return next_by_cron(RHYTHMS.get(rhythm, rhythm), channel.timezone, now)


def next_report(channel: Channel, after: datetime) -> datetime | None:
    """When a channel next hears how things stand, by its wall clock; None: never."""
    if channel.report == "never":
        return None
    return next_by_cron(RHYTHMS.get(channel.report, channel.report), channel.timezone, after)


def check_rhythms(channel: Channel, now: datetime) -> None:
    """Raise ConfigError where one of a channel's cron expressions cannot be read, or names no day."""
    try:
        for level in LEVELS:
            next_digest(channel, level, now)
        next_report(channel, now)
    except ConfigError as error:
        raise ConfigError(f"channel {channel.id}: {error}") from None


def is_quiet(channel: Channel, now: datetime) -> bool:
    """Whether messages to a channel wait: in its quiet hours and its maintenance windows, by its wall clock."""
    local = now.astimezone(ZoneInfo(channel.timezone))
    if channel.quiet is not None and is_within(channel.quiet, local):
        return True
    windows = [[datetime.fromisoformat(part) for part in window.split("/")] for window in channel.maintenance]
    return any(opens <= local.replace(tzinfo=None) < closes for opens, closes in windows)


def next_by_cron(expression: str, timezone: str, after: datetime) -> datetime:
    """The first moment after `after` that a five-field cron expression names in a time zone, by its wall clock.

    Days follow cron(5): where both day of month and day of week are restricted, either will do. A wall-clock time that
    a change to summer time skips is taken as much later. Raises ConfigError for what is no expression.
    """
    cron, zone = parse_cron(expression), ZoneInfo(timezone)
    day = after.astimezone(zone).date()
    for _ in range(_HORIZON):
        for at in cron.times if cron.matches(day) else ():
            moment = datetime.combine(day, at, zone).astimezone(UTC)
            if moment > after:
                return moment
        day += timedelta(days=1)
    raise ConfigError(f"cron {expression!r}: names no day in the next eight years. Check day of month against month")


@dataclass(frozen=True, slots=True)
class Cron:
    """A parsed expression: the times of day, in order, and which days."""

    times: tuple[time, ...]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]  #: 0 is Sunday
    either: bool  #: day of month and day of week are both restricted

    def matches(self, day: date) -> bool:
        """Whether the expression names this day."""
        by_day, by_weekday = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        return day.month in self.months and (by_day or by_weekday if self.either else by_day and by_weekday)


@cache
def parse_cron(expression: str) -> Cron:
    """Five fields: minute hour day month weekday, each `*`, numbers, names, ranges, steps and lists of these."""
    try:
        minute, hour, day, month, weekday = expression.split()
        minutes, hours = _field(minute, 0, 59), _field(hour, 0, 23)
        return Cron(
            times=tuple(time(h, m) for h in sorted(hours) for m in sorted(minutes)),
            days=_field(day, 1, 31),
            months=_field(month, 1, 12, _MONTHS),
            weekdays=frozenset(n % 7 for n in _field(weekday, 0, 7, _DAYS)),
            either=not day.startswith("*") and not weekday.startswith("*"),
        )
    except ValueError as error:
        raise ConfigError(
            f'cron {expression!r}: {error}. Write minute hour day month weekday, as in "0 6 * * mon-fri"'
        ) from None


def _field(text: str, low: int, high: int, names: list[str] | None = None) -> frozenset[int]:
    """The numbers that one field of an expression names."""
    found: set[int] = set()
    for part in text.lower().split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        start, stop = (low, high) if span == "*" else (_number(first, low, names), _number(last or first, low, names))
        if step and not last:
            stop = high
        if high == 7 and stop == 0 < start:
            stop = 7  # "fri-sun"
        if not low <= start <= stop <= high or (step and int(step) < 1):
            raise ValueError(f"{part!r} is not within {low}-{high}")
        found.update(range(start, stop + 1, int(step or 1)))
    return frozenset(found)


def _number(text: str, low: int, names: list[str] | None) -> int:
    return names.index(text) + low if names and text in names else int(text)
