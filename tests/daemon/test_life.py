"""The daemon as a process: ready, reloaded, stopped, refused."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from click.testing import CliRunner

from tests.daemon.process import Daemon, NotifySocket, channel, free_port, source, wait_until
from tests.pipeline.pages import policy
from tests.server import Answer, Site
from watcher.cli import cli
from watcher.errors import ConfigError
from watcher.store import Store, sources, versions


@pytest.fixture(params=["path", "abstract"])
def systemd(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[NotifySocket]:
    path = str(tmp_path / "notify")
    socket = NotifySocket(path if request.param == "path" else f"@watcher-test-{os.getpid()}-{time.monotonic_ns()}")
    yield socket
    socket.close()


def test_systemd_hears_of_every_step_of_its_life(tmp_path: Path, site: Site, systemd: NotifySocket) -> None:
    url = site.page("/privacy", policy())
    environ = {"NOTIFY_SOCKET": systemd.address, "WATCHDOG_USEC": "300000"}
    with Daemon(tmp_path, source("northwind", url), environ) as daemon:
        assert "watching 1 sources" in systemd.wait_for("READY")["STATUS"]
        systemd.wait_for("WATCHDOG")
        before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        daemon.write(source("northwind", url) + source("contoso", url))
        daemon.signal(signal.SIGHUP)
        assert int(systemd.wait_for("RELOADING")["MONOTONIC_USEC"]) >= before
        assert "watching 2 sources" in systemd.wait_for("READY")["STATUS"]
        daemon.signal(signal.SIGTERM)
        systemd.wait_for("STOPPING")
        assert daemon.ended() == 0


def test_a_configuration_that_cannot_be_used_changes_nothing_and_is_explained(tmp_path: Path, site: Site) -> None:
    url = site.page("/privacy", policy())
    with Daemon(tmp_path, source("northwind", url)) as daemon:
        daemon.wait_for_log("event=checked", "outcome=first")
        daemon.write(source("northwind", url, 'colour = "blue"'))
        daemon.signal(signal.SIGHUP)
        daemon.wait_for_log("the configuration was not changed", "colour")
        site.forget()
        site.wait_for(2, "/privacy", timeout=30)
        assert daemon.stop() == 0


def test_a_stop_finishes_what_is_in_flight_and_leaves_one_complete_file(tmp_path: Path, site: Site) -> None:
    url = site.route("/privacy", Answer(policy(), wait=1.0))
    with Daemon(tmp_path, source("northwind", url)) as daemon:
        site.wait_for(1, "/privacy", timeout=30)
        assert daemon.stop() == 0
        assert not list(tmp_path.glob("watcher.db-*"))
        with Store(daemon.database) as store:
            state = sources.state(store, "northwind")
            assert state is not None
            assert (state.outcome, state.claims) == ("first", 0)
            assert len(versions.history(store, "northwind")) == 1


def test_a_second_daemon_on_the_same_database_names_the_first_and_ends(tmp_path: Path, site: Site) -> None:
    config = source("northwind", site.page("/privacy", policy()))
    with Daemon(tmp_path, config) as first:
        first.wait_for_log("event=watching")
        with Daemon(tmp_path, config) as second:
            assert second.ended() == 3
        assert f"another watcher (process {first.pid})" in first.log
        assert first.stop() == 0


def test_a_configuration_that_cannot_be_started_with_is_a_usage_error(tmp_path: Path) -> None:
    with Daemon(tmp_path, 'colour = "blue"\n') as daemon:
        assert daemon.ended() == 2
        assert "colour" in daemon.log


def test_logs_are_json_on_request_and_carry_journald_s_priorities(tmp_path: Path, site: Site) -> None:
    with Daemon(tmp_path, source("northwind", site.url + "/gone"), {"JOURNAL_STREAM": "8:1"}) as daemon:
        daemon.kill()
        daemon.path.write_text(daemon.path.read_text().replace("[watch]", '[watch]\nlog_format = "json"'))
        daemon.start()
        daemon.wait_for_log('<4>{"source": "northwind"', '"outcome": "failed"', "404", '"level": "warning"')
        assert daemon.stop() == 0


def test_one_source_in_trouble_holds_up_no_other(tmp_path: Path, site: Site, site2: Site) -> None:
    slow = site2.route("/slow", Answer(policy(), wait=60.0))
    config = source("slow", slow) + source("northwind", site.page("/privacy", policy()))
    with Daemon(tmp_path, config) as daemon:
        site2.wait_for(1, "/slow", timeout=30)
        site.wait_for(3, "/privacy", timeout=30)
        wait_until(lambda: "source=northwind" in daemon.log, daemon)
        daemon.kill()


def test_the_daemon_pings_its_heartbeat_and_writes_its_metrics(tmp_path: Path, site: Site) -> None:
    url = site.page("/privacy", policy())
    for path in ("/ping/start", "/ping"):
        site.route(path, Answer("OK"))
    daemon = Daemon(tmp_path, source("northwind", url))
    port = free_port()
    head = f'[watch]\nheartbeat = "{site.url}/ping"\nmetrics = "watcher.prom"\nmetrics_listen = "127.0.0.1:{port}"\n'
    daemon.path.write_text(daemon.path.read_text().replace("[watch]\n", head))
    with daemon:
        wait_until(lambda: site.asked("/ping/start") and site.asked("/ping"), daemon)
        assert "watcher_sources" in (tmp_path / "watcher.prom").read_text()
        with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            assert 'watcher_checks_total{outcome="first"} 1.0' in answer.read().decode()
        assert daemon.stop() == 0


def test_a_metrics_port_that_is_taken_stops_nothing(tmp_path: Path, site: Site) -> None:
    daemon = Daemon(tmp_path, source("northwind", site.page("/privacy", policy())))
    head = f'[watch]\nmetrics_listen = "127.0.0.1:{site.port}"\n'
    daemon.path.write_text(daemon.path.read_text().replace("[watch]\n", head))
    with daemon:
        daemon.wait_for_log("the metrics cannot be served", str(site.port))
        daemon.wait_for_log("event=checked", "outcome=first")
        assert daemon.stop() == 0


@pytest.mark.parametrize("rhythm", ['minor = "0 0 31 2 *"', 'material = "99 8 * * *"', 'report = "0 8 * * someday"'])
def test_a_rhythm_that_never_comes_is_refused_at_the_start_and_by_the_check(
    tmp_path: Path, site: Site, rhythm: str
) -> None:
    config = source("northwind", site.page("/privacy", policy())) + channel(site.url + "/hook") + rhythm
    with Daemon(tmp_path, config) as daemon:
        assert daemon.ended() == 2
        assert "channel desk: cron" in daemon.log
    done = CliRunner().invoke(cli, ["config", "check", "--config", str(daemon.path)])
    assert isinstance(done.exception, ConfigError)
    assert "channel desk: cron" in str(done.exception)
