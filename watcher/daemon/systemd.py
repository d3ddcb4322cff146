"""What systemd wants to hear (sd_notify(3)): one datagram a message to $NOTIFY_SOCKET, nothing where there is none."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Mapping


class Systemd:
    """The way to the service manager, if one listens."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        """As the environment says: NOTIFY_SOCKET a path or, with "@", an abstract name; WATCHDOG_USEC if it watches."""
        address = environ.get("NOTIFY_SOCKET", "")
        self._address = "\0" + address[1:] if address.startswith("@") else address
        mine = environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        #: seconds without a sign of life after which systemd kills us; None: it does not watch
        self.watchdog = int(environ["WATCHDOG_USEC"]) / 1e6 if mine and environ.get("WATCHDOG_USEC") else None

    def say(self, *lines: str) -> None:
        """Send one message. That nobody listens any more must not stop the work, so errors are passed over."""
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK) as out:
                out.sendto("\n".join(lines).encode(), self._address)
        except OSError:
            pass

    def ready(self, status: str) -> None:
        """Started, or done with reloading."""
        self.say("READY=1", f"STATUS={status}")

    def reloading(self) -> None:
        """The configuration is being read again; the time lets systemd tell two reloads apart."""
        self.say("RELOADING=1", f"MONOTONIC_USEC={time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000}")

    def stopping(self, status: str) -> None:
        """On the way out."""
        self.say("STOPPING=1", f"STATUS={status}")

    def status(self, text: str) -> None:
        """One line for `systemctl status`."""
        self.say(f"STATUS={text}")

    def alive(self) -> None:
        """A sign of life."""
        self.say("WATCHDOG=1")
