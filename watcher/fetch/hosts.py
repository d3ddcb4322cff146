"""Politeness: how many pages of one host are fetched at once, how far apart, and who asked us to wait."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from watcher.errors import FetchError
from watcher.records import FetchSettings

MAX_WAIT = 86400.0  #: seconds; a longer Retry-After is cut to a day
MAX_CRAWL_DELAY = 30.0  #: seconds; a longer Crawl-delay is cut


class Hosts:
    """The turns of every host that is being fetched from."""

    def __init__(self, settings: FetchSettings) -> None:
        """Limits as in `settings`."""
        self._settings = settings
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, host: str, *, spaced: bool = True) -> AsyncIterator[None]:
        """Hold one of the host's places for one request.

        `spaced`: wait until the delay since the last spaced request is over; what belongs to a page's visit
        (robots.txt, the hops of a redirect) does not wait. FetchError when the host asked to be left alone for longer
        than one request may take.
        """
        state = self._of(host)
        async with state.places:
            pause = max(state.next_at if spaced else 0.0, state.closed_until) - time.monotonic()
            if pause > self._settings.timeout and state.closed_until > time.monotonic():
                raise FetchError(
                    f"{host} asked to be left alone for another {pause:.0f} s; it is asked again after that.",
                    transient=True,
                    reason="retry-after",
                    retry_after=pause,
                )
            if spaced:
                state.next_at = max(state.next_at, time.monotonic()) + state.delay
            if pause > 0:
                await asyncio.sleep(pause)
            yield

    def close(self, host: str, seconds: float) -> None:
        """The host asked for no requests for so many seconds."""
        self._of(host).closed_until = time.monotonic() + min(seconds, MAX_WAIT)

    def slow_down(self, host: str, delay: float) -> None:
        """The host's robots.txt asks for so many seconds between requests."""
        state = self._of(host)
        state.delay = max(state.delay, min(delay, MAX_CRAWL_DELAY))

    def _of(self, host: str) -> _Host:
        if (state := self._hosts.get(host)) is None:
            state = self._hosts[host] = _Host(self._settings)
        return state


class _Host:
    def __init__(self, settings: FetchSettings) -> None:
        self.places = asyncio.Semaphore(settings.per_host)
        self.delay = settings.delay
        self.next_at = 0.0
        self.closed_until = 0.0
