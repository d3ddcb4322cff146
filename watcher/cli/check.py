"""watcher check [SOURCE...]: one check of each source, now."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from watcher.cli.options import config_option, format_option, ids
from watcher.cli.output import print_json, print_table, progress, verdict_json

if TYPE_CHECKING:
    from watcher.config import Config
    from watcher.pipeline.watch import Watch
    from watcher.records import CheckResult, Delivery, Source
    from watcher.store import Store


@click.command()
@click.argument("names", metavar="[SOURCE]...", nargs=-1, shell_complete=ids("source"))
@config_option
@format_option
@click.pass_context
def command(ctx: click.Context, names: tuple[str, ...], config: str | None, form: str) -> None:
    """Check the SOURCEs, or all that are enabled, once and now; store what is found and send what is due.

    Exit code: 1 a material change was found; else 3 a source or a delivery failed; else 0. While a daemon works on the
    same database, it is the daemon that sends.

    Example: watcher check acme --format json
    """
    import asyncio

    from watcher.config import load
    from watcher.store import Lock, Store

    loaded = load(config)
    chosen = [loaded.source(name) for name in names] or [s for s in loaded.sources if s.enabled]
    with Store(loaded.database) as store, _sending(loaded, Lock) as sends:
        results, sent = asyncio.run(_round(loaded, store, chosen, sends))
        if form == "json":
            print_json([_result_json(result) for result in results])
        else:
            _print(loaded, store, results)
    for delivery in sent:
        if delivery.outcome != "sent":
            click.echo(f"alert {delivery.alert} to {delivery.channel}: {delivery.error}", err=True)
    ctx.exit(_exit_code(results, sent))


@contextmanager
def _sending(config: Config, lock: Any) -> Iterator[bool]:
    """Whether messages are ours to send: nobody else may have the database's lock meanwhile."""
    from watcher.errors import StoreError

    try:
        held = lock(config.database)
    except StoreError:
        yield False
        return
    try:
        yield True
    finally:
        held.release()


async def _round(
    config: Config, store: Store, chosen: list[Source], sends: bool
) -> tuple[list[CheckResult], list[Delivery]]:
    """The checks, with what watches the watch; while a daemon works on the database, that is its business."""
    from watcher.pipeline.vitals import beat, health, write_metrics
    from watcher.pipeline.watch import utc_now

    if sends and config.heartbeat:
        await beat(config.heartbeat, "start")
    done = await _check(config, store, chosen, sends)
    if sends and config.heartbeat:
        await beat(config.heartbeat, health(store, utc_now()))
    if sends and config.metrics:
        write_metrics(store, config.metrics)
    return done


async def _check(
    config: Config, store: Store, chosen: list[Source], sends: bool
) -> tuple[list[CheckResult], list[Delivery]]:
    """Check all, some at a time; then send what is due."""
    import asyncio

    from watcher.pipeline.build import watching
    from watcher.pipeline.deliver import deliver, expire, hasten, recover
    from watcher.pipeline.report import report
    from watcher.pipeline.upkeep import upkeep

    slots = asyncio.Semaphore(4 * config.fetch.concurrency)
    async with watching(config, store) as watch:
        with progress("checking", len(chosen)) as step:

            async def one(source: Source) -> CheckResult:
                async with slots:
                    result = await _one(watch, source)
                step(advance=1, description=source.id)
                return result

            results = await asyncio.gather(*(one(source) for source in chosen))
        if not sends:
            return results, []
        recover(watch)
        hasten(watch)
        given_up = expire(watch)
        upkeep(watch, chosen)
        report(watch, [source for source in config.sources if source.enabled])
        return results, [*given_up, *await deliver(watch)]


async def _one(watch: Watch, source: Source) -> CheckResult:
    from watcher.errors import WatcherError
    from watcher.pipeline import record
    from watcher.pipeline.check import check

    try:
        return await check(watch, source)
    except WatcherError:
        raise
    except Exception as error:  # a fault of ours must not keep the other sources from being checked
        return record.broken(watch, source, error)


def _exit_code(results: list[CheckResult], sent: list[Delivery]) -> int:
    if any(result.verdict and result.verdict.level == "material" for result in results):
        return 1
    failed = any(result.outcome in ("failed", "rejected") for result in results)
    return 3 if failed or any(delivery.outcome != "sent" for delivery in sent) else 0


def _result_json(result: CheckResult) -> dict[str, Any]:
    verdict = verdict_json(result.verdict) if result.verdict else None
    return {
        "source": result.source,
        "outcome": result.outcome,
        "verdict": verdict["verdict"] if verdict else None,
        "headline": verdict["headline"] if verdict else "",
        "reason": result.reason,
        "rule": result.rejection.rule if result.rejection else "",
        "changes": verdict["changes"] if verdict else [],
        "alert": result.alert,
        "problem": result.problem,
    }


def _print(config: Config, store: Store, results: list[CheckResult]) -> None:
    """The results as a table; alerts in full where no channel gets them, but for minor ones."""
    rows = []
    for result in results:
        verdict = result.verdict
        words = result.reason or (verdict.headline if verdict else SAYINGS.get(result.outcome, ""))
        rows.append((result.source, result.outcome, verdict.level if verdict else "", words))
    print_table(("source", "outcome", "verdict", ""), rows)
    if config.channels:
        return
    from watcher.notify.render import render
    from watcher.store import alerts

    for result in results:
        if result.alert or result.problem:
            told = alerts.latest(store, result.source)
            if told is not None and (told.verdict is None or told.verdict.level == "material"):
                click.echo("\n" + render(told, language=config.language).text)


SAYINGS = {
    "first": "stored as the first version",
    "candidate": "the text differs; it is told once a later check shows it again",
    "flapping": "the page keeps changing between texts",
}
