"""watcher why ALERT: alert, reasons, changes, both clauses, versions, captures, deliveries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from watcher.cli.options import config_option, format_option, stored
from watcher.cli.output import iso, print_json, reason_json, version_json, when

if TYPE_CHECKING:
    from watcher.records import Clause, VersionInfo
    from watcher.store import Store


@click.command()
@click.argument("alert", type=int)
@config_option
@format_option
def command(alert: int, config: str | None, form: str) -> None:
    """Show why ALERT was raised: each reason with its rule, change and both clauses; the captures that prove them.

    Example: watcher why 12
    """
    with stored(config) as (_, store):
        story = explain(store, alert)
    if form == "json":
        print_json(story)
    else:
        _print(story)


def explain(store: Store, id: int) -> dict[str, Any]:
    """Everything behind an alert, in the order in which a person asks."""
    from watcher.cli.ack import decision_json
    from watcher.pipeline.watch import merged
    from watcher.store import alerts, versions

    alert = alerts.alert(store, id)
    story: dict[str, Any] = {
        "alert": alert.id,
        "type": alert.type,
        "source": alert.source,
        "vendor": alert.vendor,
        "url": alert.url,
        "created_at": iso(alert.created_at),
        "headline": alert.headline,
        "detail": alert.detail,
    }
    if alert.verdict is not None and alert.before is not None and alert.after is not None:
        story["verdict"] = {"level": alert.verdict.level, "judge": alert.verdict.judge, "notes": alert.verdict.notes}
        clauses = [merged(versions.documents(store, v.id)).clauses for v in (alert.before, alert.after)]
        story["before"] = _version(store, alert.before)
        story["after"] = _version(store, alert.after)
        story["reasons"] = [
            reason_json(reason)
            | {"sentence": reason.sentence, "signals": reason.change.signals}
            | {
                "clause_old": _clause(clauses[0], reason.change.old_anchor),
                "clause_new": _clause(clauses[1], reason.change.new_anchor),
            }
            for reason in alert.verdict.reasons
        ]
    story["about"] = alert.about
    story["decisions"] = [decision_json(made) for made in alerts.decisions(store, id)]
    story["deliveries"] = [
        {"channel": d.channel, "outcome": d.outcome, "attempts": alerts.attempts(store, d.id)}
        for d in alerts.deliveries(store, id)
    ]
    return story


def _version(store: Store, version: VersionInfo) -> dict[str, Any]:
    """A version with the captures that prove it."""
    from watcher.store import captures, versions

    proofs = []
    for page in versions.pages(store, version.id):
        capture, how = captures.described(store, page.capture)
        proofs.append(
            {
                "capture": page.capture,
                "url": capture.url,
                "final_url": capture.final_url,
                "status": capture.status,
                "fetched_at": iso(capture.fetched_at),
                "sha256": capture.sha256,
                "seen": how["seen"],
            }
        )
    return version_json(version) | {"captures": proofs}


def _clause(clauses: tuple[Clause, ...], anchor: str) -> dict[str, Any] | None:
    """The whole clause that a change's quote stands in."""
    found = next((clause for clause in clauses if anchor and clause.anchor == anchor), None)
    return None if found is None else {"path": list(found.path), "text": found.text}


def _print(story: dict[str, Any]) -> None:
    click.echo(f"alert {story['alert']} ({story['type']}), {story['created_at']}: {story['vendor']}, {story['url']}")
    click.echo(f"{story['headline']}")
    if story["about"]:
        click.echo(f"a reminder of alert {story['about']}")
    if story["detail"]:
        click.echo(story["detail"])
    if "verdict" in story:
        click.echo(f"\nverdict: {story['verdict']['level']}, by rules version {story['verdict']['judge']}")
        for note in story["verdict"]["notes"]:
            click.echo(f"  {note}")
    for reason in story.get("reasons", ()):
        _print_reason(reason)
    for name in ("before", "after"):
        if name in story:
            _print_version(name, story[name])
    _print_decisions(story["decisions"])
    click.echo()
    for delivery in story["deliveries"] or [{"channel": "no channel", "outcome": "not sent", "attempts": []}]:
        click.echo(f"{delivery['channel']}: {delivery['outcome']}")
        for attempt in delivery["attempts"]:
            click.echo(f"  {attempt['at']}  {attempt['outcome']}  {attempt['answer']}")


def _print_decisions(decisions: list[dict[str, Any]]) -> None:
    if decisions:
        click.echo("\ndecisions:")
    for made in decisions:
        owner = f", for {made['owner']}" if made["owner"] else ""
        due = f", due {made['due']}" if made["due"] else ""
        note = f": {made['note']}" if made["note"] else ""
        click.echo(f"  {made['at']}  {made['decision']} by {made['by']}{owner}{due}{note}")


def _print_reason(reason: dict[str, Any]) -> None:
    click.echo(f"\n{reason['severity']}: {reason['sentence']}")
    click.echo(f"  rule {reason['rule']}; {reason['kind']} {reason['action']}: {reason['subject']}")
    if reason["before"] or reason["after"]:
        click.echo(f"  {reason['before'] or '(nothing)'} -> {reason['after'] or '(nothing)'}")
    for name, sign in (("old", "-"), ("new", "+")):
        clause = reason[f"clause_{name}"]
        quote = reason[f"quote_{name}"]
        if quote:
            click.echo(f"  {sign} {quote}")
        if clause and clause["text"] != quote:
            click.echo(f"    in: {' > '.join(clause['path'])}: {clause['text']}")


def _print_version(name: str, version: dict[str, Any]) -> None:
    from datetime import datetime

    first = when(datetime.fromisoformat(version["first_seen"]))
    click.echo(f"\n{name}: version {version['version']}, first seen {first}, read by extractor {version['extractor']}")
    for capture in version["captures"]:
        click.echo(
            f"  capture {capture['capture']}: {capture['final_url']}, {capture['status']}, {capture['fetched_at']}"
        )
        click.echo(f"    sha256 {capture['sha256']}, served {capture['seen']} times")
