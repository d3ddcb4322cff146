"""What was read: documents and clauses, each stored once; the versions they make; their facts; their verdicts."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from operator import attrgetter
from typing import Any, Literal

from watcher.errors import NotFoundError, StoreError
from watcher.records import (
    Change,
    Clause,
    Document,
    Fact,
    Link,
    Reason,
    StatedDate,
    Verdict,
    VersionInfo,
    VersionPage,
    maker,
)
from watcher.store.contexts import keep_contexts, stored, unfilled
from watcher.store.db import Store, maybe, moment, packed, stamp
from watcher.store.recent import context, met

# --- documents -------------------------------------------------------------------------------------------------------


def keep_document(store: Store, document: Document, wording: str) -> int:
    """Keep a reading of one page; its id. The same reading is stored once. `wording`: digest of its clause hashes."""
    sense = list(map(context, document.clauses))
    digest = _digest(document, sense)
    row = store.row("SELECT id FROM documents WHERE digest = ?", (digest,))
    if row is not None:
        return int(row["id"])
    id = store.insert(
        "documents",
        {
            "digest": digest,
            "wording": wording,
            "title": document.title,
            "language": document.language,
            "dates": packed([[d.role, d.value and d.value.isoformat(), d.quote] for d in document.dates]),
            "links": packed([[link.text, link.url] for link in document.links]),
            "furniture": document.furniture,
            "shell": document.shell,
            "signs": packed(document.signs),
        },
    )
    ids = keep_contexts(store, dict(zip(sense, document.clauses, strict=True)))
    rows = [(id, i, ids[s], c.anchor) for i, (s, c) in enumerate(zip(sense, document.clauses, strict=True))]
    store.insert_all("document_clauses", ("document_id", "position", "context_id", "anchor"), rows)
    return id


def document(store: Store, id: int, page: int = 0) -> Document:
    """A reading as it was kept. `page`: the place of its page in the version that asks."""
    memory = store.memory.documents
    known = memory.get((id, page))
    if known is None:
        known = memory[id, page] = _document(store, id, page)
    return known


def _document(store: Store, id: int, page: int) -> Document:
    row = store.row("SELECT * FROM documents WHERE id = ?", (id,))
    if row is None:
        raise StoreError(f"{store.path}: there is no document {id}. Restore a backup")
    return Document(
        title=row["title"],
        language=row["language"],
        clauses=tuple(_clauses(store, id, page)),
        dates=_dates(row["dates"]),
        furniture=row["furniture"],
        links=tuple(Link(text=text, url=url) for text, url in json.loads(row["links"])),
        shell=bool(row["shell"]),
        signs=tuple(json.loads(row["signs"])),
    )


def _clauses(store: Store, document: int, page: int) -> list[Clause]:
    """The clauses of a reading; those are loaded that no page lately shared."""
    sql = "SELECT context_id, anchor FROM document_clauses WHERE document_id = ? ORDER BY position"
    places: list[tuple[int, str]] = list(map(tuple, store.rows(sql, (document,))))
    memory, ids = store.memory.clauses, dict.fromkeys(id for id, _ in places)
    known = memory.among(ids)
    missing = [id for id in ids if id not in known] if len(known) < len(ids) else []
    anchors = dict(places) if missing else {}
    for row in store.rows(_CONTEXTS, (packed(missing),)) if missing else ():
        id = row[0]
        known[id] = memory[id] = _clause(row, anchors[id], page)
    clauses = []
    for id, anchor in places:
        clause = known[id]
        if clause.anchor != anchor or clause.page != page:
            clause = known[id] = memory[id] = met(replace(clause, anchor=anchor, page=page))
        clauses.append(clause)
    return clauses


_CONTEXTS = (
    "SELECT x.id, c.text, x.shape, x.path, x.number, x.lead, x.columns, x.cells, c.language, c.hash "
    "FROM contexts x JOIN clauses c ON c.id = x.clause_id WHERE x.id IN (SELECT value FROM json_each(?))"
)


def _clause(row: sqlite3.Row, anchor: str, page: int) -> Clause:
    _, text, shape, path, number, lead, columns, cells, language, hash = row
    lists = _strings(path), _strings(columns), _strings(cells)
    return met(_made_clause(text, shape, anchor, lists[0], number, lead, lists[1], lists[2], language, page, hash))


_made_clause = maker(Clause)


@lru_cache(256)
def _strings(text: str) -> tuple[str, ...]:
    """A list of strings as it was packed; neighbouring clauses share their headings and columns."""
    return tuple(json.loads(text))


def _digest(document: Document, sense: Sequence[bytes]) -> str:
    """The identity of a reading: all that it says (the contexts of its clauses) and where, furniture and page aside."""
    anchors = [clause.anchor for clause in document.clauses]
    about = repr((document.title, document.language, document.dates, document.links, anchors))
    return hashlib.sha256(b"".join((*sense, about.encode()))).hexdigest()


def altered(store: Store, id: int, wording: str) -> bool:
    """Whether a kept reading is not what it was when it was kept. `wording`: digest of the hashes of its clauses."""
    row = store.row("SELECT digest, wording FROM documents WHERE id = ?", (id,))
    found = document(store, id)
    return row is None or (row["digest"], row["wording"]) != (
        _digest(found, list(map(context, found.clauses))),
        wording,
    )


def _dates(text: str) -> tuple[StatedDate, ...]:
    return tuple(
        StatedDate(role=role, value=date.fromisoformat(day) if day else None, quote=quote)
        for role, day, quote in json.loads(text)
    )


# --- versions --------------------------------------------------------------------------------------------------------


def add(
    store: Store,
    source: str,
    pages: Sequence[VersionPage],
    *,
    cause: Literal["first", "change", "reread"],
    extractor: str,
    wording: str,
    first_seen: datetime,
    confirmed_at: datetime | None,
    now: datetime,
) -> int:
    """Keep a version made of `pages`; its id."""
    row = store.row("SELECT coalesce(max(sequence), 0) AS last FROM versions WHERE source_id = ?", (source,))
    assert row is not None
    id = store.insert(
        "versions",
        {
            "source_id": source,
            "sequence": row["last"] + 1,
            "cause": cause,
            "extractor": extractor,
            "wording": wording,
            "first_seen": stamp(first_seen),
            "confirmed_at": None if confirmed_at is None else stamp(confirmed_at),
            "verified_at": stamp(now),
        },
    )
    rows = [(id, page.page, page.url, page.document, page.capture) for page in pages]
    store.insert_all("version_pages", ("version_id", "page", "url", "document_id", "capture_id"), rows)
    return id


_INFO = (
    "SELECT v.*, d.title, d.dates, (SELECT count(*) FROM version_pages w JOIN document_clauses c "
    "ON c.document_id = w.document_id WHERE w.version_id = v.id) AS clauses "
    "FROM versions v JOIN version_pages p ON p.version_id = v.id AND p.page = 0 "
    "JOIN documents d ON d.id = p.document_id "
)


def info(store: Store, version: int) -> VersionInfo:
    """A version without its clauses."""
    row = store.row(_INFO + "WHERE v.id = ?", (version,))
    if row is None:
        raise StoreError(
            f"{store.path}: there is no version {version}. See `watcher history SOURCE` for those there are"
        )
    return _info(row)


def history(store: Store, source: str) -> list[VersionInfo]:
    """Every version of a source, oldest first."""
    return [_info(row) for row in store.rows(_INFO + "WHERE v.source_id = ? ORDER BY v.sequence", (source,))]


def by_sequence(store: Store, source: str, sequence: int) -> VersionInfo:
    """The version of a source that people know by that number."""
    row = store.row(_INFO + "WHERE v.source_id = ? AND v.sequence = ?", (source, sequence))
    if row is None:
        raise NotFoundError(f"{source} has no version {sequence}. See `watcher history {source}` for those there are")
    return _info(row)


def on(store: Store, source: str, day: date) -> VersionInfo:
    """The version that was in force at the end of a day, UTC: the last one that had been seen by then."""
    end = stamp(datetime.combine(day + timedelta(days=1), time(), UTC))
    sql = _INFO + "WHERE v.source_id = ? AND v.first_seen < ? ORDER BY v.sequence DESC"
    row = store.row(sql, (source, end))
    if row is None:
        raise NotFoundError(f"{source} was not watched yet on {day}. See `watcher history {source}` for what there is")
    return _info(row)


def pages(store: Store, version: int) -> tuple[VersionPage, ...]:
    """The pages that make a version, in reading order."""
    rows = store.rows("SELECT * FROM version_pages WHERE version_id = ? ORDER BY page", (version,))
    return tuple(
        VersionPage(page=row["page"], url=row["url"], document=row["document_id"], capture=row["capture_id"])
        for row in rows
    )


def documents(store: Store, version: int) -> tuple[Document, ...]:
    """The readings of a version's pages, in reading order."""
    return tuple(document(store, page.document, page.page) for page in pages(store, version))


