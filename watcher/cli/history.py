"""watcher history SOURCE: the versions of a policy, and what happened to its source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from watcher.cli.options import config_option, format_option, ids, known, stored
from watcher.cli.output import iso, print_json, print_table, version_json, when

if TYPE_CHECKING:
    from watcher.store import Store


@click.command()
@click.argument("source", shell_complete=ids("source"))
@config_option
@format_option
def command(source: str, config: str | None, form: str) -> None:
    """Show every version of SOURCE's policy with its dates and verdict; then its checks, rejected pages and alerts.

    Dates are kept apart: what the policy states, when its text was first seen, confirmed, last verified unchanged.

    Example: watcher history acme
    """
    with stored(config) as (_, store):
        known(store, source)
        history = _history(store, source)
    if form == "json":
        print_json(history)
        return
    columns = ("version", "first seen", "confirmed", "verified", "states", "cause", "verdict", "")
    print_table(columns, [_version_row(version) for version in history["versions"]])
    click.echo()
    print_table(("checks", "times", "from", "to", ""), [_check_row(check) for check in history["checks"]])
    if history["rejected"]:
        click.echo()
        rows = [(r["fetched_at"], r["seen"], r["rule"], r["reason"]) for r in history["rejected"]]
        print_table(("rejected at", "seen", "rule", ""), rows)
    if history["alerts"]:
        click.echo()
        rows = [(a["alert"], a["type"], a["created_at"], a["headline"]) for a in history["alerts"]]
        print_table(("alert", "type", "at", ""), rows)


def _history(store: Store, source: str) -> dict[str, Any]:
    from watcher.store import alerts, captures, sources, versions

    found = []
    for version in versions.history(store, source):
        verdict = versions.verdict_on(store, version.id)
        found.append(
            version_json(version)
            | {"verdict": verdict.level if verdict else None, "headline": verdict.headline if verdict else ""}
        )
    return {
        "source": source,
        "versions": found,
        "checks": [
            {key: check[key] for key in ("outcome", "times", "first_at", "last_at", "reason")}
            for check in sources.checks(store, source)
        ],
        "rejected": [
            {"fetched_at": iso(capture.fetched_at), "status": capture.status, "sha256": capture.sha256}
            | {key: how[key] for key in ("seen", "rule", "reason", "evidence")}
            for capture, how in captures.rejected(store, source)
        ],
        "alerts": [
            {"alert": a.id, "type": a.type, "created_at": iso(a.created_at), "headline": a.headline}
            for a in alerts.of_source(store, source)
        ],
    }


def _version_row(version: dict[str, Any]) -> tuple[object, ...]:
    from datetime import datetime

    times = [
        when(datetime.fromisoformat(version[key]) if version[key] else None)
        for key in ("first_seen", "confirmed_at", "verified_at")
    ]
    states = ", ".join(f"{d['role']} {d['date']}" for d in version["dates"] if d["date"])
    return (version["version"], *times, states or "-", version["cause"], version["verdict"] or "-", version["headline"])


def _check_row(check: dict[str, Any]) -> tuple[object, ...]:
    return (check["outcome"], check["times"], check["first_at"][:16], check["last_at"][:16], check["reason"])
