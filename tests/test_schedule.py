"""When a source is checked next."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from watcher.errors import ConfigError
from watcher.records import Source
from watcher.schedule import next_by_cron, next_check, stale_at

SATURDAY = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)


def source(**settings: object) -> Source:
    return Source(id="a", vendor="A", urls=("http://a.test/",), **settings)  # type: ignore[arg-type]


def test_an_interval_is_lengthened_by_its_jitter() -> None:
    spread = [next_check(source(interval=3600.0, jitter=600.0), SATURDAY, lambda x=x: x) for x in (0.0, 0.5)]
    assert [(moment - SATURDAY).total_seconds() for moment in spread] == [3600, 3900]


@pytest.mark.parametrize(
    ("expression", "moment"),
    [
        ("*/15 * * * *", "2026-03-28T12:15+00:00"),
        ("0 6 * * mon-fri", "2026-03-30T06:00+02:00"),
        ("30 2 * * *", "2026-03-29T03:30+02:00"),  # the clocks skip 02:30
        ("0 0 29 2 *", "2028-02-29T00:00+01:00"),
        ("0 9 1 * mon", "2026-03-30T09:00+02:00"),  # either the 1st or a Monday
        ("0 8 * * 7", "2026-03-29T08:00+02:00"),
        ("0 8 * * fri-sun", "2026-03-29T08:00+02:00"),
        ("5/20 13 * jan,apr *", "2026-04-01T13:05+02:00"),
    ],
)
def test_cron_goes_by_the_wall_clock_of_its_zone(expression: str, moment: str) -> None:
    assert next_by_cron(expression, "Europe/Berlin", SATURDAY) == datetime.fromisoformat(moment)


@pytest.mark.parametrize("expression", ["61 * * * *", "* * * *", "0 0 31 2 *", "a * * * *", "*/0 * * * *"])
def test_what_is_no_expression_is_refused(expression: str) -> None:
    with pytest.raises(ConfigError, match="cron"):
        next_by_cron(expression, "UTC", SATURDAY)


def test_checks_fall_inside_the_active_hours() -> None:
    office = source(interval=3600.0, jitter=0.0, active_hours="08:00-20:00", timezone="Asia/Shanghai")
    assert next_check(office, SATURDAY) == datetime(2026, 3, 29, 0, 0, tzinfo=UTC)
    night = source(interval=3600.0, jitter=0.0, active_hours="22:00-06:00")
    assert next_check(night, SATURDAY) == datetime(2026, 3, 28, 22, 0, tzinfo=UTC)
    assert next_check(night, SATURDAY.replace(hour=23)) == datetime(2026, 3, 29, 0, 0, tzinfo=UTC)


def test_a_source_is_stale_after_the_checks_that_it_may_miss() -> None:
    assert stale_at(source(interval=3600.0, jitter=600.0), SATURDAY, 3) == datetime(2026, 3, 28, 15, 30, tzinfo=UTC)
    assert stale_at(source(cron="0 6 * * mon-fri"), SATURDAY, 2) == datetime(2026, 3, 31, 6, 10, tzinfo=UTC)
