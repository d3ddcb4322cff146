"""The demo: its script is right by itself, and the whole of it runs as a process, daemon and all."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from watcher.demo.script import ACTS, NAMES, Act, page
from watcher.demo.site import Site
from watcher.pipeline.pure import capture_of_file, read_page, reading, weigh
from watcher.records import Reading, Teaching


def read(file: Path) -> Reading:
    """The page as the watcher reads it; it must be accepted."""
    document, rejection = read_page(capture_of_file(file), None)
    assert document
    assert rejection is None
    return reading(document, Teaching())


@pytest.mark.parametrize("vendor", NAMES)
def test_both_policies_are_accepted_and_have_about_25_clauses(vendor: str, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(page(vendor), encoding="utf8")  # type: ignore[arg-type]
    assert len([clause for clause in read(file).document.clauses if clause.shape != "heading"]) >= 20


@pytest.mark.parametrize("act", [act for act in ACTS if act.edits], ids=lambda act: act.says)
def test_each_edit_of_the_script_is_judged_as_it_must(act: Act, tmp_path: Path) -> None:
    site = Site(tmp_path / "page.html")
    site.file.write_text(page(act.vendor), encoding="utf8")
    before = read(site.file)
    act.do(site)
    verdict = weigh(before, read(site.file), source=act.vendor, teaching=Teaching(), language="en")
    assert verdict.level == ("material" if act.expect else "noise")


@pytest.mark.timeout(180)
def test_the_demo_plays_once_and_exits_with_0(tmp_path: Path) -> None:
    """As `make demo ARGS=--once` runs it, without a terminal."""
    ended = subprocess.run(
        [sys.executable, "-m", "watcher", "demo", "--once", "--folder", str(tmp_path)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=170,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr + (tmp_path / "daemon.log").read_text(encoding="utf8")
    assert ended.stdout.count("Nobody was told.") == len([act for act in ACTS if not act.expect])
    assert "\x1b" not in ended.stdout, "no colour into a pipe"
