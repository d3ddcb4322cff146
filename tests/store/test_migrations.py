"""Databases of earlier releases are taken over whole."""

from __future__ import annotations

import sqlite3
from pathlib import Path

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
