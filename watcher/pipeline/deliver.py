"""Takes messages from the outbox to their channels: at least once, oldest first, patiently."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Iterable
from datetime import timedelta

from watcher.errors import NotifyError
from watcher.pipeline.watch import Watch
from watcher.records import Channel, Delivery
from watcher.schedule import is_quiet
from watcher.store import alerts

FIRST_PAUSE = 30.0  #: seconds before the second attempt; doubles
LONGEST_PAUSE = 3600.0
BATCH = 50  #: deliveries claimed at once

log = logging.getLogger(__name__)


async def deliver(watch: Watch) -> list[Delivery]:
    """Send what is due; each delivery that was tried, as it now stands.

    Whoever calls holds the database's lock: two senders would send twice.
    """
    claimed = alerts.claim(watch.store, receiving(watch), watch.clock(), BATCH)
    queues = [[d for d in claimed if d.channel == channel.id] for channel in watch.channels]
    tried = await asyncio.gather(
        *(_to_channel(watch, channel, queue) for channel, queue in zip(watch.channels, queues, strict=True) if queue)
    )
    return [delivery for part in tried for delivery in part]


def receiving(watch: Watch) -> list[str]:
    """Ids of the channels that take messages now: it is not their quiet time."""
    now = watch.clock()
    return [channel.id for channel in watch.channels if not is_quiet(channel, now)]


def is_waiting(watch: Watch) -> bool:
    """Whether `deliver` would find anything to send."""
    return alerts.is_due(watch.store, receiving(watch), watch.clock())


def expire(watch: Watch) -> list[Delivery]:
    """Give up what has waited for too long for a channel that is stopped or gone; what is held by quiet times waits."""
    now = watch.clock()
    held = [channel.id for channel in watch.channels if is_quiet(channel, now)]
    return alerts.expire(watch.store, now - timedelta(seconds=watch.settings.keep_sending), held)


def recover(watch: Watch) -> int:
    """What the last process was sending when it died is sent again; how many. For who just took the database's lock."""
    resume(watch)
    return alerts.release(watch.store, watch.clock())


def resume(watch: Watch) -> None:
    """Somebody acted: channels that refused for good are tried again, beginning with what they refused."""
    now = watch.clock()
    for channel in alerts.stopped(watch.store):
        alerts.resume(watch.store, channel, now - timedelta(seconds=watch.settings.keep_sending), now)


async def _to_channel(watch: Watch, channel: Channel, queue: Iterable[Delivery]) -> list[Delivery]:
    """One channel's messages, one after the other; what is left once it refuses goes back into the outbox."""
    tried: list[Delivery] = []
    for delivery in queue:
        if tried and tried[-1].outcome != "sent":
            alerts.put_back(watch.store, delivery)
            continue
        await _attempt(watch, channel, delivery)
        tried.append(alerts.delivery(watch.store, delivery.id))
    return tried


async def _attempt(watch: Watch, channel: Channel, delivery: Delivery) -> None:
    """One attempt, and what came of it, written down."""
    alert = alerts.alert(watch.store, delivery.alert)
    try:
        answer = await asyncio.to_thread(watch.send, alert, channel)
    except NotifyError as error:
        _refused(watch, delivery, error)
    except Exception as error:  # a fault of ours or of a library: the message must not be lost with it
        log.exception("sending broke", extra={"channel": channel.id, "alert": alert.id})
        broken = NotifyError(f"{type(error).__name__}: {error}", permanent=False)
        _refused(watch, delivery, broken)
    else:
        alerts.sent(watch.store, delivery, answer, watch.clock())


def _refused(watch: Watch, delivery: Delivery, error: NotifyError) -> None:
    now = watch.clock()
    if error.permanent:
        alerts.give_up(watch.store, delivery, "failed", str(error), now)
        return
    due = now + timedelta(seconds=max(pause(delivery.attempt), error.retry_after or 0.0))
    if due - (delivery.since or now) > timedelta(seconds=watch.settings.keep_sending):
        alerts.give_up(watch.store, delivery, "dead", str(error), now)
    else:
        alerts.retry(watch.store, delivery, due, str(error), now)


def pause(attempts: int) -> float:
    """Seconds until the next attempt after so many earlier ones: doubling, with jitter, to at most an hour."""
    return min(FIRST_PAUSE * 2.0 ** min(attempts, 16), LONGEST_PAUSE) * random.uniform(0.8, 1.0)
