"""watcher notify: test, preview, retry."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.server import Answer, Site
from watcher.cli import cli
from watcher.errors import ConfigError, NotifyError, StoreError
from watcher.records import Source
from watcher.store import Store, alerts, sources

Run = Callable[..., Result]
NOW = datetime.now(UTC)
OLD = NOW - timedelta(days=30)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """The database beside the configuration, with one source and one given-up alert about it."""
    with Store(tmp_path / "watcher.db") as store:
        source = Source(id="harbour", vendor="Harbour Lamps", urls=("https://harbour-lamps.example/privacy",))
        sources.sync(store, {source.id: NOW}, [source], NOW)
        id = alerts.add(
            store, "problem", source.id, url=source.urls[0], headline="Out of reach", channels=["desk"], now=OLD
        )
        [delivery] = alerts.claim(store, "desk", OLD, 1)
        assert delivery.alert == id
        alerts.give_up(store, delivery, "failed", "HTTP 404", OLD)
        yield store


@pytest.fixture
def run(tmp_path: Path, site: Site, store: Store) -> Run:
    """The command line over that database, with one channel to the local server."""
    config = tmp_path / "sources.toml"
    config.write_text(
        f"""
        [watch]
        database = "watcher.db"
        [[source]]
        id = "harbour"
        vendor = "Harbour Lamps"
        url = "https://harbour-lamps.example/privacy"
        [[channel]]
        id = "desk"
        url = "json://127.0.0.1:{site.port}/in"
        """
    )

    def run(*words: str) -> Result:
        return CliRunner().invoke(cli, [*words[:2], "--config", str(config), *words[2:]])

    return run


def test_a_test_message_arrives_and_the_answer_is_shown(run: Run, site: Site) -> None:
    site.route("/in", Answer(status=202))
    result = run("notify", "test", "desk")
    assert result.output == "channel desk: HTTP 202\n"
    assert json.loads(site.hits[0].body)["type"] == "test"


def test_a_test_message_that_is_refused_says_why(run: Run, site: Site) -> None:
    site.route("/in", Answer("no such hook", status=404))
    with pytest.raises(NotifyError, match=r"channel desk: 127\.0\.0\.1 answered HTTP 404, “no such hook”"):
        raise run("notify", "test", "desk").exception or AssertionError


def test_an_unknown_channel_or_alert_is_named(run: Run) -> None:
    assert isinstance(run("notify", "test", "dest").exception, ConfigError)
    assert isinstance(run("notify", "preview", "99").exception, StoreError)


@pytest.mark.parametrize(
    ("look", "sign"), [("text", "Out of reach"), ("slack", '"blocks"'), ("email", "<html"), ("json", '"version": 1')]
)
def test_a_preview_shows_each_form_and_sends_nothing(run: Run, site: Site, look: str, sign: str) -> None:
    assert sign in run("notify", "preview", "1", "--channel", look).output
    assert site.hits == []


def test_what_was_given_up_goes_out_again_and_is_not_given_up_at_once_for_its_age(run: Run, store: Store) -> None:
    assert alerts.stopped(store) == {"desk": "HTTP 404"}
    assert run("notify", "retry", "desk").output == "alert 1, channel desk: goes out again (it was: HTTP 404)\n"
    assert alerts.stopped(store) == {}
    assert alerts.expire(store, datetime.now(UTC) - timedelta(days=7)) == []
    assert [d.alert for d in alerts.claim(store, "desk", datetime.now(UTC), 5)] == [1]
    assert run("notify", "retry").output == "nothing was given up\n"


def test_what_has_not_arrived_is_listed_with_the_last_answer(run: Run, store: Store) -> None:
    alerts.add(store, "problem", "harbour", headline="Later", channels=["gone"], now=NOW)
    listed = [line.split() for line in run("notify", "unsent").stdout.splitlines()]
    assert listed[1][:6] == ["1", "desk", "refused", "for", "good", "1"]
    assert listed[1][-2:] == ["HTTP", "404"]
    assert listed[2][:4] == ["2", "gone", "waits", "0"]
    found = json.loads(run("notify", "unsent", "--format", "json").stdout)
    assert [(d["alert"], d["outcome"], d["error"]) for d in found] == [(1, "failed", "HTTP 404"), (2, "pending", "")]


def test_doctor_names_what_was_given_up_and_what_waits_for_nobody(run: Run, store: Store) -> None:
    alerts.add(store, "problem", "harbour", headline="Lost", channels=["lost"], now=OLD)
    alerts.expire(store, NOW)
    alerts.add(store, "problem", "harbour", headline="Later", channels=["gone"], now=NOW)
    said = run("doctor").stdout
    assert "given up: 1; `watcher notify unsent` lists them" in said
    assert "channel gone" in said
