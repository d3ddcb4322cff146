"""The only SQL of the house: SQLite, migrated by sqlite-utils, one file, WAL. `db.Store` opens it; one module per noun.

Rules of the room: rows come in and go out as records; each function is one step and needs no transaction of its own;
`Store.atomic()` groups steps, and the pipeline decides which belong together.
"""

from __future__ import annotations

from watcher.store import alerts, captures, sources, versions
from watcher.store.db import Lock, Store

__all__ = ["Lock", "Store", "alerts", "captures", "sources", "versions"]
