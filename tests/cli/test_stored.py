"""check, sources, history, diff, facts and why, as people and tools use them: a real server, a real database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.cli.conftest import Change
from tests.server import Answer, Site
from watcher.cli import cli
from watcher.errors import ConfigError, StoreError
from watcher.store import Lock


def run(*args: str) -> Result:
    return CliRunner().invoke(cli, args)


def read(*args: str) -> Any:
    return json.loads(run(*args, "--format", "json").stdout)


def test_check_exits_with_what_it_found_and_sends_what_is_due(change: Change, site: Site) -> None:
    assert (run("check").exit_code, read("check")[0]["outcome"]) == (0, "unchanged")
    change("24 months")
    first = run("check")
    assert (first.exit_code, "candidate" in first.stdout) == (0, True)
    second = run("check", "northwind", "--format", "json")
    assert second.exit_code == 1
    [result] = json.loads(second.stdout)
    assert (result["outcome"], result["verdict"], result["alert"]) == ("changed", "material", 1)
    assert [(c["kind"], c["before"], c["after"]) for c in result["changes"]] == [("retention", "6 months", "24 months")]
    assert [json.loads(hit.body)["alert"] for hit in site.asked("/hook")] == [1]


def test_check_exits_with_3_where_a_source_fails(change: Change, site: Site) -> None:
    site.route("/privacy", Answer("<h1>Gone</h1>", status=404))
    failed = run("check")
    assert (failed.exit_code, "404" in failed.stdout) == (3, True)
    [northwind, _] = read("sources")
    assert (northwind["state"], northwind["failures"]) == ("failing", 1)


def test_check_leaves_the_sending_to_a_daemon_that_works_on_the_database(
    change: Change, site: Site, tmp_path: Path
) -> None:
    lock = Lock(tmp_path / "watcher.db")
    run("check")
    change("24 months")
    assert [run("check").exit_code for _ in range(2)] == [0, 1]
    assert site.asked("/hook") == []
    lock.release()
    run("check")
    assert len(site.asked("/hook")) == 1


def test_sources_shows_where_each_one_stands(change: Change) -> None:
    assert isinstance(run("sources").exception, StoreError)
    run("check")
    assert [(s["id"], s["state"], s["version"]) for s in read("sources")] == [
        ("northwind", "fine", 1),
        ("paused", "paused", None),
    ]
    lines = run("sources").stdout.splitlines()
    assert [line.split()[:3] for line in lines[1:]] == [["northwind", "fine", "1"], ["paused", "paused", "-"]]


def test_history_diff_and_facts_tell_what_was_in_force_and_what_changed(change: Change) -> None:
    run("check")
    change("24 months")
    for _ in range(2):
        run("check")
    versions = read("history", "northwind")["versions"]
    assert [(v["version"], v["cause"], v["verdict"]) for v in versions] == [
        (1, "first", None),
        (2, "change", "material"),
    ]
    assert versions[1]["confirmed_at"] is not None
    diff = read("diff", "northwind")
    assert diff["verdict"] == "material"
    assert [c["text"] for c in diff["clauses_come"]] == [
        "We keep your account data for 24 months after you close your account."
    ]
    back = read("diff", "northwind", "2", "1")
    assert [(c["before"], c["after"]) for c in back["changes"]] == [("24 months", "6 months")]
    kept = {f["value"] for f in read("facts", "northwind", "--kind", "retention")}
    before = {f["value"] for f in read("facts", "northwind", "--kind", "retention", "--version", "1")}
    assert (kept, before) == ({"24 months"}, {"6 months"})
    for verb in ("history", "diff", "facts"):
        assert "24 months" in run(verb, "northwind").stdout


def test_why_leads_from_the_alert_to_the_bytes(change: Change) -> None:
    run("check")
    change("24 months")
    for _ in range(2):
        run("check")
    why = read("why", "1")
    [reason] = why["reasons"]
    assert reason["clause_old"]["text"] == "We keep your account data for 6 months after you close your account."
    assert reason["clause_new"]["text"] == "We keep your account data for 24 months after you close your account."
    captures = [why[name]["captures"][0] for name in ("before", "after")]
    assert len({capture["sha256"] for capture in captures}) == 2
    assert captures[1]["seen"] == 2
    assert [(d["channel"], d["outcome"]) for d in why["deliveries"]] == [("desk", "sent")]
    text = run("why", "1").stdout
    for part in ("6 months -> 24 months", reason["rule"], captures[0]["sha256"], "desk: sent"):
        assert part in text


def test_names_that_do_not_exist_are_answered_with_the_nearest(change: Change) -> None:
    run("check")
    assert "did you mean 'northwind'" in str(run("facts", "nothwind").exception)
    assert isinstance(run("check", "nothwind").exception, ConfigError)
    assert "no alert 99" in str(run("why", "99").exception)
    assert "no version 7" in str(run("facts", "northwind", "--version", "7").exception)


def test_nothing_to_compare_is_said(change: Change) -> None:
    run("check")
    assert "nothing to compare" in str(run("diff", "northwind").exception)


@pytest.mark.parametrize("verb", ["check", "history", "diff", "facts"])
def test_a_source_that_nobody_knows_is_a_slip_of_whoever_asked(change: Change, verb: str) -> None:
    run("check")
    done = run_whole(verb, "nortwind")
    assert done.returncode == 2
    assert "did you mean 'northwind'?" in done.stderr


@pytest.mark.parametrize("words", [["why", "99"], ["ack", "99", "--by", "Ana"], ["notify", "preview", "99"]])
def test_an_alert_that_was_never_raised_is_one_too(change: Change, words: list[str]) -> None:
    run("check")
    done = run_whole(*words)
    assert done.returncode == 2
    assert "there is no alert 99" in done.stderr


def test_the_shell_completes_sources_and_channels_even_of_a_file_with_mistakes(change: Change) -> None:
    path = Path(os.environ["WATCHER_CONFIG"])
    path.write_text(path.read_text() + 'colour = "blue"\n')
    words = {
        "watcher history n": ["northwind"],
        "watcher check ": ["northwind", "paused"],
        "watcher notify test ": ["desk"],
    }
    for line, found in words.items():
        environ = {"_WATCHER_COMPLETE": "bash_complete", "COMP_WORDS": line, "COMP_CWORD": str(line.count(" "))}
        done = subprocess.run(
            [sys.executable, "-c", "from watcher.cli import cli; cli(prog_name='watcher')"],
            env=os.environ | environ, capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        assert [name.removeprefix("plain,") for name in done.stdout.split()] == found, line


def run_whole(*args: str) -> subprocess.CompletedProcess[str]:
    """The program as a process, with its exit code."""
    return subprocess.run([sys.executable, "-m", "watcher", *args], capture_output=True, text=True, timeout=60)
