"""watcher ack, and what becomes of it: the log in `why`, the examples of `feedback export`."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.pipeline.pages import SOURCE, URL, Web, policy, watching
from watcher.cli import cli
from watcher.pipeline.check import check

TABLE = "<table><tr><th>Data</th><th>Kept for</th></tr><tr><td>Server logs</td><td>{}</td></tr></table>"


@pytest.fixture
def alert(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """A material alert about two changes, in the database of the configuration that WATCHER_CONFIG names."""
    (tmp_path / "sources.toml").write_text('[watch]\ndatabase = "watcher.db"\n')
    monkeypatch.setenv("WATCHER_CONFIG", str(tmp_path / "sources.toml"))
    web = Web({URL: policy(extra=(TABLE.format("30 days"),))})
    watch = watching(tmp_path, web, confirm=False)
    asyncio.run(check(watch, SOURCE))
    more = ("Our partner *Lumen_Ads [EU]* receives your e-mail address.", TABLE.format("90 days"))
    web.pages[URL] = policy(replace=("6 months", "24 months"), extra=more)
    web.clock.turn(hours=1)
    result = asyncio.run(check(watch, SOURCE))
    watch.store.close()
    assert result.alert is not None
    return result.alert


def run(*args: str) -> Result:
    return CliRunner().invoke(cli, args, catch_exceptions=False)


def test_every_decision_is_kept_and_shown(alert: int) -> None:
    args = ("--by", "Ana Lim", "--decision", "escalate", "--owner", "legal", "--due", "2026-03-31", "--note", "look")
    assert run("ack", str(alert), *args).output == f"alert {alert}: escalate by Ana Lim\n"
    run("ack", str(alert), "--by", "Bo")
    shown = run("why", str(alert)).output
    assert "escalate by Ana Lim, for legal, due 2026-03-31: look" in shown
    made = json.loads(run("why", str(alert), "--format", "json").output)["decisions"]
    assert [(d["by"], d["decision"], d["due"]) for d in made] == [
        ("Ana Lim", "escalate", "2026-03-31"),
        ("Bo", "accept", None),
    ]


@pytest.mark.usefixtures("alert")
def test_an_alert_that_does_not_exist_is_named() -> None:
    done = CliRunner().invoke(cli, ["ack", "99", "--by", "Ana"])
    assert done.exit_code != 0
    assert "there is no alert 99" in str(done.exception)


def test_decisions_become_labelled_pairs_that_read_back_as_the_same_policies(alert: int, tmp_path: Path) -> None:
    out = tmp_path / "examples"
    run("ack", str(alert), "--by", "Ana", "--decision", "escalate")
    assert run("feedback", "export", str(out)).output.startswith("0 examples")
    run("ack", str(alert), "--by", "Ana", "--decision", "not-material", "--note", "a test page")
    assert run("feedback", "export", str(out)).output.startswith("1 example")
    pair = out / f"northwind-{alert}"
    labels = json.loads((pair / "labels.json").read_text())
    assert (labels["verdict"], labels["why"]) == ("minor", "a test page")
    assert not any(change["material"] for change in labels["changes"])
    for change in labels["changes"]:
        assert change["quote_old"] in (pair / "old.md").read_text()
        assert change["quote_new"] in (pair / "new.md").read_text()
    run("ack", str(alert), "--by", "Ana")
    run("feedback", "export", str(out))
    labels = json.loads((pair / "labels.json").read_text())
    assert labels["verdict"] == "material"
    judged = json.loads(run("compare", str(pair / "old.md"), str(pair / "new.md"), "--format", "json").output)
    keys = ("kind", "action", "subject", "before", "after", "material")
    assert {tuple(c[k] for k in keys) for c in judged["changes"]} == {
        tuple(c[k] for k in keys) for c in labels["changes"]
    }
