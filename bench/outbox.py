"""10,000 messages pending for a slow channel: does anybody else notice, and does memory stay flat?

The real daemon with three channels and one source: `slow` answers after a second, `fast` at once, and `drain` takes a
backlog of its own as fast as it comes. Run: python -m bench.outbox [--pending 10000] [--seconds 60]
"""

from __future__ import annotations

import argparse
import itertools
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from watcher.records import Source
from watcher.store import Store, alerts, sources

PAGE = "<!doctype html><title>Privacy policy</title><main><h1>Privacy policy</h1>" + "".join(
    f"<p>We keep the data that you give us for purpose {n} for {n + 2} months, and share it with nobody.</p>"
    for n in range(40)
)
LIMITS = {"fast": 60.0, "check": 3.0, "growth": 10.0}  #: seconds for all, seconds between two checks, MB


class Servers(BaseHTTPRequestHandler):
    """The page, and the channels."""

    protocol_version = "HTTP/1.1"
    seen: dict[str, list[float]] = {}  # noqa: RUF012

    def _answer(self, body: bytes) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.seen.setdefault(self.path, []).append(time.monotonic())
        if self.path == "/slow":
            time.sleep(1.0)
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        self._answer(PAGE.encode())

    def do_POST(self) -> None:
        self._answer(b"ok")

    def log_message(self, *_: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    """One thread for each connection."""

    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: object, client_address: object) -> None:
        """The daemon does not read what a channel says besides its status, and resets the connection."""


def configuration(database: Path, port: int) -> str:
    """One source that is checked every second, three channels."""
    head = (
        f'[watch]\ndatabase = "{database}"\nlog_level = "error"\n[fetch]\nprivate_addresses = true\ndelay = "0s"\n'
        f'[[source]]\nid = "page"\nvendor = "Page"\nurl = "http://127.0.0.1:{port}/page"\n'
        'interval = "1s"\njitter = "0s"\n'
    )
    return head + "".join(
        f'[[channel]]\nid = "{name}"\nurl = "json://127.0.0.1:{port}/{name}"\nreport = "never"\n'
        for name in ("slow", "fast", "drain")
    )


def fill(database: Path, counts: dict[str, int]) -> None:
    """So many alerts for each channel."""
    now = datetime.now(UTC)
    with Store(database) as store, store.atomic():
        sources.add(store, Source(id="page", vendor="Page", urls=("http://127.0.0.1/",)), now)
        for channel, count in counts.items():
            for number in range(count):
                alerts.add(store, "problem", "page", headline=f"Trouble {number}", channels=[channel], now=now)


def memory(pid: int) -> float:
    """Resident memory, MB."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") / 1e6


def cpu(pid: int) -> float:
    """CPU seconds so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(pending: int, seconds: float) -> int:
    """Run the daemon for so long; print what happened, 1 if a limit is exceeded."""
    server = Server(("127.0.0.1", 0), Servers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    seen = Servers.seen
    with tempfile.TemporaryDirectory() as folder:
        database, config = Path(folder) / "watcher.db", Path(folder) / "sources.toml"
        config.write_text(configuration(database, server.server_address[1]))
        fill(database, {"slow": pending, "fast": 100, "drain": pending})
        daemon = subprocess.Popen([sys.executable, "-m", "watcher", "run", "-c", str(config)])
        try:
            while len(seen.get("/fast", ())) < 1:
                time.sleep(0.05)
            start, curve = time.monotonic(), []
            while time.monotonic() - start < seconds:
                time.sleep(1.0)
                curve.append(memory(daemon.pid))
            spent = cpu(daemon.pid)
        finally:
            daemon.terminate()
            daemon.wait(30)
        sizes = sum(f.stat().st_size for f in Path(folder).glob("watcher.db*")) / 1e6
    server.shutdown()
    checks = seen["/page"]
    gaps = [b - a for a, b in itertools.pairwise(checks)]
    drained, fast = seen["/drain"], seen["/fast"]
    rate = len(drained) / (drained[-1] - drained[0])
    steady = curve[len(curve) // 4 :]
    figures = {"fast": fast[-1] - fast[0], "check": max(gaps), "growth": max(steady) - min(steady)}
    print(f"{pending:,} pending for a channel that takes 1 s for each, {pending:,} for one that takes them at once\n")
    print(f"100 messages to another channel, first to last    {figures['fast']:8.1f} s   limit {LIMITS['fast']:g}")
    print(f"seconds between two checks, median                {statistics.median(gaps):8.2f} s")
    print(f"                            longest               {figures['check']:8.2f} s   limit {LIMITS['check']:g}")
    print(f"slow channel took                                 {len(seen['/slow']):8}")
    print(f"the backlog that drains                           {len(drained):8}     {rate:.0f} a second")
    print(f"memory, first and highest                         {curve[0]:8.1f} MB  {max(curve):.1f} MB")
    print(f"memory, rise after the first quarter              {figures['growth']:8.1f} MB  limit {LIMITS['growth']:g}")
    print(f"CPU of the daemon                                 {spent:8.1f} s   database {sizes:.1f} MB")
    return int(any(figures[name] > limit for name, limit in LIMITS.items()))


def main() -> int:
    """See the top of this file."""
    parser = argparse.ArgumentParser(description="A backlog for a slow channel: who notices?")
    parser.add_argument("--pending", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=60.0)
    args = parser.parse_args()
    return measure(args.pending, args.seconds)


if __name__ == "__main__":
    sys.exit(main())
