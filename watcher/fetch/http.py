"""Fetches pages over HTTP: one shared client, conditional, polite, bounded in time and size, every hop checked.

What a person must know of an answer is in the Capture or in the FetchError; the decisions in it (transient, how long
to wait) come from exception types and status codes alone. RFC 9110 (HTTP), RFC 9309 (robots.txt).
"""

from __future__ import annotations

import asyncio
import hashlib
import html
import logging
import random
import re
import ssl
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Self

import httpcore
import httpx

from watcher import __version__
from watcher.errors import FetchError
from watcher.fetch.body import read
from watcher.fetch.browser import Browser
from watcher.fetch.guard import Guard, GuardedNetwork
from watcher.fetch.hosts import Hosts
from watcher.fetch.robots import Robots
from watcher.fetch.trouble import StatusError, redirect_error, status_message, transport_error
from watcher.records import Capture, FetchSettings, NotModified, Redirect, Validators

NAME = "policy-watcher"  #: product token: of the User-Agent, and what a robots.txt would name us by
KEEP_ALIVE = 15.0  #: seconds an unused connection is kept
TRANSIENT = frozenset({408, 425, 429})  #: below 500, what passes by itself
PERMANENT = frozenset({501, 505})  #: from 500 on, what does not
REDIRECTS = frozenset({301, 302, 303, 307, 308})
RETRIED = frozenset({"connect", "connection", "status", "robots"})  #: reasons worth a second try within one check
STUB = 4096  #: bytes; only a page this small is taken for a stub that sends its visitors on
_NOSCRIPT = re.compile(rb"<noscript\b.*?</noscript\s*>", re.IGNORECASE | re.DOTALL)
#: <meta http-equiv="refresh" content="0; url=..."> that goes on at once (up to 5 seconds)
_REFRESH = re.compile(
    rb"""<meta\b(?=[^>]*http-equiv\s*=\s*["']?refresh\b)[^>]*content\s*=\s*["']?\s*[0-5]\s*[;,]\s*url\s*=\s*["']?([^"'>]+)""",
    re.IGNORECASE,
)
NO_VALIDATORS = Validators()
ACCEPT = "text/html,application/xhtml+xml,application/pdf;q=0.9,text/*;q=0.8,*/*;q=0.5"

log = logging.getLogger(__name__)
# httpx logs a line for every request, which is ours to do.
logging.getLogger("httpx").setLevel(logging.WARNING)


@dataclass(slots=True)
class _Answer:
    """One response, read to its end."""

    status: int
    headers: httpx.Headers
    body: bytes

    @property
    def leads_to(self) -> str:
        """Where the answer sends us on to: a redirect's Location, or a stub page's refresh; "" if it is a page."""
        if self.status in REDIRECTS:
            return str(self.headers.get("location", ""))
        if self.status != 200 or len(self.body) > STUB or b"refresh" not in self.body.lower():
            return ""
        # Without a script engine the refresh of a <noscript> would count for us; it leads to an apology, not a policy.
        tag = _REFRESH.search(_NOSCRIPT.sub(b"", self.body))
        return html.unescape(tag[1].decode("utf-8", "replace")).strip() if tag else ""


