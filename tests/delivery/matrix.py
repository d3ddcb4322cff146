"""Plays faults to the daemon as a process, and kills it with -9 at one moment: what arrives, and how often.

`python -m tests.delivery.matrix` prints the table of docs/messages.md.
"""

from __future__ import annotations

import asyncio
import itertools
import signal
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from tests.daemon.process import Daemon, wait_until
from tests.delivery.endpoints import FAULTS, MOMENTS, Endpoint, Mailserver, Moment, Webhook
from tests.pipeline.pages import CHANNEL, SOURCE, URL, Clock, Web, policy, watching
from watcher.errors import FetchError
from watcher.notify.story import key_of
from watcher.pipeline.check import check
from watcher.store import Store, alerts

#: faults that one daemon meets together; a server that hangs needs a time-out of its own
GROUPS: tuple[tuple[str, ...], ...] = (tuple(fault for fault in FAULTS if fault != "hangs"), ("hangs",))
KINDS = ("Slack", "e-mail", "JSON webhook")

#: The real program; only the place where Slack stands is another one: the port that a channel's token names.
PROGRAM = (
    "-c",
    "from watcher.notify.plugins import SlackCourier; from watcher.cli import main; "
    "SlackCourier.webhook_url = property(lambda self: 'http://127.0.0.1:' + self.token_c.removeprefix('port')); main()",
)
HEAD = 'retry_pause = "0.1s"\nretry_longest = "0.2s"\n'  #: of [watch]: what an operator may set too


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What came of one channel under one fault."""

    kind: str
    fault: str
    moment: Moment
    told: frozenset[str]  #: keys of the alerts
    taken: tuple[str, ...]  #: keys of the messages that arrived, in order
    recorded: frozenset[str]  #: outcomes of its deliveries in the end
    pauses: tuple[float, ...]  #: seconds that it was left alone after asking for WAIT

    @property
    def duplicates(self) -> int:
        """Messages that arrived once more, under the same key."""
        return len(self.taken) - len(set(self.taken))


def play(folder: Path, faults: Sequence[str], moment: Moment) -> list[Case]:
    """One daemon, three channels for each fault, two alerts, one kill -9 with every channel at that moment."""
    killed = threading.Event()
    with serving(faults, moment, killed) as endpoints:
        told = write_alerts(folder, endpoints)
        daemon = Daemon(folder, "".join(map(channel, endpoints)), program=PROGRAM)
        daemon.path.write_text(daemon.path.read_text().replace("[watch]\n", "[watch]\n" + HEAD))
        with daemon:
            wait_until(lambda: nurse(daemon, endpoints) and all(e.held.is_set() for e in endpoints), daemon)
            daemon.kill()
            killed.set()
            for endpoint in endpoints:
                if not endpoint.is_up:
                    endpoint.up()
            daemon.start()
            wait_until(lambda: nurse(daemon, endpoints) and is_all_recorded(daemon, endpoints, told), daemon)
        with Store(daemon.database) as store:
            return [case(store, endpoint, told) for endpoint in endpoints]


@contextmanager
def serving(faults: Iterable[str], moment: Moment, killed: threading.Event) -> Iterator[list[Endpoint]]:
    """Three endpoints for each fault, up unless they are down at the start."""
    endpoints: list[Endpoint] = []
    for number, (fault, kind) in enumerate(itertools.product(faults, KINDS)):
        make = Mailserver if kind == "e-mail" else Webhook
        endpoints.append(make(kind, f"c{number}", fault, moment, killed))
    try:
        for endpoint in endpoints:
            if endpoint.fault != "down at start":
                endpoint.up()
        yield endpoints
    finally:
        killed.set()
        for endpoint in endpoints:
            endpoint.down()


def channel(endpoint: Endpoint) -> str:
    """A channel of sources.toml for an endpoint."""
    timeouts = "rto=3&cto=3" if endpoint.fault == "hangs" else "rto=20"
    url = {
        "Slack": f"slack://T0HARBOUR/B0LAMPS/port{endpoint.port}/?{timeouts}",
        "e-mail": f"mailto://127.0.0.1:{endpoint.port}/?from=w@office.example&to=dpo@office.example&{timeouts}",
        "JSON webhook": f"json://127.0.0.1:{endpoint.port}/hook?{timeouts}",
    }[endpoint.kind]
    return f'[[channel]]\nid = "{endpoint.name}"\nurl = "{url}"\nreport = "never"\n'


def write_alerts(folder: Path, endpoints: Iterable[Endpoint]) -> frozenset[str]:
    """A change and a problem, told to every channel by real checks; the keys of their messages."""
    web = Web({URL: policy()}, Clock(datetime.now(UTC)))
    watch = watching(folder, web, confirm=False, problem_after=1)
    watch = replace(watch, channels=tuple(replace(CHANNEL, id=e.name) for e in endpoints))
    pages = (policy(), policy(replace=("6 months", "24 months")), FetchError("gone", transient=True, reason="dns"))
    for page in pages:
        web.pages[URL] = page
        asyncio.run(check(watch, SOURCE))
    told = frozenset(map(key_of, alerts.of_source(watch.store, SOURCE.id)))
    watch.store.close()
    assert len(told) == 2
    return told


def nurse(daemon: Daemon, endpoints: Sequence[Endpoint]) -> bool:
    """Do what happens around the daemon: servers come up once they were missed, an operator mends what is gone."""
    for endpoint in endpoints:
        if not endpoint.is_up and lines(daemon, "not sent yet", endpoint):
            if endpoint.moment == "before send":
                endpoint.held.set()  # killed while it waits for its next attempt
            else:
                endpoint.up()
        if endpoint.refused_for_good and endpoint.plays and lines(daemon, "outcome=failed", endpoint):
            endpoint.mend()
            daemon.signal(signal.SIGHUP)
    return True


def lines(daemon: Daemon, words: str, endpoint: Endpoint) -> bool:
    """Whether a line of the log says so of a channel."""
    return any(words in line and f"channel={endpoint.name} " in line for line in daemon.log.splitlines())


def is_all_recorded(daemon: Daemon, endpoints: Sequence[Endpoint], told: frozenset[str]) -> bool:
    """Whether everything arrived, and the database knows."""
    if not all(told <= set(endpoint.taken) for endpoint in endpoints):
        return False
    with Store(daemon.database) as store:
        return all(outcome == "sent" for _, outcome in alerts.tally(store))


def case(store: Store, endpoint: Endpoint, told: frozenset[str]) -> Case:
    """What came of one endpoint."""
    return Case(
        kind=endpoint.kind,
        fault=endpoint.fault,
        moment=endpoint.moment,
        told=told,
        taken=tuple(endpoint.taken),
        recorded=frozenset(outcome for channel, outcome in alerts.tally(store) if channel == endpoint.name),
        pauses=tuple(endpoint.pauses),
    )


def main() -> None:
    """Play all, and print the duplicates of each case."""
    cases = []
    for faults, moment in itertools.product(GROUPS, MOMENTS):
        with tempfile.TemporaryDirectory() as folder:
            cases += play(Path(folder), faults, moment)
    print(table(cases))


def table(cases: Sequence[Case]) -> str:
    """Duplicates by fault and moment, Slack / e-mail / JSON webhook."""
    found = {(c.fault, c.moment, c.kind): str(c.duplicates) for c in cases}
    rows = ["| fault | " + " | ".join(f"killed {m}" for m in MOMENTS) + " |", "|---" * (len(MOMENTS) + 1) + "|"]
    for fault in FAULTS:
        cells = (" / ".join(found[fault, moment, kind] for kind in KINDS) for moment in MOMENTS)
        rows.append(f"| {fault} | " + " | ".join(cells) + " |")
    total = sum(c.duplicates for c in cases)
    arrived = sum(c.told <= set(c.taken) for c in cases)
    return "\n".join(rows) + f"\n\n{arrived} of {len(cases)} cases arrived whole; {total} duplicates"


if __name__ == "__main__":
    sys.exit(main())
