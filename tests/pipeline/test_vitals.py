"""The watch watched: heartbeats to a real server, figures in a real file."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from tests.pipeline.pages import policy
from tests.server import Answer, Site
from watcher.cli import cli
from watcher.daemon.rounds import LONGEST, PAUSE, Rounds
from watcher.pipeline.vitals import beat, figures, health
from watcher.store import Store, alerts


def test_a_round_of_checks_pings_the_heartbeat_and_writes_the_metrics(tmp_path: Path, site: Site) -> None:
    for path in ("/ping/x/start", "/ping/x", "/ping/x/fail"):
        site.route(path, Answer("OK"))
    url = site.page("/privacy", policy())
    config = tmp_path / "sources.toml"
    config.write_text(
        f'[watch]\nheartbeat = "{site.url}/ping/x"\nmetrics = "watcher.prom"\ndatabase = "watcher.db"\n'
        '[fetch]\nprivate_addresses = true\nretries = 0\ndelay = "0s"\n'
        f'[[source]]\nid = "acme"\nvendor = "Acme"\nurl = "{url}"\nrender = "never"\n'
    )

    def pings() -> list[str]:
        site.forget()
        CliRunner().invoke(cli, ["check", "--config", str(config)], catch_exceptions=False)
        return [hit.path for hit in site.hits if hit.path.startswith("/ping")]

    assert pings() == ["/ping/x/start", "/ping/x"]
    site.route("/privacy", Answer("gone", status=500))
    assert pings() == ["/ping/x/start", "/ping/x/fail"]
    families = text_string_to_metric_families((tmp_path / "watcher.prom").read_text())
    values = {(s.name, *s.labels.values()): s.value for family in families for s in family.samples}
    assert values["watcher_checks_total", "first"] == values["watcher_checks_total", "failed"] == 1
    assert values["watcher_source_failures", "acme"] == 1
    assert values["watcher_sources", "enabled"] == 1
    assert values["watcher_source_verified_timestamp_seconds", "acme"] > 1e9
    assert sorted(file.name for file in tmp_path.glob("watcher.prom*")) == ["watcher.prom"]


def test_a_heartbeat_that_fails_disturbs_nobody_and_keeps_its_address_to_itself(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    site.route("/secret", Answer(status=404))
    asyncio.run(beat(f"{site.url}/secret", "success"))
    site.down()
    asyncio.run(beat(f"{site.url}/secret", "fail"))
    assert "HTTP 404" in caplog.text
    assert "ConnectError" in caplog.text
    assert "secret" not in caplog.text


def test_a_channel_that_is_deaf_makes_every_round_a_failure(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    with Store(tmp_path / "watcher.db") as store:
        assert health(store, now) == "success"
        alerts.rest(store, "desk", now, "busy", now)
        assert [health(store, now + timedelta(minutes=m)) for m in (30, 61)] == ["success", "fail"]
        text = generate_latest(figures(store)).decode()
        assert 'watcher_channel_refusing_since_timestamp_seconds{channel="desk"} 1.' in text


def test_rounds_begin_with_checks_and_end_with_rest_but_not_too_often() -> None:
    rounds = Rounds()
    assert rounds.tick(0, 100.0) is None
    assert [rounds.tick(2, 101.0), rounds.tick(1, 102.0), rounds.tick(0, 103.0)] == ["begins", None, "ends"]
    assert rounds.tick(3, 104.0) is None
    assert rounds.tick(3, 101.0 + PAUSE) == "begins"
    assert rounds.tick(3, 101.0 + PAUSE + LONGEST) == "ends"
