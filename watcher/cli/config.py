"""watcher config check | schema: is sources.toml right, and what may stand in it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from watcher.cli.options import config_option
from watcher.errors import ConfigError, NotifyError

if TYPE_CHECKING:
    from watcher.config import Config


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
    if problems := list(_unusable(loaded)):
        raise ConfigError(f"{loaded.path} cannot be used\n" + "\n".join(f"  {problem}" for problem in problems))
    for warning in loaded.warnings:
        click.echo(f"warning: {warning}", err=True)
    on = sum(s.enabled for s in loaded.sources)
    click.echo(
        f"{loaded.path}: fine. {on} of {len(loaded.sources)} sources enabled, {len(loaded.channels)} channels, "
        f"database {loaded.database}"
    )


def _unusable(config: Config) -> Iterator[str]:
    """What reads well and cannot work: cron expressions, channel addresses, files that are not there."""
    from watcher.notify import send
    from watcher.pipeline.watch import utc_now
    from watcher.schedule import check_rhythms, parse_cron

    for source in config.sources:
        if source.cron is not None:
            try:
                parse_cron(source.cron)
            except ConfigError as error:
                yield f"source {source.id}: {error}"
    for channel in config.channels:
        try:
            check_rhythms(channel, utc_now())
        except ConfigError as error:
            yield str(error)
        try:
            send.check(channel)
        except NotifyError as error:
            yield f"channel {channel.id}: {error}"
    if config.templates is not None and not config.templates.is_dir():
        yield f"watch templates: {config.templates} is no folder"
    if config.fetch.browser and not shutil.which(config.fetch.browser):
        yield f"fetch browser: {config.fetch.browser} is no program"


@command.command()
def schema() -> None:
    """Print the JSON Schema of sources.toml, for editors.

    Example: watcher config schema > sources.schema.json
    """
    from watcher.config import schema as json_schema

    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
