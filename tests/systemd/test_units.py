"""The shipped units are clean and hardened, by systemd's own judgement."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

UNIT = Path(__file__).resolve().parents[2] / "systemd" / "watcher.service"
ANALYZE = shutil.which("systemd-analyze")

pytestmark = pytest.mark.skipif(not ANALYZE, reason="needs systemd-analyze: apt-get install systemd")


def run(*args: str) -> str:
    done = subprocess.run([str(ANALYZE), *args], capture_output=True, text=True, timeout=60)
    return done.stdout + done.stderr


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The unit with the path of a program that exists here, which `verify` insists on."""
    copy = tmp_path / UNIT.name
    copy.write_text(UNIT.read_text(encoding="utf8").replace("/opt/policy-watcher/bin/watcher", "/bin/true"))
    return copy


def test_verify_finds_nothing(unit: Path) -> None:
    assert run("verify", str(unit)) == ""


def test_exposure_is_at_most_1_5(unit: Path) -> None:
    said = re.search(r"exposure level for \S+: ([\d.]+)", run("security", "--offline=true", str(unit)))
    assert said, "systemd-analyze security gave no level"
    assert float(said[1]) <= 1.5
