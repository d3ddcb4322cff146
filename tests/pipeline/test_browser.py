"""render = "auto": a real browser is asked where the gate says that it may help, and only there."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.pipeline.pages import SOURCE, Web, policy, watching
from tests.server import Answer, Site
from watcher.fetch import Fetcher
from watcher.pipeline.check import check
from watcher.records import CheckResult, FetchSettings, Source

needs_chromium = pytest.mark.skipif(
    not shutil.which("chromium"), reason="needs a system Chromium: CI=true tests/chromium.sh (Debian, as root)"
)
SHELL = (
    "<html><body><div id=root></div><script src=/app.js></script><noscript>Enable JavaScript.</noscript></body></html>"
)
BUILD = "fetch('/api').then(r => r.text()).then(t => { document.getElementById('root').outerHTML = t })"


def checked(tmp_path: Path, url: str, *, browser: str = "", **changed: Any) -> CheckResult:
    """One check with the real fetcher and the real browser."""
    source: Source = replace(SOURCE, urls=(url,), **changed)

    async def run() -> CheckResult:
        settings = FetchSettings(delay=0, backoff=0.01, retries=0, private_addresses=True, browser=browser)
        watch = watching(tmp_path, Web())
        async with Fetcher(settings) as fetcher:
            result = await check(replace(watch, fetcher=fetcher, browser=fetcher), source)
        watch.store.close()
        return result

    return asyncio.run(run())


def challenge(site: Site) -> str:
    """A page that lets a browser in after a second, and answers 403 until then."""

    def door(hit: Any) -> Answer:
        if "passed=1" in hit.headers.get("cookie", ""):
            return Answer(policy())
        script = "setTimeout(() => { document.cookie = 'passed=1'; location.reload() }, 1000)"
        return Answer(
            "<html><head><title>Just a moment...</title></head><body><h1>Checking your browser before you proceed</h1>"
            f"<p>Verify you are human.</p><script>{script}</script></body></html>",
            status=403,
            headers={"cf-mitigated": "challenge", "Server": "cloudflare"},
        )

    return site.handle("/privacy", door)


@needs_chromium
@pytest.mark.browser
def test_a_script_shell_is_read_with_a_browser(site: Site, tmp_path: Path) -> None:
    site.route("/app.js", Answer(BUILD, type="text/javascript"))
    site.route("/api", Answer(policy()))
    assert checked(tmp_path, site.page("/privacy", SHELL)).outcome == "first"


@needs_chromium
@pytest.mark.browser
def test_a_bot_check_that_answers_403_is_passed_with_a_browser(site: Site, tmp_path: Path) -> None:
    assert checked(tmp_path, challenge(site)).outcome == "first"


def test_without_a_browser_a_script_shell_says_what_to_install(site: Site, tmp_path: Path) -> None:
    result = checked(tmp_path, site.page("/privacy", SHELL), browser="/nonexistent/chromium")
    assert result.outcome == "rejected"
    assert "apt-get install chromium" in result.reason


def test_render_never_asks_no_browser(site: Site, tmp_path: Path) -> None:
    result = checked(tmp_path, challenge(site), render="never", browser="/nonexistent/chromium")
    assert (result.outcome, "403" in result.reason, "chromium" in result.reason) == ("failed", True, False)


def test_a_plain_refusal_needs_no_browser(site: Site, tmp_path: Path) -> None:
    url = site.route("/privacy", Answer("<h1>404 Not Found</h1>", status=404))
    result = checked(tmp_path, url, browser="/nonexistent/chromium")
    assert (result.outcome, "404" in result.reason) == ("failed", True)
