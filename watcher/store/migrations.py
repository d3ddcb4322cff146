"""Every schema there ever was, in order. A schema change is one function appended here, and its name in db.LATEST;
applied ones never change.
"""

from __future__ import annotations

import sqlite3
from importlib.resources import files
from pathlib import Path

from watcher.errors import StoreError
from watcher.lean import without

with without("numpy", "pandas"):  # sqlite-utils would teach SQLite their types, for 12 MB and half the time of a start
    from sqlite_utils import Database, Migrations

migrations = Migrations("watcher")


@migrations()
def m0001_everything(db: Database) -> None:
    """The first schema: schema.sql, to be read from the top."""
    for statement in statements((files(__package__) / "schema.sql").read_text(encoding="utf8")):
        db.conn.execute(statement)


@migrations()
def m0002_decisions(db: Database) -> None:
    """What people decide about an alert is a log of its own; a reminder is an alert about an older one."""
    for statement in statements((files(__package__) / "m0002.sql").read_text(encoding="utf8")):
        db.conn.execute(statement)


@migrations()
def m0003_escalation(db: Database) -> None:
    """A problem that nobody mends is told once more."""
    for statement in statements((files(__package__) / "m0003.sql").read_text(encoding="utf8")):
        db.conn.execute(statement)


@migrations()
def m0004_held(db: Database) -> None:
    """How long a message is retried counts from its first failure, however long it was held before."""
    for statement in statements((files(__package__) / "m0004.sql").read_text(encoding="utf8")):
        db.conn.execute(statement)


@migrations()
def m0005_digests(db: Database) -> None:
    """Messages may wait for one another, and go as one."""
    for statement in statements((files(__package__) / "m0005.sql").read_text(encoding="utf8")):
        db.conn.execute(statement)


@migrations()
def m0006_lanes(db: Database) -> None:
    """The outbox carries what is about the program itself; each channel has a queue of its own, and may rest."""
    for statement in statements((files(__package__) / "m0006.sql").read_text(encoding="utf8")):
        db.conn.execute(statement)


@migrations()
def m0007_refusals(db: Database) -> None:
    """What was refused is known again."""
    for statement in statements((files(__package__) / "m0007.sql").read_text(encoding="utf8")):
        db.conn.execute(statement)


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Bring a database up to the last schema. Raises StoreError for one from a newer release."""
    db = Database(connection, recursive_triggers=False, execute_plugins=False)
    known = {migration.name for migration in migrations.pending(Database(memory=True, execute_plugins=False))}
    newer = [migration.name for migration in migrations.applied(db) if migration.name not in known]
    if newer:
        raise StoreError(
            f"{path} was written by a newer release of watcher (its schema has {', '.join(newer)}). Install that "
            "release again, or restore the backup that was made before it"
        )
    if migrations.pending(db):
        # The lock comes first: another process may be about to do the same.
        connection.execute("BEGIN IMMEDIATE")
        with db.atomic():
            migrations.apply(db)
        db.commit()


def statements(sql: str) -> list[str]:
    """The statements of a script, comments kept inside them: `executescript` would commit the migration halfway."""
    parts = [part.strip() for part in sql.split(";\n")]
    return [part for part in parts if any(line and not line.startswith("--") for line in part.splitlines())]
