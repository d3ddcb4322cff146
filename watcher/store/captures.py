"""Pages as they were served: bodies kept once by content, compressed against the page's previous body."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from datetime import datetime

import zstandard

from watcher.errors import StoreError
from watcher.records import Capture, Redirect, Rejection
from watcher.store.db import Store, moment, packed, stamp

LEVEL = 3  #: zstandard's default: on policies, higher levels cost far more time than they save space
MAX_DEPTH = 16  #: a body that would need more others to be read first is stored whole
MAX_BASE = 8_000_000  #: bytes; a larger body is no dictionary: the window it needs would not pay

#: outcomes of one row's last and next sight: the same again, or a candidate that is believed now
SAME = {(o, o) for o in ("accepted", "candidate", "rejected")} | {("candidate", "accepted")}


def add(
    store: Store, source: str, page: int, capture: Capture, outcome: str, rejection: Rejection | None = None
) -> int:
    """Keep a capture; its id. The same bytes as last time only count as seen again; a candidate is accepted so."""
    last = store.row(
        "SELECT id, sha256, outcome FROM captures WHERE source_id = ? AND page = ? ORDER BY id DESC LIMIT 1",
        (source, page),
    )
    again = last is not None and last["sha256"] == capture.sha256
    if last is not None and again and (last["outcome"], outcome) in SAME:
        seen_again(store, last["id"], capture.fetched_at)
        store.write("UPDATE captures SET outcome = ? WHERE id = ?", (outcome, last["id"]))
        return int(last["id"])
    _keep_body(store, capture, None if last is None else last["sha256"])
    return store.insert(
        "captures",
        {
            "source_id": source,
            "page": page,
            "url": capture.url,
            "final_url": capture.final_url,
            "redirects": packed([[hop.url, hop.status] for hop in capture.redirects]),
            "status": capture.status,
            "headers": packed(capture.headers),
            "fetched_at": stamp(capture.fetched_at),
            "elapsed": round(capture.elapsed, 3),
            "sha256": capture.sha256,
            "rendered": capture.rendered,
            "outcome": outcome,
            "rule": rejection.rule if rejection else "",
            "reason": rejection.sentence if rejection else "",
            "evidence": rejection.evidence if rejection else "",
            "last_seen_at": stamp(capture.fetched_at),
        },
    )


def seen_again(store: Store, capture: int, at: datetime) -> None:
    """The page was served again, with the same bytes or with the same policy in other furniture."""
    store.write("UPDATE captures SET last_seen_at = ?, seen = seen + 1 WHERE id = ?", (stamp(at), capture))


def load(store: Store, capture: int) -> Capture:
    """A capture with its bytes. Raises StoreError if they are not what was stored."""
    row = store.row("SELECT * FROM captures WHERE id = ?", (capture,))
    if row is None:
        raise StoreError(
            f"{store.path}: there is no capture {capture}. See `watcher history SOURCE` for those there are"
        )
    return _capture(row, body(store, row["sha256"]))


def described(store: Store, capture: int) -> tuple[Capture, dict[str, object]]:
    """A capture without its bytes, and how it was taken: page, outcome, rule, reason, evidence, last_seen_at, seen."""
    row = store.row("SELECT * FROM captures WHERE id = ?", (capture,))
    if row is None:
        raise StoreError(
            f"{store.path}: there is no capture {capture}. See `watcher history SOURCE` for those there are"
        )
    keys = ("id", "page", "outcome", "rule", "reason", "evidence", "last_seen_at", "seen")
    return _capture(row, b""), {key: row[key] for key in keys}


def kept(store: Store, source: str) -> dict[str, int]:
    """The digests of all bytes that were kept of a source, oldest first, each with their size."""
    sql = (
        "SELECT c.sha256, b.size FROM captures c LEFT JOIN bodies b ON b.sha256 = c.sha256 WHERE c.source_id = ? "
        "ORDER BY c.id"
    )
    return {row["sha256"]: row["size"] or 0 for row in store.rows(sql, (source,))}


def rejected(store: Store, source: str) -> list[tuple[Capture, dict[str, object]]]:
    """The captures of a source that proved not to be the policy, oldest first, without their bytes."""
    rows = store.rows("SELECT id FROM captures WHERE source_id = ? AND outcome = 'rejected' ORDER BY id", (source,))
    return [described(store, row["id"]) for row in rows]


def body(store: Store, sha256: str) -> bytes:
    """The bytes of that digest."""
    chain: list[sqlite3.Row] = []
    name: str | None = sha256
    while name is not None:
        row = store.row("SELECT * FROM bodies WHERE sha256 = ?", (name,))
        if row is None:
            raise StoreError(f"{store.path}: the bytes {name[:12]} are missing. Restore a backup")
        chain.append(row)
        name = row["base"]
    out = b""
    for row in reversed(chain):
        out = _decompress(row, out)
    if hashlib.sha256(out).hexdigest() != sha256:
        raise StoreError(f"{store.path}: the bytes {sha256[:12]} are not what was stored. Restore a backup")
    return out


def _keep_body(store: Store, capture: Capture, previous: str | None) -> None:
    if store.row("SELECT 1 FROM bodies WHERE sha256 = ?", (capture.sha256,)) is not None:
        return
    base, depth = _base(store, previous)
    data = _compress(capture.body, body(store, base) if base else b"")
    row = {"sha256": capture.sha256, "size": len(capture.body), "base": base, "depth": depth, "zstd": data}
    store.insert("bodies", row)


def _base(store: Store, previous: str | None) -> tuple[str | None, int]:
    """The body to compress against, and how many are to be read before the new one."""
    row = None if previous is None else store.row("SELECT size, depth FROM bodies WHERE sha256 = ?", (previous,))
    if row is None or row["depth"] >= MAX_DEPTH or not 0 < row["size"] <= MAX_BASE:
        return None, 0
    return previous, row["depth"] + 1


def _compress(data: bytes, base: bytes) -> bytes:
    if not base:
        return zstandard.ZstdCompressor(level=LEVEL).compress(data)
    window = max((len(data) + len(base)).bit_length(), zstandard.WINDOWLOG_MIN)  # the whole base stays in reach
    parameters = zstandard.ZstdCompressionParameters.from_level(
        LEVEL, source_size=len(data), dict_size=len(base), window_log=window
    )
    return zstandard.ZstdCompressor(dict_data=_dictionary(base), compression_params=parameters).compress(data)


def _decompress(row: sqlite3.Row, base: bytes) -> bytes:
    dictionary = _dictionary(base) if row["base"] is not None else None
    reader = zstandard.ZstdDecompressor(dict_data=dictionary, max_window_size=1 << 27)
    return reader.decompress(row["zstd"], max_output_size=row["size"])


def _dictionary(data: bytes) -> zstandard.ZstdCompressionDict:
    return zstandard.ZstdCompressionDict(data, dict_type=zstandard.DICT_TYPE_RAWCONTENT)


def _capture(row: sqlite3.Row, data: bytes) -> Capture:
    return Capture(
        url=row["url"],
        final_url=row["final_url"],
        redirects=tuple(Redirect(url=url, status=status) for url, status in json.loads(row["redirects"])),
        status=row["status"],
        headers=tuple((name, value) for name, value in json.loads(row["headers"])),
        fetched_at=moment(row["fetched_at"]),
        elapsed=row["elapsed"],
        body=data,
        sha256=row["sha256"],
        rendered=bool(row["rendered"]),
    )
