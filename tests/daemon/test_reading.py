"""The daemon reads pages in a process of its own: it stays small, and neither outlives the other."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from tests.daemon.process import Daemon, source, wait_until
from tests.pipeline.pages import policy
from tests.server import Site


def readers(daemon: Daemon) -> list[int]:
    """The processes that the daemon started."""
    children = Path(f"/proc/{daemon.pid}/task").glob("*/children")
    return [int(child) for file in children for child in file.read_text().split()]


def is_there(process: int) -> bool:
    return Path(f"/proc/{process}/statm").exists() and Path(f"/proc/{process}/statm").read_text() != "0 0 0 0 0 0 0\n"


def loads(process: int, library: str) -> bool:
    return library in Path(f"/proc/{process}/maps").read_text()


def test_only_the_process_that_reads_loads_what_reads(tmp_path: Path, site: Site) -> None:
    url = site.page("/privacy", policy())
    with Daemon(tmp_path, source("northwind", url)) as daemon:
        daemon.wait_for_log("event=checked", "outcome=first")
        site.page("/privacy", policy(replace=("6 months", "24 months")))
        daemon.wait_for_log("event=checked", "outcome=changed")
        [reader] = readers(daemon)
        assert loads(reader, "selectolax")
        assert not loads(daemon.pid, "selectolax")
        assert not loads(daemon.pid, "pydantic")
        os.kill(reader, signal.SIGTERM)
        site.page("/privacy", policy(replace=("6 months", "36 months")))
        wait_until(lambda: daemon.log.count("outcome=changed") == 2, daemon)
        assert readers(daemon) == [reader]
        assert daemon.stop() == 0
        assert not is_there(reader)


def test_a_reader_ends_when_its_daemon_was_killed(tmp_path: Path, site: Site) -> None:
    with Daemon(tmp_path, source("northwind", site.page("/privacy", policy()))) as daemon:
        daemon.wait_for_log("event=checked", "outcome=first")
        [reader] = readers(daemon)
        daemon.kill()
        wait_until(lambda: not is_there(reader), daemon)


def test_another_configuration_gets_a_reader_of_its_own(tmp_path: Path, site: Site) -> None:
    url = site.page("/privacy", policy())
    with Daemon(tmp_path, source("northwind", url)) as daemon:
        daemon.wait_for_log("event=checked", "outcome=first")
        [reader] = readers(daemon)
        daemon.write(source("northwind", url) + source("contoso", site.page("/other", policy())))
        daemon.signal(signal.SIGHUP)
        daemon.wait_for_log("event=checked", "source=contoso", "outcome=first")
        wait_until(lambda: not is_there(reader), daemon)
        assert len(readers(daemon)) == 1
        assert daemon.stop() == 0
