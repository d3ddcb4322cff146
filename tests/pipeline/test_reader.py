"""Pages are read in a process of its own, which is not there when it is not needed, and may die without harm."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.pipeline.pages import SOURCE, URL, Web, policy, watching
from watcher.errors import StoreError
from watcher.pipeline.check import check
from watcher.pipeline.reader import Reader
from watcher.pipeline.watch import Watch, utc_now
from watcher.store import sources, versions

CHANGED = policy(replace=("6 months", "24 months"))


@asynccontextmanager
async def reading(path: Path, web: Web, *, rest: float = 60.0) -> AsyncIterator[Watch]:
    """A watch whose pages are read apart."""
    watch = replace(watching(path, web, confirm=False), clock=utc_now)
    reader = Reader(watch, rest=rest)
    try:
        yield replace(watch, reader=reader)
    finally:
        await reader.close()
        watch.store.close()


def pid(watch: Watch) -> int | None:
    assert isinstance(watch.reader, Reader)
    return watch.reader.pid


@asynccontextmanager
async def at_a_change(path: Path) -> AsyncIterator[tuple[Watch, int]]:
    """A watch whose one page has changed since it was read, and the process that read it."""
    web = Web({URL: policy()})
    async with reading(path, web) as watch:
        await check(watch, SOURCE)
        first = pid(watch)
        assert first
        web.pages[URL] = CHANGED
        yield watch, first


def is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def wait_for_end(process: int) -> None:
    """Until the process has ended."""
    end = time.monotonic() + 20
    while is_there(process):
        assert time.monotonic() < end
        time.sleep(0.02)


@contextmanager
def held(watch: Watch, process: int) -> Iterator[None]:
    """The database in the hands of another program for as long as a process lives: if it wants to write, it waits."""
    ready = threading.Event()

    def hold() -> None:
        other = sqlite3.connect(watch.store.path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        ready.set()
        wait_for_end(process)
        other.close()

    thread = threading.Thread(target=hold)
    thread.start()
    ready.wait(10)
    yield
    thread.join()


def test_pages_are_read_by_another_process_and_only_what_is_new(tmp_path: Path) -> None:
    async def run() -> None:
        web = Web({URL: policy()})
        async with reading(tmp_path, web) as watch:
            assert (await check(watch, SOURCE)).outcome == "first"
            first = pid(watch)
            assert first
            web.pages[URL] = CHANGED
            result = await check(watch, SOURCE)
            assert (result.outcome, pid(watch)) == ("changed", first)
            assert result.verdict
            assert result.verdict == versions.verdict_on(watch.store, 2)
            os.kill(first, signal.SIGKILL)
            for web.validators in (True, False):
                assert (await check(watch, SOURCE)).outcome == "unchanged"

    asyncio.run(run())


def test_the_process_ends_when_nothing_is_read_for_a_while_and_comes_back(tmp_path: Path) -> None:
    async def run() -> None:
        web = Web({URL: policy()})
        async with reading(tmp_path, web, rest=0.2) as watch:
            await check(watch, SOURCE)
            first = pid(watch)
            assert first
            await asyncio.to_thread(wait_for_end, first)
            assert pid(watch) is None
            web.pages[URL] = CHANGED
            assert (await check(watch, SOURCE)).outcome == "changed"

    asyncio.run(run())


def test_a_page_that_takes_for_ever_is_stopped_and_fails_alone(tmp_path: Path) -> None:
    async def run() -> None:
        async with at_a_change(tmp_path) as (watch, first):
            assert isinstance(watch.reader, Reader)
            usual, watch.reader.patience = watch.reader.patience, 1.0
            with held(watch, first):
                result = await check(watch, SOURCE)
            watch.reader.patience = usual
            assert (result.outcome, "more than 1 s" in result.reason) == ("failed", True)
            assert (await check(watch, SOURCE)).outcome == "changed"
            assert len(versions.history(watch.store, SOURCE.id)) == 2

    asyncio.run(run())


def test_a_process_that_dies_over_a_page_fails_that_check_and_leaves_no_half_of_it(tmp_path: Path) -> None:
    async def run() -> None:
        async with at_a_change(tmp_path) as (watch, first):
            with held(watch, first):
                asyncio.get_running_loop().call_later(0.5, os.kill, first, signal.SIGKILL)
                result = await check(watch, SOURCE)
            assert (result.outcome, "signal 9" in result.reason) == ("failed", True)
            state = sources.state(watch.store, SOURCE.id)
            assert state
            assert (state.failures, state.reason) == (1, result.reason)
            assert (await check(watch, SOURCE)).outcome == "changed"

    asyncio.run(run())


def test_who_stops_waiting_for_a_page_stops_its_reading(tmp_path: Path) -> None:
    async def run() -> None:
        async with at_a_change(tmp_path) as (watch, first):
            with held(watch, first):
                task = asyncio.create_task(check(watch, SOURCE))
                await asyncio.sleep(0.3)
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
                assert not is_there(first)
            assert (await check(watch, SOURCE)).outcome == "changed"

    asyncio.run(run())


def test_what_the_database_says_there_is_raised_here(tmp_path: Path) -> None:
    async def run() -> None:
        web = Web({URL: policy()})
        async with reading(tmp_path, web) as watch:
            watch.store.path.rename(tmp_path / "moved")
            (tmp_path / "watcher.db").mkdir()
            with pytest.raises(StoreError, match="cannot be opened") as raised:
                await check(watch, SOURCE)
            assert "apart.py" in raised.value.__notes__[0]
            (tmp_path / "watcher.db").rmdir()

    asyncio.run(run())


def test_pages_that_wait_to_be_read_are_counted(tmp_path: Path) -> None:
    async def run() -> None:
        async with reading(tmp_path, Web({URL: policy()})) as watch:
            assert watch.reader is not None
            asked = [asyncio.create_task(watch.reader("may_pass", None)) for _ in range(3)]
            await asyncio.sleep(0)
            assert watch.reader.waiting == 3
            await asyncio.gather(*asked, return_exceptions=True)
            assert watch.reader.waiting == 0

    asyncio.run(run())