def identity(store: Store, version: int) -> tuple[str, str]:
    """A version's wording, and the extractor that read it."""
    row = store.row("SELECT wording, extractor FROM versions WHERE id = ?", (version,))
    assert row is not None
    return row["wording"], row["extractor"]


def told(store: Store, source: str, wording: str) -> bool:
    """Whether some version of the source had this wording."""
    sql = "SELECT 1 FROM versions WHERE source_id = ? AND wording = ? LIMIT 1"
    return store.row(sql, (source, wording)) is not None


def read_by(store: Store, version: int, extractor: str) -> None:
    """A newer extractor read a version and found the same clauses."""
    store.write("UPDATE versions SET extractor = ? WHERE id = ?", (extractor, version))


def _info(row: sqlite3.Row) -> VersionInfo:
    return VersionInfo(
        id=row["id"],
        source=row["source_id"],
        sequence=row["sequence"],
        cause=row["cause"],
        extractor=row["extractor"],
        first_seen=moment(row["first_seen"]),
        confirmed_at=maybe(row["confirmed_at"]),
        verified_at=moment(row["verified_at"]),
        clauses=row["clauses"],
        title=row["title"],
        dates=_dates(row["dates"]),
    )


# --- facts -----------------------------------------------------------------------------------------------------------

_PLACED = ("clause", "anchor")  #: what a fact says of its place is known from the place
_RENAMED = {"start": "quote_start", "end": "quote_end"}  # END is a word of SQL
FACT_FIELDS = tuple(field.name for field in fields(Fact) if field.name not in _PLACED)
FACT_COLUMNS = tuple(_RENAMED.get(name, name) for name in FACT_FIELDS)
_fields = attrgetter(*FACT_FIELDS)
_FACT = ", ".join(f"f.{column}" for column in FACT_COLUMNS)


