"""watcher feedback: what people decided, as examples to measure and teach with."""

from __future__ import annotations

from pathlib import Path

import click

from watcher.cli.options import config_option, stored


@click.group()
def command() -> None:
    """Export what people decided about alerts.

    Example: watcher feedback export examples/
    """


@command.command()
@config_option
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
def export(config: str | None, folder: Path) -> None:
    """Write each alert that was accepted or found not material into DIR: old.md, new.md and labels.json.

    The last decision counts (`watcher ack`); what was passed on with `escalate` is left out until it is decided.

    Example: watcher feedback export examples/
    """
    from watcher.pipeline.feedback import examples

    with stored(config) as (_, store):
        count = 0
        for example in examples(store):
            example.write(folder)
            count += 1
    click.echo(f"{count} {'example' if count == 1 else 'examples'} in {folder}")
