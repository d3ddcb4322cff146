"""Options that several verbs share, and the way to what is stored."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from watcher.errors import NotFoundError, StoreError

if TYPE_CHECKING:
    from watcher.config import Config
    from watcher.records import SourceState
    from watcher.store import Store

config_option = click.option(
    "-c",
    "--config",
    metavar="FILE",
    default=None,
    help="The configuration; default: $WATCHER_CONFIG, else ./sources.toml.",
)

format_option = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    help="json: one JSON value on stdout and nothing else.",
)


def ids(table: str) -> Callable[[click.Context, click.Parameter, str], list[str]]:
    """Completes ids of the configuration's `table` ("source", "channel"); of a file with mistakes too."""

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
        path = ctx.params.get("config") or os.environ.get("WATCHER_CONFIG") or "sources.toml"
        try:
            tables = tomllib.loads(Path(path).read_text(encoding="utf8"))[table]
            return [t["id"] for t in tables if t["id"].startswith(incomplete)]
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            return []  # nobody wants to read an error between two keys

    return complete


@contextmanager
def stored(config: str | None) -> Iterator[tuple[Config, Store]]:
    """The configuration and its database, for verbs that look at what is stored. StoreError if nothing is."""
    from watcher.config import load
    from watcher.store import Store

    loaded = load(config)
    if not loaded.database.exists():
        raise StoreError(f"{loaded.database}: there is no database yet. `watcher check` or `watcher run` makes it")
    with Store(loaded.database) as store:
        yield loaded, store


def known(store: Store, source: str) -> SourceState:
    """Where a source stands. NotFoundError with the nearest name if the database never heard of it."""
    from watcher.store import sources

    state = sources.state(store, source)
    if state is None:
        near = difflib.get_close_matches(source, [s.id for s in sources.states(store)], 1)
        hint = f"did you mean {near[0]!r}?" if near else "see `watcher sources`"
        raise NotFoundError(f"{store.path}: nothing is stored of a source {source!r}; {hint}")
    return state
