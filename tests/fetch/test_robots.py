"""robots.txt: what is obeyed, what an absent, broken or unreachable one means (RFC 9309)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.fetch.test_http import PAGE, fetch, refused, settings
from tests.server import Answer, Site
from watcher.fetch import Fetcher


def test_a_page_closed_to_us_is_not_asked_for(site: Site) -> None:
    url = site.page("/privacy", PAGE)
    site.robots("User-agent: policy-watcher\nDisallow: /privacy\n\nUser-agent: *\nAllow: /")
    error = refused(url)
    assert (error.transient, error.reason) == (False, "robots")
    assert "robots.txt" in str(error)
    assert site.asked("/privacy") == []


def test_a_page_closed_to_others_is_open_to_us(site: Site) -> None:
    url = site.page("/privacy", PAGE)
    site.robots("User-agent: otherbot\nDisallow: /")
    assert fetch(url).status == 200


def test_a_source_may_be_told_to_ignore_it(site: Site) -> None:
    url = site.page("/privacy", PAGE)
    site.robots("User-agent: *\nDisallow: /")
    assert fetch(url, robots=False).status == 200
    assert site.asked("/robots.txt") == []


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_an_absent_or_forbidden_robots_txt_allows_everything(site: Site, status: int) -> None:
    site.robots("User-agent: *\nDisallow: /", status=status)
    assert fetch(site.page("/privacy", PAGE)).status == 200


@pytest.mark.parametrize("status", [429, 500, 503])
def test_an_unavailable_robots_txt_allows_nothing_for_now(site: Site, status: int) -> None:
    url = site.page("/privacy", PAGE)
    site.robots("", status=status)
    error = refused(url)
    assert (error.transient, error.reason, site.asked("/privacy")) == (True, "robots", [])


def test_a_passing_failure_of_robots_txt_is_retried(site: Site) -> None:
    url = site.page("/privacy", PAGE)
    site.route("/robots.txt", Answer(status=500), Answer("User-agent: *\nAllow: /"))
    assert fetch(url).status == 200


def test_it_is_read_once_for_many_pages_even_at_the_same_moment(site: Site) -> None:
    site.route("/robots.txt", Answer("User-agent: *\nDisallow: /no", wait=0.1))
    urls = site.pages((f"/{page}", PAGE) for page in range(5))

    async def run() -> None:
        async with Fetcher(settings(per_host=5)) as fetcher:
            await asyncio.gather(*(fetcher.fetch(url) for url in urls))

    asyncio.run(run())
    assert len(site.asked("/robots.txt")) == 1


def test_every_hop_of_a_redirect_is_held_to_its_own_sites_robots_txt(site: Site, site2: Site) -> None:
    start = site.redirect("/start", site2.page("/closed", PAGE))
    site2.robots("User-agent: *\nDisallow: /closed")
    error = refused(start)
    assert (error.reason, site2.asked("/closed")) == ("robots", [])


def test_a_redirected_robots_txt_is_followed(site: Site) -> None:
    url = site.page("/privacy", PAGE)
    site.redirect("/robots.txt", "/real-robots.txt", 301)
    site.route("/real-robots.txt", Answer("User-agent: *\nDisallow: /privacy"))
    assert refused(url).reason == "robots"


def test_a_crawl_delay_slows_us_down(site: Site) -> None:
    site.robots("User-agent: *\nCrawl-delay: 0.3")
    urls = site.pages((f"/{page}", PAGE) for page in range(3))

    async def run() -> None:
        async with Fetcher(settings()) as fetcher:
            for url in urls:
                await fetcher.fetch(url)

    asyncio.run(run())
    times = [hit.at for hit in site.hits if hit.path != "/robots.txt"]
    assert times[2] - times[1] > 0.28


@pytest.mark.parametrize("body", [b"\xff\xfe\x00", b"<html>404</html>", b"\xef\xbb\xbfUser-agent: *\nAllow: /", b""])
def test_a_nonsense_robots_txt_allows_everything(site: Site, body: Any) -> None:
    site.route("/robots.txt", Answer(body))
    assert fetch(site.page("/privacy", PAGE)).status == 200
