"""watcher ack ALERT: what a person decided about an alert."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

import click

from watcher.cli.options import config_option, stored
from watcher.cli.output import iso

if TYPE_CHECKING:
    from watcher.records import Decision

DECISIONS = ("accept", "escalate", "not-material")


@click.command()
@config_option
@click.argument("alert", type=int)
@click.option("--by", required=True, help="Who decided.")
@click.option("--decision", type=click.Choice(DECISIONS), default="accept", show_default=True)
@click.option("--note", default="", help="Why, in a few words.")
@click.option("--owner", default="", help="Who sees to it.")
@click.option("--due", type=click.DateTime(["%Y-%m-%d"]), help="Until the end of which day (UTC), as in 2026-03-31.")
def command(
    config: str | None,
    alert: int,
    by: str,
    decision: Literal["accept", "escalate", "not-material"],
    note: str,
    owner: str,
    due: datetime | None,
) -> None:
    """Acknowledge ALERT: write down who decided what about it, and stop its reminders.

    accept: it is as the alert says. not-material: it was not worth an alert; `watcher feedback export` gives it as an
    example to learn from. escalate: OWNER sees to it; reminders begin again when DUE is over. Decisions are never
    overwritten: the last one counts, `watcher why` shows all.

    Example: watcher ack 12 --by "Ana Lim" --decision escalate --owner legal --due 2026-03-31
    """
    from watcher.records import Decision
    from watcher.store import alerts

    end = None if due is None else due.replace(hour=23, minute=59, second=59, tzinfo=UTC)
    made = Decision(alert=alert, at=datetime.now(UTC), by=by, decision=decision, note=note, owner=owner, due=end)
    with stored(config) as (_, store):
        alerts.decide(store, made)
        about = alerts.decisions(store, alert)[-1].alert
    click.echo(f"alert {about}: {decision} by {by}")


def decision_json(made: Decision) -> dict[str, Any]:
    """A decision for tools."""
    return {
        "at": iso(made.at),
        "by": made.by,
        "decision": made.decision,
        "note": made.note,
        "owner": made.owner,
        "due": None if made.due is None else f"{made.due:%Y-%m-%d}",
    }
