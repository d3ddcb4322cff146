"""A SOCKS5 proxy on loopback through which the browser reaches the network: the guard decides on every connection.

The browser hands over names, not addresses, so what was checked is what is connected to, for every frame, script and
socket it opens. RFC 1928, without authentication; only CONNECT. Where pages are fetched through a proxy, so are these
connections: by its CONNECT (RFC 9110, 9.3.6), which many allow for https only.
"""

from __future__ import annotations

import asyncio
import contextlib
from base64 import b64encode
from ipaddress import ip_address
from typing import Self

import httpx

from watcher.errors import FetchError
from watcher.fetch.guard import CONNECT_TIMEOUT, Guard

CHUNK = 65536  #: bytes read at once
_OK, _FAILED, _NOT_ALLOWED = 0, 4, 2  #: replies of RFC 1928, 6


class Tunnel:
    """The proxy; an async context manager that stops all its connections at the end."""

    def __init__(self, guard: Guard, limit: int, proxy: str = "") -> None:
        """At most `limit` bytes are let in, over all connections together. `proxy`: the way out, "" for none."""
        self._guard = guard
        self._proxy = httpx.Proxy(proxy) if proxy else None
        self._left = limit
        self._tasks: set[asyncio.Task[None]] = set()
        self.refused: dict[str, FetchError] = {}  #: host -> why it was not connected to

    async def __aenter__(self) -> Self:
        """Listen on a free port of 127.0.0.1."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop listening and cut what is open."""
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def url(self) -> str:
        """The proxy's address, as a browser is told it."""
        return f"socks5://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    @property
    def exhausted(self) -> bool:
        """Whether more came in than the limit."""
        return self._left < 0

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.closing(writer), contextlib.suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
            host, port = await _greet(reader, writer)
            try:
                there, back = await self._connect(host, port)
            except FetchError as error:
                self.refused[host] = error
                writer.write(_reply(_NOT_ALLOWED))
                return
            except (OSError, TimeoutError):
                writer.write(_reply(_FAILED))
                return
            with contextlib.closing(back):
                writer.write(_reply(_OK))
                await asyncio.gather(self._relay(there, writer, count=True), self._relay(reader, back, count=False))

    async def _connect(self, host: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._proxy is not None:
            self._guard.pass_on(host)
            return await asyncio.wait_for(_through(self._proxy, host, port), CONNECT_TIMEOUT)
        addresses = await self._guard.resolve(host, port)
        for address in addresses[:-1]:
            with contextlib.suppress(OSError, TimeoutError):
                return await asyncio.wait_for(asyncio.open_connection(address, port), CONNECT_TIMEOUT / 2)
        return await asyncio.wait_for(asyncio.open_connection(addresses[-1], port), CONNECT_TIMEOUT)

    async def _relay(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, *, count: bool) -> None:
        while data := await source.read(CHUNK):
            if count:
                self._left -= len(data)
                if self.exhausted:
                    raise ConnectionAbortedError
            target.write(data)
            await target.drain()
        if target.can_write_eof():
            target.write_eof()


async def _through(proxy: httpx.Proxy, host: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection that a proxy makes for us. OSError if it does not."""
    secure = proxy.url.scheme == "https"
    at = proxy.url.port or (443 if secure else 80)
    reader, writer = await asyncio.open_connection(proxy.url.host, at, ssl=secure or None)
    target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    words = b":".join(proxy.raw_auth) if proxy.raw_auth else b""
    login = f"Proxy-Authorization: Basic {b64encode(words).decode()}\r\n" if words else ""
    writer.write(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{login}\r\n".encode())
    answer = await reader.readuntil(b"\r\n\r\n")
    if answer.split(None, 2)[1] != b"200":
        writer.close()
        raise ConnectionRefusedError(answer.splitlines()[0].decode("latin-1"))
    return reader, writer


async def _greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[str, int]:
    """The greeting and the request: the host (a name or a numeric address) and port that are wanted."""
    _, methods = await reader.readexactly(2)
    await reader.readexactly(methods)
    writer.write(b"\x05\x00")
    _, command, _, kind = await reader.readexactly(4)
    if kind == 3:
        host = (await reader.readexactly((await reader.readexactly(1))[0])).decode("ascii", "replace")
    else:
        host = str(ip_address(await reader.readexactly(4 if kind == 1 else 16)))
    port = int.from_bytes(await reader.readexactly(2), "big")
    if command != 1:
        raise ConnectionAbortedError
    return host, port


def _reply(code: int) -> bytes:
    return bytes([5, code, 0, 1, 0, 0, 0, 0, 0, 0])
