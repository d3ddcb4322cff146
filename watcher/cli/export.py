"""watcher export SOURCE DIR: evidence, as files for somebody without this program."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from watcher.cli.options import config_option, ids, known, stored
from watcher.cli.output import progress

if TYPE_CHECKING:
    from watcher.records import VersionInfo
    from watcher.store import Store


@click.command()
@click.argument("source", shell_complete=ids("source"))
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="Only the version in force on this day (UTC).")
@config_option
def command(source: str, folder: Path, day: datetime | None, config: str | None) -> None:
    """Write every version of SOURCE's policy into DIR/SOURCE: the bytes as served, the clauses, the facts, the verdicts
    with their reasons, and a manifest with addresses, times, headers and digests.

    `sha256sum -c SHA256SUMS`, there, shows that nothing was altered since; `watcher verify SOURCE` first, that nothing
    was before.

    Example: watcher export acme evidence/ --on 2026-03-03
    """
    from watcher.pipeline.export import SUMS, export

    place = folder / source
    if (place / SUMS).exists():
        raise click.UsageError(f"{place}: holds an export already. Give another folder, or move that one away")
    with stored(config) as (_, store):
        known(store, source)
        chosen = _chosen(store, source, day)
        with progress("exporting", len(chosen)) as step:
            for version in export(store, source, chosen, place):
                step(advance=1, description=f"version {version.sequence}")
    click.echo(f"{len(chosen)} {'version' if len(chosen) == 1 else 'versions'} of {source} in {place}")


def _chosen(store: Store, source: str, day: datetime | None) -> list[VersionInfo]:
    """Every version, or the one that was in force on a day."""
    from watcher.errors import StoreError
    from watcher.store import versions

    if day is not None:
        return [versions.on(store, source, day.date())]
    history = versions.history(store, source)
    if not history:
        raise StoreError(f"{source} has no version yet. See `watcher sources` for why")
    return history
