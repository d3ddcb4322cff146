"""The figures for Prometheus over HTTP, off unless asked for: read from the database at every scrape."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from watcher.daemon import structlog
from watcher.pipeline.vitals import figures
from watcher.store import Store

if TYPE_CHECKING:
    from wsgiref.simple_server import WSGIServer

    from prometheus_client import Metric

log = structlog.get_logger()


class Exporter:
    """Serves `/metrics` at one address, or at none."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._address = ""
        self._server: WSGIServer | None = None

    def listen(self, address: str) -> None:
        """Serve at "HOST:PORT" from now on; "": nowhere. One that is taken is logged, and tried at the next call."""
        if address == self._address:
            return
        self.close()
        if not address:
            return
        from prometheus_client import CollectorRegistry, start_http_server

        place = urlsplit(f"//{address}")
        registry = CollectorRegistry()
        registry.register(self)
        try:
            self._server, _ = start_http_server(place.port or 0, place.hostname or "", registry)
        except OSError as error:
            log.error("the metrics cannot be served", address=address, error=str(error))
        else:
            self._address = address
            log.info("serving metrics", address=f"http://{address}/metrics")

    def close(self) -> None:
        """Serve no more."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
        self._server, self._address = None, ""

    def collect(self) -> Iterator[Metric]:
        """For a scrape, which comes on a thread of its own: the figures of now."""
        with Store(self._database) as store:
            yield from figures(store).collect()
