"""Opens the one file, keeps its promises (WAL, foreign keys, one writer at a time) and names what is wrong with it."""

from __future__ import annotations

import fcntl
import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from watcher.errors import StoreError
from watcher.store.recent import Memory

BUSY_MS = 10_000  #: how long a writer waits for another process
#: The last of the migrations, which are loaded only where one is missing: sqlite-utils takes 5.5 MB.
LATEST = "m0007_refusals"
CACHE_KIB = 2_048  #: page cache; the working set is a few rows per source


COPIED = 256  #: database pages that a copy takes in one go, between two words of progress

STEP = "BEGIN IMMEDIATE", "COMMIT", ("ROLLBACK",)
PART = "SAVEPOINT part", "RELEASE part", ("ROLLBACK TO part", "RELEASE part")


class Store:
    """The open database. One object per thread; `atomic()` is the only way to write several rows as one step."""

    def __init__(self, path: Path | str) -> None:
        """Open `path`, creating or migrating it as needed. Raises StoreError where it cannot be used."""
        self.path = Path(path)
        with explained(self.path):
            if self.path.parent != Path():
                self.path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(self.path, timeout=BUSY_MS / 1000, isolation_level=None)
            try:
                prepare(connection, self.path)
            except BaseException:
                connection.close()
                raise
        self._connection = connection
        #: rows once written stay as they are remembered; those that a step did not write after all are forgotten
        self.memory = Memory()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close it; the last one to do so folds the write-ahead log in, and one complete file is left."""
        with explained(self.path):
            self._connection.close()

    def check(self) -> None:
        """Let SQLite look at its own pages. Raises StoreError with the first thing that it finds damaged."""
        with explained(self.path):
            _sound(self._connection, self.path)

    def copy_to(self, path: Path, progress: Callable[[int, int], None] | None = None) -> None:
        """Copy the database, as it is at this moment, into a new file; others may go on writing meanwhile.

        The copy is looked through before it gets its name, and needs no other file beside it. `progress` is told how
        many pages of how many are copied. Raises StoreError where `path` exists or cannot be written.
        """
        if path.exists():
            raise StoreError(f"{path} is there already, and a copy replaces nothing. Give another name")
        part = path.with_name(f"{path.name}.part")
        with explained(path):
            try:
                self._copy(part, progress or (lambda done, every: None))
                part.replace(path)
            finally:
                part.unlink(missing_ok=True)

    def _copy(self, path: Path, progress: Callable[[int, int], None]) -> None:
        copy = sqlite3.connect(path, isolation_level=None)
        try:
            self._connection.execute("BEGIN")
            try:
                self._connection.execute("SELECT 1 FROM sqlite_master").fetchone()  # what others write now is not seen
                self._connection.backup(
                    copy, pages=COPIED, progress=lambda _, left, every: progress(every - left, every)
                )
            finally:
                self._connection.execute("ROLLBACK")
            copy.execute("PRAGMA journal_mode = DELETE")
            _sound(copy, path)
        finally:
            copy.close()

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """All or nothing. The write lock is taken at once: a read that turns into a write could not wait for it."""
        with explained(self.path):
            begin, commit, undo = STEP if not self._connection.in_transaction else PART
            self._connection.execute(begin)
            try:
                yield
                self._connection.execute(commit)
            except BaseException:
                self.memory.forget_rows()
                if self._connection.in_transaction:  # an error may have undone all of it
                    for statement in undo:
                        self._connection.execute(statement)
                raise

    def write(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> int:
        """Run one statement that writes; the number of rows it touched."""
        with explained(self.path):
            return self._connection.execute(sql, values).rowcount

    def insert(self, table: str, row: dict[str, Any]) -> int:
        """Insert one row; its rowid."""
        sql = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})"
        with explained(self.path):
            return self._connection.execute(sql, tuple(row.values())).lastrowid or 0

    def insert_all(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Insert many rows of one shape."""
        sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
        with explained(self.path):
            self._connection.executemany(sql, rows)

    def rows(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[sqlite3.Row]:
        """Every row of a query."""
        with explained(self.path):
            return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> sqlite3.Row | None:
        """The first row of a query, or None."""
        with explained(self.path):
            first: sqlite3.Row | None = self._connection.execute(sql, values).fetchone()
            return first


def prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Set a connection up, and migrate. Raises StoreError for a database from a newer release."""
    connection.row_factory = sqlite3.Row
    write_ahead(connection)
    # NORMAL: kill -9 loses nothing; a power cut may undo the last steps, which the next check simply takes again.
    for pragma in ("synchronous = NORMAL", "foreign_keys = ON", f"cache_size = -{CACHE_KIB}"):
        connection.execute(f"PRAGMA {pragma}")
    if last_applied(connection) != LATEST:
        from watcher.store.migrations import migrate

        migrate(connection, path)


def last_applied(connection: sqlite3.Connection) -> str | None:
    """The name of the last migration that a database has had; None for a new one."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchall():
        return None
    sql = "SELECT max(name) FROM _sqlite_migrations WHERE migration_set = 'watcher'"
    found: str | None = connection.execute(sql).fetchone()[0]
    return found


def write_ahead(connection: sqlite3.Connection) -> None:
    """Switch to the write-ahead log. SQLite does not wait for other processes here, so we do."""
    end = time.monotonic() + BUSY_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(0.02)


def _sound(connection: sqlite3.Connection, path: Path) -> None:
    """Raises StoreError with the first thing that SQLite finds damaged in its own pages."""
    found = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    if found != "ok":
        raise StoreError(f"{path} is damaged: {found}. Restore a backup, and check the disk")


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what SQLite and the disk say into a StoreError that names the file and the next step."""
    try:
        yield
    except sqlite3.IntegrityError:
        raise  # a mistake of ours, not of the disk: it must be seen as what it is
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"{path}: {remedy(error, path)}") from error


def remedy(error: Exception, path: Path) -> str:
    """What is wrong and what to do, told from SQLite's error code."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return "the disk is full. Free some space; the check that could not be stored is taken again by itself"
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return f"another program has held the database for over {BUSY_MS // 1000} s. Close it and try again"
    if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return f"this is not a sound SQLite database ({error}). Move it away and restore a backup"
    if code == sqlite3.SQLITE_READONLY:
        return "the database may not be written. Check the owner and the rights of the file and of its folder"
    if code == sqlite3.SQLITE_CANTOPEN:
        return f"the database cannot be opened. Check that {path.parent} exists and may be written"
    return f"{error}. Check the disk and the rights of {path.parent}"


class Lock:
    """At most one daemon per database: an advisory lock on DATABASE.lock, released by the kernel however we end."""

    def __init__(self, database: Path | str) -> None:
        """Take the lock. Raises StoreError naming the process that holds it."""
        self.path = Path(f"{database}.lock")
        with explained(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(self._file, 32, 0).decode("ascii", "replace").strip() or "unknown"
            os.close(self._file)
            raise StoreError(
                f"another watcher (process {holder}) already works on {database}. Stop it first, or give this one "
                "a database of its own"
            ) from None
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Give the lock up; the file stays, so that nobody can lock a deleted one."""
        os.ftruncate(self._file, 0)
        os.close(self._file)


def packed(value: object) -> str:
    """A list or a table as the database keeps it: JSON without spare spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def stamp(moment: datetime) -> str:
    """A moment as the database keeps it: UTC, milliseconds, fixed width, so that text order is time order."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(text: str) -> datetime:
    """The moment that `stamp` wrote."""
    return datetime.fromisoformat(text)


def maybe(text: str | None) -> datetime | None:
    """`moment` of a column that may be null."""
    return None if text is None else moment(text)
