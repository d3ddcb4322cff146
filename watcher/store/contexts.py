"""Clauses in their contexts: words with all that gives them their sense, stored once however many pages share them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from watcher.records import Clause
from watcher.store.db import Store, packed

BATCH = 500  #: values in one IN (...): SQLite allows 999 in its oldest releases
COLUMNS = ("shape", "number", "path", "lead", "columns", "cells")  #: what there is of a context besides the words


def stored(store: Store, digests: Collection[bytes]) -> dict[bytes, int]:
    """The ids of those contexts that are stored, by digest."""
    memory = store.memory.contexts
    found = memory.among(digests)
    unknown = [digest for digest in digests if digest not in found] if len(found) < len(digests) else []
    for start in range(0, len(unknown), BATCH):
        part = unknown[start : start + BATCH]
        marks = ",".join("?" * len(part))
        for digest, id in store.rows(f"SELECT digest, id FROM contexts WHERE digest IN ({marks})", part):
            found[digest] = memory[digest] = id
    return found


def keep_contexts(store: Store, wanted: Mapping[bytes, Clause]) -> dict[bytes, int]:
    """The ids of clauses in their contexts, those that are new now stored."""
    ids = stored(store, wanted)
    missing = {digest: clause for digest, clause in wanted.items() if digest not in ids}
    if not missing:
        return ids
    texts = _keep_clauses(store, list(missing.values()))
    first = store.rows("SELECT coalesce(max(id), 0) AS last FROM contexts")[0]["last"] + 1
    rows = []
    for id, ((digest, c), text) in enumerate(zip(missing.items(), texts, strict=True), first):
        ids[digest] = store.memory.contexts[digest] = id
        rows.append((id, digest, text, c.shape, c.number, _list(c.path), c.lead, _list(c.columns), _list(c.cells)))
    store.insert_all("contexts", ("id", "digest", "clause_id", *COLUMNS), rows)
    return ids


def unfilled(store: Store, ids: Iterable[int], by: str) -> set[int]:
    """Those of these contexts whose facts were not filled in by the reader `by`."""
    sql = "SELECT id FROM contexts WHERE id IN (SELECT value FROM json_each(?)) AND facts_by IS NOT ?"
    return {row[0] for row in store.rows(sql, (packed(list(ids)), by))}


def _keep_clauses(store: Store, clauses: Sequence[Clause]) -> list[int]:
    """The ids of the clauses' words, those that are new now stored."""
    known: dict[tuple[str, str, str], int] = {}
    hashes = packed(sorted({clause.hash for clause in clauses}))
    for row in store.rows("SELECT * FROM clauses WHERE hash IN (SELECT value FROM json_each(?))", (hashes,)):
        known[row["hash"], row["language"], row["text"]] = row["id"]
    next_id = store.rows("SELECT coalesce(max(id), 0) AS last FROM clauses")[0]["last"] + 1
    new: list[tuple[Any, ...]] = []
    for clause in clauses:
        key = (clause.hash, clause.language, clause.text)
        if key not in known:
            known[key] = next_id + len(new)
            new.append((known[key], *key))
    store.insert_all("clauses", ("id", "hash", "language", "text"), new)
    return [known[clause.hash, clause.language, clause.text] for clause in clauses]


@lru_cache(256)
def _list(strings: tuple[str, ...]) -> str:
    """A list of strings as the database keeps it; neighbouring clauses share their headings and columns."""
    return packed(strings) if strings else "[]"
