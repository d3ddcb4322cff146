"""Whatever goes wrong, the command line says so in one line and exits as its contract says: 1 is a material change."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PAGE = (
    "<h1>Privacy policy</h1>" + "<p>We collect your name, and we share personal data with our hosting provider.</p>" * 9
)


def watcher(*args: str, **kwargs: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "watcher", *args]
    return subprocess.run(command, stderr=subprocess.PIPE, text=True, timeout=60, **kwargs)  # type: ignore[call-overload, no-any-return]


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "page.html"
    file.write_text(PAGE, encoding="utf8")
    return file


def test_a_folder_where_a_file_is_needed_is_a_usage_error(page: Path) -> None:
    done = watcher("compare", str(page), str(page.parent))
    assert (done.returncode, "is a folder" in done.stderr, "Traceback" in done.stderr) == (2, True, False)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_under_the_output_is_no_material_change(page: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = watcher("analyze", str(page), "--format", "json", stdout=full)
    assert (done.returncode, "Traceback" in done.stderr) == (3, False)


def test_a_reader_that_leaves_early_is_no_material_change(page: Path) -> None:
    command = f"{sys.executable} -m watcher replay {page.parent}; echo exit $? >&2"
    done = subprocess.run(["bash", "-c", f"({command}) | true"], stderr=subprocess.PIPE, text=True, timeout=60)
    assert done.stderr.strip() == "exit 0"


def test_an_empty_folder_has_nothing_to_replay(tmp_path: Path) -> None:
    done = watcher("replay", str(tmp_path))
    assert (done.returncode, "holds no captures" in done.stderr) == (2, True)


def test_a_configuration_that_reads_well_and_cannot_work_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "sources.toml"
    file.write_text(
        '[[source]]\nid = "a"\nvendor = "A"\nurl = "https://a.example/"\ncron = "99 * * * *"\n'
        '[[channel]]\nid = "c"\nurl = "foo://bar"\n'
    )
    done = watcher("config", "check", "-c", str(file))
    assert done.returncode == 2
    assert "source a: cron '99 * * * *'" in done.stderr
    assert "channel c: " in done.stderr