def known_facts(store: Store, clauses: Sequence[Clause], by: str) -> list[tuple[Fact, ...] | None]:
    """What the reader `by` stated of each of these clauses, wherever it stood; None: it has not read it."""
    memory, senses = store.memory.facts(by), list(map(context, clauses))
    wanted = dict(zip(senses, clauses, strict=True))
    found = memory.among(wanted)
    if len(found) < len(wanted):
        ids = {id: sense for sense, id in stored(store, [sense for sense in wanted if sense not in found]).items()}
        for id, rows in _stated(store, ids.keys() - unfilled(store, ids, by)).items():
            sense = ids[id]
            clause = wanted[sense]
            found[sense] = memory[sense] = tuple(_fact(row[1:], clause.hash, clause.anchor) for row in rows)
    return [_placed(found.get(sense), clause) for sense, clause in zip(senses, clauses, strict=True)]


def _placed(facts: tuple[Fact, ...] | None, clause: Clause) -> tuple[Fact, ...] | None:
    """What was stated in a context, as this clause of that context states it: most stand where they stood."""
    if not facts or facts[0].anchor == clause.anchor:
        return facts
    return tuple([fact.at(clause.anchor) for fact in facts])


def _stated(store: Store, ids: Iterable[int]) -> dict[int, list[sqlite3.Row]]:
    """The facts of these contexts as they are stored, each behind the context's id."""
    found: dict[int, list[sqlite3.Row]] = {id: [] for id in ids}
    if found:
        sql = (
            f"SELECT context_id, {_FACT} FROM facts f WHERE context_id IN (SELECT value FROM json_each(?)) "
            "ORDER BY context_id, position"
        )
        for row in store.rows(sql, (packed(list(found)),)):
            found[row[0]].append(row)
    return found


def keep_facts(
    store: Store, version: int, read: Sequence[tuple[Clause, tuple[Fact, ...]]], own: Collection[Fact], by: str
) -> None:
    """Keep what each clause of a version states, in place of what an older reader found. `own`: see own_facts."""
    digests = [context(clause) for clause, _ in read]
    ids = stored(store, dict.fromkeys(digests))
    empty, memory = unfilled(store, ids.values(), by), store.memory.facts(by)
    rows: list[tuple[Any, ...]] = []
    fresh: set[int] = set()
    for digest, (_, facts) in zip(digests, read, strict=True) if empty else ():
        id = ids[digest]
        if id in empty and id not in fresh:
            fresh.add(id)
            rows += [(id, i, *_fields(fact)) for i, fact in enumerate(facts)]
            memory[digest] = facts
    owners = {fact.clause for fact in own}
    excepted = {
        (version, ids[digest], i)
        for digest, (clause, facts) in (zip(digests, read, strict=True) if owners else ())
        if clause.hash in owners
        for i, fact in enumerate(facts)
        if fact in own
    }
    with store.atomic():
        if fresh:
            filled = packed(list(fresh))
            store.write("DELETE FROM facts WHERE context_id IN (SELECT value FROM json_each(?))", (filled,))
            store.insert_all("facts", ("context_id", "position", *FACT_COLUMNS), rows)
            store.write("UPDATE contexts SET facts_by = ? WHERE id IN (SELECT value FROM json_each(?))", (by, filled))
        store.write("DELETE FROM own_facts WHERE version_id = ?", (version,))
        store.insert_all("own_facts", ("version_id", "context_id", "position"), sorted(excepted))
        store.write("UPDATE versions SET facts_by = ? WHERE id = ?", (by, version))


