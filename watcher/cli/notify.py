"""watcher notify: try a channel, look at a message, list what has not arrived, send again what was given up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from watcher.cli.options import config_option, format_option, ids, stored
from watcher.cli.output import iso, print_json, print_table, when

if TYPE_CHECKING:
    from watcher.notify.render import Message
    from watcher.records import Alert, Delivery

LOOKS = ("text", "slack", "email", "json")


@click.group()
def command() -> None:
    """Try a channel, look at a message, list what has not arrived, or send again what was given up.

    Example: watcher notify test office
    """


@command.command()
@config_option
@click.argument("channel", shell_complete=ids("channel"))
def test(config: str | None, channel: str) -> None:
    """Send a test message to CHANNEL and say what its server answered.

    Example: watcher notify test office
    """
    from watcher.config import load
    from watcher.notify.send import send

    loaded = load(config)
    answer = send(_greeting(), loaded.channel(channel), templates=loaded.templates, language=loaded.language)
    click.echo(f"channel {channel}: {answer}")


@command.command()
@config_option
@click.argument("alert", type=int)
@click.option("--channel", "look", type=click.Choice(LOOKS), default="text", help="Whose form of the message.")
@click.option("--open", "shown", is_flag=True, help="Open it in a browser (slack, email).")
def preview(config: str | None, alert: int, look: str, shown: bool) -> None:
    """Print the message of ALERT as a channel gets it; nothing is sent.

    Example: watcher notify preview 12 --channel email --open
    """
    from watcher.notify.render import render
    from watcher.store import alerts

    with stored(config) as (loaded, store):
        found = alerts.alert(store, alert)
    message = render(found, templates=loaded.templates, language=loaded.language)
    if shown and look in {"slack", "email"}:
        _show(message, look)
    else:
        click.echo(_printed(message, look))


@command.command()
@config_option
@format_option
def unsent(config: str | None, form: str) -> None:
    """List what has not arrived: what waits, what a channel refused for good, what was given up.

    Example: watcher notify unsent
    """
    from watcher.store import alerts

    with stored(config) as (_, store):
        waiting = alerts.unsent(store)
    if form == "json":
        print_json([_unsent_json(delivery) for delivery in waiting])
        return
    rows = [(d.alert, d.channel, SAYINGS.get(d.outcome, "waits"), d.attempt, when(d.due_at), d.error) for d in waiting]
    print_table(("alert", "channel", "", "attempts", "due", "last answer"), rows)


#: what people call the outcomes that are no success
SAYINGS = {"failed": "refused for good", "dead": "given up"}


def _unsent_json(delivery: Delivery) -> dict[str, object]:
    return {
        "alert": delivery.alert,
        "channel": delivery.channel,
        "outcome": delivery.outcome,
        "attempts": delivery.attempt,
        "due_at": iso(delivery.due_at),
        "error": delivery.error,
    }


@command.command()
@config_option
@click.argument("channel", required=False, shell_complete=ids("channel"))
@click.option("--alert", type=int, help="Only the message of this alert.")
def retry(config: str | None, channel: str | None, alert: int | None) -> None:
    """Send once more what was given up, for CHANNEL or all; a channel that was stopped is taken up again.

    The daemon sends it within seconds; without one, `watcher check` does.

    Example: watcher notify retry office
    """
    from datetime import UTC, datetime

    from watcher.store import alerts

    with stored(config) as (loaded, store):
        known = loaded.channel(channel).id if channel else None
        stopped = alerts.stopped(store)
        again = alerts.resend(store, datetime.now(UTC), channel=known, alert=alert)
    for delivery in again:
        click.echo(f"alert {delivery.alert}, channel {delivery.channel}: goes out again (it was: {delivery.error})")
    if known in stopped and not again:
        click.echo(f"channel {known}: taken up again (it was stopped: {stopped[known]})")
    elif not again:
        click.echo("nothing was given up")


def _greeting() -> Alert:
    """A test message, as an alert of its own type."""
    from datetime import UTC, datetime

    from watcher.records import Alert

    return Alert(
        id=0, type="test", source="test", vendor="Policy Watcher", url="", created_at=datetime.now(UTC), headline=""
    )


def _printed(message: Message, look: str) -> str:
    import json

    if look == "text":
        return message.text
    if look == "email":
        return message.html
    return json.dumps(message.slack if look == "slack" else message.data, ensure_ascii=False, indent=2)


def _show(message: Message, look: str) -> None:
    """Write the page to a file of its own and open it."""
    import tempfile
    from pathlib import Path

    from watcher.notify.render import slack_page

    page = message.html if look == "email" else slack_page(message)
    file = Path(tempfile.mkdtemp(prefix="watcher-")) / "preview.html"
    file.write_text(page, encoding="utf8")
    if click.launch(file.as_uri()):
        click.echo(f"no browser could be started; open {file}", err=True)
    else:
        click.echo(str(file))