class Fetcher:
    """Fetches pages through one shared client; an async context manager, one for the whole program."""

    def __init__(self, settings: FetchSettings) -> None:
        """Limits, politeness and name as in `settings`."""
        self.settings = settings
        self.guard = Guard(settings.private_addresses)
        self.agent = user_agent(settings)
        self._hosts = Hosts(settings)
        self._slots = asyncio.Semaphore(settings.concurrency)
        self._browser = Browser(settings, self.guard, self.agent)
        self._robots = Robots(self.agent.partition("/")[0].partition(" ")[0])
        self._transport = _transport(settings, self.guard)

    async def __aenter__(self) -> Self:
        """Ready to fetch."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close all connections."""
        await self._transport.aclose()

    async def fetch(
        self, url: str, validators: Validators = NO_VALIDATORS, *, robots: bool = True, language: str = ""
    ) -> Capture | NotModified:
        """The page at an address, or word that it is what it was when it gave these validators.

        `robots`: obey robots.txt. `language`: preferred language (ISO 639-1) where the site offers several. What is
        transient is tried again, with growing pauses, as often as the settings allow; then FetchError.
        """
        for attempt in range(self.settings.retries + 1):
            try:
                return await self._visit(url, validators, robots, language)
            except FetchError as error:
                pause = self._pause(error, attempt)
                if pause is None:
                    raise
                log.info("trying again", extra={"url": url, "reason": error.reason, "pause": pause})
                await asyncio.sleep(pause)
        raise AssertionError("the last attempt either returned or raised")

    async def render(self, url: str, *, robots: bool = True, language: str = "") -> Capture:
        """The page as a browser shows it, for pages that scripts build or that check their visitor first.

        Tried once. FetchError with the reason "browser-missing" says what to install.
        """
        address = _parse(url)
        if robots:
            await self._obey_robots(address)
        async with self._hosts.turn(address.host):
            capture = await self._browser.render(url, language)
        self._judge(capture)
        return capture

    def _pause(self, error: FetchError, attempt: int) -> float | None:
        """Seconds until the next attempt; None: there is none."""
        if not error.transient or error.reason not in RETRIED or attempt >= self.settings.retries:
            return None
        if error.retry_after is not None and error.retry_after > self.settings.timeout:
            return None
        pause = self.settings.backoff * 2.0**attempt * random.uniform(0.75, 1.25)
        return max(pause, error.retry_after or 0.0)

    async def _visit(self, url: str, validators: Validators, robots: bool, language: str) -> Capture | NotModified:
        """One attempt: follow the redirects to an answer, and judge its status."""
        started, now = time.monotonic(), datetime.now(UTC)
        trail: list[Redirect] = []
        cookies = httpx.Cookies()
        headers = [("accept-language", f"{language}, *;q=0.5")] if language else []
        address = _parse(url)
        while True:
            if robots:
                await self._obey_robots(address)
            conditions = _conditions(validators, str(address))
            answer = await self._get(address, headers + conditions, cookies, spaced=not trail)
            if answer.status == 304 and conditions:
                return NotModified(url=url, fetched_at=now)
            if not answer.leads_to:
                break
            trail.append(Redirect(url=str(address), status=answer.status))
            address = self._next_hop(url, address, answer, trail, cookies)
        capture = _capture(url, address, trail, answer, now, time.monotonic() - started)
        self._judge(capture)
        return capture

    async def _obey_robots(self, address: httpx.URL) -> None:
        delay = await self._robots.check(address, self._get_robots)
        if delay:
            self._hosts.slow_down(address.host, delay)

    async def _get_robots(self, url: str) -> tuple[int, bytes]:
        address, trail = _parse(url), list[Redirect]()
        while True:
            answer = await self._get(address, [], httpx.Cookies(), spaced=False)
            if not answer.leads_to:
                return answer.status, answer.body
            trail.append(Redirect(url=str(address), status=answer.status))
            address = self._next_hop(url, address, answer, trail, httpx.Cookies())

    def _next_hop(
        self, url: str, address: httpx.URL, answer: _Answer, trail: list[Redirect], cookies: httpx.Cookies
    ) -> httpx.URL:
        """Where a redirect leads; FetchError for a loop, too many of them, or a place that is not the web."""
        try:
            target = address.join(answer.leads_to).copy_with(fragment=None)
        except httpx.InvalidURL as error:
            raise redirect_error(url, f"to an unusable address ({error})") from error
        if target.scheme not in ("http", "https") or not target.host:
            raise redirect_error(url, f"to {target}, which is not a web page")
        before = len(cookies)
        cookies.extract_cookies(
            httpx.Response(answer.status, headers=answer.headers, request=httpx.Request("GET", address))
        )
        # A page may send us back to itself once it has set a cookie; without a new cookie that is a loop.
        if len(cookies) == before and str(target) in {hop.url for hop in trail}:
            raise redirect_error(url, f"in a circle: {' > '.join([*(hop.url for hop in trail), str(target)])}")
        if len(trail) > self.settings.max_redirects:
            raise redirect_error(url, f"more than {self.settings.max_redirects} times, at last to {target}")
        if address.scheme == "https" and target.scheme == "http":
            log.warning("redirected from https to http", extra={"url": str(address), "target": str(target)})
        return target

    async def _get(
        self, address: httpx.URL, headers: list[tuple[str, str]], cookies: httpx.Cookies, *, spaced: bool
    ) -> _Answer:
        """One request, when the host's turn comes, read to its end within the limits of time and size."""
        if self.settings.proxy:
            self.guard.pass_on(address.host)
        request = httpx.Request("GET", address, headers=self._headers(headers), cookies=cookies or None)
        async with self._hosts.turn(address.host, spaced=spaced), self._slots:
            try:
                async with asyncio.timeout(self.settings.timeout):
                    response = await self._transport.handle_async_request(request)
                    try:
                        body = await read(response, str(address), self.settings.max_bytes)
                    finally:
                        await response.aclose()
            except TimeoutError as error:
                raise FetchError(
                    f"{address} was not read to its end within {self.settings.timeout:g} s. It is tried again at the "
                    "next check; `timeout` under [fetch] allows more.",
                    transient=True,
                    reason="timeout",
                ) from error
            except (httpx.TransportError, httpx.InvalidURL, ssl.SSLError, OSError) as error:
                raise transport_error(str(address), error, proxied=bool(self.settings.proxy)) from error
        answer = _Answer(response.status_code, response.headers, body)
        if answer.status in (429, 503) and (wait := retry_after(answer.headers.get("retry-after", ""))):
            self._hosts.close(address.host, wait)
        return answer

    def _headers(self, more: list[tuple[str, str]]) -> list[tuple[str, str]]:
        # Only gzip is offered: it can be unpacked with a limit on what comes out.
        return [("user-agent", self.agent), ("accept", ACCEPT), ("accept-encoding", "gzip"), *more]

    def _judge(self, capture: Capture) -> None:
        """Pass a page that came with a status of success, else StatusError."""
        if 200 <= capture.status < 300:
            return
        transient = capture.status in TRANSIENT or (capture.status >= 500 and capture.status not in PERMANENT)
        wait = retry_after(capture.header("retry-after"))
        raise StatusError(status_message(capture, wait), capture, transient=transient, retry_after=wait)


