"""watcher backup FILE: the database as one file, copied while others work on it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from watcher.cli.options import config_option, stored
from watcher.cli.output import progress


@click.command()
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path))
@config_option
def command(target: Path, config: str | None) -> None:
    """Copy the database, as it is now, to FILE; into a folder, under a name that says when. The daemon may go on.

    The copy is looked through, complete, and replaces nothing. To go back to it: stop the daemon, put it where the
    configuration says the database is, remove the files -wal and -shm beside that, start the daemon.

    Example: watcher backup /var/backups/
    """
    if target.is_dir():
        target /= f"watcher-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.db"
    with stored(config) as (_, store), progress("copying") as step:
        store.copy_to(target, lambda done, every: step(completed=done, total=every))
    click.echo(f"{target}: {target.stat().st_size / 1e6:.1f} MB, sound")
