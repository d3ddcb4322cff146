"""`watcher demo`: two made-up vendors change their policies while the real daemon watches them."""

from __future__ import annotations

import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import click


@click.command(name="demo")
@click.option("--once", is_flag=True, help="Play the script once, check its outcome, exit with 0 or 1.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep the pages, the configuration and the database here (default: a temporary folder).",
)
def command(once: bool, folder: Path | None) -> int:
    """Show what a person gets when policies change, and what they are spared.

    Serves two made-up vendors' policies on loopback, runs the daemon against them with short intervals, changes the
    pages by script and prints every message that is delivered.

    Example: watcher demo --once
    """
    from watcher.demo.play import DemoError, audit, follow, play, staged

    with ExitStack() as stack:
        place = folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="watcher-demo-")))
        place.mkdir(parents=True, exist_ok=True)
        try:
            with staged(place) as stage:
                wrong = play(stage)
                if not wrong and not once and sys.stdout.isatty():
                    follow(stage)
                    return 0
            wrong = wrong or audit(place, len(stage.inbox.messages))
        except DemoError as error:
            wrong = [str(error)]
    if wrong:
        click.echo("\nThe demo did not come out as it must:\n" + "\n".join(wrong), err=True)
        return 1
    click.echo("\nEvery real change was told once, with its proof; nothing else was told.")
    return 0
