"""Databases of earlier releases are taken over whole."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlite_utils import Database

from watcher.store import Store, alerts
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
