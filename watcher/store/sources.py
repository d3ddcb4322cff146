"""What is watched and where each source stands: the clock, the streaks, the memory of the confirmation."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from watcher.records import (
    Outcome,
    PageState,
    Problem,
    Refusal,
    Rejection,
    Source,
    SourceState,
    Steadiness,
    Validators,
)
from watcher.store.db import Store, maybe, moment, stamp


def sync(store: Store, latest: Mapping[str, datetime], sources: Iterable[Source], now: datetime) -> None:
    """Make the table agree with the configuration. `latest`: no enabled source is checked later than that moment.

    New and resumed sources are due now; paused and absent ones never; history and streaks of all are kept.
    """
    with store.atomic():
        for source in sources:
            store.write(
                "INSERT INTO sources (id, vendor, enabled, created_at) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (id) DO UPDATE SET vendor = excluded.vendor, enabled = excluded.enabled",
                (source.id, source.vendor, source.id in latest, stamp(now)),
            )
        store.write(
            "UPDATE sources SET enabled = 0, next_check_at = NULL WHERE id NOT IN (SELECT value FROM json_each(?))",
            (json.dumps(list(latest)),),
        )
        for id, moment in latest.items():
            store.write(
                "UPDATE sources SET next_check_at = min(coalesce(next_check_at, ?), ?) WHERE id = ?",
                (stamp(now), stamp(moment), id),
            )


def add(store: Store, source: Source, now: datetime) -> None:
    """Write down a source that the database never heard of; it is not scheduled by that."""
    row = {"id": source.id, "vendor": source.vendor, "enabled": source.enabled, "created_at": stamp(now)}
    store.insert("sources", row)


def state(store: Store, source: str) -> SourceState | None:
    """Where one source stands; None if the database never heard of it."""
    row = store.row("SELECT * FROM sources WHERE id = ?", (source,))
    return None if row is None else _state(row)


def states(store: Store) -> list[SourceState]:
    """Every source ever watched, by id."""
    return [_state(row) for row in store.rows("SELECT * FROM sources ORDER BY id")]


def due(store: Store, now: datetime, limit: int) -> list[str]:
    """Ids of sources whose check is due, the longest overdue first."""
    rows = store.rows(
        "SELECT id FROM sources WHERE enabled AND next_check_at <= ? ORDER BY next_check_at LIMIT ?",
        (stamp(now), limit),
    )
    return [row["id"] for row in rows]


def claim(store: Store, begun: Iterable[str], now: datetime, lease: Callable[[str, int], timedelta]) -> dict[str, int]:
    """Push sources away before their checks begin, so that one which kills the process cannot loop.

    `lease`: for how long, given the source and the checks begun before that never ended. Gives that count for each,
    this check included.
    """
    claims = {}
    with store.atomic():
        for source in begun:
            row = store.row("SELECT claims FROM sources WHERE id = ?", (source,))
            before = row["claims"] if row else 0
            store.write(
                "UPDATE sources SET next_check_at = ?, claims = claims + 1 WHERE id = ?",
                (stamp(now + lease(source, before)), source),
            )
            claims[source] = before + 1
    return claims


def give_back(store: Store, begun: Iterable[str], now: datetime) -> None:
    """Checks that were broken off on purpose are due again at once."""
    with store.atomic():
        for source in begun:
            store.write("UPDATE sources SET next_check_at = ?, claims = 0 WHERE id = ?", (stamp(now), source))


@dataclass(frozen=True, slots=True)
class Census:
    """How things stand, in numbers."""

    enabled: int
    seen: int  #: enabled sources whose last check saw the policy
    failing: int  #: sources with an open problem of that kind
    flapping: int
    stale: int
    candidates: int
    unsent: int  #: messages that are on their way


def census(store: Store) -> Census:
    """How things stand now."""
    row = store.row(
        "SELECT (SELECT count(*) FROM sources WHERE enabled) AS enabled, "
        "(SELECT count(*) FROM sources WHERE enabled AND outcome NOT IN ('failed', 'rejected')) AS seen, "
        "(SELECT count(*) FROM problems WHERE closed_at IS NULL AND kind = 'failing') AS failing, "
        "(SELECT count(*) FROM problems WHERE closed_at IS NULL AND kind = 'flapping') AS flapping, "
        "(SELECT count(*) FROM problems WHERE closed_at IS NULL AND kind = 'stale') AS stale, "
        "(SELECT count(*) FROM sources WHERE enabled AND candidate <> '') AS candidates, "
        "(SELECT count(*) FROM deliveries WHERE outcome IN ('pending', 'sending')) AS unsent"
    )
    assert row is not None
    return Census(*row)


def finish(
    store: Store,
    before: SourceState,
    at: datetime,
    outcome: Outcome,
    next_check_at: datetime | None,
    *,
    reason: str = "",
    verified: bool = False,
    version: int | None = None,
    steadiness: Steadiness | None = None,
) -> None:
    """Write down what a check came to: the next one, the streak of failures, the version in force, the log of checks.

    `version`: the version in force from now on; None: as before. `steadiness`: None: as before.
    """
    bad = outcome in ("failed", "rejected")
    memory = before.steadiness if steadiness is None else steadiness
    version = before.version if version is None else version
    failing_since = None if not bad else stamp(before.failing_since or at)
    store.write(
        "UPDATE sources SET claims = 0, last_checked_at = ?, verified_at = coalesce(?, verified_at), outcome = ?, "
        "reason = ?, failures = ?, failing_since = ?, version_id = ?, next_check_at = ? WHERE id = ?",
        (stamp(at), stamp(at) if verified else None, outcome, reason, before.failures + 1 if bad else 0, failing_since,
         version, None if next_check_at is None else stamp(next_check_at), before.id),
    )  # fmt: skip
    if memory != before.steadiness:
        _remember(store, before.id, memory)
    if verified and version is not None:
        store.write("UPDATE versions SET verified_at = ? WHERE id = ?", (stamp(at), version))
    _log(store, before.id, outcome, reason, version, stamp(at))


def re_read(store: Store, source: str, version: int, memory: Steadiness) -> None:
    """Another reading of the version in force takes its place; wordings of the old reading are forgotten."""
    store.write("UPDATE sources SET version_id = ? WHERE id = ?", (version, source))
    _remember(store, source, memory)


def _remember(store: Store, source: str, memory: Steadiness) -> None:
    store.write(
        "UPDATE sources SET candidate = ?, candidate_since = ?, last_wording = ?, run = ?, swings = ?, recent = ?, "
        "flapping = ? WHERE id = ?",
        (memory.candidate, None if memory.since is None else stamp(memory.since), memory.last, memory.run,
         memory.swings, json.dumps(memory.recent), memory.flapping, source),
    )  # fmt: skip


def _log(store: Store, source: str, outcome: str, reason: str, version: int | None, at: str) -> None:
    """Lengthen the run of checks with this outcome, or begin a new one."""
    last = store.row("SELECT * FROM checks WHERE source_id = ? ORDER BY id DESC LIMIT 1", (source,))
    if last is not None and (last["outcome"], last["reason"], last["version_id"]) == (outcome, reason, version):
        store.write("UPDATE checks SET last_at = ?, times = times + 1 WHERE id = ?", (at, last["id"]))
    else:
        store.write(
            "INSERT INTO checks (source_id, outcome, reason, version_id, first_at, last_at) VALUES (?, ?, ?, ?, ?, ?)",
            (source, outcome, reason, version, at, at),
        )


def tally(store: Store) -> dict[str, int]:
    """How many checks there ever were, by outcome."""
    return {row[0]: row[1] for row in store.rows("SELECT outcome, sum(times) FROM checks GROUP BY outcome")}


def checks(store: Store, source: str) -> list[dict[str, object]]:
    """The log of a source's checks, oldest first: outcome, reason, version_id, first_at, last_at, times."""
    rows = store.rows("SELECT * FROM checks WHERE source_id = ? ORDER BY id", (source,))
    return [dict(row) for row in rows]


