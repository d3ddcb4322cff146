"""Takes messages from the outbox to their channels: at least once, oldest first, patiently.

Each channel has a queue of its own, and a sender of its own that holds one batch at a time: what one channel does keeps
no other waiting, and however much waits, only a batch of it is in memory.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import random
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from contextvars import copy_context
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from watcher.errors import NotifyError, StoreError
from watcher.pipeline.watch import Watch
from watcher.records import Channel, Delivery
from watcher.schedule import is_quiet, next_digest
from watcher.store import alerts

LONGEST_WAIT = 86_400.0  #: seconds; a channel that asks for more (Retry-After) is not believed
LONGEST_REST = 300.0  #: seconds between two attempts at a channel that refuses whatever it is sent
BATCH = 40  #: deliveries claimed at once, and alerts in one digest: what Slack shows in one message
TURN = 30.0  #: seconds that `deliver` gives each channel
UNWRITTEN = 300.0  #: seconds that an answer is kept in mind while the database refuses to take it down
AGAIN = 2.0  #: seconds between two tries to write it

log = logging.getLogger(__name__)
T = TypeVar("T")


async def deliver(watch: Watch) -> list[Delivery]:
    """Send what is due, for at most a turn each to every channel; each delivery that was tried, as it now stands.

    Whoever calls holds the database's lock: two senders would send twice.
    """
    tried = await asyncio.gather(*(_drain(watch, channel) for channel in watch.channels))
    return [delivery for part in tried for delivery in part]


def is_ready(watch: Watch, channel: Channel) -> bool:
    """Whether `post` would find anything: something is due, it is not quiet there, and there is room for a message."""
    now = watch.clock()
    return not is_quiet(channel, now) and alerts.is_due(watch.store, channel.id, now) and _room(watch, channel) > 0


async def post(watch: Watch, channel: Channel, is_over: Callable[[], bool] = lambda: False) -> list[Delivery]:
    """A batch of one channel's messages, one after the other; each delivery that was tried.

    What is left once it refuses, falls quiet or `is_over` says so goes back.
    """
    tried: list[Delivery] = []
    queue = alerts.claim(watch.store, channel.id, watch.clock(), BATCH)
    messages = _messages(queue, _room(watch, channel))
    for number, message in enumerate(messages, 1):
        await _attempt(watch, channel, message)
        tried += [alerts.delivery(watch.store, delivery.id) for delivery in message]
        if tried[-1].outcome != "sent" or is_over() or is_quiet(channel, watch.clock()):
            for delivery in itertools.chain(*messages[number:]):
                alerts.put_back(watch.store, delivery)
            break
    return tried


def expire(watch: Watch) -> list[Delivery]:
    """Give up what has waited for too long for a channel that is gone, stopped or deaf; what is held waits."""
    now = watch.clock()
    before = now - timedelta(seconds=watch.settings.keep_sending)
    hopeless = set(alerts.stopped(watch.store))
    hopeless |= {channel for channel, (since, _) in alerts.refusing(watch.store).items() if since < before}
    held = [c.id for c in watch.channels if c.id not in hopeless or is_quiet(c, now) or _room(watch, c) <= 0]
    return alerts.expire(watch.store, before, held)


def recover(watch: Watch) -> int:
    """What the last process was sending when it died is sent again; how many. For who just took the database's lock."""
    resume(watch)
    return alerts.release(watch.store, watch.clock())


def resume(watch: Watch) -> None:
    """Somebody acted: channels that refused for good are tried again, beginning with what they refused."""
    now = watch.clock()
    alerts.forget_others(watch.store, [channel.id for channel in watch.channels])
    for channel in alerts.stopped(watch.store):
        alerts.resume(watch.store, channel, now - timedelta(seconds=watch.settings.keep_sending), now)


def hasten(watch: Watch) -> None:
    """Let nothing wait for a moment that a wrong clock, or an earlier configuration, put too far away."""
    now = watch.clock()
    retry = now + timedelta(seconds=max(LONGEST_WAIT, watch.settings.retry_longest))
    for channel in watch.channels:
        digests = [next_digest(channel, level, now) or now for level in ("material", "minor")]
        alerts.hasten(watch.store, channel.id, now, retry=retry, digest=max(digests))


async def _drain(watch: Watch, channel: Channel) -> list[Delivery]:
    """One batch after the other until nothing is due, the channel refuses, or its turn is over."""
    tried: list[Delivery] = []
    end = time.monotonic() + TURN
    while time.monotonic() < end and is_ready(watch, channel):
        tried += await post(watch, channel, lambda: time.monotonic() > end)
    return tried


