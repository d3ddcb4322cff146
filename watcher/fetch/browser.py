"""Shows a page in the system's Chromium and captures the DOM it builds. Optional: Playwright for Python drives it.

A browser lives for one page: it is started, watched and ended here, so that an idle daemon carries none. Everything it
loads goes through the guard's tunnel; pictures, media and fonts are not loaded.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from watcher.errors import FetchError
from watcher.fetch.guard import Guard
from watcher.fetch.tunnel import Tunnel
from watcher.records import Capture, FetchSettings, Redirect

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium
    from playwright.async_api import CDPSession, Error, Page, Request, Response, Route

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-crash-reporter",
    "--renderer-process-limit=1",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--js-flags=--max-old-space-size=512",
)
UNLOADED = frozenset({"image", "media", "font"})
MAX_MEMORY = 1_500_000_000  #: bytes resident over all processes of the browser
POLL = 0.25  #: seconds between two looks at the page
SETTLED = 1.0  #: seconds without change after which a page with text is ready
WAITED = 6.0  #: seconds without change after which a page with little text is taken as it is
TRIFLE = 40  #: characters that may come and go without counting as a change; in a long text one in a hundred
ENOUGH = 1500  #: characters of text that a policy has at least; less may be a spinner or a check still running
#: What the page shows now: the characters of text in it and in its frames.
TEXT_LENGTH = "() => document.body ? document.body.innerText.length : 0"


@dataclass(slots=True)
class _Visit:
    """What is learnt of the main document while the page lives."""

    url: str
    redirects: list[Redirect] = field(default_factory=list)
    status: int = 0
    final_url: str = ""
    headers: tuple[tuple[str, str], ...] = ()


class Browser:
    """Renders one page at a time."""

    def __init__(self, settings: FetchSettings, guard: Guard, agent: str) -> None:
        """`agent` is added to the browser's own User-Agent."""
        self._settings, self._guard, self._agent = settings, guard, agent
        self._one = asyncio.Lock()

    async def render(self, url: str, language: str = "") -> Capture:
        """The page as a browser shows it, once its text no longer changes. FetchError where it cannot be had."""
        program = find(self._settings.browser, url)
        errors = _playwright_errors(url)
        async with self._one:
            try:
                async with asyncio.timeout(self._settings.timeout):
                    return await self._render(url, program, language)
            except TimeoutError as error:
                raise FetchError(
                    f"{url} was still building itself in the browser after {self._settings.timeout:g} s. It is tried "
                    "again at the next check; `timeout` under [fetch] allows more.",
                    transient=True,
                    reason="timeout",
                ) from error
            except errors as error:
                raise _browser_error(url, error) from error

    async def _render(self, url: str, program: str, language: str) -> Capture:
        started, now = time.monotonic(), datetime.now(UTC)
        visit = _Visit(url)
        async with (
            Tunnel(self._guard, 2 * self._settings.max_bytes, self._settings.proxy) as tunnel,
            _chromium(program, tunnel) as chromium,
        ):
            memory = await chromium.new_browser_cdp_session()
            page = await self._page(chromium, visit, language)
            try:
                await page.goto(url, wait_until="commit", timeout=0)
                await self._settle(page, visit, memory, tunnel)
            finally:
                _raise_refusal(url, tunnel)
            body = (await _html(page)).encode()
        if len(body) > self._settings.max_bytes:
            raise _too_large(url, "its text")
        return _capture(visit, body, now, time.monotonic() - started)

    async def _page(self, chromium: Chromium, visit: _Visit, language: str) -> Page:
        context = await chromium.new_context(
            user_agent=(
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
                f"HeadlessChrome/{chromium.version} Safari/537.36 {self._agent}"
            ),
            locale=language or None,
            accept_downloads=False,
            service_workers="block",
        )
        page = await context.new_page()

        async def load(route: Route, request: Request) -> None:
            await (route.abort() if request.resource_type in UNLOADED else route.continue_())

        def note(response: Response) -> None:
            request = response.request
            if request.is_navigation_request() and request.frame == page.main_frame:
                _note(visit, response)

        await page.route("**/*", load)
        page.on("response", note)
        return page

    async def _settle(self, page: Page, visit: _Visit, memory: CDPSession, tunnel: Tunnel) -> None:
        """Return when the text has stopped changing: soon where there is enough of it, later where there is not.

        A page behind a check answers 403 or 503 first and then loads itself anew: an error status has to hold as long
        as too little text. A ticking clock or a spinner's dots are no change.
        """
        length, since = -TRIFLE - 1, time.monotonic()
        while True:
            await asyncio.sleep(POLL)
            if tunnel.exhausted:
                raise _too_large(visit.url, "what it loads")
            if await _memory(memory) > MAX_MEMORY:
                raise _too_large(visit.url, "the memory it needs")
            seen = await _length(page)
            if abs(seen - length) > max(TRIFLE, length / 100):
                length, since = seen, time.monotonic()
            ready = length >= ENOUGH and visit.status < 400
            if time.monotonic() - since >= (SETTLED if ready else WAITED):
                return


