"""A real HTTP proxy on loopback: forwards requests for http, and connects for all else (RFC 9110, 7.6 and 9.3.6)."""

from __future__ import annotations

import socket
import threading
from base64 import b64encode
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Self
from urllib.parse import urlsplit


class Proxy:
    """A context manager. `names` maps host names to where they lead, as the proxy's own DNS would."""

    def __init__(self, *, login: str = "", names: dict[str, str] | None = None) -> None:
        self.asked: list[str] = []  #: method and target of each request
        self.login = f"Basic {b64encode(login.encode()).decode()}" if login else ""
        self.names = names or {}
        proxy = self

        class Handler(StreamRequestHandler):
            def handle(self) -> None:
                proxy._serve(self)

        class Server(ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def url(self, login: str = "") -> str:
        """Its address, as a configuration gives it."""
        return f"http://{login + '@' if login else ''}127.0.0.1:{self.port}"

    def _serve(self, handler: StreamRequestHandler) -> None:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = handler.rfile.readline()
            if not line:
                return
            head += line
        method, target, _ = head.split(b"\r\n", 1)[0].decode().split()
        self.asked.append(f"{method} {target}")
        if self.login and f"proxy-authorization: {self.login}".lower() not in head.decode().lower():
            handler.wfile.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            return
        parts = urlsplit(f"//{target}" if method == "CONNECT" else target)
        host, port = self.names.get(parts.hostname or "", parts.hostname or ""), parts.port or 80
        if host not in ("127.0.0.1", "localhost"):  # a browser asks for more than its page; nothing leaves the machine
            handler.wfile.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
            return
        with socket.create_connection((host, port), 10) as there:
            if method == "CONNECT":
                handler.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                path = parts._replace(scheme="", netloc="").geturl() or "/"
                lines = head.decode().split("\r\n")[1:]
                kept = [line for line in lines if line and not line.lower().startswith(("proxy-", "connection"))]
                there.sendall("\r\n".join([f"{method} {path} HTTP/1.1", *kept, "Connection: close", "", ""]).encode())
            back = threading.Thread(target=_pump, args=(there, handler.connection), daemon=True)
            back.start()
            if method == "CONNECT":
                _pump(handler.connection, there)
            back.join(10)


def _pump(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass
