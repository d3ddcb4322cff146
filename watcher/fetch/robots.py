"""robots.txt as RFC 9309 wants it obeyed: absent allows everything, unreachable allows nothing, kept for a day."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import httpx
from protego import Protego

from watcher.errors import FetchError

KEEP = 86400.0  #: seconds a robots.txt is kept (RFC 9309, 2.4)
KEEP_STALE = 30 * KEEP  #: seconds an old one still counts while a newer cannot be had (RFC 9309, 2.3.1.4)
MAX_BYTES = 512_000  #: bytes that are read of it (RFC 9309, 2.5: at least 500 KiB)

#: Fetches an address: its status and body. FetchError when there is no answer.
Get = Callable[[str], Awaitable[tuple[int, bytes]]]


@dataclass(slots=True)
class _Entry:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    rules: Protego | None = None
    read_at: float = -KEEP_STALE


class Robots:
    """What each site's robots.txt lets this program read."""

    def __init__(self, agent: str) -> None:
        """`agent`: the product token that robots.txt files would name us by."""
        self._agent = agent
        self._sites: dict[str, _Entry] = {}

    async def check(self, url: httpx.URL, get: Get) -> float | None:
        """Pass if the page may be fetched, else a FetchError; gives the Crawl-delay in seconds if one is asked for."""
        site = f"{url.scheme}://{url.netloc.decode('ascii')}"
        entry = self._sites.setdefault(site, _Entry())
        if entry.rules is None or time.monotonic() - entry.read_at > KEEP:
            async with entry.lock:
                if time.monotonic() - entry.read_at > KEEP:
                    await _refresh(entry, f"{site}/robots.txt", get)
        assert entry.rules is not None
        if not entry.rules.can_fetch(str(url), self._agent):
            raise FetchError(
                f"{url} is closed to {self._agent} by {site}/robots.txt. Ask the vendor for leave, or watch another "
                "address of the policy; `robots = false` for the source overrides it where you have that right.",
                transient=False,
                reason="robots",
            )
        return entry.rules.crawl_delay(self._agent)


async def _refresh(entry: _Entry, address: str, get: Get) -> None:
    try:
        status, body = await get(address)
    except FetchError as error:
        if not _still_good(entry):
            # The page itself would fare no better; its own words are the clearer message.
            raise FetchError(
                f"No page of that site can be fetched: {error}",
                transient=error.transient,
                reason=error.reason,
                retry_after=error.retry_after,
            ) from error
        return
    if status == 429 or status >= 500:
        if not _still_good(entry):
            raise FetchError(
                f"{address} answered {status}: while it cannot be read, nothing may be fetched from there (RFC 9309). "
                "It is tried again at the next check.",
                transient=True,
                reason="robots",
            )
        return
    text = body[:MAX_BYTES].decode("utf-8-sig", "ignore") if 200 <= status < 300 else ""
    entry.rules, entry.read_at = Protego.parse(text), time.monotonic()


def _still_good(entry: _Entry) -> bool:
    return entry.rules is not None and time.monotonic() - entry.read_at < KEEP_STALE
