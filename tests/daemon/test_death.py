"""kill -9 at any moment: the next start goes on; nothing is told twice, nothing is forgotten."""

from __future__ import annotations

import json
import random
import time
from pathlib import Path

from tests.daemon.process import Daemon, channel, source, wait_until
from tests.pipeline.pages import policy
from tests.server import Answer, Site
from watcher.store import Store, alerts, versions

KILLS = 8
MONTHS = ("6 months", "24 months", "36 months", "48 months")


def test_a_daemon_that_is_killed_again_and_again_tells_each_change_once(tmp_path: Path, site: Site) -> None:
    seed = random.randrange(10**6)
    moments = random.Random(seed)
    hook = site.route("/hook", Answer("ok"))
    url = site.page("/privacy", policy())
    config = source("northwind", url) + channel(hook)
    with Daemon(tmp_path, config) as daemon:
        wait_until(lambda: count(daemon) == 1, daemon)
        for step, months in enumerate(MONTHS[1:], 2):
            site.page("/privacy", policy(replace=("6 months", months)))
            for _ in range(KILLS // len(MONTHS[1:])):
                time.sleep(moments.uniform(0.0, 2.5))
                daemon.kill()
                daemon.start()
            wait_until(lambda step=step: count(daemon) == step, daemon)
        wait_until(lambda: len(keys(site)) == len(MONTHS) - 1, daemon)
        asked = len(site.asked("/privacy"))
        # All may have been told before the last start: only a daemon that has begun its work ends in good order.
        wait_until(lambda: len(site.asked("/privacy")) > asked, daemon)
        assert daemon.stop() == 0
    with Store(daemon.database) as store:
        told = alerts.of_source(store, "northwind")
        assert [a.type for a in told] == ["change"] * (len(MONTHS) - 1), f"seed {seed}"
        sequences = [a.after.sequence for a in told if a.after]
        assert sequences == [2, 3, 4], f"seed {seed}"
        assert all(d.outcome == "sent" for a in told for d in alerts.deliveries(store, a.id)), f"seed {seed}"
        assert store.rows("PRAGMA integrity_check")[0][0] == "ok"
    assert len(keys(site)) == len(told), f"seed {seed}"


def count(daemon: Daemon) -> int:
    """Versions stored so far."""
    if not daemon.database.exists():
        return 0
    with Store(daemon.database) as store:
        return len(versions.history(store, "northwind"))


def keys(site: Site) -> set[str]:
    """The messages that arrived, each once: a copy of one carries the same key."""
    return {json.loads(hit.body)["key"] for hit in site.asked("/hook")}


def test_a_message_whose_sender_was_killed_is_sent_again_under_the_same_key(tmp_path: Path, site: Site) -> None:
    hook = site.route("/hook", Answer("ok", wait=60.0), Answer("ok"))
    url = site.page("/privacy", policy())
    with Daemon(tmp_path, source("northwind", url) + channel(hook)) as daemon:
        wait_until(lambda: count(daemon) == 1, daemon)
        site.page("/privacy", policy(replace=("6 months", "24 months")))
        site.wait_for(1, "/hook", timeout=30)
        daemon.kill()
        daemon.start()
        site.wait_for(2, "/hook", timeout=30)
        daemon.wait_for_log("event=sent")
        assert daemon.stop() == 0
    assert len(keys(site)) == 1


def test_a_source_whose_check_never_ends_is_set_aside_for_longer_each_time(tmp_path: Path, site: Site) -> None:
    url = site.route("/privacy", Answer(policy(), wait=60.0))
    with Daemon(tmp_path, source("northwind", url)) as daemon:
        for hits in (1, 2):
            site.wait_for(hits, "/privacy", timeout=30)
            daemon.kill()
            daemon.start()
        daemon.wait_for_log("the last check of this source did not end", "times=2")
        daemon.kill()
