"""Options that several verbs share."""

from __future__ import annotations

import click

config_option = click.option(
    "-c",
    "--config",
    metavar="FILE",
    default=None,
    help="The configuration; default: $WATCHER_CONFIG, else ./sources.toml.",
)
