"""The outbox: at least once, patiently; with a real database and a post that can refuse."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from tests.pipeline.pages import CHANNEL, SOURCE, Post, Web, watching
from watcher.errors import NotifyError
from watcher.pipeline.deliver import BATCH, deliver, expire, is_waiting, pause, recover
from watcher.pipeline.watch import Watch, recall
from watcher.records import Delivery
from watcher.schedule import next_digest
from watcher.store import alerts

BUSY = NotifyError("the channel is busy", permanent=False)
NO_DIGESTS: Mapping[str, datetime] = {}
GONE = NotifyError("the channel is gone: 404", permanent=True)


@pytest.fixture
def web() -> Web:
    return Web()


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def watch(tmp_path: Path, web: Web, post: Post) -> Iterator[Watch]:
    watch = replace(watching(tmp_path, web), send=post)
    recall(watch, SOURCE)
    yield watch
    watch.store.close()


def write(watch: Watch, channels: tuple[str, ...] = ("desk",), digests: Mapping[str, datetime] = NO_DIGESTS) -> int:
    return alerts.add(
        watch.store, "problem", SOURCE.id, url="u", headline="Trouble", channels=channels, now=watch.clock(),
        digests=digests,
    )  # fmt: skip


def sent(watch: Watch) -> list[Delivery]:
    return asyncio.run(deliver(watch))


def test_what_is_due_is_sent_once_with_the_answer_on_record(watch: Watch, post: Post) -> None:
    first, second = write(watch), write(watch)
    assert [d.outcome for d in sent(watch)] == ["sent", "sent"]
    assert sent(watch) == []
    assert [alert for _, alert, _ in post.taken] == [first, second]
    [delivery] = alerts.deliveries(watch.store, first)
    assert [(a["outcome"], a["answer"]) for a in alerts.attempts(watch.store, delivery.id)] == [("sent", "HTTP 200")]


def test_a_busy_channel_is_tried_again_after_a_pause_of_its_own_choice(watch: Watch, post: Post, web: Web) -> None:
    first, second = write(watch), write(watch)
    post.refusals = [BUSY, NotifyError("slow down", permanent=False, retry_after=90)]
    assert [(d.alert, d.outcome, d.attempt) for d in sent(watch)] == [(first, "pending", 1)]
    assert [(d.alert, d.outcome, d.attempt) for d in sent(watch)] == [(second, "pending", 1)]
    waits = [(alerts.deliveries(watch.store, a)[0].due_at - web.clock.now).total_seconds() for a in (first, second)]
    assert 24 <= waits[0] <= 30
    assert waits[1] == 90
    web.clock.turn(seconds=90)
    assert [d.outcome for d in sent(watch)] == ["sent", "sent"]
    assert [alert for _, alert, _ in post.taken] == [first, second]


def test_pauses_double_up_to_an_hour() -> None:
    assert [0.8 <= pause(n) / want <= 1.0 for n, want in enumerate([30, 60, 120, 240, 480, 960, 1920, 3600, 3600])]
    assert pause(5000) <= 3600


def test_a_channel_that_refuses_for_good_stops_until_somebody_acts(watch: Watch, post: Post) -> None:
    first, second = write(watch), write(watch)
    post.refusals = [GONE]
    assert [d.outcome for d in sent(watch)] == ["failed"]
    assert alerts.stopped(watch.store) == {"desk": "the channel is gone: 404"}
    assert sent(watch) == []
    recover(watch)
    assert [d.outcome for d in sent(watch)] == ["sent", "sent"]
    assert {alert for _, alert, _ in post.taken} == {first, second}


def test_a_message_is_given_up_after_the_configured_time(watch: Watch, post: Post, web: Web) -> None:
    alert = write(watch)
    post.refusals = [BUSY] * 500
    while (delivery := alerts.deliveries(watch.store, alert)[0]).outcome == "pending":
        web.clock.now = max(web.clock.now, delivery.due_at)
        sent(watch)
    assert delivery.outcome == "dead"
    assert delivery.attempt > 100
    assert "busy" in delivery.error


def test_what_waits_for_a_channel_that_is_gone_is_given_up_in_the_end(watch: Watch, web: Web) -> None:
    alert = write(watch, ("desk", "removed"))
    sent(watch)
    web.clock.turn(days=8)
    assert [d.channel for d in expire(watch)] == ["removed"]
    assert [d.outcome for d in alerts.deliveries(watch.store, alert)] == ["sent", "dead"]


def test_what_was_being_sent_when_the_process_died_is_sent_again_under_the_same_id(watch: Watch, post: Post) -> None:
    write(watch)
    [claimed] = alerts.claim(watch.store, ["desk"], watch.clock(), 10)
    assert sent(watch) == []
    assert recover(watch) == 1
    assert [d.id for d in sent(watch)] == [claimed.id]


def test_a_sender_that_breaks_loses_nothing(watch: Watch, post: Post) -> None:
    write(watch)
    post.refusals = [ZeroDivisionError("oh")]
    [delivery] = sent(watch)
    assert (delivery.outcome, delivery.error) == ("pending", "ZeroDivisionError: oh")


def test_a_slow_channel_does_not_hold_up_the_others(watch: Watch, post: Post) -> None:
    watch = replace(watch, channels=(CHANNEL, replace(CHANNEL, id="other")))
    post.refusals = [BUSY]
    write(watch, ("desk", "other"))
    assert sorted(d.outcome for d in sent(watch)) == ["pending", "sent"]


def test_messages_wait_while_it_is_quiet_where_the_channel_is_and_are_not_lost(
    watch: Watch, post: Post, web: Web
) -> None:
    night = replace(CHANNEL, quiet="22:00-07:00", timezone="Asia/Shanghai")  # 14:00 to 23:00 UTC
    watch = replace(watch, channels=(night,))
    web.clock.now = web.clock.now.replace(hour=14)
    alert = write(watch)
    assert sent(watch) == []
    assert not is_waiting(watch)
    web.clock.now = web.clock.now.replace(hour=23)
    assert is_waiting(watch)
    assert [d.alert for d in sent(watch)] == [alert]


def test_a_long_maintenance_window_costs_no_message_and_no_patience(watch: Watch, post: Post, web: Web) -> None:
    closed = replace(CHANNEL, maintenance=("2026-02-27T08:00/2026-03-20T08:00",), timezone="Europe/Berlin")
    watch = replace(watch, channels=(closed,))
    alert = write(watch)
    web.clock.turn(days=15)
    assert (sent(watch), expire(watch)) == ([], [])
    web.clock.now = web.clock.now.replace(day=20, hour=7)
    post.refusals = [BUSY]
    assert [d.outcome for d in sent(watch)] == ["pending"]
    web.clock.turn(minutes=1)
    assert [(d.alert, d.outcome) for d in sent(watch)] == [(alert, "sent")]


def test_minor_changes_wait_for_the_weekly_digest_and_go_as_one_message(watch: Watch, post: Post, web: Web) -> None:
    monday = next_digest(CHANNEL, "minor", web.clock.now)
    assert monday == web.clock.now.replace(day=2, hour=8)
    assert next_digest(CHANNEL, "material", web.clock.now) is None
    waiting = [write(watch, digests={"desk": monday}) for _ in range(3)]
    assert sent(watch) == []
    web.clock.now = monday
    post.refusals = [BUSY]
    assert {d.outcome for d in sent(watch)} == {"pending"}
    web.clock.turn(minutes=1)
    assert [(d.alert, d.outcome) for d in sent(watch)] == [(id, "sent") for id in waiting]
    assert post.messages == 1


def test_what_is_over_the_rate_waits_and_goes_as_one_message(watch: Watch, post: Post, web: Web) -> None:
    watch = replace(watch, channels=(replace(CHANNEL, rate=3),))
    ids = [write(watch) for _ in range(5)]
    assert len(sent(watch)) == 5
    assert [alert for _, alert, _ in post.taken] == ids
    assert post.messages == 3


def test_a_channel_that_had_enough_waits_for_the_hour_to_pass(watch: Watch, post: Post, web: Web) -> None:
    watch = replace(watch, channels=(replace(CHANNEL, rate=1),))
    write(watch)
    assert len(sent(watch)) == 1
    held = [write(watch), write(watch)]
    assert sent(watch) == []
    assert not is_waiting(watch)
    web.clock.turn(minutes=61)
    assert [d.alert for d in sent(watch)] == held
    assert post.messages == 2


def test_a_long_backlog_of_one_channel_keeps_no_other_waiting(watch: Watch, post: Post) -> None:
    watch = replace(watch, channels=(CHANNEL, replace(CHANNEL, id="other")))
    for _ in range(BATCH + 1):
        write(watch)
    last = write(watch, ("other",))
    assert last in [d.alert for d in sent(watch) if d.channel == "other"]


def test_a_slow_channel_ends_its_turn_and_goes_on_in_the_next(
    watch: Watch, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("watcher.pipeline.deliver.TURN", -1.0)
    ids = [write(watch) for _ in range(3)]
    assert [[d.alert for d in sent(watch)] for _ in range(4)] == [[ids[0]], [ids[1]], [ids[2]], []]
