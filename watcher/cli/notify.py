"""watcher notify: try a channel, look at a message, send again what was given up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from watcher.cli.options import config_option

if TYPE_CHECKING:
    from watcher.notify.render import Message
    from watcher.records import Alert

LOOKS = ("text", "slack", "email", "json")


@click.group()
def command() -> None:
    """Try a channel, look at a message, or send again what was given up.

    Example: watcher notify test office
    """


@command.command()
@config_option
@click.argument("channel")
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
    from watcher.config import load
    from watcher.notify.render import render
    from watcher.store import alerts
    from watcher.store.db import Store

    loaded = load(config)
    with Store(loaded.database) as store:
        found = alerts.alert(store, alert)
    message = render(found, templates=loaded.templates, language=loaded.language)
    if shown and look in {"slack", "email"}:
        _show(message, look)
    else:
        click.echo(_printed(message, look))


@command.command()
@config_option
@click.argument("channel")
def retry(config: str | None, channel: str) -> None:
    """Send to CHANNEL again: a stopped channel is taken up, and what it refused within the last week goes out.

    Example: watcher notify retry office
    """
    from datetime import UTC, datetime, timedelta

    from watcher.config import load
    from watcher.store import alerts
    from watcher.store.db import Store

    loaded = load(config)
    known = loaded.channel(channel)
    now = datetime.now(UTC)
    with Store(loaded.database) as store:
        stopped = alerts.stopped(store).get(known.id)
        alerts.resume(store, known.id, now - timedelta(seconds=loaded.watch.keep_sending), now)
    click.echo(f"channel {known.id}: taken up again (it had stopped: {stopped})" if stopped else _not_stopped(known.id))


def _not_stopped(channel: str) -> str:
    return f"channel {channel}: not stopped; what waits for it is sent at the next delivery"


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