# --- pages -----------------------------------------------------------------------------------------------------------


def pages(store: Store, source: str) -> dict[str, PageState]:
    """What the last verified answer of each address of a source was, by address."""
    rows = store.rows(
        "SELECT p.*, d.wording FROM pages p JOIN documents d ON d.id = p.document_id WHERE p.source_id = ?", (source,)
    )
    return {
        row["url"]: PageState(
            url=row["url"],
            validators=_offered(row),
            sha256=row["sha256"],
            capture=row["capture_id"],
            document=row["document_id"],
            wording=row["wording"],
        )
        for row in rows
    }


def skeleton(store: Store, source: str, url: str) -> bytes:
    """The skeleton of an address's page when it was last read; b"" if it has none."""
    row = store.row("SELECT skeleton FROM pages WHERE source_id = ? AND url = ?", (source, url))
    return b"" if row is None else bytes(row["skeleton"])


def keep_page(store: Store, source: str, page: PageState, at: datetime, skeleton: bytes | None = None) -> None:
    """Remember an answer as verified. `skeleton`: of a page that was read anew; None leaves the last one."""
    if skeleton is not None:
        store.write(
            "INSERT INTO pages (source_id, url, sha256, capture_id, document_id, skeleton, verified_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET skeleton = excluded.skeleton",
            (source, page.url, page.sha256, page.capture, page.document, skeleton, stamp(at)),
        )
    store.write(
        "UPDATE pages SET etag = ?, last_modified = ?, offered_by = ?, sha256 = ?, capture_id = ?, document_id = ?, "
        "verified_at = ? WHERE source_id = ? AND url = ?",
        (page.validators.etag, page.validators.last_modified, page.validators.url, page.sha256, page.capture,
         page.document, stamp(at), source, page.url),
    )  # fmt: skip


