"""The outbox: at least once, patiently; with a real database and a post that can refuse."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.pipeline.pages import CHANNEL, SOURCE, Post, Web, watching
from watcher.errors import NotifyError, StoreError
from watcher.notify.render import render
from watcher.pipeline import deliver as deliver_module
from watcher.pipeline.deliver import BATCH, LONGEST_REST, deliver, expire, hasten, is_ready, recover
from watcher.pipeline.upkeep import upkeep
from watcher.pipeline.watch import Watch, recall
from watcher.records import Decision, Delivery
from watcher.schedule import next_digest
from watcher.store import Store, alerts

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


def test_a_busy_channel_rests_for_as_long_as_it_asks_and_goes_on_with_what_it_was_not_sent(
    watch: Watch, post: Post, web: Web
) -> None:
    first, second = write(watch), write(watch)
    post.refusals = [BUSY, NotifyError("slow down", permanent=False, retry_after=90)]
    assert [(d.alert, d.outcome, d.attempt) for d in sent(watch)] == [(first, "pending", 1)]
    assert sent(watch) == []
    web.clock.turn(seconds=30)
    assert [(d.alert, d.outcome, d.attempt) for d in sent(watch)] == [(second, "pending", 1)]
    assert alerts.deliveries(watch.store, second)[0].due_at - web.clock.now == timedelta(seconds=90)
    web.clock.turn(seconds=89)
    assert sent(watch) == []
    web.clock.turn(seconds=1)
    assert [d.outcome for d in sent(watch)] == ["sent", "sent"]
    assert [alert for _, alert, _ in post.taken] == [first, second]


def test_however_much_waits_a_channel_that_is_down_is_asked_once_in_five_minutes(
    watch: Watch, post: Post, web: Web
) -> None:
    for _ in range(100):
        write(watch)
    post.refusals = [BUSY] * 1000
    for _ in range(360):
        sent(watch)
        web.clock.turn(seconds=10)
    assert 12 <= 1000 - len(post.refusals) <= 20
    post.refusals = []
    web.clock.turn(seconds=LONGEST_REST)
    assert len(sent(watch)) == 100


def test_a_message_that_is_never_taken_holds_up_no_other(watch: Watch, post: Post, web: Web) -> None:
    poison = write(watch)
    post.refusals = [BUSY]
    sent(watch)
    web.clock.turn(hours=1)
    others = [write(watch) for _ in range(3)]
    assert [d.alert for d in sent(watch)] == [*others, poison]


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
        web.clock.now = max(web.clock.now + timedelta(minutes=1), delivery.due_at)
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
    [claimed] = alerts.claim(watch.store, "desk", watch.clock(), 10)
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
    assert not is_ready(watch, watch.channels[0])
    web.clock.now = web.clock.now.replace(hour=23)
    assert is_ready(watch, watch.channels[0])
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


def test_a_digest_that_is_tried_again_holds_what_it_held_before(watch: Watch, post: Post, web: Web) -> None:
    """It may have arrived: with another alert in it, it would have another key, and nobody would know it again."""
    monday = next_digest(CHANNEL, "minor", web.clock.now)
    assert monday is not None
    first = [write(watch, digests={"desk": monday}) for _ in range(2)]
    web.clock.now = monday
    post.refusals = [BUSY]
    assert {d.outcome for d in sent(watch)} == {"pending"}
    second = [write(watch, digests={"desk": monday}) for _ in range(2)]
    web.clock.turn(minutes=1)
    assert {d.outcome for d in sent(watch)} == {"sent"}
    assert post.messages == 2
    assert [alert for _, alert, _ in post.taken] == [*second, *first]


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
    assert not is_ready(watch, watch.channels[0])
    web.clock.turn(minutes=61)
    assert [d.alert for d in sent(watch)] == held
    assert post.messages == 2


def test_a_long_backlog_of_one_channel_keeps_no_other_waiting(watch: Watch, post: Post) -> None:
    watch = replace(watch, channels=(CHANNEL, replace(CHANNEL, id="other")))
    for _ in range(BATCH + 1):
        write(watch)
    last = write(watch, ("other",))
    assert last in [d.alert for d in sent(watch) if d.channel == "other"]


def test_a_sender_that_is_told_to_stop_ends_after_its_message_and_gives_back_the_rest(watch: Watch, post: Post) -> None:
    ids = [write(watch) for _ in range(3)]
    turns = [asyncio.run(deliver_module.post(watch, CHANNEL, lambda: True)) for _ in range(4)]
    assert [[d.alert for d in tried] for tried in turns] == [[ids[0]], [ids[1]], [ids[2]], []]


def test_a_backlog_goes_out_in_one_turn(watch: Watch, post: Post) -> None:
    ids = [write(watch) for _ in range(2 * BATCH + 1)]
    assert [d.alert for d in sent(watch)] == ids


# --- what a night may bring ------------------------------------------------------------------------------------------


def test_a_night_that_falls_during_a_batch_keeps_the_rest_for_the_morning(watch: Watch, web: Web) -> None:
    night = replace(CHANNEL, quiet="22:00-07:00")
    web.clock.now = web.clock.now.replace(hour=21, minute=59, second=30)
    ids = [write(watch) for _ in range(4)]

    def slowly(told: object, channel: object) -> str:
        web.clock.turn(seconds=15)
        return "HTTP 200"

    watch = replace(watch, channels=(night,), send=slowly)
    assert [d.alert for d in sent(watch)] == ids[:2]
    web.clock.turn(hours=9)
    assert [d.alert for d in sent(watch)] == ids[2:]


def test_a_daemon_killed_in_the_night_sends_in_the_morning_what_it_held(watch: Watch, post: Post, web: Web) -> None:
    night = replace(CHANNEL, quiet="22:00-07:00")
    web.clock.now = web.clock.now.replace(hour=23)
    alert = write(watch)
    watch = replace(watch, channels=(night,))
    assert sent(watch) == []
    with Store(watch.store.path) as store:  # as the next process finds it
        after = replace(watch, store=store)
        assert recover(after) == 0
        assert (sent(after), expire(after)) == ([], [])
        web.clock.turn(hours=9)
        assert [d.alert for d in sent(after)] == [alert]


def test_a_channel_that_comes_back_to_the_configuration_gets_what_waited_for_it(
    watch: Watch, post: Post, web: Web
) -> None:
    alert = write(watch)
    without = replace(watch, channels=())
    web.clock.turn(days=6)
    assert (sent(without), expire(without)) == ([], [])
    assert [d.alert for d in sent(watch)] == [alert]


def test_a_week_without_the_daemon_costs_no_message(watch: Watch, post: Post, web: Web) -> None:
    first, second = write(watch), write(watch)
    web.clock.turn(days=30)
    post.refusals = [BUSY]
    assert [d.outcome for d in sent(watch)] == ["pending"]
    assert expire(watch) == []
    web.clock.turn(minutes=1)
    assert {d.alert for d in sent(watch)} == {first, second}


def test_a_channel_that_is_deaf_for_a_week_gets_no_older_message_any_more(watch: Watch, post: Post, web: Web) -> None:
    tried, untried = write(watch), write(watch)
    post.refusals = [BUSY]
    assert len(sent(watch)) == 1
    web.clock.turn(days=8)
    fresh = write(watch)
    assert {d.alert for d in expire(watch)} == {tried, untried}
    assert [d.alert for d in sent(watch)] == [fresh]


def test_a_clock_that_was_years_ahead_holds_up_nothing(watch: Watch, post: Post, web: Web) -> None:
    right = web.clock.now
    web.clock.turn(days=3650)
    tried, untried = write(watch), write(watch)
    digest = write(watch, digests={"desk": next_digest(CHANNEL, "minor", web.clock.now) or right})
    post.refusals = [BUSY]
    sent(watch)
    web.clock.now = right
    assert sent(watch) == []
    hasten(watch)
    assert {d.alert for d in sent(watch)} == {tried, untried}
    web.clock.turn(days=7)
    assert [d.alert for d in sent(watch)] == [digest]


def test_a_digest_that_comes_more_often_now_takes_along_what_waits(watch: Watch, post: Post, web: Web) -> None:
    alert = write(watch, digests={"desk": web.clock.now + timedelta(days=7)})
    watch = replace(watch, channels=(replace(CHANNEL, minor="daily"),))
    hasten(watch)
    web.clock.turn(days=1)
    assert [d.alert for d in sent(watch)] == [alert]


def test_an_answer_that_a_full_disk_cannot_take_down_is_kept_in_mind_and_the_message_not_repeated(
    watch: Watch, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("watcher.pipeline.deliver.AGAIN", 0.01)
    alert = write(watch)
    refusals = iter([StoreError("the disk is full")] * 5)
    really = alerts.sent

    def sent_unless_full(*given: object) -> None:
        for error in refusals:
            raise error
        really(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(alerts, "sent", sent_unless_full)
    assert [(d.alert, d.outcome) for d in sent(watch)] == [(alert, "sent")]
    assert post.messages == 1


def test_a_disk_that_fills_up_in_the_middle_of_a_backlog_repeats_nothing_and_loses_nothing(
    watch: Watch, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("watcher.pipeline.deliver.AGAIN", 0.01)
    ids = [write(watch) for _ in range(400)]
    pages = watch.store.rows("PRAGMA page_count")[0][0]
    watch.store.rows(f"PRAGMA max_page_count = {pages + 3}")  # SQLite itself says that the disk is full
    taken_down, full = alerts.sent, []

    def taken_down_unless_full(*given: object) -> None:
        try:
            taken_down(*given)  # type: ignore[arg-type]
        except StoreError as error:
            full.append(str(error))
            asyncio.get_running_loop().call_later(0.1, free)
            raise

    def free() -> None:
        watch.store.rows("PRAGMA max_page_count = 100000")

    async def night() -> None:
        while alerts.unsent(watch.store):
            try:
                await deliver(watch)
            except StoreError as error:  # it was full when the next batch was to be claimed
                full.append(str(error))
                free()
                alerts.release(watch.store, watch.clock())

    monkeypatch.setattr(alerts, "sent", taken_down_unless_full)
    asyncio.run(night())
    assert full
    assert all("the disk is full" in error for error in full)
    assert sorted(alert for _, alert, _ in post.taken) == ids


def test_a_reminder_that_waits_is_not_sent_once_somebody_answered(watch: Watch, post: Post, web: Web) -> None:
    first = write(watch)
    sent(watch)
    reminder = alerts.add(
        watch.store, "problem", SOURCE.id, headline="h", channels=["desk"], now=web.clock.now, about=first
    )
    alerts.decide(watch.store, Decision(alert=first, at=web.clock.now, by="Ana", decision="accept"))
    assert sent(watch) == []
    assert alerts.deliveries(watch.store, reminder) == []


def test_an_alert_that_was_answered_before_it_was_sent_is_sent_all_the_same(watch: Watch, post: Post, web: Web) -> None:
    alert = write(watch)
    alerts.decide(watch.store, Decision(alert=alert, at=web.clock.now, by="Ana", decision="accept"))
    assert [d.alert for d in sent(watch)] == [alert]


# --- a channel in trouble is told on the others ----------------------------------------------------------------------


def two_channels(watch: Watch) -> Watch:
    return replace(watch, channels=(CHANNEL, replace(CHANNEL, id="other")))


def test_a_channel_that_stopped_is_told_on_the_others_once(watch: Watch, post: Post, web: Web) -> None:
    watch = two_channels(watch)
    write(watch)
    post.refusals = [GONE]
    sent(watch)
    [told] = upkeep(watch, [])
    assert (told.type, told.source, told.vendor) == ("channel", "watcher", "Policy Watcher")
    message = render(told)
    assert message.subject == "Policy Watcher: Channel desk has stopped: it refuses messages for good"
    assert "the channel is gone: 404" in message.text
    assert "`watcher notify retry desk`" in message.text
    assert [d.channel for d in sent(watch)] == ["other"]
    web.clock.turn(days=2)
    assert upkeep(watch, []) == []


def test_a_channel_that_works_again_is_told_on_the_others_once(watch: Watch, post: Post, web: Web) -> None:
    watch = two_channels(watch)
    write(watch)
    post.refusals = [GONE]
    sent(watch)
    upkeep(watch, [])
    sent(watch)
    web.clock.turn(minutes=5)
    alerts.resend(watch.store, watch.clock(), channel="desk")
    assert upkeep(watch, []) == []  # nothing has arrived there yet
    web.clock.turn(minutes=1)
    sent(watch)
    [told] = upkeep(watch, [])
    assert (told.type, told.source) == ("recovery", "watcher")
    assert render(told).subject == "Policy Watcher: Channel desk works again"
    assert [d.channel for d in sent(watch)] == ["other"]
    web.clock.turn(days=2)
    assert upkeep(watch, []) == []


def test_messages_that_were_given_up_are_counted_on_the_other_channels_once_a_day(
    watch: Watch, post: Post, web: Web
) -> None:
    watch = two_channels(watch)
    for _ in range(3):
        write(watch, ("removed",))
    web.clock.turn(days=8)
    assert len(expire(watch)) == 3
    [told] = upkeep(watch, [])
    assert told.headline == "Channel removed: messages given up: 3"
    assert {d.channel for d in sent(watch)} == {"desk", "other"}
    write(watch, ("removed",))
    web.clock.turn(hours=1)
    alerts.expire(watch.store, web.clock.now, ["desk", "other"])
    assert upkeep(watch, []) == []
    web.clock.turn(days=1)
    assert len(upkeep(watch, [])) == 1


def test_trouble_that_no_channel_can_be_told_of_is_told_once_one_can(watch: Watch, post: Post) -> None:
    watch = replace(watch, channels=(CHANNEL, replace(CHANNEL, id="other")))
    write(watch, ("desk", "other"))
    post.refusals = [GONE, GONE]
    sent(watch)
    assert upkeep(watch, []) == []
    alerts.resend(watch.store, watch.clock(), channel="other")
    assert [t.headline for t in upkeep(watch, [])] == ["Channel desk has stopped: it refuses messages for good"]
