"""Plays the script against the real daemon: its own process, an SQLite file, short intervals, a webhook as inbox."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import click

from watcher.demo.script import ACTS, NAMES, Act, Vendor, page
from watcher.demo.site import Inbox, Message, Site
from watcher.store import Store, alerts, versions

PATIENCE = 25.0  #: seconds a message may take
VISITS = 3  #: checks of a page after which, if no message came, none will
LINGER = 1.5  #: seconds in which a message that nobody should get would still arrive

CONFIG = """\
# Written by `watcher demo`: two vendors on this machine, and an interval no real site should be visited at.
[watch]
database = "watcher.db"
confirm_after = "1s"
problem_after = 2

[fetch]
contact = "demo@example.org"
private_addresses = true
delay = "0s"
retries = 0
timeout = "5s"

[defaults]
interval = "1s"
jitter = "0s"

[[channel]]
id = "inbox"
url = "{inbox}"
format = "text"
"""
SOURCE = """
[[source]]
id = "{id}"
vendor = "{vendor}"
url = "{url}"
"""


@dataclass(slots=True)
class Stage:
    """Everything the demo runs: the sites, the inbox, the daemon and the folder with its files."""

    folder: Path
    sites: dict[Vendor, Site]
    inbox: Inbox
    daemon: subprocess.Popen[bytes]
    started: float = field(default_factory=time.monotonic)

    @property
    def config(self) -> Path:
        """The daemon's sources.toml."""
        return self.folder / "sources.toml"

    def alive(self) -> None:
        """Raise where the daemon has ended, with the last lines of its log."""
        if self.daemon.poll() is not None:
            lines = (self.folder / "daemon.log").read_text(encoding="utf8", errors="replace").splitlines()
            raise DemoError("the daemon ended by itself; the end of its log:\n" + "\n".join(lines[-15:]))


class DemoError(Exception):
    """The demo did not come out as it must; the message says where."""


@contextmanager
def staged(folder: Path) -> Iterator[Stage]:
    """The sites, the inbox and the daemon, up and running; all of them ended afterwards."""
    if (folder / "watcher.db").exists():
        raise DemoError(f"{folder} holds an earlier demo; name another folder, or delete it")
    sites = {vendor: Site(folder / f"{vendor}.html") for vendor in NAMES}
    inbox = Inbox()
    for vendor, site in sites.items():
        site.file.write_text(page(vendor), encoding="utf8")
    for server in (*sites.values(), inbox):
        server.up()
    text = CONFIG.format(inbox=inbox.url)
    text += "".join(SOURCE.format(id=vendor, vendor=NAMES[vendor], url=site.url) for vendor, site in sites.items())
    (folder / "sources.toml").write_text(text, encoding="utf8")
    with (folder / "daemon.log").open("wb") as log:
        daemon = subprocess.Popen(
            [sys.executable, "-m", "watcher", "run", "--config", str(folder / "sources.toml")],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            yield Stage(folder, sites, inbox, daemon)
        finally:
            daemon.terminate()
            try:
                daemon.wait(10)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()
            for server in (*sites.values(), inbox):
                server.down()


def play(stage: Stage) -> list[str]:
    """Play all acts, telling the story as it goes; gives what did not come out as it must, empty if all did."""
    wrong: list[str] = []
    _wait(stage, lambda: all(site.visits for site in stage.sites.values()), "both pages to be read a first time")
    click.echo(f"Two vendors are being watched; their policies were read {_since(stage)} after the start.")
    told = 0
    for number, act in enumerate(ACTS, start=1):
        click.echo()
        click.secho(f"{number}. {act.says}", bold=True)
        messages = _perform(stage, act)
        _show(messages)
        if messages and not told:
            click.echo(f"   (The first alert came {_since(stage, messages[0].at)} after the start.)")
        told += len(messages)
        if problem := _judge(act, messages):
            wrong.append(f"Act {number} ({act.says}): {problem}")
            click.secho(f"   WRONG: {problem}", fg="red")
    return wrong


def follow(stage: Stage) -> None:
    """Leave everything running for a look around, and show what comes, until Ctrl-C."""
    click.echo(
        "\nThe daemon goes on watching. Edit a page and wait:\n"
        + "".join(f"  {site.file}\n" for site in stage.sites.values())
        + f"or look around from another terminal:\n  watcher sources --config {stage.config}\n"
        "Ctrl-C ends the demo."
    )
    shown = len(stage.inbox.messages)
    with contextlib.suppress(KeyboardInterrupt):
        while True:
            stage.alive()
            if new := stage.inbox.messages[shown:]:
                click.echo()
                _show(new)
                shown += len(new)
            time.sleep(0.2)


def audit(folder: Path, told: int) -> list[str]:
    """What the database, after the daemon has ended, says otherwise than the inbox of `told` messages."""
    with Store(folder / "watcher.db") as store:
        recorded = [alert for vendor in NAMES for alert in alerts.of_source(store, vendor)]
        unsent = [
            alert.id for alert in recorded if any(d.outcome != "sent" for d in alerts.deliveries(store, alert.id))
        ]
        kept = {vendor: len(versions.history(store, vendor)) for vendor in NAMES}
    wrong = []
    if len(recorded) != told:
        wrong.append(f"the database holds {len(recorded)} alerts, the inbox got {told} messages")
    if unsent:
        wrong.append(f"alerts {unsent} do not count as sent in the database")
    wrong += [f"{NAMES[vendor]} has {count} versions instead of 2" for vendor, count in kept.items() if count != 2]
    return wrong


def _perform(stage: Stage, act: Act) -> list[Message]:
    """Do what the act says; the messages that came of it."""
    before, site = len(stage.inbox.messages), stage.sites[act.vendor]
    act.do(site)
    visits = site.visits
    if act.expect:
        _wait(stage, lambda: len(stage.inbox.messages) > before, "a message", required=False)
    else:
        _wait(stage, lambda: site.visits >= visits + VISITS, f"{VISITS} checks of {site.url}")
    time.sleep(LINGER)
    return stage.inbox.messages[before:]


def _judge(act: Act, messages: list[Message]) -> str:
    """What is wrong with these messages; "" if nothing is."""
    wanted = 1 if act.expect else 0
    if len(messages) != wanted:
        return f"{len(messages)} messages instead of {wanted}"
    told = "".join(message.title + message.body for message in messages)
    missing = [words for words in act.expect if words not in told]
    return f"the message does not hold {', '.join(missing)}" if missing else ""


def _wait(stage: Stage, until: Callable[[], bool], what: str, *, required: bool = True) -> None:
    end = time.monotonic() + PATIENCE
    while not until():
        stage.alive()
        if time.monotonic() > end:
            if required:
                raise DemoError(f"waited {PATIENCE:.0f} s for {what}")
            return
        time.sleep(0.05)


def _show(messages: list[Message]) -> None:
    if not messages:
        click.echo("   Nobody was told.")
    for message in messages:
        body = message.body.strip().removeprefix(message.title).strip()
        click.secho(f"   | {message.title}", fg="cyan")
        for line in body.splitlines():
            click.echo(f"   | {line}".rstrip())


def _since(stage: Stage, moment: float | None = None) -> str:
    return f"{(moment or time.monotonic()) - stage.started:.1f} s"
