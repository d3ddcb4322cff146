"""watcher doctor names what is not in order, and exits so that a machine can tell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from watcher.cli import cli
from watcher.store import Store

CONFIG = """
[watch]
database = "watcher.db"
[fetch]
contact = "ops@example.com"
[[source]]
id = "acme"
vendor = "Acme"
url = "https://acme.example/privacy"
render = "never"
"""


@pytest.fixture
def doctor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The configuration file in an empty folder."""
    file = tmp_path / "sources.toml"
    file.write_text(CONFIG)
    monkeypatch.setenv("WATCHER_CONFIG", str(file))
    return file


def run(*args: str) -> Result:
    return CliRunner().invoke(cli, ["doctor", *args])


@pytest.mark.usefixtures("doctor")
def test_a_fresh_installation_is_fine_with_hints() -> None:
    done = run()
    assert done.exit_code == 0, done.output
    assert "warn channels: none" in done.output
    assert "does not exist yet" in done.output


def test_a_damaged_database_fails(doctor: Path) -> None:
    (doctor.parent / "watcher.db").write_bytes(b"no database at all, but long enough to have a header" * 10)
    done = run("--format", "json")
    assert done.exit_code == 3
    assert any(f["what"] == "database" and f["state"] == "fail" for f in json.loads(done.output))


def test_a_source_that_was_never_checked_is_said(doctor: Path) -> None:
    with Store(doctor.parent / "watcher.db"):
        pass
    done = run()
    assert done.exit_code == 0
    assert "warn acme: never checked yet" in done.output
    assert "warn daemon: not running" in done.output
