"""watcher run: the daemon."""

from __future__ import annotations

import os
from pathlib import Path

import click

from watcher.cli.options import config_option


@click.command()
@config_option
def command(config: str | None) -> None:
    """Watch every source until told to stop: SIGTERM stops, SIGHUP reads the configuration again.

    Example: watcher run --config /etc/watcher/sources.toml
    """
    from watcher.daemon.service import run

    run(Path(config) if config else None, os.environ)
