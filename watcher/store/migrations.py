"""Every schema there ever was, in order. A schema change is one function appended here; applied ones never change."""

from __future__ import annotations

from importlib.resources import files

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


def statements(sql: str) -> list[str]:
    """The statements of a script, comments kept inside them: `executescript` would commit the migration halfway."""
    parts = [part.strip() for part in sql.split(";\n")]
    return [part for part in parts if any(line and not line.startswith("--") for line in part.splitlines())]
