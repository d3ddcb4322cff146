"""A real HTTP server on a loopback port whose routes a test programs, and which remembers what it was asked.

    with Site() as site:
        address = site.page("/privacy", "<h1>Privacy policy</h1>")   # ETag and 304 included
        site.route("/flaky", Answer(status=500), Answer(status=500), Answer("fine"))  # the last one stays
        ...
        assert site.hits[-1].headers["if-none-match"]

In tests the fixtures `site` (HTTP), `site2` (another host) and `tls_site` (HTTPS, self-made certificate) give one each.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One request as it arrived."""

    method: str
    path: str  #: with the query
    headers: Mapping[str, str]  #: names in lower case
    body: bytes
    at: float  #: time.monotonic() at its arrival
    client: tuple[str, int]  #: the connection it came on: the same port means that it was kept alive


@dataclass(slots=True)
class Answer:
    """What a route says. Text is sent as UTF-8; everything misbehaving about it is said here."""

    body: str | bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    type: str = "text/html; charset=utf-8"  #: "" sends no Content-Type
    etag: str = ""  #: "auto": from the body; answers 304 to a matching If-None-Match
    last_modified: str = ""  #: answers 304 to an equal If-Modified-Since
    wait: float = 0.0  #: seconds before the first byte
    drip: float = 0.0  #: seconds between two bytes of the body
    gzip: bool = False
    reset_after: int | None = None  #: the connection is reset after so many bytes of the body
    repeat: int = 1  #: the body is sent so many times over (a huge page without a huge string)

    @property
    def payload(self) -> bytes:
        """The bytes of the body, compressed where asked for."""
        data = self.body.encode() if isinstance(self.body, str) else self.body
        return gzip.compress(data * self.repeat, 6) if self.gzip else data

    @property
    def tag(self) -> str:
        """The entity tag that is sent, "" for none."""
        return f'"{hashlib.sha256(self.payload).hexdigest()[:16]}"' if self.etag == "auto" else self.etag


Handler = Callable[[Hit], Answer]


