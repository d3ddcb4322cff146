"""backup, verify, export and reread, as an auditor and an operator use them: a real server, a real database."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.conftest import Change
from tests.cli.test_stored import read, run, run_whole
from watcher.errors import NotFoundError, StoreError
from watcher.store import Lock, Store


@pytest.fixture
def changed(change: Change, tmp_path: Path) -> Path:
    """The database after a policy came and changed."""
    run("check")
    change("24 months")
    for _ in range(2):
        run("check")
    return tmp_path / "watcher.db"


def alter(database: Path, sql: str) -> None:
    """Change something behind the program's back."""
    with sqlite3.connect(database) as connection:
        assert connection.execute(sql).rowcount > 0
    connection.close()


def test_a_backup_is_complete_alone_and_replaces_nothing(changed: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    done = run("backup", str(folder))
    assert (done.exit_code, "sound" in done.stdout) == (0, True)
    [copy] = folder.iterdir()
    assert copy.name.startswith("watcher-20")
    assert isinstance(run("backup", str(copy)).exception, StoreError)
    before = read("history", "northwind")
    changed.unlink()
    copy.rename(changed)
    assert read("history", "northwind") == before
    assert run("verify").exit_code == 0


def test_a_backup_is_of_one_moment_while_another_process_writes(tmp_path: Path) -> None:
    write = (
        "import sys; from watcher.store import Store\n"
        "with Store(sys.argv[1]) as store:\n"
        "    print('begun', flush=True)\n"
        "    for i in range(4000):\n"
        "        with store.atomic():\n"
        "            for kind in ('one', 'other'):\n"
        "                store.insert('events', {'at': str(i), 'kind': kind, 'detail': 'x' * 500})\n"
    )
    with Store(tmp_path / "watcher.db") as store:
        store.insert_all("events", ("at", "kind", "detail"), [("before", "first", "x" * 900)] * 4000)
        writer = subprocess.Popen([sys.executable, "-c", write, str(store.path)], stdout=subprocess.PIPE)
        assert writer.stdout is not None
        writer.stdout.readline()
        told: list[tuple[int, int]] = []
        store.copy_to(tmp_path / "copy.db", lambda done, every: told.append((done, every)))
        assert writer.wait(60) == 0
        writer.stdout.close()
        all_of_it = store.rows("SELECT count(*) FROM events")[0][0]
    with sqlite3.connect(tmp_path / "copy.db") as copy:
        counts = dict(copy.execute("SELECT kind, count(*) FROM events GROUP BY kind").fetchall())
    copy.close()
    assert counts["first"] == 4000
    assert counts.get("one", 0) == counts.get("other", 0)
    assert sum(counts.values()) < all_of_it
    assert told[-1][0] == told[-1][1] > len(told)
    assert {f.name for f in tmp_path.iterdir()} == {"watcher.db", "copy.db"}


def test_a_backup_that_cannot_be_written_leaves_nothing(changed: Path, tmp_path: Path) -> None:
    failed = run_whole("backup", str(tmp_path / "no" / "such" / "folder.db"))
    assert failed.returncode == 3
    assert "no/such" in failed.stderr
    assert not list(tmp_path.rglob("*.part"))


def test_verify_reads_every_version_again_from_its_bytes(changed: Path) -> None:
    [northwind] = read("verify")
    assert {key: northwind[key] for key in ("captures", "versions", "again", "older", "faults")} == {
        "captures": 2, "versions": 2, "again": 2, "older": 0, "faults": [],
    }  # fmt: skip
    assert "2 of 2 versions read again alike" in run("verify", "northwind").stdout


@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        ("UPDATE clauses SET text = replace(text, '6 m', '9 m') WHERE text LIKE '%6 m%'", "version 1: the clauses of"),
        ("UPDATE facts SET quote = '9 months' WHERE quote LIKE '%24 months%'", "version 2: 2 of its facts"),
        ("UPDATE versions SET wording = 'x' WHERE sequence = 2", "version 2: its pages are not those"),
        ("UPDATE version_pages SET capture_id = 1 WHERE version_id = 2", "version 2: the bytes of"),
        ("UPDATE bodies SET zstd = (SELECT zstd FROM bodies WHERE base IS NULL) WHERE base IS NOT NULL", "Restore"),
        ("DELETE FROM bodies WHERE base IS NOT NULL", "are missing"),
    ],
)  # fmt: skip
def test_verify_names_what_was_altered(changed: Path, sql: str, fault: str) -> None:
    alter(changed, sql)
    done = run("verify")
    assert done.exit_code == 3
    assert fault in done.stdout


def test_what_another_release_read_is_held_against_its_digests_only(changed: Path) -> None:
    alter(changed, "UPDATE versions SET extractor = 'of old' WHERE sequence = 1")
    [northwind] = read("verify")
    assert (northwind["again"], northwind["older"], northwind["faults"]) == (1, 1, [])


def test_an_export_proves_itself_without_the_program(changed: Path, tmp_path: Path) -> None:
    assert run("export", "northwind", str(tmp_path / "evidence")).exit_code == 0
    place = tmp_path / "evidence" / "northwind"
    checked = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=place, capture_output=True, text=True, check=True)
    assert len(checked.stdout.splitlines()) == sum(1 for f in place.rglob("*") if f.is_file()) - 1
    first, second = json.loads((place / "manifest.json").read_text())["versions"]
    [page] = second["pages"]
    assert b"24 months" in (place / page["capture"]).read_bytes()
    assert page["sha256"] in page["capture"]
    assert "for 24 months after" in (place / page["clauses"]).read_text()
    assert "24 months" in {fact["value"] for fact in json.loads((place / second["facts"]).read_text())}
    assert json.loads((place / second["verdict"]).read_text())["level"] == "material"
    assert first["verdict"] is None
    assert "holds an export already" in run("export", "northwind", str(tmp_path / "evidence")).stderr


def test_what_was_in_force_on_a_day_can_be_exported(changed: Path, tmp_path: Path) -> None:
    alter(changed, "UPDATE versions SET first_seen = '2026-03-01T09:00:00.000Z' WHERE sequence = 1")
    assert run("export", "northwind", str(tmp_path / "march"), "--on", "2026-03-03").exit_code == 0
    [version] = json.loads((tmp_path / "march" / "northwind" / "manifest.json").read_text())["versions"]
    assert version["version"] == 1
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    assert run("export", "northwind", str(tmp_path / "now"), "--on", today).exit_code == 0
    [version] = json.loads((tmp_path / "now" / "northwind" / "manifest.json").read_text())["versions"]
    assert version["version"] == 2
    early = run("export", "northwind", str(tmp_path / "early"), "--on", "2026-02-28")
    assert isinstance(early.exception, NotFoundError)
    assert not (tmp_path / "early").exists()


def test_reread_keeps_what_comes_out_otherwise_and_tells_nobody(changed: Path, tmp_path: Path) -> None:
    assert "northwind: the same clauses" in run("reread").stdout
    config = tmp_path / "sources.toml"
    config.write_text(config.read_text().replace('vendor = "Northwind"', 'vendor = "Northwind"\nremove = ["h1"]'))
    done = run("reread", "northwind")
    assert (done.exit_code, "other clauses" in done.stdout) == (0, True)
    history = read("history", "northwind")
    assert [v["cause"] for v in history["versions"]] == ["first", "change", "reread"]
    assert len(history["alerts"]) == 1
    assert read("verify", "northwind")[0]["again"] == 1


def test_reread_leaves_a_database_alone_on_which_a_daemon_works(changed: Path) -> None:
    lock = Lock(changed)
    assert "already works on" in str(run("reread").exception)
    lock.release()
