"""Rendering in a real Chromium, against pages that build themselves with scripts."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import time
from typing import Any

import pytest

from tests.fetch.test_http import settings
from tests.server import Answer, Site
from watcher.errors import FetchError
from watcher.fetch import Fetcher, StatusError
from watcher.records import Capture

needs_chromium = pytest.mark.skipif(
    not shutil.which("chromium"), reason="needs a system Chromium: CI=true tests/chromium.sh (Debian, as root)"
)
POLICY = "".join(
    f"<p>{number}. We keep the records of kind {number} for {number} months.</p>" for number in range(1, 60)
)
WORDS = "We keep the records of kind 7 for 7 months."


def page(script: str) -> str:
    """A page that is empty until its script runs."""
    return f"<!doctype html><title>Privacy</title><body><div id=root></div><script>{script}</script></body>"


def render(url: str, *, robots: bool = False, **changed: Any) -> Capture:
    """One rendering with a fetcher of its own."""

    async def run() -> Capture:
        async with Fetcher(settings(**({"timeout": 20.0} | changed))) as fetcher:
            return await fetcher.render(url, robots=robots)

    return asyncio.run(run())


def refused(url: str, **changed: Any) -> FetchError:
    """The error that a rendering ends in."""
    with pytest.raises(FetchError) as caught:
        render(url, **changed)
    return caught.value


@needs_chromium
@pytest.mark.browser
class TestRendering:
    def test_a_policy_that_a_script_builds_from_an_api_is_captured(self, site: Site) -> None:
        site.route("/api", Answer(POLICY, wait=0.7))
        url = site.page("/privacy", page("fetch('/api').then(r => r.text()).then(t => root.innerHTML = t)"))
        capture = render(url)
        assert WORDS in capture.body.decode()
        assert (capture.rendered, capture.status, capture.final_url) == (True, 200, url)
        assert capture.header("content-type") == "text/html; charset=utf-8"

    def test_it_says_who_it_is_and_loads_no_pictures(self, site: Site) -> None:
        url = site.page("/privacy", POLICY + "<img src=/a.png><script src=/a.js></script>")
        render(url, contact="privacy@example.org")
        assert "policy-watcher/" in site.asked("/privacy")[0].headers["user-agent"]
        assert (len(site.asked("/a.js")), len(site.asked("/a.png"))) == (1, 0)

    def test_a_check_that_lets_us_in_after_a_second_is_waited_for(self, site: Site) -> None:
        def door(hit: Any) -> Answer:
            if "passed=1" in hit.headers.get("cookie", ""):
                return Answer(POLICY)
            script = "setTimeout(() => { document.cookie = 'passed=1'; location.reload() }, 1000)"
            return Answer(f"<h1>Just a moment...</h1><script>{script}</script>", status=403)

        capture = render(site.handle("/privacy", door))
        assert (capture.status, WORDS in capture.body.decode()) == (200, True)

    def test_a_refusal_that_stays_is_a_status_error_with_its_page(
        self, site: Site, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("watcher.fetch.browser.WAITED", 2.0)
        error = refused(site.route("/privacy", Answer("<h1>Access denied</h1>", status=403)))
        assert isinstance(error, StatusError)
        assert b"Access denied" in error.capture.body

    def test_an_endless_spinner_is_taken_as_it_is_for_the_gate_to_judge(
        self, site: Site, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("watcher.fetch.browser.WAITED", 2.0)
        spin = "let n = 0; setInterval(() => { root.textContent = 'Loading' + '.'.repeat(n++ % 4) }, 100)"
        start = time.monotonic()
        capture = render(site.page("/privacy", page(spin)), timeout=12.0)
        assert b"Loading" in capture.body
        assert time.monotonic() - start < 12

    def test_a_page_that_never_stops_growing_or_computing_ends_in_time(self, site: Site) -> None:
        grow = page("setInterval(() => { root.innerHTML += '<p>' + 'word '.repeat(root.innerHTML.length + 9) }, 100)")
        hang = page("while (true) {}")
        for script in (grow, hang):
            assert refused(site.page("/privacy", script), timeout=4.0).reason in {"timeout", "too-large"}

    def test_redirects_by_the_server_are_recorded(self, site: Site) -> None:
        final = site.page("/policy", POLICY)
        start = site.redirect("/privacy", "/policy", 301)
        capture = render(start)
        assert [(hop.url, hop.status) for hop in capture.redirects] == [(start, 301)]
        assert (capture.url, capture.final_url) == (start, final)

    def test_a_policy_in_a_frame_is_captured_with_the_page(self, site: Site, site2: Site) -> None:
        inner = site2.page("/hosted", POLICY)
        capture = render(site.page("/privacy", f"<h1>Privacy</h1><iframe src='{inner}'></iframe>"))
        assert WORDS in capture.body.decode()

    def test_the_guard_holds_for_the_page(self, site: Site) -> None:
        error = refused(site.page("/privacy", POLICY), private_addresses=False)
        assert (error.reason, error.transient) == ("address", False)

    def test_the_guard_holds_for_what_a_page_loads(
        self, site: Site, site2: Site, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """127.0.0.1 passes for a public address here, localhost (as ::1 or 127.0.0.1 by name) does not."""
        from watcher.fetch.guard import Guard

        real = Guard.resolve

        async def resolve(guard: Guard, host: str, port: int) -> list[str]:
            return ["127.0.0.1"] if host == "127.0.0.1" else await real(guard, host, port)

        monkeypatch.setattr(Guard, "resolve", resolve)
        site2.page("/secret", "x")
        url = site.page("/privacy", POLICY + f"<script src='{site2.url}/secret'></script>")
        assert WORDS in render(url, private_addresses=False).body.decode()
        assert site2.hits == []

    def test_an_unreachable_host_is_transient(self, site: Site) -> None:
        url = site.page("/p", POLICY)
        site.down()
        error = refused(url)
        assert (error.transient, error.reason) == (True, "connect")

    def test_no_browser_is_left_behind(self, site: Site) -> None:
        render(site.page("/privacy", POLICY))
        assert not _children("chromium")


def _children(name: str) -> list[str]:
    """Command lines of our own descendants that name a program."""
    parents: dict[int, int] = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/stat") as stat:
                parents[int(entry)] = int(stat.read().rpartition(")")[2].split()[1])
        except OSError:
            continue
    ours = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in ours} - ours:
        ours |= more
    found = []
    for pid in ours - {os.getpid()}:
        try:
            with open(f"/proc/{pid}/cmdline") as command:
                found.append(command.read())
        except OSError:
            continue
    return [line for line in found if name in line]


def test_without_a_chromium_it_says_what_to_install(site: Site) -> None:
    error = refused(site.page("/privacy", POLICY), browser="/nonexistent/chromium")
    assert (error.reason, error.transient) == ("browser-missing", False)
    assert "apt-get install chromium" in str(error)
    assert "/nonexistent/chromium" in str(error)


def test_without_playwright_it_says_what_to_install(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "playwright.async_api", None)
    error = refused(site.page("/privacy", POLICY), browser=sys.executable)
    assert (error.reason, error.transient) == ("browser-missing", False)
    assert "pip install 'policy-watcher[browser]'" in str(error)


def test_robots_txt_closes_a_page_to_the_browser_too(site: Site) -> None:
    site.robots("User-agent: *\nDisallow: /")
    assert refused(site.page("/privacy", POLICY), robots=True).reason == "robots"
