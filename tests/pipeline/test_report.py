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
from watcher.pipeline.report import report
from watcher.pipeline.watch import Watch
from watcher.records import Alert, Channel


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
    assert asyncio.run(report(watch, [SOURCE])) == []
    web.clock.turn(days=1)
    asyncio.run(check(watch, SOURCE))
    inbox.refusals = [NotifyError("busy", permanent=False)]
    assert [asyncio.run(report(watch, [SOURCE])) for _ in range(3)] == [[], ["desk"], []]
    message = render(inbox.kept[0])
    assert message.subject == "Policy Watcher: All is well; policies verified: 1"
    assert "alerts would reach you here" in message.text
    web.clock.turn(days=7)
    assert asyncio.run(report(watch, [SOURCE])) == ["desk"]


def test_the_report_names_what_is_not_well(watch: Watch, web: Web, inbox: Inbox) -> None:
    web.pages[URL] = FetchError(f"{URL}: no answer", transient=True, reason="timeout")
    web.clock.turn(days=1)
    asyncio.run(check(watch, SOURCE))
    late = replace(SOURCE, id="other", vendor="Contoso", urls=("http://other.test/",))
    watch.store.insert("sources", {"id": "other", "vendor": "Contoso", "created_at": "2026-02-01T00:00:00.000Z"})
    asyncio.run(report(watch, [SOURCE, late]))
    [told] = inbox.kept
    assert told.headline == "Not all is well; to look at: 2"
    assert "Cannot be checked: Northwind." in told.detail
    assert "Not verified for too long: Contoso." in told.detail
    for text in (render(told).text, render(told).html, str(render(told).slack)):
        assert "0 of 2 policies" in text
