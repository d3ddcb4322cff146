"""The guard: no page, redirect or DNS answer reaches private ground."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

from tests.fetch.test_http import PAGE, refused, settings
from tests.server import Site
from watcher.errors import FetchError
from watcher.fetch import Fetcher
from watcher.fetch.guard import is_public

PRIVATE = [
    "127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.100.100.200", "0.0.0.0",
    "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fd00:ec2::254", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_private_and_reserved_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.215.14", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
)
def test_public_addresses_are(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "0x7f000001", "2130706433", "127.1", "[::1]", "[::ffff:127.0.0.1]"]
)
def test_loopback_is_refused_however_it_is_spelt(site: Site, host: str) -> None:
    site.page("/p", PAGE)
    error = refused(f"http://{host}:{site.port}/p", private_addresses=False, robots=False)
    assert (error.transient, error.reason) == (False, "address")
    assert "private_addresses" in str(error)
    assert site.hits == []


def test_a_redirect_inwards_is_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first hop is allowed as if it were public; the second, to the metadata address, is not."""
    monkeypatch.setattr("watcher.fetch.guard.is_public", lambda address: address == "127.0.0.1")
    url = site.redirect("/out", "http://169.254.169.254/latest/meta-data/")
    assert refused(url, private_addresses=False, robots=False).reason == "address"
    assert len(site.hits) == 1


def test_a_name_that_resolves_differently_the_second_time_gains_nothing(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: the first answer is public, every later one is loopback. Only the first is ever used."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def rebinding(host: Any, port: Any, *rest: Any, **more: Any) -> Any:
        if host != "rebind.example":
            return real(host, port, *rest, **more)
        asked.append(host)
        address = "192.0.2.1" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    monkeypatch.setattr("watcher.fetch.guard.is_public", lambda address: address == "192.0.2.1")
    monkeypatch.setattr("watcher.fetch.guard.CONNECT_TIMEOUT", 0.2)
    site.page("/p", PAGE)

    async def run() -> None:
        async with Fetcher(settings(private_addresses=False, timeout=1.0)) as fetcher:
            for _ in range(2):
                with pytest.raises(FetchError):
                    await fetcher.fetch(f"http://rebind.example:{site.port}/p", robots=False)

    asyncio.run(run())
    assert len(asked) >= 2
    assert site.hits == []


def test_of_several_addresses_the_next_is_tried_when_one_does_not_answer(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = socket.getaddrinfo

    def two(host: Any, port: Any, *rest: Any, **more: Any) -> Any:
        if host != "two.example":
            return real(host, port, *rest, **more)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in ("127.0.0.2", "127.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", two)
    site.page("/p", PAGE)

    async def run() -> Any:
        async with Fetcher(settings()) as fetcher:
            return await fetcher.fetch(f"http://two.example:{site.port}/p", robots=False)

    assert asyncio.run(run()).body == PAGE.encode()
