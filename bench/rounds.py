"""CPU of a round of checks over many real pages: what the daemon costs when nothing changes, and when all does.

    python bench/rounds.py FOLDER [--pages 200] [--idle 20] [--json]

FOLDER holds captures of policies, NAME/000.html and so on, or NAME.tar.xz of such. They are served on loopback by a
process of its own; the real daemon watches one source a page. CPU seconds, user and system, are those of the daemon and
of the process in which it reads pages, after start-up; both find their bytecode made, as an installation has it. Memory
is the sum of what is resident of the two: what both map, libraries above all, counts twice. "Shared once" is what they
really take of the machine (proportional set size). Idle begins once the reading process has ended. `floor` is the least
a Python program can spend: one shared httpx client, and a Lexbor parse of what is not 304.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import multiprocessing
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

ROUNDS = {
    "new": "all new (clauses, facts, storage)",
    "304": "all answered 304",
    "same": "same bytes, no validators",
    "furniture": "furniture changed, policy the same",
    "changed": "all changed (clauses, facts, verdicts, storage)",
}
LIMITS = {"new": 12.0, "304": 1.0, "same": 1.2, "furniture": 3.0, "changed": 12.0}  #: CPU seconds for 200 pages
TICKS = os.sysconf("SC_CLK_TCK")
STALL = 300.0  #: seconds after which a round that does not end is given up


# --- pages -----------------------------------------------------------------------------------------------------------


def pages_in(folder: Path) -> Iterator[bytes]:
    """Every capture in the folder, one stream after the other, plain or packed."""
    for entry in sorted(folder.iterdir()):
        if entry.is_dir():
            yield from (file.read_bytes() for file in sorted(entry.glob("*.html")))
        elif entry.name.endswith(".tar.xz"):
            with tarfile.open(entry) as tar:
                members = sorted((m for m in tar if m.name.endswith(".html")), key=lambda m: m.name)
                for member in members:
                    file = tar.extractfile(member)
                    if file is not None:
                        yield file.read()


def with_other_furniture(page: bytes) -> bytes:
    """The page with another banner, another token and another year in its foot."""
    page = re.sub(
        rb"(<body[^>]*>)", rb'\1<nav class="promo"><a href="/sale">Spring sale ends today</a></nav>', page, count=1
    )
    page = re.sub(rb"(<head[^>]*>)", rb'\1<meta name="csrf-token" content="0123456789abcdef">', page, count=1)
    return re.sub(rb"(</body>)", rb'<footer class="site-footer"><p>Follow us</p></footer>\1', page, count=1)


def with_another_clause(page: bytes) -> bytes:
    """The page with one more sharing party in the middle of its text."""
    ends = [m.end() for m in re.finditer(rb"</p>", page)]
    at = ends[len(ends) // 2] if ends else page.rfind(b"</body>")
    clause = (
        b"<p>We share your personal data with Northwind Analytics, Inc. for advertising and keep it for 24 months.</p>"
    )
    return page[:at] + clause + page[at:]


# --- the server ------------------------------------------------------------------------------------------------------


def serve(pages: list[bytes], pipe: Connection) -> None:
    """Serve the pages; each message on the pipe is the round to play from now on."""
    bodies: list[bytes] = []
    tags: list[str] = []
    validators = True

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 16
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            if not self.path.startswith("/p/"):
                self.send_response(404)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            i = int(self.path[3:])
            if validators and self.headers.get("If-None-Match") == tags[i]:
                self.send_response(304)
                self.send_header("ETag", tags[i])
                self.end_headers()
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(bodies[i])))
            if validators:
                self.send_header("ETag", tags[i])
            self.end_headers()
            self.wfile.write(bodies[i])

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 256

    import threading

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    pipe.send(server.server_address[1])
    while (played := pipe.recv()) != "stop":
        change = {"furniture": with_other_furniture, "changed": with_another_clause}.get(played)
        if change or not bodies:
            bodies[:] = [change(page) for page in pages] if change else pages
            tags[:] = [f'"{hashlib.sha256(body).hexdigest()[:16]}"' for body in bodies]
        validators = played != "same"
        pipe.send("ready")


class Playing:
    """The server in its own process."""

    def __init__(self, pages: list[bytes]) -> None:
        self._pipe, other = multiprocessing.Pipe()
        self._process = multiprocessing.Process(target=serve, args=(pages, other), daemon=True)
        self._process.start()
        self.port = int(self._pipe.recv())

    def play(self, played: str) -> None:
        """From now on, answer as in this round."""
        self._pipe.send(played)
        self._pipe.recv()

    def stop(self) -> None:
        """End the process."""
        self._pipe.send("stop")
        self._process.join(5)
        self._process.kill()


# --- the daemon ------------------------------------------------------------------------------------------------------


def configuration(database: Path, port: int, pages: int) -> str:
    """Sources that are only due when the measurement says so."""
    head = (
        '[[channel]]\nid = "nobody"\nurl = "json://127.0.0.1:9/"\ndefault = false\n'
        f'[watch]\ndatabase = "{database}"\nconfirm = false\nlog_level = "warning"\n'
        '[fetch]\nprivate_addresses = true\ndelay = "0s"\nper_host = 8\n[defaults]\ninterval = "30d"\njitter = "0s"\n'
    )
    return head + "".join(
        f'[[source]]\nid = "p{i}"\nvendor = "Vendor {i}"\nurl = "http://127.0.0.1:{port}/p/{i}"\n' for i in range(pages)
    )


def family(pid: int) -> list[int]:
    """A process and its children."""
    children = Path(f"/proc/{pid}/task").glob("*/children")
    return [pid, *(int(child) for file in children for child in file.read_text().split())]


def cpu_of(pid: int) -> float:
    """CPU seconds of a process so far, user and system, with its children, also those that have ended."""
    ticks = 0
    for member in family(pid):
        with suppress(OSError):  # it ended meanwhile
            ticks += sum(map(int, Path(f"/proc/{member}/stat").read_text().rpartition(")")[2].split()[11:15]))
    return ticks / TICKS


def rss_of(pid: int) -> float:
    """Resident memory of a process and its children, MB."""
    pages = 0
    for member in family(pid):
        with suppress(OSError):
            pages += int(Path(f"/proc/{member}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / 1e6


def pss_of(pid: int) -> float:
    """The same, with each page that several of them map counted once: what the machine would have back, MB."""
    kib = 0
    for member in family(pid):
        with suppress(OSError, StopIteration):
            lines = Path(f"/proc/{member}/smaps_rollup").read_text().splitlines()
            kib += int(next(line for line in lines if line.startswith("Pss:")).split()[1])
    return kib * 1024 / 1e6


def compiled(folder: Path) -> dict[str, str]:
    """The environment of a daemon whose bytecode is made, as pip makes it: nothing is compiled while we measure."""
    environ = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    environ |= {"PYTHONPYCACHEPREFIX": str(folder), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    for module in ("watcher.pipeline.apart", "watcher.config.file", "watcher.daemon.service"):
        subprocess.run([sys.executable, "-c", f"import {module}"], env=environ, check=True)
    return environ


def measure(pages: list[bytes], idle: float) -> dict[str, Any]:
    """Play every round to one daemon."""
    from watcher.store import Store

    server = Playing(pages)
    out: dict[str, Any] = {"rounds": {}, "outcomes": {}, "rss": {}, "pss": {}}
    with tempfile.TemporaryDirectory() as folder:
        database, config = Path(folder) / "watcher.db", Path(folder) / "sources.toml"
        config.write_text(configuration(database, server.port, len(pages)))
        environ = compiled(Path(folder) / "bytecode")
        server.play("new")
        # Start with nothing to do: the sources stand in the database, due in a month.
        from watcher.config import load
        from watcher.store import sources

        with Store(database) as store:
            now = datetime.now(UTC)
            later = {source.id: now + timedelta(days=30) for source in load(config).sources}
            sources.sync(store, later, load(config).sources, now)
            store.write("UPDATE sources SET next_check_at = ?", ("2999-01-01T00:00:00.000Z",))
        daemon = subprocess.Popen(
            [sys.executable, "-m", "watcher", "run", "-c", str(config)], stderr=subprocess.DEVNULL, env=environ
        )
        try:
            time.sleep(5)
            out["start"] = cpu_of(daemon.pid)
            out["rss_start"] = rss_of(daemon.pid)
            for played in ROUNDS:
                server.play(played)
                out["rounds"][played], memory, out["outcomes"][played] = play(database, daemon.pid, len(pages))
                out["rss"][played], out["pss"][played] = memory
                out["rss_peak"] = max(out["rss"].values())
            end = time.monotonic() + STALL
            while len(family(daemon.pid)) > 1 and time.monotonic() < end:
                time.sleep(0.5)
            before = cpu_of(daemon.pid)
            time.sleep(idle)
            out["idle_share"] = (cpu_of(daemon.pid) - before) / idle
            out["rss_idle"] = rss_of(daemon.pid)
            out["database"] = sum(f.stat().st_size for f in Path(folder).glob("watcher.db*")) / 1e6
        finally:
            daemon.terminate()
            daemon.wait(30)
            server.stop()
    out["floor"] = floor(pages)
    return out


def play(database: Path, pid: int, pages: int) -> tuple[float, tuple[float, float], dict[str, int]]:
    """One round: make all due, wait until all were checked; CPU seconds, peaks of memory, what the checks came to."""
    from watcher.store import Store
    from watcher.store.db import stamp

    before, peak, shared, end = cpu_of(pid), rss_of(pid), pss_of(pid), time.monotonic() + STALL
    with Store(database) as store:
        now = stamp(datetime.now(UTC))
        store.write("UPDATE sources SET next_check_at = ?, outcome = NULL", (now,))
        while (done := store.rows("SELECT count(outcome) FROM sources")[0][0]) < pages:
            if time.monotonic() > end:
                raise SystemExit(f"only {done} of {pages} pages were checked within {STALL:.0f} s")
            time.sleep(0.1)
            peak, shared = max(peak, rss_of(pid)), max(shared, pss_of(pid))
        rows = store.rows("SELECT outcome, count(*) AS n FROM sources GROUP BY outcome")
        return cpu_of(pid) - before, (peak, shared), {row["outcome"]: row["n"] for row in rows}


# --- the floor -------------------------------------------------------------------------------------------------------


def floor(pages: list[bytes]) -> dict[str, float]:
    """What one shared client and a parse cost, in a process of their own."""
    server = Playing(pages)
    server.play("new")
    call = f"from bench.rounds import floor_process; floor_process({server.port}, {len(pages)})"
    code = f"import sys; sys.path[:0] = {sys.path!r}; {call}"
    child = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdin is not None
    assert child.stdout is not None
    out = {}
    for played in ROUNDS:
        server.play(played)
        child.stdin.write(played + "\n")
        child.stdin.flush()
        out[played] = float(child.stdout.readline())
    child.stdin.close()
    child.wait(10)
    server.stop()
    return out


def floor_process(port: int, pages: int) -> None:
    """For each line on stdin, fetch all pages with the validators of the first time and parse them; print the CPU."""
    import httpx
    from selectolax.lexbor import LexborHTMLParser

    async def run() -> None:
        tags: dict[int, str] = {}
        async with httpx.AsyncClient(http2=True, limits=httpx.Limits(max_connections=8)) as client:

            async def one(i: int) -> None:
                answer = await client.get(f"http://127.0.0.1:{port}/p/{i}", headers={"If-None-Match": tags.get(i, "")})
                if answer.status_code == 200:
                    LexborHTMLParser(answer.content)
                    tags[i] = answer.headers.get("etag", "")

            while await asyncio.to_thread(sys.stdin.readline):
                before = time.process_time()
                await asyncio.gather(*(one(i) for i in range(pages)))
                print(f"{time.process_time() - before:.3f}", flush=True)

    asyncio.run(run())


# --- the report ------------------------------------------------------------------------------------------------------


def report(found: dict[str, Any], pages: int) -> int:
    """Print the figures beside their limits; 1 if one is exceeded."""
    over = 0
    print(f"{pages} pages; CPU seconds of all processes after start-up ({found['start']:.2f} s)\n")
    print(f"{'round':50} {'floor':>6} {'we':>6} {'ratio':>6} {'limit':>6}")
    for played, title in ROUNDS.items():
        ours, least, limit = found["rounds"][played], found["floor"][played], LIMITS[played] * pages / 200
        over += ours > limit
        figures = f"{least:6.2f} {ours:6.2f} {ours / least:6.1f} {limit:6.1f} {found['rss'][played]:5.0f} MB"
        print(f"{title:50} {figures}  {found['outcomes'][played]}")
    print()
    for title, value, limit, unit in (
        ("idle, resident", found["rss_idle"], 75.0, "MB"),
        ("during a round, resident", found["rss_peak"], 130.0, "MB"),
        ("idle, share of a core", found["idle_share"] * 100, 0.5, "%"),
    ):
        over += value > limit
        print(f"{title:50} {value:6.2f} {unit:3} limit {limit:g}")
    print(f"{'during a round, shared once':50} {max(found['pss'].values()):6.2f} MB")
    print(f"{'after start, before the first check, resident':50} {found['rss_start']:6.2f} MB")
    print(f"{'database':50} {found['database']:6.2f} MB")
    return int(over > 0)


def main() -> int:
    """See the top of this file."""
    parser = argparse.ArgumentParser(description="CPU and memory of the daemon over rounds of real pages.")
    parser.add_argument("folder", type=Path, help="captures: NAME/000.html ..., or NAME.tar.xz")
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--idle", type=float, default=20.0, help="seconds to watch the idle daemon")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    pages = [page for page, _ in zip(pages_in(args.folder), range(args.pages), strict=False)]
    if not pages:
        parser.error(f"{args.folder} holds no captures")
    found = measure(pages, args.idle)
    if args.json:
        print(json.dumps(found | {"pages": len(pages)}))
        return 0
    return report(found, len(pages))


if __name__ == "__main__":
    sys.exit(main())
