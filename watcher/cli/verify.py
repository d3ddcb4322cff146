"""watcher verify [SOURCE...]: is what is stored what was fetched, and does it say what was read?"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from watcher.cli.options import config_option, format_option, ids, known, stored
from watcher.cli.output import print_json, progress

if TYPE_CHECKING:
    from watcher.config import Config
    from watcher.pipeline.verify import Proof
    from watcher.records import Source
    from watcher.store import Store


@click.command()
@click.argument("names", metavar="[SOURCE]...", nargs=-1, shell_complete=ids("source"))
@config_option
@format_option
@click.pass_context
def command(ctx: click.Context, names: tuple[str, ...], config: str | None, form: str) -> None:
    """Prove what is stored of the SOURCEs, or of all: every byte against its digest, every clause against its own,
    every quote against its clause; and read each version again from its bytes, where this release read it.

    Exit code 3: something is not what was stored. While it looks, the daemon may go on.

    Example: watcher verify acme && watcher export acme evidence/
    """
    from watcher.pipeline.verify import prove

    with stored(config) as (loaded, store):
        store.check()
        chosen = _sources(loaded, store, names)
        with progress("verifying", len(chosen)) as step:
            proofs = []
            for source in chosen:
                proofs.append(prove(store, source))
                step(advance=1, description=source.id)
    if form == "json":
        print_json([asdict(proof) for proof in proofs])
    else:
        for proof in proofs:
            _print(proof)
        if any(proof.faults for proof in proofs):
            click.echo("What was altered does not come back by itself: restore a backup, and check the disk", err=True)
    ctx.exit(3 if any(proof.faults for proof in proofs) else 0)


def _sources(config: Config, store: Store, names: tuple[str, ...]) -> list[Source]:
    """The sources that are meant; those that are no longer configured, as the database knows them."""
    from watcher.records import Source
    from watcher.store import sources

    configured = {source.id: source for source in config.sources}
    states = [known(store, name) for name in names] or sources.states(store)
    return [configured.get(s.id) or Source(id=s.id, vendor=s.vendor, urls=()) for s in states]


def _print(proof: Proof) -> None:
    for fault in proof.faults:
        click.echo(f"{click.style('fail', fg='red')} {proof.source}: {fault}")
    if not proof.faults:
        read = f"{proof.again} of {proof.versions} versions read again alike"
        older = f", {proof.older} were read by another release or with other selectors" if proof.older else ""
        bytes_ = f"{proof.captures} captures ({proof.size / 1e6:.1f} MB)"
        click.echo(f"{click.style('ok  ', fg='green')} {proof.source}: {bytes_} as fetched; {read}{older}")
