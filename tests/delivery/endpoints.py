"""Where messages arrive, and how they fail to: an HTTP and an SMTP server that play a fault and mark a moment to kill.

An endpoint takes a message when it has read all of it and, for all that it knows, accepted it; whether the sender hears
of that is another matter. What it took twice is a duplicate.
"""

from __future__ import annotations

import asyncio
import re
import socket
import socketserver
import struct
import threading
import time
from collections import deque
from typing import Any, Literal

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope

Moment = Literal["before send", "during send", "after send, before recording"]
MOMENTS: tuple[Moment, ...] = ("before send", "during send", "after send, before recording")

#: what an endpoint does to the first attempts, one by one; then it takes what comes
FAULTS: dict[str, tuple[str, ...]] = {
    "down at start": (),
    "500 three times": ("refuse", "refuse", "refuse"),
    "429 with Retry-After": ("busy",),
    "hangs": ("hang",),
    "resets mid-answer": ("reset",),
    "404 until mended": ("gone",),
    "slow": (),
}
WAIT = 1.0  #: seconds of Retry-After
PATIENCE = 30.0  #: seconds after which a server lets go of what it holds

_KEY = re.compile(rb"\d+\.northwind\.\d{8}T\d{6}Z")


class Endpoint:
    """One channel's server. It holds still at the moment of the kill until `killed` is set."""

    def __init__(self, kind: str, name: str, fault: str, moment: Moment, killed: threading.Event) -> None:
        self.kind, self.name, self.fault, self.moment, self.killed = kind, name, fault, moment, killed
        self.plays = deque(FAULTS[fault])
        self.held = threading.Event()
        self.over = threading.Event()
        self.taken: list[str] = []  #: keys of the messages it took, in order
        self.refused_for_good = False
        self.pauses: list[float] = []  #: seconds that the sender stayed away after being asked to wait
        self._asked: float | None = None
        self.is_up = False
        #: keeps the port from all others, also while the endpoint is down; it never listens
        self._claim = socket.socket()
        self._claim.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._claim.bind(("127.0.0.1", 0))
        self.port: int = self._claim.getsockname()[1]

    @property
    def slowly(self) -> bool:
        """Whether every answer takes its time."""
        return self.fault == "slow"

    @property
    def duplicates(self) -> int:
        """Messages that arrived once more."""
        return len(self.taken) - len(set(self.taken))

    def reach(self, moment: Moment) -> bool:
        """The sender got as far as that; True if it was killed there."""
        if moment != self.moment or self.killed.is_set():
            return False
        self.held.set()
        self.killed.wait(PATIENCE)
        return True

    def begin(self) -> str | None:
        """What to do with the attempt that begins; None: its sender was killed."""
        if self.reach("before send"):
            return None
        if self._asked is not None:
            self.pauses.append(time.monotonic() - self._asked)
            self._asked = None
        if not self.plays:
            return "take"
        return self.plays[0] if self.plays[0] == "gone" else self.plays.popleft()

    def is_cut_off(self, play: str) -> bool:
        """Half of a message is there; True if its sender was killed: then the attempt does not count."""
        if not self.reach("during send"):
            return False
        if play not in ("take", "gone"):
            self.plays.appendleft(play)
        return True

    def ask_to_wait(self) -> None:
        """It is answered with a time to stay away."""
        self._asked = time.monotonic()

    def take(self, message: bytes) -> None:
        """Keep a message."""
        found = _KEY.search(message)
        assert found, message
        self.taken.append(found[0].decode())

    def mend(self) -> None:
        """From now on it exists."""
        self.plays.clear()

    def up(self) -> None:
        """Begin to answer."""
        raise NotImplementedError

    def down(self) -> None:
        """Answer no more."""
        raise NotImplementedError


# --- HTTP ------------------------------------------------------------------------------------------------------------


class Webhook(Endpoint):
    """An HTTP endpoint, for Slack and for JSON webhooks."""

    _server: _Tcp | None = None

    def up(self) -> None:
        """Begin to answer."""
        self._server = _Tcp(("127.0.0.1", self.port), self)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        self.is_up = True

    def down(self) -> None:
        """Answer no more."""
        self.over.set()
        self._claim.close()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()


