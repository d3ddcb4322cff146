"""The test server itself: what it promises, other tests build on."""

from __future__ import annotations

import ssl
import time

import httpx
import pytest

from tests.server import Answer, Site


def test_a_page_is_served_with_an_etag_and_answers_304_to_it(site: Site) -> None:
    url = site.page("/privacy", "<h1>Privacy</h1>")
    with httpx.Client() as client:
        first = client.get(url)
        second = client.get(url, headers={"If-None-Match": first.headers["etag"]})
    assert (first.status_code, first.text, second.status_code, second.content) == (200, "<h1>Privacy</h1>", 304, b"")
    assert len({hit.client for hit in site.hits}) == 1, "the connection is kept alive"


def test_answers_come_in_turn_and_the_last_stays(site: Site) -> None:
    url = site.route("/a", Answer(status=500), Answer("fine"))
    assert [httpx.get(url).status_code for _ in range(3)] == [500, 200, 200]


def test_a_reset_cuts_the_answer(site: Site) -> None:
    url = site.route("/cut", Answer("x" * 1000, reset_after=10))
    with pytest.raises(httpx.TransportError):
        httpx.get(url)


def test_an_outage_refuses_connections_and_ends_on_the_same_port(site: Site) -> None:
    url = site.page("/p", "text")
    with httpx.Client() as client:
        client.get(url)
        site.down()
        with pytest.raises(httpx.TransportError):
            client.get(url)
        site.up()
        assert client.get(url).text == "text"


def test_an_outage_does_not_wait_for_a_slow_answer(site: Site) -> None:
    url = site.route("/slow", Answer("x", wait=60))
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(url, timeout=0.1)
    start = time.monotonic()
    site.down()
    assert time.monotonic() - start < 5


def test_https_needs_the_certificate(tls_site: Site) -> None:
    url = tls_site.page("/p", "text")
    with pytest.raises(httpx.ConnectError):
        httpx.get(url)
    assert tls_site.tls
    assert httpx.get(url, verify=ssl.create_default_context(cafile=tls_site.tls.ca)).text == "text"


def test_posts_are_recorded_with_their_body(site: Site) -> None:
    url = site.route("/hook", Answer("ok"))
    httpx.post(url, json={"text": "hello"})
    assert (site.hits[0].method, site.hits[0].body) == ("POST", b'{"text":"hello"}')


def test_gzip_and_repetition_make_a_big_page_of_little(site: Site) -> None:
    url = site.route("/bomb", Answer(b"0" * 1000, repeat=1000, gzip=True))
    answer = httpx.get(url)
    assert (len(answer.content), int(answer.headers["content-length"]) < 5000) == (1_000_000, True)
