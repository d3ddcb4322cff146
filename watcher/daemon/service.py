"""The life of the daemon: start, tick, reload, stop. What is due stands in the database; APScheduler only ticks."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Literal

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from watcher.config import Config, load_apart
from watcher.daemon import logs
from watcher.daemon.exporter import Exporter
from watcher.daemon.lanes import Lanes, report_delivery
from watcher.daemon.rounds import Rounds
from watcher.daemon.systemd import Systemd
from watcher.errors import ConfigError, StoreError
from watcher.lean import keep_small
from watcher.pipeline import record
from watcher.pipeline.build import watching
from watcher.pipeline.check import check
from watcher.pipeline.deliver import expire, hasten, recover, resume
from watcher.pipeline.report import report
from watcher.pipeline.upkeep import upkeep
from watcher.pipeline.vitals import beat, health, write_metrics
from watcher.pipeline.watch import Watch, utc_now
from watcher.records import Alert, CheckResult, Source
from watcher.schedule import next_check
from watcher.store import Lock, Store, alerts, sources

TICK = 1.0  #: seconds between two looks for what is due
MEASURE = 15.0  #: seconds between two writings of the metrics
HOUSEKEEPING = 60.0  #: seconds between two rounds of housekeeping
AHEAD = 2  #: checks begun for each page that may be in flight: the fetcher makes them wait their turn
UNREAD = 6  #: ... but no more than would make so many pages, all in memory, wait to be read
LEASE = 300.0  #: seconds until a check that never ended is due again; doubles each time it does not end
GRACE = 60.0  #: seconds that a stop waits for what is in flight
STORE_PAUSE = 60.0  #: seconds without new checks after the database refused to be written
STUCK = 240.0  #: seconds without a tick after which the daemon is taken to be stuck

log = structlog.get_logger()


class Session:
    """One configuration at work: what it opened is closed once the checks that use it have ended."""

    def __init__(self, config: Config, watch: Watch, stack: AsyncExitStack) -> None:
        self.config, self.watch, self._stack = config, watch, stack
        self.since = utc_now()
        self.sources = {source.id: source for source in config.sources if source.enabled}

    @classmethod
    async def open(cls, config: Config, store: Store) -> Session:
        """Open what the configuration needs, and make the database agree with it."""
        stack = AsyncExitStack()
        watch = await stack.enter_async_context(watching(config, store, apart=True))
        session = cls(config, watch, stack)
        now = utc_now()
        latest = {id: next_check(source, now, lambda: 1.0) for id, source in session.sources.items()}
        sources.sync(store, latest, config.sources, now)
        return session

    async def close(self) -> None:
        """Close connections, and end the process that reads."""
        await self._stack.aclose()


class Service:
    """The daemon. `run` returns when it was told to stop."""

    def __init__(self, path: Path | None, environ: Mapping[str, str]) -> None:
        self._path, self._environ = path, environ
        self._systemd = Systemd(environ)
        self._stop = asyncio.Event()
        self._rounds = Rounds()
        self._checks: dict[str, asyncio.Task[None]] = {}
        self._lanes = Lanes(self._pause)
        self._background: set[asyncio.Task[None]] = set()
        self._paused_until = self._beat = time.monotonic()

    # --- life

    async def run(self) -> None:
        """Start, tick until told to stop, finish what is in flight, leave one complete file."""
        config = load_apart(self._path, self._environ)
        logs.set_up(config.log_format, config.log_level, self._environ)
        keep_small()
        lock = Lock(config.database)
        try:
            with Store(config.database) as self._store:
                self._session = await Session.open(config, self._store)
                self._exporter = Exporter(config.database)
                await self._serve()
        finally:
            lock.release()
        log.info("stopped")

    async def _serve(self) -> None:
        self._welcome()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._told_to_stop)
        loop.add_signal_handler(signal.SIGHUP, lambda: self._spawn(self._reload()))
        scheduler = self._scheduler()
        scheduler.start()
        self._systemd.ready(self._status())
        try:
            await self._stop.wait()
        finally:
            scheduler.shutdown(wait=False)
            await self._finish()

    def _scheduler(self) -> AsyncIOScheduler:
        """Ticks that never pile up: a late one is made up for once."""
        scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        scheduler.add_job(self._tick, "interval", seconds=TICK, next_run_time=utc_now())
        scheduler.add_job(self._keep_house, "interval", seconds=HOUSEKEEPING)
        scheduler.add_job(self._measure, "interval", seconds=MEASURE, next_run_time=utc_now())
        if self._systemd.watchdog is not None:
            scheduler.add_job(self._show_life, "interval", seconds=self._systemd.watchdog / 3)
        return scheduler

    def _welcome(self) -> None:
        config, watch = self._session.config, self._session.watch
        again = recover(watch)
        sources.note(self._store, "start", utc_now())
        log.info(
            "watching",
            sources=len(self._session.sources),
            channels=len(config.channels),
            database=str(config.database),
            resent=again or None,
        )
        for warning in config.warnings:
            log.warning(warning)
        if not config.channels:
            log.warning("no channel is configured: alerts only appear here")

    def _told_to_stop(self) -> None:
        if self._stop.is_set():
            for task in self._checks.values():
                task.cancel()
        self._stop.set()

    async def _finish(self) -> None:
        """Let what is in flight end; what takes too long is given back, due at once at the next start."""
        self._systemd.stopping(f"finishing {len(self._checks)} checks")
        self._lanes.close()
        flying = [*self._checks.values(), *self._lanes.busy, *self._background]
        log.info("stopping", in_flight=len(flying))
        late = (await asyncio.wait(flying, timeout=GRACE))[1] if flying else set()
        given_back = [id for id, task in self._checks.items() if task in late]
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late, timeout=1.0)
        sources.give_back(self._store, given_back, utc_now())
        sources.note(self._store, "stop", utc_now())
        self._exporter.close()
        await self._session.close()

    # --- ticks

    async def _tick(self) -> None:
        """Begin what is due; nothing here waits."""
        self._beat = time.monotonic()
        if self._beat < self._paused_until or self._stop.is_set():
            return
        try:
            self._begin_checks()
            self._lanes.tick(self._session.watch)
            self._pulse_round()
        except StoreError as error:
            self._pause(error)

    def _pulse_round(self) -> None:
        """Let the heartbeat know that a round began, or how it went."""
        step = self._rounds.tick(len(self._checks), self._beat)
        if step is not None:
            self._ping("start" if step == "begins" else health(self._store, utc_now()))

    def _ping(self, what: Literal["start", "success", "fail"]) -> None:
        if self._session.config.heartbeat:
            self._spawn(beat(self._session.config.heartbeat, what))

    def _begin_checks(self) -> None:
        limit, reader = AHEAD * self._session.config.fetch.concurrency, self._session.watch.reader
        room = UNREAD - (reader.waiting if reader else 0)
        if len(self._checks) > limit // 2 or room <= 0:
            return
        now = self._session.watch.clock()
        due = sources.due(self._store, now, limit)
        begun = [self._session.sources[id] for id in due if id in self._session.sources and id not in self._checks]
        begun = begun[: min(limit - len(self._checks), room)]
        if not begun:
            return
        claims = sources.claim(self._store, [source.id for source in begun], now, self._lease)
        for source in begun:
            if claims[source.id] > 1:
                log.warning("the last check of this source did not end", source=source.id, times=claims[source.id] - 1)
            task = asyncio.create_task(self._check(self._session.watch, source))
            self._checks[source.id] = task
            task.add_done_callback(partial(self._ended, source.id))

    def _lease(self, source: str, claims: int) -> timedelta:
        """How long a source is set aside for a check that may never end: the more often it did not, the longer."""
        longest = max(self._session.sources[source].interval, TICK)
        return timedelta(seconds=min(LEASE * 2.0 ** min(claims, 16), longest))

    def _ended(self, source: str, _: object) -> None:
        del self._checks[source]
        if self._stop.is_set() or time.monotonic() < self._paused_until:
            return
        try:
            self._begin_checks()
        except StoreError as error:
            self._pause(error)

    async def _check(self, watch: Watch, source: Source) -> None:
        """One check; whatever goes wrong with it stays with it."""
        try:
            self._report(watch, source, await check(watch, source))
        except StoreError as error:
            self._pause(error)
        except Exception as error:
            log.exception("the check broke", source=source.id)
            try:
                self._report(watch, source, record.broken(watch, source, error))
            except StoreError as refused:
                self._pause(refused)

    async def _keep_house(self) -> None:
        """Give up what waited too long, and tell systemd how things stand."""
        try:
            watch, enabled = self._session.watch, self._session.sources.values()
            hasten(watch)
            for delivery in expire(watch):
                report_delivery(delivery)
            for alert in upkeep(watch, enabled, self._session.since):
                self._report_alert(watch, alert)
            report(watch, enabled)
            self._systemd.status(self._status())
        except StoreError as error:
            self._pause(error)

    async def _measure(self) -> None:
        """Serve and write the figures for Prometheus."""
        try:
            self._exporter.listen(self._session.config.metrics_listen)
            if self._session.config.metrics:
                write_metrics(self._store, self._session.config.metrics)
        except StoreError as error:
            self._pause(error)

    async def _show_life(self) -> None:
        """Tell systemd that we live, while ticks come and the database answers."""
        if time.monotonic() - self._beat < STUCK:
            try:
                self._store.row("SELECT 1")
            except StoreError as error:
                self._pause(error)
            else:
                self._systemd.alive()

    def _pause(self, error: StoreError) -> None:
        """The database cannot be written: begin nothing for a while, or vendors would be asked in vain."""
        if time.monotonic() >= self._paused_until:
            log.error("the database refuses", error=str(error), pause=STORE_PAUSE)
            self._systemd.status(f"waiting: {error}")
            self._ping("fail")
        self._paused_until = time.monotonic() + STORE_PAUSE

    # --- reload

    async def _reload(self) -> None:
        """Read the configuration again; one that cannot be used changes nothing."""
        self._systemd.reloading()
        try:
            config = await asyncio.to_thread(load_apart, self._path, self._environ)
            if config.database != self._session.config.database:
                log.warning("the database stays until the next start", database=str(self._session.config.database))
            old, self._session = self._session, await Session.open(config, self._store)
            logs.set_up(config.log_format, config.log_level, self._environ)
            resume(self._session.watch)
            sources.note(self._store, "reload", utc_now())
            self._spawn(self._retire(old))
            log.info("configuration read again", sources=len(self._session.sources), channels=len(config.channels))
        except (ConfigError, StoreError) as error:
            log.error("the configuration was not changed", error=str(error))
        self._systemd.ready(self._status())

    async def _retire(self, session: Session) -> None:
        """Close an old session when the last check that uses it has ended."""
        flying = [*self._checks.values(), *self._lanes.busy]
        if flying:
            await asyncio.wait(flying)
        await session.close()

    def _spawn(self, work: object) -> None:
        task = asyncio.ensure_future(work)  # type: ignore[call-overload]
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    # --- what is said

    def _report(self, watch: Watch, source: Source, result: CheckResult) -> None:
        """One line for what a check came to; an alert that has no channel is said here in full."""
        say = {"unchanged": log.debug, "failed": log.warning, "rejected": log.warning}.get(result.outcome, log.info)
        level = result.verdict.level if result.verdict else None
        say("checked", source=source.id, outcome=result.outcome, verdict=level, reason=result.reason or None,
            alert=result.alert)  # fmt: skip
        if result.alert is None and result.problem is None:
            return
        told = alerts.latest(self._store, source.id)
        if told is not None:
            self._report_alert(watch, told)

    def _report_alert(self, watch: Watch, told: Alert) -> None:
        """An alert in one line; in full where no channel gets it, unless it is minor."""
        minor = told.verdict is not None and told.verdict.level != "material"
        say = log.info if minor else log.warning
        say("alert", alert=told.id, type=told.type, vendor=told.vendor, headline=told.headline)
        if not watch.channels and not minor:
            from watcher.notify.render import render

            print(render(told, language=watch.language).text, flush=True)

    def _status(self) -> str:
        count = sources.census(self._store)
        trouble = f"{count.failing} failing, " if count.failing else ""
        held = f", {count.unsent} messages unsent" if count.unsent else ""
        return f"watching {count.enabled} sources, {trouble}{count.candidates} candidates{held}"


def run(path: Path | None, environ: Mapping[str, str]) -> None:
    """Run the daemon in this process until SIGTERM or SIGINT.

    Raises ConfigError for a configuration, and StoreError for a database, that cannot be started with.
    """
    asyncio.run(_run(path, environ))


async def _run(path: Path | None, environ: Mapping[str, str]) -> None:
    await Service(path, environ).run()
