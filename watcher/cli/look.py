"""A page that is no source (yet): a file or an address, fetched, read and gated, with nothing stored."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from watcher.records import Capture, Document, FetchSettings, NotModified, Rejection

if TYPE_CHECKING:
    from watcher.fetch import Fetcher


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one look at a page showed."""

    capture: Capture
    document: Document | None
    rejection: Rejection | None


def is_address(target: str) -> bool:
    """Whether `target` is an address rather than a file."""
    return target.lower().startswith(("http://", "https://"))


def settings(config: str | None) -> FetchSettings:
    """How to fetch: as the configuration says, if there is one; ConfigError for one that is named and not there."""
    from watcher.config import DEFAULT_PATH, load

    if config is None and "WATCHER_CONFIG" not in os.environ and not Path(DEFAULT_PATH).exists():
        return FetchSettings()
    return load(config).fetch


def look_at_file(path: Path) -> Look:
    """A file on disk."""
    from watcher.pipeline.pure import capture_of_file

    return _read(capture_of_file(path))


async def look_at(fetcher: Fetcher, url: str) -> Look:
    """An address; in a browser where the plain page is a script shell or a bot check, as `render = "auto"` would.

    Raises FetchError.
    """
    from watcher.errors import FetchError
    from watcher.fetch import StatusError

    try:
        answer = await fetcher.fetch(url)
    except StatusError as error:
        seen = _read(replace(error.capture, status=200))
        if seen.rejection is None or not seen.rejection.browser_may_help:
            raise
        return _read(await fetcher.render(url))
    assert not isinstance(answer, NotModified), "no validators were sent"
    seen = _read(answer)
    if seen.rejection is None or not seen.rejection.browser_may_help:
        return seen
    try:
        return _read(await fetcher.render(url))
    except FetchError as error:
        click.echo(f"{seen.rejection.sentence} A browser may help, but: {error}", err=True)
        return seen


def _read(capture: Capture) -> Look:
    from watcher.pipeline.pure import read_page

    document, rejection = read_page(capture, None)
    return Look(capture=capture, document=document, rejection=rejection)
