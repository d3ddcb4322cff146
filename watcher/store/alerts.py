"""Who is to be told what, and whether it arrived: alerts and the outbox of deliveries."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Literal

from watcher.errors import NotFoundError, StoreError
from watcher.records import Alert, Decision, Delivery
from watcher.store import versions
from watcher.store.db import Store, maybe, moment, stamp

OURSELVES = ("watcher", "Policy Watcher")  #: source and vendor of an alert about the program itself
_WITH_SOURCE = "FROM alerts a LEFT JOIN sources s ON s.id = a.source_id"


def add(
    store: Store,
    type: Literal["change", "problem", "recovery", "report", "channel"],
    source: str | None,
    *,
    url: str = "",
    headline: str,
    channels: Iterable[str],
    now: datetime,
    detail: str = "",
    verdict: int | None = None,
    problem: int | None = None,
    about: int | None = None,
    digests: Mapping[str, datetime] = MappingProxyType({}),
) -> int:
    """Write an alert and one pending delivery for each channel; its id.

    `source`: None: it is about the program itself. `digests`: channels for whose digest it waits, each with the time
    when that is due.
    """
    with store.atomic():
        row = {
            "type": type,
            "source_id": source,
            "url": url,
            "created_at": stamp(now),
            "headline": headline,
            "detail": detail,
            "verdict_id": verdict,
            "problem_id": problem,
            "about": about,
        }
        id = store.insert("alerts", row)
        rows = [(id, channel, stamp(digests.get(channel, now)), channel in digests) for channel in channels]
        store.insert_all("deliveries", ("alert_id", "channel", "due_at", "digest"), rows)
    return id


def alert(store: Store, id: int) -> Alert:
    """An alert, complete enough to render."""
    row = store.row(f"SELECT a.*, s.vendor {_WITH_SOURCE} WHERE a.id = ?", (id,))
    if row is None:
        raise NotFoundError(f"{store.path}: there is no alert {id}. See `watcher history SOURCE`")
    verdict = before = after = None
    if row["verdict_id"] is not None:
        verdict, old, new, _ = versions.verdict(store, row["verdict_id"])
        before, after = versions.info(store, old), versions.info(store, new)
    return Alert(
        id=row["id"],
        type=row["type"],
        source=row["source_id"] or OURSELVES[0],
        vendor=row["vendor"] or OURSELVES[1],
        url=row["url"],
        created_at=moment(row["created_at"]),
        headline=row["headline"],
        verdict=verdict,
        before=before,
        after=after,
        detail=row["detail"],
        about=row["about"],
    )


def last(store: Store) -> int:
    """The id of the newest alert, 0 before the first."""
    row = store.row("SELECT coalesce(max(id), 0) AS id FROM alerts")
    return 0 if row is None else int(row["id"])


def after(store: Store, id: int) -> list[Alert]:
    """Every alert that is newer than that one, oldest first."""
    return [alert(store, row["id"]) for row in store.rows("SELECT id FROM alerts WHERE id > ? ORDER BY id", (id,))]


def verdict_of(store: Store, id: int) -> int | None:
    """The id of the verdict that an alert tells of."""
    row = store.row("SELECT verdict_id FROM alerts WHERE id = ?", (id,))
    return None if row is None else row["verdict_id"]


def of_source(store: Store, source: str) -> list[Alert]:
    """Every alert about a source, oldest first."""
    return [
        alert(store, row["id"])
        for row in store.rows("SELECT id FROM alerts WHERE source_id = ? ORDER BY id", (source,))
    ]


def latest(store: Store, source: str) -> Alert | None:
    """The newest alert about a source."""
    row = store.row("SELECT max(id) AS id FROM alerts WHERE source_id = ?", (source,))
    return None if row is None or row["id"] is None else alert(store, row["id"])


# --- what people decide ----------------------------------------------------------------------------------------------


def decide(store: Store, made: Decision) -> None:
    """Write down what a person decided about an alert; a decision about a reminder is one about what it reminds of."""
    row = store.row("SELECT coalesce(about, id) AS id FROM alerts WHERE id = ?", (made.alert,))
    if row is None:
        raise NotFoundError(f"{store.path}: there is no alert {made.alert}. See `watcher history SOURCE`")
    store.insert(
        "decisions",
        {
            "alert_id": row["id"],
            "at": stamp(made.at),
            "by": made.by,
            "decision": made.decision,
            "note": made.note,
            "owner": made.owner,
            "due_at": None if made.due is None else stamp(made.due),
        },
    )
    # A reminder that still waits would be untrue by now: somebody has answered.
    store.write(
        "DELETE FROM deliveries WHERE outcome = 'pending' AND attempt = 0 "
        "AND alert_id IN (SELECT id FROM alerts WHERE about = ?)",
        (row["id"],),
    )


def decisions(store: Store, alert: int) -> list[Decision]:
    """Every decision about an alert, or about what it reminds of, oldest first."""
    rows = store.rows(
        "SELECT * FROM decisions WHERE alert_id = (SELECT coalesce(about, id) FROM alerts WHERE id = ?) ORDER BY id",
        (alert,),
    )
    return [_decision(row) for row in rows]


def decided(store: Store) -> list[Decision]:
    """The last decision about each alert that tells of a change, by alert."""
    rows = store.rows(
        "SELECT d.* FROM decisions d JOIN alerts a ON a.id = d.alert_id WHERE a.type = 'change' "
        "AND d.id = (SELECT max(id) FROM decisions WHERE alert_id = a.id) ORDER BY a.id"
    )
    return [_decision(row) for row in rows]


def unanswered(store: Store, told_before: datetime, now: datetime) -> list[int]:
    """Ids of material alerts that were last told of before that moment and that nobody answers for.

    Nobody does where no decision was made, or where the last one passed it on and the day it was due by is over.
    """
    rows = store.rows(
        "SELECT a.id FROM alerts a JOIN verdicts v ON v.id = a.verdict_id AND v.level = 'material' "
        "LEFT JOIN decisions d ON d.id = (SELECT max(id) FROM decisions WHERE alert_id = a.id) "
        "WHERE a.about IS NULL AND (d.id IS NULL OR d.decision = 'escalate' AND d.due_at < :now) "
        "AND (SELECT max(t.created_at) FROM alerts t WHERE t.id = a.id OR t.about = a.id) <= :before ORDER BY a.id",
        {"now": stamp(now), "before": stamp(told_before)},
    )
    return [row["id"] for row in rows]


def _decision(row: sqlite3.Row) -> Decision:
    return Decision(
        alert=row["alert_id"],
        at=moment(row["at"]),
        by=row["by"],
        decision=row["decision"],
        note=row["note"],
        owner=row["owner"],
        due=maybe(row["due_at"]),
    )


# --- the outbox ------------------------------------------------------------------------------------------------------

_DUE = (
    "FROM deliveries WHERE outcome = 'pending' AND channel = :channel AND due_at <= :now "
    "AND NOT EXISTS (SELECT 1 FROM stopped_channels s WHERE s.channel = :channel) "
    "AND NOT EXISTS (SELECT 1 FROM resting_channels r WHERE r.channel = :channel AND r.until > :now)"
)


def is_due(store: Store, channel: str, now: datetime) -> bool:
    """Whether `claim` would find anything for a channel."""
    return store.row(f"SELECT 1 {_DUE} LIMIT 1", {"channel": channel, "now": stamp(now)}) is not None


def claim(store: Store, channel: str, now: datetime, limit: int) -> list[Delivery]:
    """Take up to `limit` due deliveries to a channel; they are `sending` until recorded. None while it rests.

    The least tried come first, then the oldest: a message that a channel never takes holds up no other.
    """
    with store.atomic():
        values = {"channel": channel, "now": stamp(now), "limit": limit}
        rows = store.rows(f"SELECT id {_DUE} ORDER BY attempt, id LIMIT :limit", values)
        for row in rows:
            store.write(
                "UPDATE deliveries SET outcome = 'sending', claimed_at = ? WHERE id = ?", (stamp(now), row["id"])
            )
        return [delivery(store, row["id"]) for row in rows]


def delivery(store: Store, id: int) -> Delivery:
    """One delivery."""
    row = store.row("SELECT * FROM deliveries WHERE id = ?", (id,))
    if row is None:
        raise StoreError(f"{store.path}: there is no delivery {id}")
    return _delivery(row)


def deliveries(store: Store, alert: int) -> list[Delivery]:
    """The deliveries of an alert, one a channel."""
    return [_delivery(row) for row in store.rows("SELECT * FROM deliveries WHERE alert_id = ? ORDER BY id", (alert,))]


def attempts(store: Store, delivery: int) -> list[dict[str, object]]:
    """Every attempt to send, oldest first: attempt, at, outcome, answer."""
    rows = store.rows("SELECT * FROM attempts WHERE delivery_id = ? ORDER BY attempt", (delivery,))
    return [dict(row) for row in rows]


def sent(store: Store, done: Delivery, answer: str, now: datetime) -> None:
    """The channel took it, and what it answered."""
    with store.atomic():
        store.write(
            "UPDATE deliveries SET outcome = 'sent', attempt = attempt + 1, sent_at = ?, error = '' WHERE id = ?",
            (stamp(now), done.id),
        )
        _attempt(store, done, now, "sent", answer)
        store.write("DELETE FROM resting_channels WHERE channel = ?", (done.channel,))


def retry(store: Store, tried: Delivery, due_at: datetime, error: str, now: datetime) -> None:
    """The channel did not take it; try again at `due_at`."""
    with store.atomic():
        store.write(
            "UPDATE deliveries SET outcome = 'pending', attempt = attempt + 1, due_at = ?, error = ?, "
            "since = coalesce(since, ?) WHERE id = ?",
            (stamp(due_at), error, stamp(now), tried.id),
        )
        _attempt(store, tried, now, "retry", error)


def give_up(store: Store, tried: Delivery, outcome: Literal["failed", "dead"], error: str, now: datetime) -> None:
    """The channel refused it for good (failed, and the channel stops), or it was retried long enough (dead)."""
    with store.atomic():
        store.write(
            "UPDATE deliveries SET outcome = ?, attempt = attempt + 1, error = ? WHERE id = ?",
            (outcome, error, tried.id),
        )
        _attempt(store, tried, now, outcome, error)
        if outcome == "failed":
            store.write(
                "INSERT OR REPLACE INTO stopped_channels (channel, stopped_at, reason) VALUES (?, ?, ?)",
                (tried.channel, stamp(now), error),
            )


def rest(store: Store, channel: str, until: datetime, error: str, now: datetime) -> None:
    """A channel refused for now: nothing is sent there until then, or until it takes a message."""
    store.write(
        "INSERT INTO resting_channels (channel, since, refusals, until, error) VALUES (?, ?, 1, ?, ?) "
        "ON CONFLICT DO UPDATE SET refusals = refusals + 1, until = excluded.until, error = excluded.error",
        (channel, stamp(now), stamp(until), error),
    )


def forget_others(store: Store, channels: Sequence[str]) -> None:
    """No channel but these is there to rest any more."""
    store.write(
        "DELETE FROM resting_channels WHERE channel NOT IN (SELECT value FROM json_each(?))", (json.dumps(channels),)
    )


def refusals(store: Store, channel: str) -> int:
    """How often in a row a channel has refused for now."""
    row = store.row("SELECT refusals FROM resting_channels WHERE channel = ?", (channel,))
    return 0 if row is None else int(row["refusals"])


def refusing(store: Store) -> dict[str, tuple[datetime, str]]:
    """Channels that refuse for now: since when, and the last answer."""
    rows = store.rows("SELECT channel, since, error FROM resting_channels ORDER BY channel")
    return {row["channel"]: (moment(row["since"]), row["error"]) for row in rows}


def expire(store: Store, before: datetime, patient: Sequence[str] = ()) -> list[Delivery]:
    """Give up what has waited since before that moment, but for what waits for a `patient` channel."""
    rows = store.rows(
        "SELECT * FROM deliveries WHERE outcome = 'pending' AND coalesce(since, due_at) < ? "
        "AND channel NOT IN (SELECT value FROM json_each(?)) ORDER BY id",
        (stamp(before), json.dumps(patient)),
    )
    with store.atomic():
        for row in rows:
            error = row["error"] or "the channel was stopped or is no longer configured"
            store.write("UPDATE deliveries SET outcome = 'dead', error = ? WHERE id = ?", (error, row["id"]))
    return [delivery(store, row["id"]) for row in rows]


def release(store: Store, claimed_before: datetime, channel: str | None = None) -> int:
    """Take back deliveries whose sender never said how it went: they are sent again, under the same id. How many."""
    return store.write(
        "UPDATE deliveries SET outcome = 'pending' WHERE outcome = 'sending' AND claimed_at <= ? "
        "AND channel = coalesce(?, channel)",
        (stamp(claimed_before), channel),
    )


def hasten(store: Store, channel: str, now: datetime, *, retry: datetime, digest: datetime) -> int:
    """What is due later than can be is due sooner: the clock was wrong, or digests come more often now. How many.

    `retry`: the latest moment for which a message can have been put off; such a one is due now. `digest`: the latest
    one for what waits for a digest.
    """
    values = {"channel": channel, "now": stamp(now), "retry": stamp(retry), "digest": stamp(digest)}
    with store.atomic():
        store.write("DELETE FROM resting_channels WHERE channel = :channel AND until > :retry", values)
        return store.write(
            "UPDATE deliveries SET due_at = CASE digest WHEN 1 THEN :digest ELSE :now END WHERE outcome = 'pending' "
            "AND channel = :channel AND due_at > CASE digest WHEN 1 THEN :digest ELSE :retry END",
            values,
        )


def put_back(store: Store, untried: Delivery) -> None:
    """A claimed delivery that was not tried after all."""
    store.write("UPDATE deliveries SET outcome = 'pending', claimed_at = NULL WHERE id = ?", (untried.id,))


def resume(store: Store, channel: str, alerts_since: datetime, now: datetime) -> None:
    """Somebody acted: send to a stopped channel again, beginning with what it refused."""
    with store.atomic():
        if not store.write("DELETE FROM stopped_channels WHERE channel = ?", (channel,)):
            return
        store.write(
            "UPDATE deliveries SET outcome = 'pending', due_at = ?, since = NULL, told_at = NULL "
            "WHERE channel = ? AND outcome = 'failed' AND alert_id IN (SELECT id FROM alerts WHERE created_at >= ?)",
            (stamp(now), channel, stamp(alerts_since)),
        )


def resend(store: Store, now: datetime, *, channel: str | None = None, alert: int | None = None) -> list[Delivery]:
    """Somebody asked: what was given up goes out once more, for one channel or alert or for all.

    A stopped channel that it concerns is taken up again.
    """
    with store.atomic():
        rows = store.rows(
            "SELECT id FROM deliveries WHERE outcome IN ('failed', 'dead') "
            "AND channel = coalesce(?, channel) AND alert_id = coalesce(?, alert_id) ORDER BY id",
            (channel, alert),
        )
        for row in rows:
            store.write(
                "UPDATE deliveries SET outcome = 'pending', due_at = ?, since = NULL, told_at = NULL WHERE id = ?",
                (stamp(now), row["id"]),
            )
        again = [delivery(store, row["id"]) for row in rows]
        for name in {d.channel for d in again} | ({channel} if channel and alert is None else set()):
            store.write("DELETE FROM stopped_channels WHERE channel = ?", (name,))
            store.write("DELETE FROM resting_channels WHERE channel = ?", (name,))
    return again


def unsent(store: Store) -> list[Delivery]:
    """Every delivery that has not arrived: waiting, refused for good, given up; by channel, oldest first."""
    rows = store.rows("SELECT * FROM deliveries WHERE outcome <> 'sent' ORDER BY channel, id")
    return [_delivery(row) for row in rows]


def lost(store: Store) -> int:
    """How many deliveries were given up."""
    row = store.row("SELECT count(*) FROM deliveries WHERE outcome = 'dead'")
    return 0 if row is None else int(row[0])


def messages_since(store: Store, channel: str, after: datetime) -> int:
    """How many messages a channel took since then; a digest is one."""
    row = store.row(
        "SELECT count(DISTINCT sent_at) FROM deliveries WHERE outcome = 'sent' AND channel = ? AND sent_at > ?",
        (channel, stamp(after)),
    )
    return 0 if row is None else int(row[0])


def refused(store: Store) -> dict[str, tuple[int, str]]:
    """Channels that did not take a message which is still to be sent: how many wait there, and the last answer."""
    sql = (
        "SELECT channel, count(*) AS waiting, max(due_at), error FROM deliveries "
        "WHERE outcome IN ('pending', 'sending') AND attempt > 0 GROUP BY channel"
    )
    return {row["channel"]: (row["waiting"], row["error"]) for row in store.rows(sql)}


def stopped(store: Store) -> dict[str, str]:
    """Channels that refused for good, each with the reason."""
    rows = store.rows("SELECT channel, reason FROM stopped_channels ORDER BY channel")
    return {row["channel"]: row["reason"] for row in rows}


def tally(store: Store) -> dict[tuple[str, str], int]:
    """How many deliveries there are, by channel and outcome."""
    rows = store.rows("SELECT channel, outcome, count(*) FROM deliveries GROUP BY channel, outcome")
    return {(row[0], row[1]): row[2] for row in rows}


def oldest(store: Store) -> dict[str, datetime]:
    """When the pending delivery of each channel that waits longest was, or is, due."""
    rows = store.rows(
        "SELECT channel, min(due_at) AS due_at FROM deliveries WHERE outcome = 'pending' GROUP BY channel"
    )
    return {row["channel"]: moment(row["due_at"]) for row in rows}


def next_due(store: Store, channels: Sequence[str]) -> datetime | None:
    """When the next pending delivery to one of these channels is due, or None."""
    row = store.row(
        "SELECT min(due_at) AS due_at FROM deliveries WHERE outcome = 'pending' "
        "AND channel IN (SELECT value FROM json_each(?))",
        (json.dumps(channels),),
    )
    return None if row is None else maybe(row["due_at"])


def untold_stops(store: Store) -> dict[str, str]:
    """Channels that refused for good, each with the reason, of which the other channels have not heard."""
    rows = store.rows("SELECT channel, reason FROM stopped_channels WHERE told_at IS NULL ORDER BY channel")
    return {row["channel"]: row["reason"] for row in rows}


def untold_losses(store: Store) -> dict[str, tuple[int, str]]:
    """Channels for which messages were given up without the others having heard: how many, and the last answer."""
    sql = (
        "SELECT channel, count(*) AS lost, max(id), error FROM deliveries "
        "WHERE outcome = 'dead' AND told_at IS NULL GROUP BY channel"
    )
    return {row["channel"]: (row["lost"], row["error"]) for row in store.rows(sql)}


def told_of(store: Store, channel: str, now: datetime) -> None:
    """The other channels hear of this one's trouble, all that there is by now."""
    store.write("UPDATE stopped_channels SET told_at = ? WHERE channel = ?", (stamp(now), channel))
    store.write(
        "UPDATE deliveries SET told_at = ? WHERE channel = ? AND outcome = 'dead' AND told_at IS NULL",
        (stamp(now), channel),
    )


def _attempt(store: Store, tried: Delivery, now: datetime, outcome: str, answer: str) -> None:
    row = {
        "delivery_id": tried.id,
        "attempt": tried.attempt + 1,
        "at": stamp(now),
        "outcome": outcome,
        "answer": answer,
    }
    store.insert("attempts", row)


def _delivery(row: sqlite3.Row) -> Delivery:
    return Delivery(
        id=row["id"],
        alert=row["alert_id"],
        channel=row["channel"],
        attempt=row["attempt"],
        outcome=row["outcome"],
        due_at=moment(row["due_at"]),
        digest=bool(row["digest"]),
        since=maybe(row["since"]),
        error=row["error"],
    )
