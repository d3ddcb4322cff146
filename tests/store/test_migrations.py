"""Databases of earlier releases are taken over whole."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlite_utils import Database

from watcher.store import Store, alerts
from watcher.store.db import LATEST
from watcher.store.migrations import migrations

AT = "2026-03-01T09:30:00.000Z"


def first_release(path: Path, *statements: str) -> None:
    """A database as the first migration left it, with rows of that time."""
    connection = sqlite3.connect(path)
    migrations.apply(Database(connection), stop_before="m0002_decisions")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def test_the_last_schema_is_the_one_that_a_database_is_asked_for() -> None:
    names = [migration.name for migration in migrations.pending(Database(memory=True))]
    assert max(names) == names[-1] == LATEST


def test_a_database_of_the_last_schema_is_opened_without_what_migrates(tmp_path: Path) -> None:
    Store(tmp_path / "watcher.db").close()
    code = (
        "import sys; from watcher.store import Store; Store(sys.argv[1]).close(); print('sqlite_utils' in sys.modules)"
    )
    run = [sys.executable, "-c", code, str(tmp_path / "watcher.db")]
    assert subprocess.run(run, capture_output=True, text=True, check=True).stdout.strip() == "False"


def test_acknowledgements_of_the_first_release_become_decisions(tmp_path: Path) -> None:
    columns = "(type, source_id, url, created_at, headline, acked_at, acked_by, note)"
    first_release(
        tmp_path / "watcher.db",
        f"INSERT INTO sources (id, vendor, created_at) VALUES ('acme', 'Acme', '{AT}')",
        f"INSERT INTO alerts {columns} VALUES ('problem', 'acme', 'u', '{AT}', 'h', '{AT}', 'Ana', 'seen')",
        f"INSERT INTO alerts {columns} VALUES ('problem', 'acme', 'u', '{AT}', 'h', NULL, '', '')",
    )
    with Store(tmp_path / "watcher.db") as store:
        [made] = alerts.decisions(store, 1)
        assert (made.by, made.note, made.decision) == ("Ana", "seen", "accept")
        assert alerts.decisions(store, 2) == []
        assert alerts.alert(store, 2).about is None
        assert store.rows("SELECT * FROM changes") == []
        assert store.rows("PRAGMA foreign_key_check") == []


def test_the_outbox_of_an_older_release_goes_on_and_takes_what_is_about_the_program(tmp_path: Path) -> None:
    first_release(
        tmp_path / "watcher.db",
        f"INSERT INTO sources (id, vendor, created_at) VALUES ('acme', 'Acme', '{AT}')",
        "INSERT INTO alerts (type, source_id, url, created_at, headline) "
        f"VALUES ('problem', 'acme', 'u', '{AT}', 'Trouble')",
        f"INSERT INTO deliveries (alert_id, channel, due_at) VALUES (1, 'desk', '{AT}')",
        f"INSERT INTO deliveries (alert_id, channel, due_at, outcome) VALUES (1, 'old', '{AT}', 'dead')",
    )
    now = datetime.now(UTC)
    with Store(tmp_path / "watcher.db") as store:
        report = alerts.add(store, "report", None, headline="All is well", channels=["desk"], now=now)
        assert (alerts.alert(store, report).vendor, alerts.alert(store, 1).vendor) == ("Policy Watcher", "Acme")
        assert [d.alert for d in alerts.claim(store, "desk", now, 9)] == [1, report]
        assert alerts.untold_losses(store) == {}
        with pytest.raises(sqlite3.IntegrityError):
            alerts.add(store, "nonsense", None, headline="", channels=(), now=now)  # type: ignore[arg-type]
        assert store.rows("PRAGMA integrity_check")[0][0] == "ok"
        assert store.rows("PRAGMA foreign_key_check") == []