def _messages(queue: Sequence[Delivery], room: int) -> list[list[Delivery]]:
    """What goes as one message: what waited for a digest, and what is more than there is room for.

    A digest that was tried before goes again as it was: it may have arrived, and is to be known again.
    """
    digests: dict[tuple[int, datetime | None], list[Delivery]] = {}
    for delivery in queue:
        if delivery.digest:
            tried = delivery.due_at if delivery.attempt else None
            digests.setdefault((delivery.attempt, tried), []).append(delivery)
    messages = [*([delivery] for delivery in queue if not delivery.digest), *digests.values()]
    if len(messages) <= room:
        return messages
    return [*messages[: room - 1], list(itertools.chain(*messages[room - 1 :]))]


def _room(watch: Watch, channel: Channel) -> int:
    """How many messages a channel takes now."""
    if not channel.rate:
        return BATCH
    return channel.rate - alerts.messages_since(watch.store, channel.id, watch.clock() - timedelta(hours=1))


async def _attempt(watch: Watch, channel: Channel, message: Sequence[Delivery]) -> None:
    """One attempt, and what came of it, written down."""
    try:
        told = [alerts.alert(watch.store, delivery.alert) for delivery in message]
        answer = await _apart(lambda: watch.send(told, channel))
    except NotifyError as error:
        await _written(partial(_refused, watch, message, error))
    except StoreError:
        raise
    except Exception as error:  # a fault of ours or of a library: the message must not be lost with it
        log.exception("sending broke", extra={"channel": channel.id, "alert": message[0].alert})
        broken = NotifyError(f"{type(error).__name__}: {error}", permanent=False)
        await _written(partial(_refused, watch, message, broken))
    else:
        await _written(partial(_taken, watch, message, answer))


def _taken(watch: Watch, message: Sequence[Delivery], answer: str) -> None:
    now = watch.clock()
    with watch.store.atomic():
        for delivery in message:
            alerts.sent(watch.store, delivery, answer, now)


def _refused(watch: Watch, message: Sequence[Delivery], error: NotifyError) -> None:
    """All of a message stays together: it is due again at one time. Until then the channel rests, for a while."""
    now, channel = watch.clock(), message[0].channel
    asked = min(error.retry_after or 0.0, LONGEST_WAIT)
    due = now + timedelta(seconds=max(_pause(watch, message[0].attempt), asked))
    with watch.store.atomic():
        for delivery in message:
            if error.permanent:
                alerts.give_up(watch.store, delivery, "failed", str(error), now)
            elif due - (delivery.since or now) > timedelta(seconds=watch.settings.keep_sending):
                alerts.give_up(watch.store, delivery, "dead", str(error), now)
            else:
                alerts.retry(watch.store, delivery, due, str(error), now)
        if not error.permanent:
            rest = min(_pause(watch, alerts.refusals(watch.store, channel)), LONGEST_REST)
            alerts.rest(watch.store, channel, now + timedelta(seconds=max(rest, asked)), str(error), now)


def _pause(watch: Watch, earlier: int) -> float:
    return pause(earlier, watch.settings.retry_pause, watch.settings.retry_longest)


def pause(earlier: int, first: float, longest: float) -> float:
    """Seconds until the next attempt after so many earlier ones: `first`, doubling to `longest`, with jitter."""
    return min(first * 2.0 ** min(earlier, 32), longest) * random.uniform(0.8, 1.0)


async def _written(write: Callable[[], None]) -> None:
    """Write down what a channel answered. While the database refuses (a full disk), the answer is kept in mind.

    Sending the message again instead would repeat it for as long as the disk is full. Raises StoreError in the end.
    """
    end = time.monotonic() + UNWRITTEN
    while True:
        try:
            return write()
        except StoreError as error:
            if time.monotonic() > end:
                raise
            log.error("what a channel answered cannot be written down yet: %s", error)
        await asyncio.sleep(AGAIN)


async def _apart(work: Callable[[], T]) -> T:
    """Run what blocks in a thread of its own: no pool that slow channels could fill, nothing that a stop waits for."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def settle(set_it: Callable[[], None]) -> None:
        if not done.done():
            set_it()

    def run() -> None:
        try:
            result = work()
        except BaseException as error:
            step = partial(done.set_exception, error)
        else:
            step = partial(done.set_result, result)
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, step)

    threading.Thread(target=copy_context().run, args=(run,), daemon=True, name="post").start()
    return await done
