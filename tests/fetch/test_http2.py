"""HTTP/2, against a small real server of the h2 library."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import h2.config
import h2.connection
import h2.events
import pytest

from tests.fetch.test_http import PAGE, settings
from tests.server import Certificate
from watcher.fetch import Fetcher
from watcher.records import Capture


async def _talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seen: list[int]) -> None:
    """Answer every request of one connection with the page; `seen` gets the stream ids."""
    connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
    connection.initiate_connection()
    with contextlib.suppress(OSError):
        while True:
            writer.write(connection.data_to_send())
            if not (data := await reader.read(65536)):
                return
            for event in connection.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    seen.append(event.stream_id)
                    connection.send_headers(event.stream_id, [(":status", "200"), ("etag", '"v2"')])
                    connection.send_data(event.stream_id, PAGE.encode(), end_stream=True)


def test_pages_of_one_host_share_an_http2_connection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = Certificate(tmp_path)
    certificate.context.set_alpn_protocols(["h2"])
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.ca))
    seen: list[int] = []

    async def run() -> list[Capture]:
        server = await asyncio.start_server(lambda r, w: _talk(r, w, seen), "127.0.0.1", 0, ssl=certificate.context)
        port = server.sockets[0].getsockname()[1]
        async with Fetcher(settings()) as fetcher:
            urls = [f"https://localhost:{port}/{page}" for page in range(3)]
            captures = [await fetcher.fetch(url, robots=False) for url in urls]
        server.close()
        return [capture for capture in captures if isinstance(capture, Capture)]

    captures = asyncio.run(run())
    assert [(capture.body, capture.header("etag")) for capture in captures] == [(PAGE.encode(), '"v2"')] * 3
    assert seen == [1, 3, 5], "three streams of one connection"