def misquoted(store: Store, version: int) -> int:
    """How many facts of a version do not stand in their clause, where they say that they stand."""
    row = store.row(
        "SELECT count(*) AS n FROM version_facts f JOIN contexts x ON x.id = f.context_id JOIN clauses c "
        "ON c.id = x.clause_id WHERE f.version_id = ? "
        "AND substr(c.text, f.quote_start + 1, f.quote_end - f.quote_start) <> f.quote",
        (version,),
    )
    assert row is not None
    return int(row["n"])


def facts(store: Store, version: int) -> tuple[Fact, ...]:
    """The facts of a version in reading order, as its clauses were last read."""
    rows = store.rows(
        f"SELECT c.hash, f.anchor, {_FACT} FROM version_facts f JOIN contexts x ON x.id = f.context_id "
        "JOIN clauses c ON c.id = x.clause_id WHERE f.version_id = ? ORDER BY f.page, f.clause, f.position",
        (version,),
    )
    return tuple(_fact(row[2:], *row[:2]) for row in rows)


def _fact(columns: Sequence[Any], clause: str, anchor: str) -> Fact:
    """The fact of its columns, and of the hash and the anchor of its clause."""
    kind, key, subject, value, norm, polarity, modality, role, named, data, quote, start, end, rule = columns
    is_so, is_named = bool(polarity), bool(named)
    return _made_fact(
        kind, key, subject, value, norm, is_so, modality, role, is_named, data, quote, start, end, clause, anchor, rule
    )


_made_fact = maker(Fact)


# --- verdicts --------------------------------------------------------------------------------------------------------

CHANGE_TEXTS = (
    "kind", "action", "subject", "before", "after", "quote_old", "quote_new", "named", "section", "old_anchor",
    "new_anchor",
)  # fmt: skip
REASON_COLUMNS = (
    "verdict_id", "position", "rule", "severity", "direction", "sentence", *CHANGE_TEXTS, "signals", "old_fact",
    "new_fact",
)  # fmt: skip


def keep_verdict(store: Store, source: str, before: int, after: int, verdict: Verdict, now: datetime) -> int:
    """Keep a verdict with its reasons; its id."""
    row = {
        "source_id": source,
        "before_id": before,
        "after_id": after,
        "level": verdict.level,
        "headline": verdict.headline,
        "notes": packed(verdict.notes),
        "judge": verdict.judge,
        "judged_at": stamp(now),
    }
    id = store.insert("verdicts", row)
    store.insert_all("reasons", REASON_COLUMNS, [(id, i, *_reason_row(r)) for i, r in enumerate(verdict.reasons)])
    return id


def verdict(store: Store, id: int) -> tuple[Verdict, int, int, datetime]:
    """A verdict, the ids of the versions before and after, and when it was made."""
    row = store.row("SELECT * FROM verdicts WHERE id = ?", (id,))
    if row is None:
        raise StoreError(f"{store.path}: there is no verdict {id}. Restore a backup")
    reasons = store.rows("SELECT * FROM reasons WHERE verdict_id = ? ORDER BY position", (id,))
    found = Verdict(
        level=row["level"],
        headline=row["headline"],
        reasons=tuple(_reason(r) for r in reasons),
        notes=tuple(json.loads(row["notes"])),
        judge=row["judge"],
    )
    return found, row["before_id"], row["after_id"], moment(row["judged_at"])


def verdict_on(store: Store, version: int) -> Verdict | None:
    """The last verdict on how a version differs from the one before; None for a first or a re-read one."""
    row = store.row("SELECT id FROM verdicts WHERE after_id = ? ORDER BY id DESC LIMIT 1", (version,))
    return None if row is None else verdict(store, row["id"])[0]


def _reason_row(reason: Reason) -> tuple[Any, ...]:
    change = reason.change
    return (
        reason.rule,
        reason.severity,
        reason.direction,
        reason.sentence,
        *(getattr(change, name) for name in CHANGE_TEXTS),
        packed(change.signals),
        None if change.old is None else packed(asdict(change.old)),
        None if change.new is None else packed(asdict(change.new)),
    )


def _reason(row: sqlite3.Row) -> Reason:
    texts: dict[str, Any] = {name: row[name] for name in CHANGE_TEXTS}
    change = Change(
        **texts | {"named": bool(row["named"])},
        signals=tuple(json.loads(row["signals"])),
        old=None if row["old_fact"] is None else Fact(**json.loads(row["old_fact"])),
        new=None if row["new_fact"] is None else Fact(**json.loads(row["new_fact"])),
    )
    return Reason(
        rule=row["rule"],
        severity=row["severity"],
        direction=row["direction"],
        sentence=row["sentence"],
        change=change,
    )
