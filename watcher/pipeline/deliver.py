"""Takes messages from the outbox to their channels: at least once, oldest first, patiently."""

from __future__ import annotations

import asyncio
import itertools
import logging
import random
import time
from collections.abc import Sequence
from datetime import timedelta

from watcher.errors import NotifyError
from watcher.pipeline.watch import Watch
from watcher.records import Channel, Delivery
from watcher.schedule import is_quiet
from watcher.store import alerts

FIRST_PAUSE = 30.0  #: seconds before the second attempt; doubles
LONGEST_PAUSE = 3600.0
BATCH = 40  #: deliveries claimed at once, and alerts in one digest: what Slack shows in one message

TURN = 30.0  #: seconds after which a slow channel lets the others have their next batch

log = logging.getLogger(__name__)


async def deliver(watch: Watch) -> list[Delivery]:
    """Send what is due; each delivery that was tried, as it now stands.

    Whoever calls holds the database's lock: two senders would send twice.
    """
    able = receiving(watch)
    tried = await asyncio.gather(*(_to_channel(watch, channel) for channel in watch.channels if channel.id in able))
    return [delivery for part in tried for delivery in part]


def receiving(watch: Watch) -> list[str]:
    """Ids of the channels that take messages now: it is not their quiet time, and they did not have enough."""
    now = watch.clock()
    return [channel.id for channel in watch.channels if not is_quiet(channel, now) and _room(watch, channel) > 0]


def is_waiting(watch: Watch) -> bool:
    """Whether `deliver` would find anything to send."""
    return alerts.is_due(watch.store, receiving(watch), watch.clock())


def expire(watch: Watch) -> list[Delivery]:
    """Give up what has waited for too long for a channel that is stopped or gone; what is held waits."""
    open_now = receiving(watch)
    held = [channel.id for channel in watch.channels if channel.id not in open_now]
    return alerts.expire(watch.store, watch.clock() - timedelta(seconds=watch.settings.keep_sending), held)


def recover(watch: Watch) -> int:
    """What the last process was sending when it died is sent again; how many. For who just took the database's lock."""
    resume(watch)
    return alerts.release(watch.store, watch.clock())


def resume(watch: Watch) -> None:
    """Somebody acted: channels that refused for good are tried again, beginning with what they refused."""
    now = watch.clock()
    for channel in alerts.stopped(watch.store):
        alerts.resume(watch.store, channel, now - timedelta(seconds=watch.settings.keep_sending), now)


async def _to_channel(watch: Watch, channel: Channel) -> list[Delivery]:
    """One channel's messages, one after the other; what is left once it refuses, or its turn is over, goes back."""
    tried: list[Delivery] = []
    end = time.monotonic() + TURN
    queue = alerts.claim(watch.store, [channel.id], watch.clock(), BATCH)
    messages = _messages(queue, _room(watch, channel))
    for number, message in enumerate(messages):
        await _attempt(watch, channel, message)
        tried += [alerts.delivery(watch.store, delivery.id) for delivery in message]
        if tried[-1].outcome != "sent" or time.monotonic() > end:
            for delivery in itertools.chain(*messages[number + 1 :]):
                alerts.put_back(watch.store, delivery)
            break
    return tried


def _messages(queue: Sequence[Delivery], room: int) -> list[list[Delivery]]:
    """What goes as one message: what waited for a digest, and what is more than there is room for."""
    singles = [[delivery] for delivery in queue if not delivery.digest]
    waited = [delivery for delivery in queue if delivery.digest]
    messages = [*singles, waited] if waited else singles
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
    told = [alerts.alert(watch.store, delivery.alert) for delivery in message]
    try:
        answer = await asyncio.to_thread(watch.send, told, channel)
    except NotifyError as error:
        _refused(watch, message, error)
    except Exception as error:  # a fault of ours or of a library: the message must not be lost with it
        log.exception("sending broke", extra={"channel": channel.id, "alert": told[0].id})
        broken = NotifyError(f"{type(error).__name__}: {error}", permanent=False)
        _refused(watch, message, broken)
    else:
        now = watch.clock()
        with watch.store.atomic():
            for delivery in message:
                alerts.sent(watch.store, delivery, answer, now)


def _refused(watch: Watch, message: Sequence[Delivery], error: NotifyError) -> None:
    """All of a message stays together: it is due again at one time."""
    now = watch.clock()
    due = now + timedelta(seconds=max(pause(message[0].attempt), error.retry_after or 0.0))
    with watch.store.atomic():
        for delivery in message:
            if error.permanent:
                alerts.give_up(watch.store, delivery, "failed", str(error), now)
            elif due - (delivery.since or now) > timedelta(seconds=watch.settings.keep_sending):
                alerts.give_up(watch.store, delivery, "dead", str(error), now)
            else:
                alerts.retry(watch.store, delivery, due, str(error), now)


def pause(attempts: int) -> float:
    """Seconds until the next attempt after so many earlier ones: doubling, with jitter, to at most an hour."""
    return min(FIRST_PAUSE * 2.0 ** min(attempts, 16), LONGEST_PAUSE) * random.uniform(0.8, 1.0)
