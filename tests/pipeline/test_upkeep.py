"""What the clock alone brings about: stale sources, trouble that lasts, reminders."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.pipeline.pages import SOURCE, URL, Web, policy, watching
from watcher.errors import FetchError
from watcher.notify.render import render
from watcher.pipeline.check import check
from watcher.pipeline.upkeep import upkeep
from watcher.pipeline.watch import Watch
from watcher.records import Alert, Decision
from watcher.store import alerts


@pytest.fixture
def web() -> Web:
    return Web({URL: policy()})


@pytest.fixture
def watch(tmp_path: Path, web: Web) -> Iterator[Watch]:
    watch = watching(tmp_path, web, confirm=False, remind_after=86400.0, problem_for=3600.0)
    yield watch
    watch.store.close()


def told(watch: Watch, web: Web) -> int:
    """The alert of a material change."""
    asyncio.run(check(watch, SOURCE))
    web.pages[URL] = policy(replace=("6 months", "24 months"))
    web.clock.turn(hours=1)
    result = asyncio.run(check(watch, SOURCE))
    assert result.alert is not None
    return result.alert


def decided(watch: Watch, alert: int, decision: str, **more: object) -> None:
    made = Decision(alert=alert, at=watch.clock(), by="Ana", decision=decision, **more)  # type: ignore[arg-type]
    alerts.decide(watch.store, made)


def test_a_material_alert_that_nobody_acknowledges_is_told_again_and_again(watch: Watch, web: Web) -> None:
    alert = told(watch, web)
    assert upkeep(watch, []) == []
    for _ in range(2):
        web.clock.turn(days=1)
        [reminder] = upkeep(watch, [])
        assert upkeep(watch, []) == []
        assert (reminder.about, reminder.verdict) == (alert, alerts.alert(watch.store, alert).verdict)
        assert [d.channel for d in alerts.deliveries(watch.store, reminder.id)] == ["desk"]
        message = render(reminder)
        assert message.subject.startswith("Reminder: Northwind: ")
        assert f"watcher ack {alert} --by" in message.text
    decided(watch, reminder.id, "accept")
    web.clock.turn(days=9)
    assert upkeep(watch, []) == []


def test_without_the_setting_nobody_is_reminded(watch: Watch, web: Web) -> None:
    told(watch, web)
    web.clock.turn(days=9)
    assert upkeep(replace(watch, settings=replace(watch.settings, remind_after=0.0)), []) == []


def test_what_was_passed_on_comes_back_when_its_day_is_over(watch: Watch, web: Web) -> None:
    alert = told(watch, web)
    decided(watch, alert, "escalate", owner="legal", due=web.clock.now + timedelta(days=5))
    web.clock.turn(days=4)
    assert upkeep(watch, []) == []
    web.clock.turn(days=2)
    assert [a.about for a in upkeep(watch, [])] == [alert]
    decided(watch, alert, "not-material")
    web.clock.turn(days=4)
    assert upkeep(watch, []) == []


GONE = FetchError(f"{URL}: no answer. Check the address", transient=True, reason="timeout")


def checked(watch: Watch, web: Web, hours: float = 1) -> list[tuple[str, str]]:
    """A check after so many hours: the alerts of the source since then, each with what it is about."""
    before = alerts.last(watch.store)
    web.clock.turn(hours=hours)
    asyncio.run(check(watch, SOURCE))
    return said(alerts.after(watch.store, before))


def said(told: list[Alert]) -> list[tuple[str, str]]:
    return [(alert.type, alert.headline) for alert in told]


def test_a_source_that_nobody_verifies_is_stale_once_until_a_check_verifies_it(watch: Watch, web: Web) -> None:
    checked(watch, web)
    web.clock.turn(hours=3)
    assert upkeep(watch, [SOURCE]) == []
    web.clock.turn(minutes=1)
    assert upkeep(watch, [SOURCE], since=web.clock.now) == []
    assert said(upkeep(watch, [SOURCE])) == [("problem", "Northwind: the policy was not verified for too long")]
    assert upkeep(watch, [SOURCE]) == []
    [problem] = alerts.of_source(watch.store, SOURCE.id)
    assert "last verified at 2026-03-01 10:00 UTC" in problem.detail
    assert checked(watch, web) == [("recovery", "Northwind: the policy is verified again")]
    assert "4 h 1 min" in alerts.of_source(watch.store, SOURCE.id)[-1].detail
    assert upkeep(watch, [SOURCE]) == []


def test_trouble_is_told_after_enough_failures_and_enough_time_once_more_when_it_lasts_and_when_it_is_over(
    watch: Watch, web: Web
) -> None:
    checked(watch, web)
    web.pages[URL] = GONE
    assert [checked(watch, web, hours=0.25) for _ in range(4)] == [[]] * 4
    assert checked(watch, web, hours=0.25) == [("problem", "Northwind: the policy cannot be checked")]
    assert upkeep(watch, [SOURCE]) == []
    web.clock.turn(days=3)
    told = upkeep(watch, [SOURCE])
    assert said(told) == [("problem", "Northwind: the policy still cannot be checked")]
    assert "3 d 1 h" in told[0].detail
    web.clock.turn(days=3)
    assert upkeep(watch, [SOURCE]) == []
    web.pages[URL] = policy()
    assert checked(watch, web) == [("recovery", "Northwind: the policy can be checked again")]


def test_what_is_known_to_be_stale_is_not_told_again_as_failing(watch: Watch, web: Web) -> None:
    checked(watch, web)
    web.clock.turn(days=1)
    assert len(upkeep(watch, [SOURCE])) == 1
    web.pages[URL] = GONE
    assert [checked(watch, web) for _ in range(4)] == [[]] * 4
    web.pages[URL] = policy()
    assert checked(watch, web) == [("recovery", "Northwind: the policy is verified again")]
