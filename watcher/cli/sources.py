"""watcher sources: where each source stands."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from watcher.cli.options import config_option, format_option, stored
from watcher.cli.output import iso, print_json, print_table, when

if TYPE_CHECKING:
    from watcher.config import Config
    from watcher.records import Source, SourceState


@click.command()
@config_option
@format_option
def command(config: str | None, form: str) -> None:
    """Show each source: its state, when it was last verified unchanged, what is wrong, when it is checked next.

    States: fine, new (never checked), candidate (a change waits for its second sight), failing (checks fail or the page
    is rejected), flapping (the page keeps changing), stale (not verified for too long), paused, removed.

    Example: watcher sources --format json
    """
    from watcher.store import sources, versions

    with stored(config) as (loaded, store):
        now = datetime.now(UTC)
        configured = {source.id: source for source in loaded.sources}
        states = {state.id: state for state in sources.states(store)}
        sequences = {s.id: versions.info(store, s.version).sequence for s in states.values() if s.version}
        rows = [
            _row(loaded, configured.get(id), states.get(id), sequences.get(id), now)
            for id in [*configured, *(id for id in states if id not in configured)]
        ]
    if form == "json":
        print_json([{k: iso(v) if isinstance(v, datetime) else v for k, v in row.items()} for row in rows])
        return
    table = [
        (r["id"], r["state"], r["version"] or "-", when(r["verified_at"]), when(r["next_check_at"]), r["reason"])
        for r in rows
    ]
    print_table(("source", "state", "version", "verified", "next check", ""), table)


def _row(
    config: Config, source: Source | None, state: SourceState | None, version: int | None, now: datetime
) -> dict[str, Any]:
    either = source or state
    assert either is not None
    return {
        "id": either.id,
        "vendor": either.vendor,
        "state": state_of(config, source, state, now),
        "urls": list(source.urls) if source else [],
        "version": version,
        "verified_at": state.verified_at if state else None,
        "last_checked_at": state.last_checked_at if state else None,
        "next_check_at": state.next_check_at if state else None,
        "outcome": state.outcome if state else None,
        "reason": state.reason if state else "",
        "failures": state.failures if state else 0,
        "failing_since": state.failing_since if state else None,
    }


def state_of(config: Config, source: Source | None, state: SourceState | None, now: datetime) -> str:
    """The one word for where a source stands, the most urgent first."""
    if source is None:
        return "removed"
    if not source.enabled:
        return "paused"
    if state is None or state.outcome is None:
        return "new"
    if state.failures:
        return "failing"
    if state.steadiness.flapping:
        return "flapping"
    if _is_stale(config, source, state, now):
        return "stale"
    return "candidate" if state.steadiness.candidate else "fine"


def _is_stale(config: Config, source: Source, state: SourceState, now: datetime) -> bool:
    """Whether more checks than `stale_after` should have verified it since it last was."""
    from watcher.schedule import stale_at

    return state.verified_at is not None and stale_at(source, state.verified_at, config.watch.stale_after) < now
