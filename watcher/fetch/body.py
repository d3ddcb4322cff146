"""Reads the body of an answer within a limit of size that holds for what comes in and for what it unpacks to."""

from __future__ import annotations

import zlib

import httpx

from watcher.errors import FetchError

MAGIC = b"\x1f"  #: the first byte of a gzip member (RFC 1952); padding behind the last one is zeros


async def read(response: httpx.Response, url: str, limit: int) -> bytes:
    """The decoded body; refused, with a FetchError, as soon as it is larger than `limit` bytes."""
    encoding = response.headers.get("content-encoding", "").strip().lower() or "identity"
    if encoding not in ("identity", "gzip"):
        message = f"{url} answered in the encoding {encoding!r}, which was not asked for."
        raise FetchError(message, transient=False, reason="encoding")
    gunzip = Gunzip() if encoding == "gzip" else None
    chunks: list[bytes] = []
    size = 0
    try:
        async for raw in response.aiter_raw():
            chunk = gunzip.feed(raw, limit - size + 1) if gunzip else raw
            chunks.append(chunk)
            if (size := size + len(chunk)) > limit:
                raise _too_large(url, limit)
    except zlib.error as error:
        message = f"{url} said that its answer is compressed, and it is not ({error}). It is tried again later."
        raise FetchError(message, transient=True, reason="connection") from error
    if gunzip and not gunzip.complete:
        message = f"{url} broke off its compressed answer. It is tried again later."
        raise FetchError(message, transient=True, reason="connection")
    return b"".join(chunks)


class Gunzip:
    """Unpacks gzip, member after member, never more at once than there is room for: a small bomb stays small."""

    def __init__(self) -> None:
        """Nothing read yet."""
        self._member = zlib.decompressobj(wbits=31)  # 31: gzip
        self._begun = False

    @property
    def complete(self) -> bool:
        """Whether what was fed ends where a member ends; nothing at all is complete, too."""
        return self._member.eof or not self._begun

    def feed(self, raw: bytes, room: int) -> bytes:
        """Unpack some more, up to `room` (at least 1) bytes; what would not fit is lost, so that is the end."""
        unpacked = b""
        while raw and len(unpacked) < room:
            if self._member.eof:
                if not raw.startswith(MAGIC):
                    break  # padding after the last member
                self._member = zlib.decompressobj(wbits=31)
            self._begun = True
            unpacked += self._member.decompress(raw, room - len(unpacked))
            raw = self._member.unused_data
        return unpacked


def _too_large(url: str, limit: int) -> FetchError:
    return FetchError(
        f"{url} is larger than {limit / 1e6:g} MB and was not read on. If that is the policy, raise `max_bytes` under "
        "[fetch].",
        transient=False,
        reason="too-large",
    )
