"""watcher config check | schema: is sources.toml right, and what may stand in it."""

from __future__ import annotations

import json

import click

from watcher.cli.options import config_option


@click.group()
def command() -> None:
    """Check the configuration, or print its JSON Schema.

    Example: watcher config check --config sources.toml
    """


@command.command()
@config_option
def check(config: str | None) -> None:
    """Report every problem of the configuration at once, with file, line and what to write instead.

    Example: watcher config check
    """
    from watcher.config import load

    loaded = load(config)
    for warning in loaded.warnings:
        click.echo(f"warning: {warning}", err=True)
    on = sum(s.enabled for s in loaded.sources)
    click.echo(
        f"{loaded.path}: fine. {on} of {len(loaded.sources)} sources enabled, {len(loaded.channels)} channels, "
        f"database {loaded.database}"
    )


@command.command()
def schema() -> None:
    """Print the JSON Schema of sources.toml, for editors.

    Example: watcher config schema > sources.schema.json
    """
    from watcher.config import schema as json_schema

    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