class _Tcp(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], endpoint: Webhook) -> None:
        self.endpoint = endpoint
        super().__init__(address, _Http)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Senders that are killed are what this is about."""


class _Http(socketserver.StreamRequestHandler):
    server: _Tcp

    def handle(self) -> None:
        endpoint = self.server.endpoint
        play = endpoint.begin()
        if play is None:
            return
        length = 0
        while (line := self.rfile.readline()) not in (b"\r\n", b""):
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        body = self.rfile.read(length // 2)
        if endpoint.is_cut_off(play):
            return
        body += self.rfile.read(length - len(body))
        if len(body) == length:
            self._answer(endpoint, play, body)

    def _answer(self, endpoint: Webhook, play: str, body: bytes) -> None:
        match play:
            case "refuse":
                return self._say(b"500 Internal Server Error")
            case "busy":
                endpoint.ask_to_wait()
                return self._say(b"429 Too Many Requests", b"Retry-After: %d\r\n" % WAIT)
            case "gone":
                self._say(b"404 Not Found")
                endpoint.refused_for_good = True
                return None
        endpoint.take(body)
        if play == "hang":
            endpoint.over.wait(PATIENCE)
        elif play == "reset":
            self.wfile.write(b"HTTP/1.1 20")
            # Lingering for zero seconds turns the close into a reset.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
        elif not endpoint.reach("after send, before recording"):
            self._say(b"200 OK", slowly=endpoint.slowly)
        return None

    def _say(self, status: bytes, headers: bytes = b"", *, slowly: bool = False) -> None:
        answer = b"HTTP/1.1 " + status + b"\r\n" + headers + b"Content-Length: 2\r\nConnection: close\r\n\r\nok"
        for byte in answer:
            self.wfile.write(bytes([byte]))
            if slowly:
                time.sleep(1.0 / len(answer))


# --- SMTP ------------------------------------------------------------------------------------------------------------


class Mailserver(Endpoint):
    """A mail server; 451, 450 (greylisting: SMTP knows no Retry-After) and 550 are its 500, 429 and 404."""

    _controller: Controller | None = None

    def up(self) -> None:
        """Begin to answer."""
        self._controller = _Controller(_Hooks(self), hostname="127.0.0.1", port=self.port)
        self._controller.start()
        self.is_up = True

    def down(self) -> None:
        """Answer no more."""
        self.over.set()
        self._claim.close()
        if self._controller is not None:
            self._controller.stop(no_assert=True)


class _Controller(Controller):
    def factory(self) -> SMTP:
        return _Smtp(self.handler)


class _Smtp(SMTP):
    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        """Sender and recipients are known; the message itself has not come yet."""
        endpoint = self.event_handler.endpoint
        if await asyncio.to_thread(endpoint.is_cut_off, self.session.play):
            self.transport.abort()
        else:
            await super().smtp_DATA(arg)


class _Hooks:
    def __init__(self, endpoint: Mailserver) -> None:
        self.endpoint = endpoint

    async def handle_EHLO(  # noqa: N802
        self, server: Any, session: Any, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        session.play = await asyncio.to_thread(self.endpoint.begin)
        if session.play is None:
            server.transport.abort()
        await self._slowly()
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await self._slowly()
        if session.play == "busy":
            return "450 4.7.1 greylisted, try again later"
        if session.play == "gone":
            self.endpoint.refused_for_good = True
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802
        if session.play == "refuse":
            return "451 4.3.0 try again later"
        self.endpoint.take(envelope.content or b"")
        if session.play == "hang":
            await asyncio.to_thread(self.endpoint.over.wait, PATIENCE)
        elif session.play == "reset":
            server.transport.write(b"25")
            server.transport.abort()
        else:
            await asyncio.to_thread(self.endpoint.reach, "after send, before recording")
            await self._slowly()
        return "250 taken"

    async def _slowly(self) -> None:
        if self.endpoint.slowly:
            await asyncio.sleep(0.3)
