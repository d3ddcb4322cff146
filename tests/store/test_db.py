"""The one file: opened, migrated, locked, and clear about what is wrong with it."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from watcher.errors import StoreError
from watcher.store import Lock, Store
from watcher.store.migrations import migrations


def test_a_new_database_has_every_table_view_and_index(tmp_path: Path) -> None:
    with Store(tmp_path / "deep" / "watcher.db") as store:
        names = {row["name"] for row in store.rows("SELECT name FROM sqlite_master")}
        views = [row["name"] for row in store.rows("SELECT name FROM sqlite_master WHERE type = 'view'")]
        assert {"sources", "captures", "versions", "facts", "alerts", "deliveries", "checks"} <= names
        for view in views:
            assert store.rows(f"SELECT * FROM {view}") == []
        assert store.rows("PRAGMA foreign_key_check") == []


def test_processes_that_make_the_database_at_the_same_moment_agree(tmp_path: Path) -> None:
    code = "import sys; from watcher.store import Store; Store(sys.argv[1]).close()"
    run = [sys.executable, "-c", code, str(tmp_path / "watcher.db")]
    processes = [subprocess.Popen(run) for _ in range(4)]
    assert [process.wait(60) for process in processes] == [0] * 4


def test_writes_are_kept_when_the_process_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "watcher.db"
    code = (
        "import os, sys; from watcher.store import Store; s = Store(sys.argv[1]);"
        "s.insert('events', {'at': 'now', 'kind': 'kept'});"
        "s._connection.execute('BEGIN IMMEDIATE'); s.insert('events', {'at': 'now', 'kind': 'half done'});"
        "os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    with Store(path) as store:
        assert [row["kind"] for row in store.rows("SELECT kind FROM events")] == ["kept"]


def test_closing_leaves_one_complete_file(tmp_path: Path) -> None:
    with Store(tmp_path / "watcher.db") as store:
        store.insert("events", {"at": "now", "kind": "start"})
    assert [f.name for f in tmp_path.iterdir()] == ["watcher.db"]


def test_a_step_is_all_or_nothing_and_steps_nest(tmp_path: Path) -> None:
    with Store(tmp_path / "watcher.db") as store:
        with store.atomic():
            store.insert("events", {"at": "now", "kind": "outer"})
            with contextlib.suppress(ValueError), store.atomic():
                store.insert("events", {"at": "now", "kind": "inner"})
                raise ValueError
        assert [row["kind"] for row in store.rows("SELECT kind FROM events")] == ["outer"]


def test_a_database_from_a_newer_release_is_refused_with_the_next_step(tmp_path: Path) -> None:
    path = tmp_path / "watcher.db"
    with Store(path) as store:
        name = migrations.migrations_table
        store.write(
            f"INSERT INTO {name} (migration_set, name, applied_at) VALUES ('watcher', 'm9999_tomorrow', 'later')"
        )
    with pytest.raises(StoreError, match=r"newer release.*m9999_tomorrow.*Install that release"):
        Store(path)


def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "watcher.db"
    path.write_bytes(b"These are holiday pictures. " * 100)
    with pytest.raises(StoreError, match="not a sound SQLite database"):
        Store(path)
    assert path.read_bytes().startswith(b"These are holiday pictures")


def test_a_full_disk_is_named_and_loses_nothing_that_was_stored(tmp_path: Path) -> None:
    with Store(tmp_path / "watcher.db") as store:
        store.insert("events", {"at": "now", "kind": "kept"})
        pages = store.rows("PRAGMA page_count")[0][0]
        store.rows(f"PRAGMA max_page_count = {pages + 2}")
        rows = [("now", "x" * 5000)] * 100
        with pytest.raises(StoreError, match=r"disk is full.*Free some space"), store.atomic():
            store.insert_all("events", ("at", "kind"), rows)
        assert [row["kind"] for row in store.rows("SELECT kind FROM events")] == ["kept"]


def test_a_database_that_another_program_holds_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("watcher.store.db.BUSY_MS", 50)
    path = tmp_path / "watcher.db"
    with Store(path) as store:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="another program has held the database"), store.atomic():
            pass
        other.close()


def test_a_second_lock_names_the_process_that_holds_the_first(tmp_path: Path) -> None:
    first = Lock(tmp_path / "watcher.db")
    with pytest.raises(StoreError, match=rf"process {os.getpid()}\)"):
        Lock(tmp_path / "watcher.db")
    first.release()
    Lock(tmp_path / "watcher.db").release()
