"""All is well, once a week, to every channel that takes messages."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.pipeline.pages import CHANNEL, SOURCE, URL, Post, Web, policy, watching
from watcher.errors import FetchError, NotifyError
from watcher.notify.render import render
from watcher.pipeline.check import check
from watcher.pipeline.deliver import deliver
from watcher.pipeline.report import report
from watcher.pipeline.watch import Watch
from watcher.records import Alert, Channel
from watcher.store import alerts


class Inbox(Post):
    """Keeps the messages that it takes."""

    kept: list[Alert]

    def __call__(self, told: list[Alert], channel: Channel) -> str:  # type: ignore[override]
        """Take a message."""
        answer = super().__call__(told, channel)
        self.kept = [*getattr(self, "kept", []), *told]
        return answer


@pytest.fixture
def web() -> Web:
    return Web({URL: policy()})


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def watch(tmp_path: Path, web: Web, inbox: Inbox) -> Iterator[Watch]:
    """A Sunday; the source was just verified."""
    watch = replace(watching(tmp_path, web), send=inbox)
    watch = replace(watch, channels=(CHANNEL, replace(CHANNEL, id="silent", report="never")))
    asyncio.run(check(watch, SOURCE))
    yield watch
    watch.store.close()


def test_a_channel_hears_on_mondays_that_all_is_well_unless_it_will_not(watch: Watch, web: Web, inbox: Inbox) -> None:
    assert report(watch, [SOURCE]) is None
    web.clock.turn(days=1)
    asyncio.run(check(watch, SOURCE))
    id = report(watch, [SOURCE])
    assert id is not None
    assert report(watch, [SOURCE]) is None
    asyncio.run(deliver(watch))
    assert inbox.taken == [("desk", id, "report")]
    message = render(inbox.kept[0])
    assert message.subject == "Policy Watcher: All is well; policies verified: 1"
    assert "alerts would reach you here" in message.text
    web.clock.turn(days=7)
    assert report(watch, [SOURCE]) is not None


def test_a_report_that_is_refused_is_sent_again_as_the_same_message(watch: Watch, web: Web, inbox: Inbox) -> None:
    web.clock.turn(days=1)
    id = report(watch, [SOURCE])
    inbox.refusals = [NotifyError("busy", permanent=False)]
    assert [(d.alert, d.outcome) for d in asyncio.run(deliver(watch))] == [(id, "pending")]
    web.clock.turn(minutes=1)
    assert report(watch, [SOURCE]) is None
    assert [(d.alert, d.outcome) for d in asyncio.run(deliver(watch))] == [(id, "sent")]


def test_the_report_names_what_is_not_well(watch: Watch, web: Web, inbox: Inbox) -> None:
    web.pages[URL] = FetchError(f"{URL}: no answer", transient=True, reason="timeout")
    web.clock.turn(days=1)
    asyncio.run(check(watch, SOURCE))
    late = replace(SOURCE, id="other", vendor="Contoso", urls=("http://other.test/",))
    watch.store.insert("sources", {"id": "other", "vendor": "Contoso", "created_at": "2026-02-01T00:00:00.000Z"})
    alerts.rest(watch.store, "silent", web.clock.now, "busy", web.clock.now)
    report(watch, [SOURCE, late])
    asyncio.run(deliver(watch))
    [told] = inbox.kept
    assert told.headline == "Not all is well; to look at: 3"
    assert "Cannot be checked: Northwind." in told.detail
    assert "Not verified for too long: Contoso." in told.detail
    assert "refuse for now, with messages kept for them: silent." in told.detail
    for text in (render(told).text, render(told).html, str(render(told).slack)):
        assert "0 of 2 policies" in text
