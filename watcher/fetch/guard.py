"""Keeps fetches off private ground: a page, a redirect or a DNS answer must not reach the machine's own network.

Names are resolved here and the connection is made to the very address that was checked, so a name that resolves
differently the second time (DNS rebinding) gains nothing. It costs one look per connection, none per request.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import httpcore

from watcher.errors import FetchError

CONNECT_TIMEOUT = 10.0  #: seconds for one address of a host to take a connection
_NAT64 = IPv6Network("64:ff9b::/96")  #: RFC 6052: an IPv4 address in its last 32 bits


class Guard:
    """Decides which addresses may be connected to."""

    def __init__(self, private: bool) -> None:
        """`private`: allow loopback, private and link-local networks too."""
        self.private = private

    async def resolve(self, host: str, port: int) -> list[str]:
        """The numeric addresses of a host that may be connected to, at least one; else a FetchError that says why."""
        found = await _look_up(host, port)
        allowed = [address for address in found if self.private or is_public(address)]
        if not allowed:
            raise _private(host, found)
        return allowed

    def pass_on(self, host: str) -> None:
        """FetchError for a host that no proxy need look up to be known as private: a number, or this machine."""
        if self.private:
            return
        try:
            found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, None, flags=socket.AI_NUMERICHOST)]
        except (OSError, UnicodeError):
            found = ["127.0.0.1"] if f".{host.rstrip('.').lower()}".endswith(".localhost") else []
        if found and not any(map(is_public, found)):
            raise _private(host, found[:1])


def _private(host: str, found: Iterable[str]) -> FetchError:
    return FetchError(
        f"{host} is at {', '.join(found)}: a private or reserved address, not fetched. "
        "If it is a page of your own network, set private_addresses = true under [fetch].",
        transient=False,
        reason="address",
    )


def is_public(address: str) -> bool:
    """Whether a numeric address is on the public internet, looking inside IPv4-in-IPv6 forms."""
    ip: IPv4Address | IPv6Address | None = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None)
        ip = inner or ip
    return ip is not None and ip.is_global and not ip.is_multicast


async def _look_up(host: str, port: int) -> list[str]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        absent = error.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))
        raise FetchError(
            f"No address is known for the host {host} (DNS: {error.strerror}). "
            + ("Check how it is written." if absent else "Check this machine's name resolution."),
            transient=not absent,
            reason="dns",
        ) from error
    except UnicodeError as error:
        raise FetchError(f"{host!r} is not a host name.", transient=False, reason="dns") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class GuardedNetwork(httpcore.AsyncNetworkBackend):
    """Connections for httpx, made only to addresses that the guard allows."""

    def __init__(self, guard: Guard) -> None:
        """Connections as `guard` allows."""
        self._guard = guard
        self._plain = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first allowed address of the host that answers."""
        addresses = await self._guard.resolve(host, port)
        return await self._first(addresses, port, local_address, socket_options)

    async def _first(
        self,
        addresses: Sequence[str],
        port: int,
        local_address: str | None,
        options: Iterable[httpcore.SOCKET_OPTION] | None,
    ) -> httpcore.AsyncNetworkStream:
        for address in addresses[:-1]:
            try:
                return await self._plain.connect_tcp(address, port, CONNECT_TIMEOUT / 2, local_address, options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._plain.connect_tcp(addresses[-1], port, CONNECT_TIMEOUT, local_address, options)

    async def sleep(self, seconds: float) -> None:
        """Part of the interface: pause."""
        await asyncio.sleep(seconds)
