"""A lane for each channel: it sends what is due there, one batch after the other, and waits for no other channel."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from functools import partial

from watcher.daemon import structlog
from watcher.errors import StoreError
from watcher.pipeline.deliver import is_ready, post
from watcher.pipeline.watch import Watch
from watcher.records import Channel, Delivery
from watcher.store import alerts

CALM = 60.0  #: seconds until a lane that broke is begun again

log = structlog.get_logger()


class Lanes:
    """The lanes of the daemon. `refused` hears of a database that cannot be written."""

    def __init__(self, refused: Callable[[StoreError], None]) -> None:
        self._refused = refused
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._broken: dict[str, float] = {}  #: channels whose lane broke, and when it may begin again
        self._watch: Watch | None = None

    def tick(self, watch: Watch) -> None:
        """Begin a lane for each channel that has something to send. Raises StoreError."""
        self._watch = watch
        for channel in watch.channels:
            if channel.id not in self._tasks and self._is_whole(watch, channel) and is_ready(watch, channel):
                task = asyncio.create_task(self._run(watch, channel))
                self._tasks[channel.id] = task
                task.add_done_callback(partial(self._ended, channel.id))

    def close(self) -> None:
        """Begin no further message."""
        self._watch = None

    @property
    def busy(self) -> list[asyncio.Task[None]]:
        """The lanes that are sending."""
        return list(self._tasks.values())

    def _is_whole(self, watch: Watch, channel: Channel) -> bool:
        """Whether no lane of the channel broke lately; what one that broke had claimed is taken back."""
        if channel.id not in self._broken:
            return True
        if time.monotonic() < self._broken[channel.id]:
            return False
        alerts.release(watch.store, watch.clock(), channel.id)
        del self._broken[channel.id]
        return True

    async def _run(self, watch: Watch, channel: Channel) -> None:
        """Send until nothing is due, or until another configuration is at work."""
        try:
            while self._watch is watch and is_ready(watch, channel):
                for delivery in await post(watch, channel, lambda: self._watch is not watch):
                    report_delivery(delivery)
        except StoreError as error:
            self._broken[channel.id] = time.monotonic() + CALM
            self._refused(error)
        except Exception:
            self._broken[channel.id] = time.monotonic() + CALM
            log.exception("the lane of a channel broke", channel=channel.id)

    def _ended(self, channel: str, _: object) -> None:
        del self._tasks[channel]


def report_delivery(delivery: Delivery) -> None:
    """One line for an attempt."""
    about = {"alert": delivery.alert, "channel": delivery.channel, "attempt": delivery.attempt}
    if delivery.outcome == "sent":
        log.info("sent", **about)
    elif delivery.outcome == "pending":
        log.warning("not sent yet", error=delivery.error, again_at=f"{delivery.due_at:%FT%TZ}", **about)
    else:
        log.error("not sent", error=delivery.error, outcome=delivery.outcome, **about)
