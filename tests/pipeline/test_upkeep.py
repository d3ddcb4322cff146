"""What the clock alone brings about: reminders."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.pipeline.pages import SOURCE, URL, Web, policy, watching
from watcher.notify.render import render
from watcher.pipeline.check import check
from watcher.pipeline.upkeep import upkeep
from watcher.pipeline.watch import Watch
from watcher.records import Decision
from watcher.store import alerts


@pytest.fixture
def web() -> Web:
    return Web({URL: policy()})


@pytest.fixture
def watch(tmp_path: Path, web: Web) -> Iterator[Watch]:
    watch = watching(tmp_path, web, confirm=False, remind_after=86400.0)
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
    assert upkeep(watch) == []
    for _ in range(2):
        web.clock.turn(days=1)
        [reminder] = upkeep(watch)
        assert upkeep(watch) == []
        assert (reminder.about, reminder.verdict) == (alert, alerts.alert(watch.store, alert).verdict)
        assert [d.channel for d in alerts.deliveries(watch.store, reminder.id)] == ["desk"]
        message = render(reminder)
        assert message.subject.startswith("Reminder: Northwind: ")
        assert f"watcher ack {alert} --by" in message.text
    decided(watch, reminder.id, "accept")
    web.clock.turn(days=9)
    assert upkeep(watch) == []


def test_without_the_setting_nobody_is_reminded(watch: Watch, web: Web) -> None:
    told(watch, web)
    web.clock.turn(days=9)
    assert upkeep(replace(watch, settings=replace(watch.settings, remind_after=0.0))) == []


def test_what_was_passed_on_comes_back_when_its_day_is_over(watch: Watch, web: Web) -> None:
    alert = told(watch, web)
    decided(watch, alert, "escalate", owner="legal", due=web.clock.now + timedelta(days=5))
    web.clock.turn(days=4)
    assert upkeep(watch) == []
    web.clock.turn(days=2)
    assert [a.about for a in upkeep(watch)] == [alert]
    decided(watch, alert, "not-material")
    web.clock.turn(days=4)
    assert upkeep(watch) == []