def find(configured: str, url: str = "A page") -> str:
    """The path of a Chromium: the configured one, else the first of the usual names; FetchError where there is none."""
    names = (configured,) if configured else NAMES
    for name in names:
        if path := shutil.which(name):
            return path
    raise FetchError(
        f"{url} needs a browser to show its text, and none of {', '.join(names)} was found. "
        "Install one (Debian: apt-get install chromium), or name it as `browser` under [fetch].",
        transient=False,
        reason="browser-missing",
    )


def _playwright_errors(url: str) -> type[Error]:
    try:
        from playwright.async_api import Error
    except ImportError as error:
        raise FetchError(
            f"{url} needs a browser to show its text, and Playwright, which drives it, is not installed: "
            "pip install 'policy-watcher[browser]'",
            transient=False,
            reason="browser-missing",
        ) from error
    return Error


@contextlib.asynccontextmanager
async def _chromium(program: str, tunnel: Tunnel) -> AsyncIterator[Chromium]:
    """A browser with a home of its own that is gone afterwards."""
    from playwright.async_api import async_playwright

    # As root Chromium refuses to start with its sandbox; as anybody else the sandbox stays.
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else list(FLAGS)
    with tempfile.TemporaryDirectory(prefix="watcher-browser-", ignore_cleanup_errors=True) as home:
        async with async_playwright() as playwright:
            chromium = await playwright.chromium.launch(
                executable_path=program,
                args=flags,
                proxy={"server": tunnel.url, "bypass": "<-loopback>"},
                env={"HOME": home, "PATH": os.environ.get("PATH", ""), "TMPDIR": home},
                chromium_sandbox=os.geteuid() != 0,
            )
            try:
                yield chromium
            finally:
                await chromium.close()


def _note(visit: _Visit, response: Response) -> None:
    if 300 <= response.status < 400:
        visit.redirects.append(Redirect(url=response.url, status=response.status))
        return
    visit.status, visit.final_url = response.status, response.url
    kept = ((name.lower(), value) for name, value in response.headers.items())
    # The DOM is written out as UTF-8, whatever the page was sent in.
    visit.headers = (
        *((name, value) for name, value in kept if name not in ("content-type", "content-length", "content-encoding")),
        ("content-type", "text/html; charset=utf-8"),
    )


async def _length(page: Page) -> int:
    """Characters of text shown; -1 while the page is between two documents."""
    from playwright.async_api import Error

    total = 0
    for frame in page.frames:
        try:
            total += int(await frame.evaluate(TEXT_LENGTH))
        except Error:
            if frame == page.main_frame:
                return -1
    return total


async def _html(page: Page) -> str:
    """The page's DOM as HTML. Where the text is in frames (hosted policies), their content follows it."""
    from playwright.async_api import Error

    html = await page.content()
    if await page.evaluate(TEXT_LENGTH) >= ENOUGH:
        return html
    parts = []
    for frame in page.frames[1:]:
        with contextlib.suppress(Error):
            parts.append(f"<section>{await frame.evaluate('() => document.body.innerHTML')}</section>")
    head, end, tail = html.rpartition("</body>")
    return head + "".join(parts) + end + tail if end else html


async def _memory(session: CDPSession) -> int:
    """Bytes resident over the browser's processes."""
    answer = await session.send("SystemInfo.getProcessInfo")
    page_size = os.sysconf("SC_PAGE_SIZE")
    total = 0
    for process in answer["processInfo"]:
        with contextlib.suppress(OSError):
            total += int(Path(f"/proc/{process['id']}/statm").read_text().split()[1]) * page_size
    return total


def _capture(visit: _Visit, body: bytes, now: datetime, elapsed: float) -> Capture:
    return Capture(
        url=visit.url,
        final_url=visit.final_url or visit.url,
        redirects=tuple(visit.redirects),
        status=visit.status or 200,
        headers=visit.headers,
        fetched_at=now,
        elapsed=elapsed,
        body=body,
        sha256=hashlib.sha256(body).hexdigest(),
        rendered=True,
    )


def _raise_refusal(url: str, tunnel: Tunnel) -> None:
    """The guard's own words where it is the page itself that was refused."""
    host = url.split("/")[2].rpartition("@")[2]
    name = host.partition("]")[0].lstrip("[") if host.startswith("[") else host.partition(":")[0]
    if error := tunnel.refused.get(name):
        raise error


def _too_large(url: str, what: str) -> FetchError:
    message = f"{url} is too large for the browser ({what}) and was given up. Watch a lighter page of the policy."
    return FetchError(message, transient=False, reason="too-large")


def _browser_error(url: str, error: Exception) -> FetchError:
    """What Chromium said, as one line. Its net error names are codes, not prose."""
    words = str(error).strip().splitlines()[0]
    code = next((word.strip(" .,:") for word in words.split() if "ERR_" in word), "")
    for part, reason, transient in (
        ("ERR_CERT_", "tls", False),
        ("ERR_SSL_", "tls", True),
        ("ERR_NAME_", "dns", True),
        ("ERR_TOO_MANY_REDIRECTS", "redirect", False),
        ("ERR_", "connect", True),
    ):
        if part in code:
            message = f"{url} could not be loaded by the browser ({code}). It is tried again at the next check."
            return FetchError(message, transient=transient, reason=reason)
    return FetchError(f"The browser failed on {url}: {words}", transient=True, reason="browser")
