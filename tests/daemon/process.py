"""The daemon as a process: started, signalled, killed, listened to."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0  #: seconds that a test waits for what must happen


class NotifySocket:
    """What systemd would be: a datagram socket that remembers every message."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.messages: list[dict[str, str]] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind("\0" + address[1:] if address.startswith("@") else address)
        self._socket.settimeout(PATIENCE)

    def wait_for(self, key: str) -> dict[str, str]:
        """The next message that says something of `key`."""
        while True:
            message = dict(line.split("=", 1) for line in self._socket.recv(4096).decode().splitlines())
            self.messages.append(message)
            if key in message:
                return message

    def close(self) -> None:
        """Stop listening."""
        self._socket.close()


class Daemon:
    """`watcher run` over a configuration file; a context manager that leaves no process behind."""

    def __init__(
        self,
        folder: Path,
        config: str,
        environ: dict[str, str] | None = None,
        program: tuple[str, ...] = ("-m", "watcher"),
    ) -> None:
        self.folder, self.database, self._program = folder, folder / "watcher.db", program
        self.path = folder / "sources.toml"
        self.write(config)
        self._environ = environ or {}
        self._process: subprocess.Popen[bytes] | None = None

    def write(self, config: str) -> None:
        """Replace the configuration: `[watch]` and `[fetch]` are put in front."""
        head = f'[watch]\ndatabase = "{self.database}"\nconfirm_after = "0s"\n[fetch]\nprivate_addresses = true\n'
        self.path.write_text(head + 'delay = "0s"\nretries = 0\n' + config)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        """Start a process, its log appended to `log`."""
        with (self.folder / "log").open("ab") as log:
            environ = {**os.environ, "PYTHONPATH": str(ROOT), **self._environ}
            self._process = subprocess.Popen(
                [sys.executable, *self._program, "run", "--config", str(self.path)],
                stderr=log,
                stdout=log,
                env=environ,
            )

    @property
    def pid(self) -> int:
        """Of the process."""
        assert self._process is not None
        return self._process.pid

    @property
    def log(self) -> str:
        """All that was logged so far."""
        return (self.folder / "log").read_text()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal."""
        assert self._process is not None
        self._process.send_signal(number)

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        self.signal(signal.SIGTERM)
        return self.ended()

    def ended(self) -> int:
        """Wait for the end; the exit code."""
        assert self._process is not None
        return self._process.wait(PATIENCE)

    def kill(self) -> None:
        """SIGKILL, if it still runs."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait(PATIENCE)

    def wait_for_log(self, *words: str) -> None:
        """Until one line of the log holds all of these words."""
        wait_until(lambda: any(all(word in line for word in words) for line in self.log.splitlines()), self)


def wait_until(happened: Callable[[], object], daemon: Daemon) -> None:
    """Until something is so; fails with the daemon's log."""
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end, f"it did not happen within {PATIENCE} s; the log:\n{daemon.log}"
        time.sleep(0.02)


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def source(id: str, url: str, more: str = "") -> str:
    """One source that is checked every second."""
    return f'[[source]]\nid = "{id}"\nvendor = "{id.title()}"\nurl = "{url}"\ninterval = "1s"\njitter = "0s"\n{more}\n'


def channel(url: str) -> str:
    """One webhook."""
    return f'[[channel]]\nid = "desk"\nurl = "{url.replace("http", "json")}"\nformat = "json"\n'
