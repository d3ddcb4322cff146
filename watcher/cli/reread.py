"""watcher reread [SOURCE...]: the versions in force as this release reads them, at once."""

from __future__ import annotations

import click

from watcher.cli.options import config_option, ids, stored
from watcher.cli.output import progress

WORDS = {
    "nothing": "no version yet",
    "same": "the same clauses",
    "otherwise": "other clauses, kept as a version of its own",
    "unreadable": "its captures cannot be read any more, the version stays as it is; `watcher history` shows it",
}


@click.command()
@click.argument("names", metavar="[SOURCE]...", nargs=-1, shell_complete=ids("source"))
@config_option
@click.pass_context
def command(ctx: click.Context, names: tuple[str, ...], config: str | None) -> None:
    """Read the versions in force of the SOURCEs, or of all, again from their captures, as this release reads them.

    Where the clauses come out otherwise, that is a version of its own, with the cause "reread": it is judged by nobody
    and told to nobody. Without this, it happens when a source's page next changes. The daemon has to be stopped.

    Example: watcher reread && watcher facts acme
    """
    from watcher.pipeline.reread import reread
    from watcher.pipeline.watch import Desk
    from watcher.store import Lock

    with stored(config) as (loaded, store):
        chosen = [loaded.source(name) for name in names] or list(loaded.sources)
        lock = Lock(loaded.database)
        try:
            desk = Desk(store=store, settings=loaded.watch, teaching=loaded.teaching, language=loaded.language)
            with progress("reading", len(chosen)) as step:
                found = {}
                for source in chosen:
                    found[source.id] = reread(desk, source)
                    step(advance=1, description=source.id)
        finally:
            lock.release()
    for source_id, how in found.items():
        click.echo(f"{source_id}: {WORDS[how]}")
    ctx.exit(3 if "unreadable" in found.values() else 0)
