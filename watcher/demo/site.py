"""Servers on loopback for the demo: a vendor's web site, and the webhook that stands for a person's inbox."""

from __future__ import annotations

import contextlib
import hashlib
import json
import socket
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Message:
    """What a person was sent."""

    title: str
    body: str
    at: float  #: time.monotonic() when it arrived


class _Loopback:
    """A server on a free port of 127.0.0.1 that can go down and come up again on the same port."""

    handler: type[BaseHTTPRequestHandler]

    def __init__(self) -> None:
        self.port = 0
        self._server: _Server | None = None

    def up(self) -> None:
        """Start answering."""
        self._server = _Server(("127.0.0.1", self.port), self.handler)
        self._server.owner = self
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def down(self) -> None:
        """Stop answering, open connections included."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server.cut()
            self._server = None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    owner: Any

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self.open: set[Any] = set()
        super().__init__(address, handler)

    def get_request(self) -> tuple[Any, Any]:
        connection, client = super().get_request()
        self.open.add(connection)
        return connection, client

    def shutdown_request(self, request: Any) -> None:
        self.open.discard(request)
        super().shutdown_request(request)

    def cut(self) -> None:
        for connection in list(self.open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, *_: object) -> None:
        """The demo prints its own story."""

    def reply(self, status: int, body: bytes = b"", **headers: str) -> None:
        """Send a whole answer."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class _PageHandler(_Handler):
    def do_GET(self) -> None:
        site: Site = self.server.owner
        if self.path != "/privacy":
            self.reply(404)
            return
        body = site.instead.encode() or site.file.read_bytes()
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        site.visits += 1
        if self.headers.get("If-None-Match") == tag:
            self.send_response(304)
            self.send_header("ETag", tag)
            self.end_headers()
            return
        self.reply(200, body, ETag=tag, **{"Content-Type": "text/html; charset=utf-8"})


class Site(_Loopback):
    """A vendor's web site of one page: whatever the file holds at that moment."""

    handler = _PageHandler

    def __init__(self, file: Path) -> None:
        """Serves `file` at /privacy."""
        super().__init__()
        self.file = file
        self.instead = ""  #: a page that is shown in the policy's place, with status 200
        self.visits = 0  #: requests for the page so far

    @property
    def url(self) -> str:
        """The address of the policy."""
        return f"http://127.0.0.1:{self.port}/privacy"

    def edit(self, *changes: tuple[str, str]) -> None:
        """Replace words of the page; each must be there."""
        text = self.file.read_text(encoding="utf8")
        for old, new in changes:
            if old not in text:
                raise ValueError(f"{self.file} does not contain {old!r}")
            text = text.replace(old, new)
        # Put in place at once: a half-written page must not be served.
        part = self.file.with_suffix(".part")
        part.write_text(text, encoding="utf8")
        part.replace(self.file)


class _InboxHandler(_Handler):
    def do_POST(self) -> None:
        inbox: Inbox = self.server.owner
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        inbox.messages.append(Message(sent["title"], sent["message"], time.monotonic()))
        self.reply(204)


class Inbox(_Loopback):
    """A webhook that keeps what it receives."""

    handler = _InboxHandler

    def __init__(self) -> None:
        """Empty."""
        super().__init__()
        self.messages: list[Message] = []

    @property
    def url(self) -> str:
        """Its address, as an Apprise URL."""
        return f"json://127.0.0.1:{self.port}/"
