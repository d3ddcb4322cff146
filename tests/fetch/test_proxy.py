"""Every page by way of a real HTTP proxy, as networks have it whose machines may not reach the web themselves."""

from __future__ import annotations

import pytest

from tests.fetch.proxy import Proxy
from tests.fetch.test_browser import POLICY, WORDS, needs_chromium, page, render
from tests.fetch.test_http import PAGE, fetch, refused
from tests.server import Site

ELSEWHERE = {"vendor.example": "127.0.0.1"}  #: a name that only the proxy can look up


def test_a_page_and_its_robots_txt_come_through_the_proxy(site: Site) -> None:
    site.page("/privacy", PAGE)
    url = f"http://vendor.example:{site.port}/privacy"
    with Proxy(names=ELSEWHERE) as proxy:
        capture = fetch(url, proxy=proxy.url(), private_addresses=False)
    assert (capture.body, capture.final_url) == (PAGE.encode(), url)
    assert proxy.asked == [f"GET http://vendor.example:{site.port}{path}" for path in ("/robots.txt", "/privacy")]
    assert site.asked("/privacy")[0].headers["host"] == f"vendor.example:{site.port}"


def test_an_https_page_comes_through_a_tunnel_with_a_login(tls_site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    assert tls_site.tls is not None
    monkeypatch.setenv("SSL_CERT_FILE", str(tls_site.tls.ca))
    url = tls_site.page("/privacy", PAGE)
    with Proxy(login="ana:s3cret") as proxy:
        capture = fetch(url, proxy=proxy.url("ana:s3cret"))
        wrong = refused(url, proxy=proxy.url("ana:wrong"), retries=0)
    assert capture.body == PAGE.encode()
    assert set(proxy.asked) == {f"CONNECT localhost:{tls_site.port}"}
    assert (wrong.reason, "407" in str(wrong), "wrong" in str(wrong)) == ("proxy", True, False)


def test_a_login_that_the_proxy_refuses_for_a_plain_page_is_said(site: Site) -> None:
    url = site.page("/privacy", PAGE)
    with Proxy(login="ana:s3cret") as proxy:
        error = refused(url, proxy=proxy.url(), robots=False)
    assert "The proxy wants other credentials" in str(error)
    assert site.hits == []


def test_a_proxy_that_is_down_is_named_as_what_is_down(site: Site) -> None:
    url = site.page("/privacy", PAGE)
    with Proxy() as proxy:
        address = proxy.url()
    error = refused(url, proxy=address, robots=False, retries=0)
    assert (error.reason, error.transient) == ("connect", True)
    assert "the proxy refused" in str(error)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "intra.localhost.", "2130706433", "[::1]", "169.254.169.254"]
)
def test_what_is_plainly_private_is_not_asked_of_the_proxy(site: Site, host: str) -> None:
    site.page("/privacy", PAGE)
    with Proxy() as proxy:
        error = refused(f"http://{host}:{site.port}/privacy", proxy=proxy.url(), private_addresses=False, robots=False)
    assert error.reason == "address"
    assert proxy.asked == []


@needs_chromium
@pytest.mark.browser
def test_what_the_browser_loads_comes_through_the_proxy_too(site: Site) -> None:
    site.page("/api", POLICY)
    site.page("/privacy", page("fetch('/api').then(r => r.text()).then(t => root.innerHTML = t)"))
    with Proxy(login="ana:s3cret", names=ELSEWHERE) as proxy:
        capture = render(
            f"http://vendor.example:{site.port}/privacy", proxy=proxy.url("ana:s3cret"), private_addresses=False
        )
    assert WORDS in capture.body.decode()
    assert f"CONNECT vendor.example:{site.port}" in proxy.asked