def reassign_page(store: Store, source: str, url: str, document: int) -> None:
    """The verified bytes of an address are now read as another document."""
    store.write("UPDATE pages SET document_id = ? WHERE source_id = ? AND url = ?", (document, source, url))


def refusals(store: Store, source: str) -> dict[str, Refusal]:
    """What was refused last at each address of a source, by address."""
    rows = store.rows(
        "SELECT r.*, c.sha256, c.rule, c.reason, c.evidence FROM refusals r JOIN captures c ON c.id = r.capture_id "
        "WHERE r.source_id = ?",
        (source,),
    )
    return {
        row["url"]: Refusal(
            url=row["url"],
            validators=_offered(row),
            sha256=row["sha256"],
            capture=row["capture_id"],
            judged_by=row["judged_by"],
            rejection=Rejection(rule=row["rule"], sentence=row["reason"], evidence=row["evidence"]),
        )
        for row in rows
    }


def keep_refusal(store: Store, source: str, refusal: Refusal) -> None:
    """Remember what was refused at an address, in place of what was before."""
    offered = refusal.validators
    store.write(
        "REPLACE INTO refusals (source_id, url, etag, last_modified, offered_by, capture_id, judged_by) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (source, refusal.url, offered.etag, offered.last_modified, offered.url, refusal.capture, refusal.judged_by),
    )


# --- problems and events ---------------------------------------------------------------------------------------------


def open_problem(store: Store, source: str, kind: str) -> Problem | None:
    """The problem of that kind that a source has now, or None."""
    row = store.row("SELECT * FROM problems WHERE source_id = ? AND kind = ? AND closed_at IS NULL", (source, kind))
    return None if row is None else _problem(row)


def open_problems(store: Store) -> list[Problem]:
    """Every open problem, oldest first."""
    return [_problem(row) for row in store.rows("SELECT * FROM problems WHERE closed_at IS NULL ORDER BY id")]


def add_problem(store: Store, source: str, kind: str, reason: str, since: datetime, now: datetime) -> int:
    """Open a problem; its id."""
    row = {"source_id": source, "kind": kind, "reason": reason, "since": stamp(since), "opened_at": stamp(now)}
    return store.insert("problems", row)


def lasting_problems(store: Store, opened_before: datetime) -> list[Problem]:
    """Open problems that were told of before that moment, and not once more since."""
    rows = store.rows(
        "SELECT * FROM problems WHERE closed_at IS NULL AND escalated_at IS NULL AND opened_at <= ? ORDER BY id",
        (stamp(opened_before),),
    )
    return [_problem(row) for row in rows]


def escalate_problem(store: Store, problem: int, now: datetime) -> None:
    """A problem was told of once more."""
    store.write("UPDATE problems SET escalated_at = ? WHERE id = ?", (stamp(now), problem))


def close_problem(store: Store, problem: int, now: datetime) -> None:
    """Close a problem."""
    store.write("UPDATE problems SET closed_at = ? WHERE id = ?", (stamp(now), problem))


def note(store: Store, kind: str, now: datetime, detail: str = "", source: str | None = None) -> None:
    """Write down what an operator or the program itself did."""
    store.insert("events", {"at": stamp(now), "source_id": source, "kind": kind, "detail": detail})


def noted(store: Store, kind: str, detail: str) -> datetime | None:
    """When that was last written down."""
    row = store.row("SELECT max(at) AS at FROM events WHERE kind = ? AND detail = ?", (kind, detail))
    return None if row is None else maybe(row["at"])


def first(store: Store) -> datetime | None:
    """Since when anything is watched."""
    row = store.row("SELECT min(created_at) AS at FROM sources")
    return None if row is None else maybe(row["at"])


def _offered(row: sqlite3.Row) -> Validators:
    return Validators(etag=row["etag"], last_modified=row["last_modified"], url=row["offered_by"])


def _problem(row: sqlite3.Row) -> Problem:
    return Problem(
        id=row["id"],
        source=row["source_id"],
        kind=row["kind"],
        reason=row["reason"],
        since=moment(row["since"]),
        opened_at=moment(row["opened_at"]),
        closed_at=maybe(row["closed_at"]),
    )


def _state(row: sqlite3.Row) -> SourceState:
    return SourceState(
        id=row["id"],
        vendor=row["vendor"],
        enabled=bool(row["enabled"]),
        created_at=moment(row["created_at"]),
        next_check_at=maybe(row["next_check_at"]),
        last_checked_at=maybe(row["last_checked_at"]),
        verified_at=maybe(row["verified_at"]),
        outcome=row["outcome"],
        reason=row["reason"],
        failures=row["failures"],
        failing_since=maybe(row["failing_since"]),
        version=row["version_id"],
        claims=row["claims"],
        steadiness=Steadiness(
            candidate=row["candidate"],
            since=maybe(row["candidate_since"]),
            last=row["last_wording"],
            run=row["run"],
            swings=row["swings"],
            recent=tuple(json.loads(row["recent"])),
            flapping=bool(row["flapping"]),
        ),
    )