def user_agent(settings: FetchSettings) -> str:
    """How we introduce ourselves: who fetches, and where a site's owner can complain."""
    contact = f" (+{settings.contact})" if settings.contact else ""
    return (settings.user_agent or f"{NAME}/{__version__}{contact}").encode("ascii", "ignore").decode()


def retry_after(value: str) -> float | None:
    """The seconds that a Retry-After header asks for, given as a number or as a date; None if it says neither."""
    if value.strip().isdigit():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None


def _transport(settings: FetchSettings, guard: Guard) -> httpx.AsyncHTTPTransport:
    """The one pool of connections and the one SSL context of a Fetcher (each costs 42 ms, so not one a page).

    A transport, not a client: what a client adds (cookies that outlive a visit, redirects, authentication, proxies) is
    either ours to decide or would get around the guard.
    """
    context = httpx.create_ssl_context()
    transport = httpx.AsyncHTTPTransport(verify=context, http2=True)
    proxy = httpx.Proxy(settings.proxy) if settings.proxy else None
    # httpx has no public place for a network backend of one's own; a test holds that this one is used.
    transport._pool = httpcore.AsyncConnectionPool(
        ssl_context=context,
        proxy=httpcore.Proxy(str(proxy.url), auth=proxy.raw_auth) if proxy else None,
        max_connections=2 * settings.concurrency,
        max_keepalive_connections=settings.concurrency,
        keepalive_expiry=KEEP_ALIVE,
        http2=True,
        # The proxy itself may well be on private ground: whoever configured it vouches for it.
        network_backend=None if proxy else GuardedNetwork(guard),
    )
    return transport


def _parse(url: str) -> httpx.URL:
    try:
        address = httpx.URL(url).copy_with(fragment=None)
    except httpx.InvalidURL as error:
        raise FetchError(f"{url!r} is not a usable address: {error}.", transient=False, reason="address") from error
    if address.scheme not in ("http", "https") or not address.host:
        message = f"{url!r} is not a web address; it must start with https:// or http://."
        raise FetchError(message, transient=False, reason="address")
    return address


def _conditions(validators: Validators, address: str) -> list[tuple[str, str]]:
    """The headers of a conditional GET; none where the validators are another address's."""
    if validators.url and validators.url != address:
        return []
    pairs = (("if-none-match", validators.etag), ("if-modified-since", validators.last_modified))
    return [(name, value) for name, value in pairs if value]


def _capture(
    url: str, address: httpx.URL, trail: list[Redirect], answer: _Answer, now: datetime, elapsed: float
) -> Capture:
    return Capture(
        url=url,
        final_url=str(address),
        redirects=tuple(trail),
        status=answer.status,
        headers=tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in answer.headers.raw),
        fetched_at=now,
        elapsed=elapsed,
        body=answer.body,
        sha256=hashlib.sha256(answer.body).hexdigest(),
    )
