"""One check of one source, with a real database and made-up pages."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.pipeline.pages import NONE, SOURCE, URL, Web, policy, watching
from watcher.errors import FetchError
from watcher.extract import extract
from watcher.pipeline import pure, reread
from watcher.pipeline.check import check
from watcher.pipeline.watch import Watch
from watcher.records import Capture, CheckResult, NotModified, Rejection, Source, Validators
from watcher.store import alerts, captures, sources, versions

COOKIES = b"<html><body><main><h1>Cookies</h1><p>We set one cookie to keep you signed in.</p></main></body></html>"


@pytest.fixture
def web() -> Web:
    return Web({URL: policy()})


@pytest.fixture
def watch(tmp_path: Path, web: Web) -> Iterator[Watch]:
    watch = watching(tmp_path, web)
    yield watch
    watch.store.close()


def checked(watch: Watch, web: Web, source: Source = SOURCE, *, wait: float = 3600) -> CheckResult:
    web.clock.turn(seconds=wait)
    return asyncio.run(check(watch, source))


def bodies(watch: Watch) -> int:
    return len(watch.store.rows("SELECT 1 FROM bodies"))


def test_the_first_check_stores_a_version_and_tells_nobody(watch: Watch, web: Web) -> None:
    assert checked(watch, web).outcome == "first"
    [version] = versions.history(watch.store, SOURCE.id)
    assert (version.sequence, version.cause, version.confirmed_at) == (1, "first", None)
    [page] = versions.pages(watch.store, version.id)
    assert captures.load(watch.store, page.capture).body == policy()
    assert alerts.of_source(watch.store, SOURCE.id) == []


def test_an_unchanged_page_is_verified_without_being_read_or_stored_again(watch: Watch, web: Web) -> None:
    checked(watch, web)
    before = bodies(watch)
    assert checked(watch, web).outcome == "unchanged"
    web.validators = False
    assert checked(watch, web).outcome == "unchanged"
    assert web.asked == [(URL, "200"), (URL, "304"), (URL, "200")]
    state = sources.state(watch.store, SOURCE.id)
    assert state is not None
    assert state.verified_at == web.clock.now
    assert bodies(watch) == before
    assert [c["times"] for c in sources.checks(watch.store, SOURCE.id)] == [1, 2]


def test_other_furniture_around_the_same_clauses_is_verified_and_its_validators_are_kept(
    watch: Watch, web: Web
) -> None:
    checked(watch, web)
    web.pages[URL] = policy(furniture="Sale today")
    assert checked(watch, web).outcome == "unchanged"
    assert checked(watch, web).outcome == "unchanged"
    assert web.asked[-1] == (URL, "304")
    assert (bodies(watch), len(versions.history(watch.store, SOURCE.id))) == (1, 1)


def test_a_changed_text_is_told_only_when_a_later_fetch_shows_it_again(watch: Watch, web: Web) -> None:
    checked(watch, web)
    web.pages[URL] = policy(replace=("6 months", "24 months"))
    assert checked(watch, web).outcome == "candidate"
    first_seen = web.clock.now
    state = sources.state(watch.store, SOURCE.id)
    assert state is not None
    assert state.next_check_at is not None
    assert (state.next_check_at - first_seen).total_seconds() == watch.settings.confirm_after
    assert checked(watch, web, wait=10).outcome == "candidate"
    result = checked(watch, web, wait=290)
    assert result.outcome == "changed"
    assert result.verdict is not None
    _, new = versions.history(watch.store, SOURCE.id)
    assert (new.cause, new.first_seen, new.confirmed_at) == ("change", first_seen, web.clock.now)
    assert versions.verdict_on(watch.store, new.id) == result.verdict
    assert checked(watch, web).outcome == "unchanged"


def test_a_text_that_is_gone_at_the_next_fetch_is_never_told(watch: Watch, web: Web) -> None:
    checked(watch, web)
    web.pages[URL] = policy(replace=("6 months", "24 months"))
    checked(watch, web)
    web.pages[URL] = policy()
    assert checked(watch, web).outcome == "unchanged"
    web.pages[URL] = policy(replace=("6 months", "24 months"))
    assert checked(watch, web).outcome == "candidate"
    assert len(versions.history(watch.store, SOURCE.id)) == 1


def test_a_page_that_alternates_is_reported_once_and_recovers_once_it_settles(watch: Watch, web: Web) -> None:
    texts = [policy(), policy(replace=("6 months", "24 months"))]
    outcomes = []
    for i in range(12):
        web.pages[URL] = texts[i % 2]
        outcomes.append(checked(watch, web).outcome)
    assert "changed" not in outcomes
    assert outcomes.count("flapping") > 2
    assert [a.type for a in alerts.of_source(watch.store, SOURCE.id)] == ["problem"]
    for _ in range(5):
        outcomes.append(checked(watch, web).outcome)
    assert outcomes[-4:] == ["flapping", "changed", "unchanged", "unchanged"]
    assert "recovery" in [a.type for a in alerts.of_source(watch.store, SOURCE.id)]


def test_a_return_to_an_older_text_after_a_while_is_a_change(watch: Watch, web: Web) -> None:
    checked(watch, web)
    outcomes = []
    for text in (policy(replace=("6 months", "24 months")), policy()):
        web.pages[URL] = text
        outcomes.append([checked(watch, web).outcome for _ in range(5)])
    assert outcomes == [["candidate", "changed", "unchanged", "unchanged", "unchanged"]] * 2
    assert len(watch.store.rows("SELECT 1 FROM documents")) == 2


def test_failures_become_one_problem_and_one_recovery(watch: Watch, web: Web) -> None:
    checked(watch, web)
    web.pages[URL] = FetchError(f"{URL}: no answer. Check the address", transient=True, reason="timeout")
    outcomes = [checked(watch, web).outcome for _ in range(5)]
    assert outcomes == ["failed"] * 5
    [problem] = alerts.of_source(watch.store, SOURCE.id)
    assert problem.type == "problem"
    assert "no answer" in problem.detail
    web.pages[URL] = policy()
    assert checked(watch, web).outcome == "unchanged"
    _, recovery = alerts.of_source(watch.store, SOURCE.id)
    assert recovery.type == "recovery"
    assert "5 h" in recovery.detail
    assert [d.channel for d in alerts.deliveries(watch.store, recovery.id)] == ["desk"]


def test_a_rejected_page_is_kept_with_the_reason_and_is_no_change(
    watch: Watch, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked(watch, web)
    verdict = Rejection(rule="error-page", sentence="The page is an error page.", evidence="Service unavailable")
    monkeypatch.setattr("watcher.pipeline.pure.inspect", lambda *_: verdict)
    web.pages[URL] = b"<html><body><h1>Service unavailable</h1></body></html>"
    result = checked(watch, web)
    assert (result.outcome, result.rejection) == ("rejected", verdict)
    assert checked(watch, web).outcome == "rejected"
    [(capture, how)] = captures.rejected(watch.store, SOURCE.id)
    assert (how["rule"], how["seen"]) == ("error-page", 2)
    assert captures.load(watch.store, 2).sha256 == capture.sha256
    state = sources.state(watch.store, SOURCE.id)
    assert state is not None
    assert (state.failures, state.reason) == (2, "The page is an error page.")


class TestAPageThatWasRefused:
    """It is refused again without being read again, for as long as nothing changes that its refusal hangs on."""

    MENU = b"<html><body><h1>Our menu</h1>%s</body></html>" % b"".join(
        b"<p>On day %d there is soup with bread, then a pear from the garden, and after that a cup of coffee.</p>" % day
        for day in range(12)
    )

    @pytest.fixture
    def reads(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """Each page that is read; the real reading goes on."""
        read: list[str] = []

        def counted(capture: Capture, *args: Any, **more: Any) -> Any:
            read.append(capture.url)
            return pure.read_page(capture, *args, **more)

        monkeypatch.setattr("watcher.pipeline.understand.read_page", counted)
        return read

    def test_when_the_server_says_304_or_serves_the_same_bytes(self, watch: Watch, web: Web, reads: list[str]) -> None:
        checked(watch, web)
        web.pages[URL] = self.MENU
        first = checked(watch, web)
        again = checked(watch, web)
        web.validators = False
        third = checked(watch, web)
        assert (first.outcome, again, replace(third, problem=None)) == ("rejected", first, first)
        assert [how for _, how in web.asked] == ["200", "200", "304", "200"]
        assert len(reads) == 2
        [(_, how)] = captures.rejected(watch.store, SOURCE.id)
        assert (how["seen"], how["rule"]) == (3, again.rejection and again.rejection.rule)
        state = sources.state(watch.store, SOURCE.id)
        assert state is not None
        assert (state.failures, state.outcome) == (3, "rejected")

    def test_and_never_accepted_before(self, watch: Watch, web: Web, reads: list[str]) -> None:
        web.pages[URL] = self.MENU
        assert [checked(watch, web).outcome for _ in range(3)] == ["rejected"] * 3
        assert len(reads) == 1
        web.pages[URL] = policy()
        assert checked(watch, web).outcome == "first"

    def test_until_the_policy_is_back(self, watch: Watch, web: Web, reads: list[str]) -> None:
        checked(watch, web)
        web.pages[URL] = self.MENU
        checked(watch, web)
        web.pages[URL] = policy()
        assert checked(watch, web).outcome == "unchanged"
        web.pages[URL] = self.MENU
        assert checked(watch, web).outcome == "rejected"
        assert len(reads) == 3

    def test_or_the_operator_has_other_parts_of_it_read(self, watch: Watch, web: Web, reads: list[str]) -> None:
        web.pages[URL] = self.MENU
        checked(watch, web)
        assert checked(watch, web, replace(SOURCE, remove=("h1",))).outcome == "rejected"
        assert len(reads) == 2

    def test_but_a_page_of_which_a_browser_may_make_more_is_read_each_time(
        self, watch: Watch, web: Web, reads: list[str]
    ) -> None:
        web.pages[URL] = b"<html><body><div id=root></div><script src=app.js></script></body></html>"
        for _ in range(2):
            result = checked(watch, web)
            assert result.rejection is not None
            assert result.rejection.browser_may_help
        assert len(reads) > 2

    def test_with_the_parts_of_the_policy_that_are_fine(self, watch: Watch, web: Web, reads: list[str]) -> None:
        menu = "http://vendor.test/menu"
        both = replace(SOURCE, urls=(URL, menu))
        web.pages[menu] = self.MENU
        assert checked(watch, web, both).outcome == "rejected"
        web.pages[URL] = policy(extra=("We keep your camera's serial number for 24 months.",))
        again = checked(watch, web, both)
        assert (again.outcome, menu in again.reason) == ("rejected", True)
        assert reads.count(menu) == 1


def test_the_server_s_wish_to_wait_is_obeyed(watch: Watch, web: Web) -> None:
    checked(watch, web)
    web.pages[URL] = FetchError("429", transient=True, reason="status", retry_after=9000)
    checked(watch, web)
    state = sources.state(watch.store, SOURCE.id)
    assert state is not None
    assert state.next_check_at is not None
    assert (state.next_check_at - web.clock.now).total_seconds() == 9000


def test_a_newer_extractor_reads_the_old_capture_again_and_tells_nobody(
    watch: Watch, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked(watch, web)
    newer = replace(SOURCE, remove=("main p:last-of-type",))
    web.pages[URL] = policy().replace(
        b"<main>", b"<form><p>Sale today, in words that may be part of a policy.</p></form><main>"
    )
    for module in (pure, reread):
        monkeypatch.setattr(module, "extract", lambda body, **more: extract(body.replace(b"Children", b"Kids"), **more))
    assert checked(watch, web, newer).outcome == "unchanged"
    assert [v.cause for v in versions.history(watch.store, SOURCE.id)] == ["first", "reread"]
    assert alerts.of_source(watch.store, SOURCE.id) == []


def test_several_pages_make_one_version_only_when_all_were_accepted(watch: Watch, web: Web) -> None:
    cookies = "http://vendor.test/cookies"
    both = Source(id="northwind", vendor="Northwind", urls=(URL, cookies), jitter=0.0)
    web.pages[cookies] = FetchError("cookies: gone", transient=True, reason="status")
    assert checked(watch, web, both).outcome == "failed"
    assert versions.history(watch.store, SOURCE.id) == []
    web.pages[cookies] = COOKIES
    assert checked(watch, web, both).outcome == "first"
    assert checked(watch, web, both).outcome == "unchanged"
    web.pages[cookies] = web.pages[cookies].replace(b"one cookie", b"two cookies")
    assert [checked(watch, web, both).outcome for _ in range(2)] == ["candidate", "changed"]
    new = versions.history(watch.store, SOURCE.id)[-1]
    assert [p.url for p in versions.pages(watch.store, new.id)] == [URL, cookies]


def test_giving_a_source_other_pages_is_not_news(watch: Watch, web: Web) -> None:
    checked(watch, web)
    cookies = "http://vendor.test/cookies"
    web.pages[cookies] = COOKIES
    both = Source(id="northwind", vendor="Northwind", urls=(URL, cookies), jitter=0.0)
    assert checked(watch, web, both).outcome == "unchanged"
    assert [v.cause for v in versions.history(watch.store, SOURCE.id)] == ["first", "reread"]
    assert checked(watch, web, both).outcome == "unchanged"


def test_a_check_that_another_process_overtook_leaves_no_trace(watch: Watch, web: Web) -> None:
    class Slow(Web):
        async def fetch(
            self, url: str, validators: Validators = NONE, *, robots: bool = True, language: str = ""
        ) -> Capture | NotModified:
            web.clock.turn(seconds=1)
            inner.append(await check(watch, SOURCE))
            return await web.fetch(url, validators)

    inner: list[CheckResult] = []
    outer = asyncio.run(check(replace(watch, fetcher=Slow()), SOURCE))
    assert [outer.outcome, inner[0].outcome] == ["skipped", "first"]
    assert len(versions.history(watch.store, SOURCE.id)) == 1
