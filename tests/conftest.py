"""What every test may use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server import Certificate, Site

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real captures and labelled sets beside the repository; the test is skipped where it is absent."""
    if not (SHARED / "eval" / "score.py").exists():
        pytest.skip("needs the folder `shared` with real captures beside the repository")
    return SHARED


@pytest.fixture
def site() -> Iterator[Site]:
    """A programmable HTTP server on 127.0.0.1 (see tests/server.py)."""
    with Site() as server:
        yield server


@pytest.fixture
def site2() -> Iterator[Site]:
    """Another one, under the name localhost: to a watcher it is a different host."""
    with Site(name="localhost") as server:
        yield server


@pytest.fixture
def tls_site(tmp_path: Path) -> Iterator[Site]:
    """An HTTPS server whose certificate only `tls_site.tls.ca` vouches for."""
    with Site(name="localhost", tls=Certificate(tmp_path)) as server:
        yield server