class Site:
    """A server of programmed routes on an ephemeral loopback port; a context manager."""

    def __init__(
        self, *, host: str = "127.0.0.1", name: str = "", port: int = 0, tls: Certificate | None = None
    ) -> None:
        """`host`: the address bound; `name`: the host name used in `url` ("localhost"), the address if empty."""
        self.host, self.name, self.port, self.tls = host, name or host, port, tls
        self.hits: list[Hit] = []
        self.most_at_once = 0  #: the highest number of requests ever in progress together
        self._routes: dict[str, list[Answer] | Handler] = {}
        self._lock = threading.Lock()
        self._busy = 0
        self._closing = threading.Event()
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    # --- life

    def __enter__(self) -> Self:
        self.up()
        return self

    def __exit__(self, *_: object) -> None:
        self.down()

    def up(self) -> None:
        """Start answering; after `down`, on the same port as before."""
        self._closing.clear()
        self._server = _Server((self.host, self.port), self)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def down(self) -> None:
        """Stop answering and cut every open connection: an outage."""
        if self._server is None or self._thread is None:
            return
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._server.cut()
        self._thread.join(5)
        self._server = None

    @property
    def url(self) -> str:
        """The root of the site, without a slash at its end."""
        return f"{'https' if self.tls else 'http'}://{self.name}:{self.port}"

    # --- programming

    def route(self, path: str, *answers: Answer) -> str:
        """These answers in turn at that path, the last one for ever; gives the full address."""
        with self._lock:
            self._routes[path] = list(answers)
        return self.url + path

    def page(self, path: str, html: str | bytes, **answer: Any) -> str:
        """A well-behaved page with an ETag (further fields as in Answer); call again to change it."""
        return self.route(path, Answer(html, **({"etag": "auto"} | answer)))

    def pages(self, pages: Iterable[tuple[str, str | bytes]]) -> list[str]:
        """Several well-behaved pages at once."""
        return [self.page(path, html) for path, html in pages]

    def redirect(self, path: str, to: str, status: int = 302) -> str:
        """A redirect to an address or path."""
        return self.route(path, Answer(status=status, headers={"Location": to}))

    def robots(self, text: str, status: int = 200) -> None:
        """The site's robots.txt; without one it answers 404."""
        self.route("/robots.txt", Answer(text, status=status, type="text/plain"))

    def handle(self, path: str, handler: Handler) -> str:
        """A function of the request answers at that path."""
        with self._lock:
            self._routes[path] = handler
        return self.url + path

    # --- looking back

    def asked(self, path: str) -> list[Hit]:
        """The requests for that path (without its query), in order."""
        return [hit for hit in self.hits if hit.path.partition("?")[0] == path]

    def forget(self) -> None:
        """Empty the record of requests."""
        self.hits.clear()

    def wait_for(self, count: int, path: str | None = None, timeout: float = 10.0) -> list[Hit]:
        """Block until so many requests (for that path) have arrived; fails after `timeout` seconds."""
        end = time.monotonic() + timeout
        while len(found := self.asked(path) if path else list(self.hits)) < count:
            if time.monotonic() > end:
                raise AssertionError(f"{len(found)} requests after {timeout} s, expected {count}: {found}")
            time.sleep(0.01)
        return found

    # --- answering

    def _answer(self, hit: Hit) -> Answer:
        with self._lock:
            self.hits.append(hit)
            route = self._routes.get(hit.path) or self._routes.get(hit.path.partition("?")[0])
            if isinstance(route, list):
                return route.pop(0) if len(route) > 1 else route[0]
        return route(hit) if route else Answer("<h1>404 Not Found</h1>", status=404)

    @contextlib.contextmanager
    def _counted(self) -> Any:
        with self._lock:
            self._busy += 1
            self.most_at_once = max(self.most_at_once, self._busy)
        try:
            yield
        finally:
            with self._lock:
                self._busy -= 1


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], site: Site) -> None:
        self.site = site
        self.open: set[socket.socket] = set()
        super().__init__(address, _Request)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, client = super().get_request()
        if self.site.tls:
            connection = self.site.tls.context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        self.open.add(connection)
        return connection, client

    def shutdown_request(self, request: Any) -> None:
        self.open.discard(request)
        super().shutdown_request(request)

    def cut(self) -> None:
        for connection in list(self.open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that go away are what tests are about: nothing is printed."""


class _Request(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 65536
    server: _Server

    def _serve(self) -> None:
        site = self.server.site
        with site._counted():
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            hit = Hit(
                method=self.command,
                path=self.path,
                headers=headers,
                body=body,
                at=time.monotonic(),
                client=self.client_address,
            )
            answer = site._answer(hit)
            if answer.wait and site._closing.wait(answer.wait):
                self.close_connection = True
                return
            self._send(answer, hit)

    do_GET = do_HEAD = do_POST = do_PUT = _serve  # noqa: N815

    def _send(self, answer: Answer, hit: Hit) -> None:
        tag, since = answer.tag, answer.last_modified
        fresh = (tag and hit.headers.get("if-none-match") == tag) or (
            since and "if-none-match" not in hit.headers and hit.headers.get("if-modified-since") == since
        )
        self.send_response(304 if fresh else answer.status)
        if fresh:
            self._head({"ETag": tag, "Last-Modified": since} | answer.headers)
            return
        payload = answer.payload
        times = 1 if answer.gzip else answer.repeat
        usual = {
            "ETag": tag,
            "Last-Modified": since,
            "Content-Type": answer.type,
            "Content-Encoding": "gzip" if answer.gzip else "",
            "Content-Length": "" if answer.status == 204 else str(len(payload) * times),
        }
        self._head(usual | answer.headers)
        if self.command != "HEAD":
            self._body(payload, times, answer)

    def _head(self, headers: Mapping[str, str]) -> None:
        for name, value in headers.items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.flush()

    def _body(self, payload: bytes, times: int, answer: Answer) -> None:
        if answer.reset_after is not None:
            self.wfile.write(payload[: answer.reset_after])
            self.wfile.flush()
            # Lingering for zero seconds turns the close into a reset.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True
        elif answer.drip:
            for byte in payload:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                if self.server.site._closing.wait(answer.drip):
                    self.close_connection = True
                    return
        else:
            for _ in range(times):
                self.wfile.write(payload)
            self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Nothing is printed; `Site.hits` remembers."""


class Certificate:
    """A self-made certificate for 127.0.0.1 and localhost; `ca` is the file that makes a client trust it."""

    def __init__(self, folder: Path, *, days: int = 2) -> None:
        """Written to `folder`. With negative `days` it expired so long ago."""
        self.ca = folder / "cert.pem"
        key = folder / "key.pem"
        _write_certificate(self.ca, key, days)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.ca, key)


def _write_certificate(cert_file: Path, key_file: Path, days: int) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "policy watcher test")])
    end = datetime.now(UTC) + timedelta(days=days)
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    cert = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(end - timedelta(days=30))
        .not_valid_after(end)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    cert_file.write_bytes(cert.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
