"""A slow channel with a backlog: nobody else notices. The daemon as a process, real servers."""

from __future__ import annotations

import json
import signal
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.daemon.process import Daemon, source, wait_until
from tests.pipeline.pages import SOURCE, policy
from tests.server import Answer, Site
from watcher.store import Lock, Store, alerts, sources

BACKLOG, FEW = 2000, 60
SLOW = 5.0  #: seconds that the slow channel takes for each message


def backlog(database: Path, channel: str, count: int) -> None:
    """So many alerts, pending for one channel."""
    now = datetime.now(UTC)
    with Store(database) as store, store.atomic():
        if sources.state(store, SOURCE.id) is None:
            sources.add(store, SOURCE, now)
        for number in range(count):
            headline = f"Northwind: the policy cannot be checked ({number})"
            alerts.add(store, "problem", SOURCE.id, url="", headline=headline, channels=[channel], now=now)


def config(site: Site) -> str:
    channels = [
        f'[[channel]]\nid = "{name}"\nurl = "json://127.0.0.1:{site.port}/{name}"\nreport = "never"\n'
        for name in ("slow", "fast")
    ]
    return source("northwind", site.page("/privacy", policy())) + "".join(channels)


def test_a_backlog_for_a_slow_channel_keeps_neither_the_others_nor_the_checks_waiting(
    tmp_path: Path, site: Site
) -> None:
    site.route("/slow", Answer("ok", wait=SLOW))
    site.route("/fast", Answer("ok"))
    daemon = Daemon(tmp_path, config(site))
    backlog(daemon.database, "slow", BACKLOG)
    backlog(daemon.database, "fast", FEW)
    with daemon:
        site.wait_for(1, "/slow", timeout=30)
        began = time.monotonic()
        site.wait_for(FEW, "/fast", timeout=30)
        assert len(site.asked("/slow")) <= 1 + (time.monotonic() - began) / SLOW
        checks = len(site.asked("/privacy"))
        before = memory(daemon)
        wait_until(lambda: len(site.asked("/privacy")) >= checks + 3, daemon)
        assert memory(daemon) - before < 5e6
        daemon.kill()
    with Store(daemon.database) as store:
        held = alerts.tally(store)["slow", "sending"]
        assert held <= 40  # what one lane has in hand, however much waits


def test_a_stop_waits_for_the_message_in_hand_and_not_for_the_backlog(tmp_path: Path, site: Site) -> None:
    site.route("/slow", Answer("ok", wait=1.0))
    daemon = Daemon(tmp_path, config(site))
    backlog(daemon.database, "slow", BACKLOG)
    with daemon:
        site.wait_for(1, "/slow", timeout=30)
        began = time.monotonic()
        assert daemon.stop() == 0
        assert time.monotonic() - began < 10
    with Store(daemon.database) as store:
        Lock(daemon.database).release()
        tally = alerts.tally(store)
        assert tally["slow", "sent"] >= 1
        assert tally["slow", "sent"] + tally["slow", "pending"] == BACKLOG


def test_a_channel_that_moves_while_it_is_busy_gets_the_rest_at_its_new_address(tmp_path: Path, site: Site) -> None:
    site.route("/slow", Answer("ok", wait=1.0))
    site.route("/new", Answer("ok"))
    daemon = Daemon(tmp_path, config(site))
    backlog(daemon.database, "slow", FEW)
    with daemon:
        site.wait_for(1, "/slow", timeout=30)
        daemon.path.write_text(daemon.path.read_text().replace("/slow", "/new"))
        daemon.signal(signal.SIGHUP)
        daemon.wait_for_log("configuration read again")
        by_then = len(site.asked("/slow"))
        wait_until(lambda: unsent(daemon) == 0, daemon)
        old, new = ([json.loads(hit.body)["alert"] for hit in site.asked(path)] for path in ("/slow", "/new"))
        assert sorted(old + new) == list(range(1, FEW + 1))
        assert len(old) <= by_then + 1 < FEW
        assert daemon.stop() == 0


def unsent(daemon: Daemon) -> int:
    """Deliveries that the database does not know to have arrived."""
    with Store(daemon.database) as store:
        return len(alerts.unsent(store))


def memory(daemon: Daemon) -> float:
    """Resident bytes of the daemon."""
    return int(Path(f"/proc/{daemon.pid}/statm").read_text().split()[1]) * 4096
