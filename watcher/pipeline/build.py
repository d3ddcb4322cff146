"""From the configuration to a Watch: what the daemon and `watcher check` share."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from watcher.config import Config
from watcher.fetch import Fetcher
from watcher.pipeline.reader import Reader
from watcher.pipeline.watch import Sends, Watch, utc_now
from watcher.records import Alert, Channel
from watcher.schedule import check_rhythms
from watcher.store import Store


@asynccontextmanager
async def watching(config: Config, store: Store, *, apart: bool = False) -> AsyncIterator[Watch]:
    """Everything that checks and deliveries need, its connections open until the end of the block.

    `apart`: pages are read in another process, as suits who runs for long.
    Raises ConfigError for a channel whose digests could never come: a change would then have nowhere to go.
    """
    for channel in config.channels:
        check_rhythms(channel, utc_now())
    async with Fetcher(config.fetch) as fetcher:
        watch = _watch(config, store, fetcher)
        if not apart:
            yield watch
            return
        reader = Reader(watch)
        try:
            yield replace(watch, reader=reader)
        finally:
            await reader.close()


def _watch(config: Config, store: Store, fetcher: Fetcher) -> Watch:
    return Watch(
        store=store,
        fetcher=fetcher,
        browser=fetcher,
        send=sender(config),
        settings=config.watch,
        teaching=config.teaching,
        channels=config.channels,
        language=config.language,
    )


def sender(config: Config) -> Sends:
    """The way to the channels; what it needs is only loaded when something is sent."""

    def send(told: Sequence[Alert], channel: Channel) -> str:
        from watcher.notify.digest import render_digest
        from watcher.notify.render import render
        from watcher.notify.send import deliver

        if len(told) == 1:
            return deliver(render(told[0], templates=config.templates, language=config.language), channel)
        return deliver(render_digest(told, templates=config.templates, language=config.language), channel)

    return send
