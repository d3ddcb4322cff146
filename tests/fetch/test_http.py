"""The fetcher against a real server that behaves and misbehaves."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from tests.server import Answer, Certificate, Site
from watcher.errors import FetchError
from watcher.fetch import Fetcher, StatusError
from watcher.fetch.http import retry_after
from watcher.records import Capture, FetchSettings, NotModified, Validators

PAGE = "<h1>Privacy policy</h1><p>We keep order records for 6 months.</p>"


def settings(**changed: Any) -> FetchSettings:
    """Quick and loopback-friendly settings."""
    return FetchSettings(**({"backoff": 0.01, "delay": 0.0, "timeout": 3.0, "private_addresses": True} | changed))


def fetch(url: str, validators: Validators = Validators(), *, robots: bool = True, **changed: Any) -> Any:  # noqa: B008
    """One fetch with a fetcher of its own."""

    async def run() -> Capture | NotModified:
        async with Fetcher(settings(**changed)) as fetcher:
            return await fetcher.fetch(url, validators, robots=robots)

    return asyncio.run(run())


def refused(url: str, **changed: Any) -> FetchError:
    """The error that a fetch ends in."""
    with pytest.raises(FetchError) as caught:
        fetch(url, **changed)
    return caught.value


def test_a_page_comes_with_everything_needed_to_prove_it(site: Site) -> None:
    url = site.page("/privacy", PAGE)
    capture = fetch(url + "#top")
    assert (capture.body, capture.status, capture.final_url) == (PAGE.encode(), 200, url)
    assert capture.header("content-type") == "text/html; charset=utf-8"
    assert len(capture.sha256) == 64
    assert datetime.now(UTC) - capture.fetched_at < timedelta(seconds=10)
    assert 0 < capture.elapsed < 5


def test_it_introduces_itself_with_a_contact(site: Site) -> None:
    fetch(site.page("/privacy", PAGE), contact="mailto:privacy@example.org")
    assert site.asked("/privacy")[0].headers["user-agent"] == "policy-watcher/0.1.0 (+mailto:privacy@example.org)"


@pytest.mark.parametrize("validator", [{"etag": '"v1"'}, {"last_modified": "Sat, 21 Nov 2026 10:00:00 GMT"}])
def test_an_unchanged_page_is_not_sent_again(site: Site, validator: dict[str, str]) -> None:
    url = site.route("/privacy", Answer(PAGE, **validator))  # type: ignore[arg-type]
    answer = fetch(url, Validators(**validator))
    assert isinstance(answer, NotModified)
    assert answer.url == url


def test_validators_of_another_address_are_not_used(site: Site) -> None:
    url = site.route("/privacy", Answer(PAGE, etag='"v1"'))
    assert isinstance(fetch(url, Validators(etag='"v1"', url=site.url + "/old")), Capture)
    assert isinstance(fetch(url, Validators(etag='"v1"', url=url)), NotModified)


def test_redirects_are_followed_and_recorded_hop_by_hop(site: Site, site2: Site) -> None:
    final = site2.page("/policy", PAGE)
    middle = site.redirect("/middle", final, 308)
    start = site.redirect("/start", "/middle", 301)
    capture = fetch(start)
    assert [(hop.url, hop.status) for hop in capture.redirects] == [(start, 301), (middle, 308)]
    assert (capture.url, capture.final_url, capture.body) == (start, final, PAGE.encode())


def test_a_redirect_loop_is_told_from_a_long_chain(site: Site) -> None:
    site.redirect("/a", "/b")
    loop = refused(site.redirect("/b", "/a"))
    for hop in range(5):
        site.redirect(f"/{hop}", f"/{hop + 1}")
    long = refused(site.url + "/0", max_redirects=3)
    assert (loop.reason, loop.transient, "in a circle" in str(loop)) == ("redirect", False, True)
    assert (long.reason, "more than 3 times" in str(long)) == ("redirect", True)


def test_a_page_may_redirect_to_itself_once_it_has_set_a_cookie(site: Site) -> None:
    def door(hit: Any) -> Answer:
        if "seen=1" in hit.headers.get("cookie", ""):
            return Answer(PAGE)
        return Answer(status=302, headers={"Location": "/door", "Set-Cookie": "seen=1"})

    url = site.handle("/door", door)
    assert fetch(url).body == PAGE.encode()
    site.page("/next", PAGE)
    fetch(site.url + "/next")
    assert "cookie" not in site.asked("/next")[0].headers, "no cookie outlives a visit"


@pytest.mark.parametrize(
    "stub",
    [
        '<meta http-equiv="refresh" content="0; url=/new?a=1&amp;b=2">',
        "<META content='1;URL=/new?a=1&b=2' HTTP-EQUIV=Refresh>",
    ],
)
def test_a_stub_page_that_refreshes_to_another_is_followed_like_a_redirect(site: Site, stub: str) -> None:
    site.page("/new", PAGE)
    start = site.page("/old", f"<html><head>{stub}</head></html>")
    capture = fetch(start)
    assert [(hop.url, hop.status) for hop in capture.redirects] == [(start, 200)]
    assert (capture.final_url, capture.body) == (site.url + "/new?a=1&b=2", PAGE.encode())


@pytest.mark.parametrize(
    "page",
    [
        '<noscript><meta http-equiv="refresh" content="0; url=/nojs"></noscript><div id=root></div>',
        '<meta http-equiv="refresh" content="300; url=/privacy">' + PAGE,
        '<meta http-equiv="refresh" content="0; url=/other">' + PAGE * 100,
    ],
)
def test_a_page_that_only_reloads_itself_is_the_page(site: Site, page: str) -> None:
    assert fetch(site.page("/privacy", page)).body == page.encode()


@pytest.mark.parametrize("target", ["javascript:alert(1)", "file:///etc/passwd", "mailto:a@b.example"])
def test_a_redirect_out_of_the_web_is_refused(site: Site, target: str) -> None:
    assert refused(site.redirect("/out", target)).reason == "redirect"


def test_passing_server_errors_are_tried_again(site: Site) -> None:
    url = site.route("/flaky", Answer(status=500), Answer(status=502), Answer(PAGE))
    assert fetch(url).body == PAGE.encode()
    assert len(site.asked("/flaky")) == 3


@pytest.mark.parametrize(
    ("status", "transient", "tries"), [(403, False, 1), (404, False, 1), (410, False, 1), (503, True, 3)]
)
def test_an_error_status_keeps_its_page_as_evidence(site: Site, status: int, transient: bool, tries: int) -> None:
    error = refused(site.route("/gone", Answer("<h1>No</h1>", status=status)))
    assert isinstance(error, StatusError)
    assert (error.transient, error.reason, error.capture.status, error.capture.body) == (
        transient, "status", status, b"<h1>No</h1>",
    )  # fmt: skip
    assert len(site.asked("/gone")) == tries
    assert str(status) in str(error)
    assert "/gone" in str(error)


def test_a_short_retry_after_is_waited_for(site: Site) -> None:
    url = site.route("/busy", Answer(status=429, headers={"Retry-After": "1"}), Answer(PAGE))
    assert fetch(url).body == PAGE.encode()
    first, second = site.asked("/busy")
    assert second.at - first.at >= 1.0


def test_a_long_retry_after_is_handed_on_and_the_host_left_alone(site: Site) -> None:
    busy = site.route("/busy", Answer(status=429, headers={"Retry-After": "3600"}))
    other = site.page("/other", PAGE)

    async def run() -> tuple[FetchError, FetchError]:
        async with Fetcher(settings()) as fetcher:
            errors = []
            for url in (busy, other):
                with pytest.raises(FetchError) as caught:
                    await fetcher.fetch(url)
                errors.append(caught.value)
            return errors[0], errors[1]

    first, second = asyncio.run(run())
    assert (first.transient, first.reason, first.retry_after) == (True, "status", 3600)
    assert (second.transient, second.reason) == (True, "retry-after")
    assert second.retry_after == pytest.approx(3600, abs=5)
    assert (len(site.asked("/busy")), site.asked("/other")) == (1, [])


def test_retry_after_is_read_as_seconds_or_as_a_date() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    assert retry_after("120") == 120
    assert retry_after(later) == pytest.approx(90, abs=2)
    assert retry_after("soon") is None
    assert retry_after("") is None


def test_a_reset_in_mid_answer_is_tried_again_and_then_transient(site: Site) -> None:
    url = site.route("/cut", Answer("x" * 5000, reset_after=100), Answer(PAGE))
    assert fetch(url).body == PAGE.encode()
    error = refused(site.route("/cut", Answer("x" * 5000, reset_after=100)))
    assert (error.transient, error.reason) == (True, "connection")


def test_an_unreachable_host_is_transient(site: Site) -> None:
    url = site.page("/p", PAGE)
    site.down()
    error = refused(url)
    assert (error.transient, error.reason) == (True, "connect")
    assert site.url in str(error)


def test_an_unknown_host_is_a_dns_error() -> None:
    error = refused("https://vendor.invalid/privacy")
    assert error.reason == "dns"
    assert "vendor.invalid" in str(error)


@pytest.mark.parametrize("answer", [Answer(PAGE, wait=30), Answer(PAGE, drip=0.05)], ids=["slow", "drip"])
def test_the_time_limit_is_for_the_whole_page_however_slowly_it_drips(site: Site, answer: Answer) -> None:
    start = time.monotonic()
    error = refused(site.route("/slow", answer), timeout=0.5, robots=False)
    assert (error.transient, error.reason) == (True, "timeout")
    assert time.monotonic() - start < 2


@pytest.mark.parametrize("packed", [False, True])
def test_a_huge_page_is_refused_while_it_is_being_read(site: Site, packed: bool) -> None:
    url = site.route("/huge", Answer(b"0" * 1_000_000, repeat=50, gzip=packed))
    error = refused(url, max_bytes=2_000_000)
    assert (error.transient, error.reason) == (False, "too-large")


def test_a_compressed_page_is_unpacked(site: Site) -> None:
    assert fetch(site.route("/z", Answer(PAGE, gzip=True))).body == PAGE.encode()


@pytest.mark.parametrize("headers", [{"Content-Encoding": "gzip"}, {"Content-Encoding": "br"}])
def test_a_page_in_an_encoding_it_does_not_have_is_an_error_of_ours(site: Site, headers: dict[str, str]) -> None:
    assert refused(site.route("/odd", Answer(PAGE, headers=headers))).reason in {"connection", "encoding"}


def test_a_certificate_nobody_vouches_for_is_refused_with_the_way_out(tls_site: Site) -> None:
    error = refused(tls_site.page("/p", PAGE))
    assert (error.transient, error.reason) == (False, "tls")
    assert "SSL_CERT_FILE" in str(error)


def test_https_works_with_a_trusted_certificate(tls_site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    assert tls_site.tls
    monkeypatch.setenv("SSL_CERT_FILE", str(tls_site.tls.ca))
    assert fetch(tls_site.page("/p", PAGE)).body == PAGE.encode()


def test_an_expired_certificate_says_so(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with Site(name="localhost", tls=Certificate(tmp_path, days=-1)) as expired:
        assert expired.tls
        monkeypatch.setenv("SSL_CERT_FILE", str(expired.tls.ca))
        assert "expired" in str(refused(expired.page("/p", PAGE)))


@pytest.mark.parametrize("url", ["privacy.html", "ftp://a.example/p", "https://"])
def test_an_unusable_address_is_an_error_before_any_request(url: str) -> None:
    assert (refused(url).reason, refused(url).transient) == ("address", False)


def test_requests_to_one_host_keep_their_distance_and_number(site: Site) -> None:
    urls = site.pages((f"/{page}", PAGE) for page in range(4))

    async def run() -> None:
        async with Fetcher(settings(delay=0.15)) as fetcher:
            await asyncio.gather(*(fetcher.fetch(url, robots=False) for url in urls))

    asyncio.run(run())
    times = [hit.at for hit in site.hits]
    assert max(times) - min(times) > 0.3, "three pauses of 0.15 s, less what the first connection took"
    assert site.most_at_once == 1


def test_connections_are_kept_alive_and_many_pages_share_them(site: Site) -> None:
    urls = site.pages((f"/{page}", PAGE) for page in range(12))

    async def run() -> None:
        async with Fetcher(settings(per_host=3, concurrency=3)) as fetcher:
            await asyncio.gather(*(fetcher.fetch(url) for url in urls))

    asyncio.run(run())
    assert len({hit.client for hit in site.hits}) <= 4
    assert site.most_at_once <= 3
    assert len(site.asked("/robots.txt")) == 1


def test_one_slow_host_does_not_hold_up_another(site: Site, site2: Site) -> None:
    slow = site.route("/slow", Answer(PAGE, wait=1.0))
    quick = site2.page("/quick", PAGE)

    async def run() -> float:
        async with Fetcher(settings()) as fetcher:
            waiting = asyncio.gather(*(fetcher.fetch(slow, robots=False) for _ in range(2)))
            start = time.monotonic()
            await fetcher.fetch(quick)
            elapsed = time.monotonic() - start
            waiting.cancel()
            return elapsed

    assert asyncio.run(run()) < 0.8


def test_a_preferred_language_is_asked_for(site: Site) -> None:
    async def run(url: str) -> None:
        async with Fetcher(settings()) as fetcher:
            await fetcher.fetch(url, language="zh")
            await fetcher.fetch(url)

    asyncio.run(run(site.page("/p", PAGE)))
    assert [hit.headers.get("accept-language") for hit in site.asked("/p")] == ["zh, *;q=0.5", None]
