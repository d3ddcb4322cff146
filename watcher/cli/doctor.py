"""watcher doctor: is everything in order? For people, and for cron or Nagios by its exit code."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal, NamedTuple

import click

from watcher.cli.options import config_option
from watcher.cli.output import print_json

if TYPE_CHECKING:
    from watcher.config import Config
    from watcher.records import Source, SourceState
    from watcher.store import Store

LOW_DISK = 200_000_000  #: bytes free below which the database is in danger


class Finding(NamedTuple):
    """One thing looked at."""

    state: Literal["ok", "warn", "fail"]
    what: str
    text: str  #: what was found and, where it is not in order, the next step


@click.command()
@config_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.pass_context
def command(ctx: click.Context, config: str | None, form: str) -> None:
    """Check that everything is in order: configuration, database, sources, channels, optional parts.

    Exits with 0 when nothing failed, 3 when something did (a broken configuration exits with 2), so that cron or
    Nagios can use it.

    Example: watcher doctor || mail -s "watcher needs a look" ops@example.com
    """
    from watcher.config import load

    loaded = load(config)
    findings = list(examine(loaded, datetime.now(UTC)))
    if form == "json":
        print_json([f._asdict() for f in findings])
    else:
        colours = {"ok": "green", "warn": "yellow", "fail": "red"}
        for finding in findings:
            click.echo(f"{click.style(f'{finding.state:4}', fg=colours[finding.state])} {finding.what}: {finding.text}")
    ctx.exit(3 if any(f.state == "fail" for f in findings) else 0)


def examine(config: Config, now: datetime) -> Iterator[Finding]:
    """Everything worth looking at, in the order in which it would be mended."""
    from watcher.errors import StoreError
    from watcher.store import Store

    yield from _configuration(config)
    yield from _extras(config)
    yield _disk(config)
    if not config.database.exists():
        yield Finding("warn", "database", f"{config.database} does not exist yet: `watcher run` creates it")
        return
    try:
        with Store(config.database) as store:
            store.check()
            yield Finding("ok", "database", f"{config.database} is sound")
            yield _daemon(config)
            yield from _sources(config, store, now)
            yield from _deliveries(config, store, now)
    except StoreError as error:
        yield Finding("fail", "database", str(error))


def _configuration(config: Config) -> Iterator[Finding]:
    enabled = sum(s.enabled for s in config.sources)
    yield Finding("ok" if enabled else "warn", "configuration", f"{config.path}: {enabled} sources enabled")
    for warning in config.warnings:
        yield Finding("warn", "configuration", warning)
    if not config.channels:
        yield Finding("warn", "channels", "none: alerts go to the terminal and the log only. Add a [[channel]]")
    if not config.fetch.contact:
        yield Finding("warn", "contact", "site owners cannot reach you: set contact under [fetch]")


def _extras(config: Config) -> Iterator[Finding]:
    from watcher.errors import FetchError
    from watcher.fetch.browser import find

    if not importlib.util.find_spec("pypdfium2"):
        yield Finding("warn", "pdf", "PDF policies cannot be read: pip install 'policy-watcher[pdf]'")
    if not any(s.enabled and s.render != "never" for s in config.sources):
        return
    must = any(s.enabled and s.render == "always" for s in config.sources)
    try:
        path = find(config.fetch.browser)
    except FetchError as error:
        yield Finding("fail" if must else "warn", "browser", str(error))
        return
    if importlib.util.find_spec("playwright"):
        yield Finding("ok", "browser", path)
    else:
        yield Finding("fail" if must else "warn", "browser", "pip install 'policy-watcher[browser]' to drive it")


def _disk(config: Config) -> Finding:
    folder = next(p for p in [config.database.absolute().parent, *config.database.absolute().parents] if p.exists())
    free = shutil.disk_usage(folder).free
    return Finding("ok" if free > LOW_DISK else "fail", "disk", f"{free // 1_000_000:,} MB free in {folder}")


def _daemon(config: Config) -> Finding:
    from watcher.errors import StoreError
    from watcher.store.db import Lock

    try:
        Lock(config.database).release()
    except StoreError:
        return Finding("ok", "daemon", "running")
    return Finding("warn", "daemon", "not running: `watcher run`, or `systemctl start watcher`")


def _sources(config: Config, store: Store, now: datetime) -> Iterator[Finding]:
    from watcher.store import sources

    states = {state.id: state for state in sources.states(store)}
    for source in config.sources:
        if source.enabled:
            yield _source(source, states.get(source.id), config.watch.stale_after, now)
    for problem in sources.open_problems(store):
        yield Finding(
            "fail", problem.source, f"{problem.kind} since {problem.since:%Y-%m-%d %H:%M} UTC: {problem.reason}"
        )


def _source(source: Source, state: SourceState | None, stale_after: float, now: datetime) -> Finding:
    from watcher.schedule import stale_at

    if state is None or state.last_checked_at is None:
        return Finding("warn", source.id, "never checked yet")
    if state.verified_at is None:
        return Finding("fail", source.id, f"never verified. Last check: {state.outcome}: {state.reason}")
    if now > stale_at(source, state.verified_at, stale_after):
        return Finding(
            "fail", source.id, f"stale: last verified {state.verified_at:%Y-%m-%d %H:%M} UTC. {state.reason}"
        )
    return Finding("ok", source.id, f"verified {state.verified_at:%Y-%m-%d %H:%M} UTC")


def _deliveries(config: Config, store: Store, now: datetime) -> Iterator[Finding]:
    from watcher.schedule import is_quiet
    from watcher.store import alerts

    stopped, refused = alerts.stopped(store), alerts.refused(store)
    for channel in config.channels:
        if channel.id in stopped:
            yield Finding("fail", f"channel {channel.id}", f"stopped: {stopped[channel.id]}")
        elif channel.id in refused:
            waiting, error = refused[channel.id]
            yield Finding(
                "fail", f"channel {channel.id}", f"{waiting} waiting, tried again later. Last answer: {error}"
            )
        else:
            text = f"nothing waits for it (`watcher notify test {channel.id}` tries it)"
            yield Finding("ok", f"channel {channel.id}", text)
    strangers = {channel for channel, outcome in alerts.tally(store) if outcome == "pending"}
    strangers -= {channel.id for channel in config.channels}
    for name in sorted(strangers):
        yield Finding("warn", f"channel {name}", "messages wait for it, but it is not configured (any more)")
    if given_up := alerts.lost(store):
        text = f"given up: {given_up}; `watcher notify unsent` lists them, `watcher notify retry` sends them again"
        yield Finding("warn", "deliveries", text)
    due = alerts.next_due(store, [channel.id for channel in config.channels if not is_quiet(channel, now)])
    if due is not None and (now - due).total_seconds() > 600:
        yield Finding("fail", "deliveries", f"waiting since {due:%Y-%m-%d %H:%M} UTC. Is the daemon running?")
