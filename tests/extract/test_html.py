"""Reading HTML: selectors, traps of the parser, what is kept beside the policy, and what the markup gives away."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest

from watcher.errors import ExtractError
from watcher.extract import extract
from watcher.extract.blocks import cfemail
from watcher.extract.clauses import split_number
from watcher.records import Document, Link

POLICY = """<h1>Privacy</h1><p>We collect your name and share it with the courier who brings the parcel.</p>
<p>Your data is deleted after two years, unless the law asks us to keep it.</p>"""


def read(page: str, **options: tuple[str, ...]) -> Document:
    return extract(
        page.encode(), content_type="text/html; charset=utf-8", url="https://site.example/a/privacy", **options
    )  # type: ignore[arg-type]


def texts(page: str, **options: tuple[str, ...]) -> list[str]:
    return [clause.text for clause in read(page, **options).clauses]


def test_select_reads_only_what_it_selects_and_each_element_once() -> None:
    page = f"<body><div class=a><p>Alpha.</p><div class=b><p>Beta.</p></div></div><div class=c>{POLICY}</div>"
    assert texts(page, select=(".a", ".b")) == ["Alpha.", "Beta."]


def test_remove_cuts_out_before_anything_is_read() -> None:
    page = f"<body><main>{POLICY}<p class=counter>Seen by 4711 people who like our personal data policy.</p></main>"
    assert not any("4711" in text for text in texts(page, remove=(".counter",)))


@pytest.mark.parametrize("options", [{"select": (".gone",)}, {"remove": ("#gone",)}])
def test_a_selector_that_matches_nothing_is_an_error_that_names_it(options: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(ExtractError, match=r"gone.*matches nothing"):
        read(f"<body>{POLICY}", **options)


def test_a_broken_selector_is_an_error_that_names_it() -> None:
    with pytest.raises(ExtractError, match="is not a CSS selector"):
        read(f"<body>{POLICY}", select=("p[",))


def test_what_is_not_policy_is_kept_apart_and_not_lost() -> None:
    document = read(f"<body><nav><a href=/shop>Shop</a></nav><main>{POLICY}</main><footer>Call 0800 123</footer>")
    assert "Shop" in document.furniture
    assert "Call 0800 123" in document.furniture


def test_links_are_absolute_and_come_from_the_policy_only() -> None:
    page = f"""<body><nav><a href="/shop">Shop</a></nav><main>{POLICY}<p>See the
        <a href="../subprocessors">list of sub-processors</a> and our <a href="#top">summary</a>.</p></main>"""
    assert read(page).links == (Link(text="list of sub-processors", url="https://site.example/subprocessors"),)


def test_a_script_shell_is_called_a_shell() -> None:
    document = read(
        "<html><head><title>App</title></head><body><div id=root></div><script src=/app.js></script></body>"
    )
    assert document.shell
    assert not document.clauses


def test_a_page_without_text_and_without_scripts_is_an_error() -> None:
    with pytest.raises(ExtractError, match="holds no text"):
        read("<html><body><div></div></body></html>")


def test_signs_tell_the_gate_what_the_markup_gives_away() -> None:
    page = f"""<html lang="de"><head><title>Sign in</title><meta http-equiv="refresh" content="0;url=/login">
        <link rel="canonical" href="/privacy"><script src="https://www.google.com/recaptcha/api.js"></script></head>
        <body>{POLICY}<form><input type="password"></form><iframe src="https://consent.example/f"></iframe>
        <noscript>Please enable JavaScript.</noscript></body></html>"""
    assert {
        "lang: de",
        "title: Sign in",
        "refresh: 0;url=/login",
        "canonical: /privacy",
        "captcha: recaptcha",
        "password-field",
        "frame: https://consent.example/f",
        "noscript: Please enable JavaScript.",
    } <= set(read(page).signs)


def test_an_iframe_closed_like_xml_does_not_swallow_the_page() -> None:
    page = f"<html><head><noscript><iframe src=/gtm /></noscript><title>T</title></head><body>{POLICY}</body></html>"
    assert texts(page) == texts(f"<body>{POLICY}")
    page = f"<html><head><noscript><iframe src=/gtm></noscript><title>T</title></head><body>{POLICY}</body></html>"
    assert texts(page) == texts(f"<body>{POLICY}")


@pytest.mark.parametrize("tag", ["noembed", "noframes", "iframe"])
def test_what_looks_like_a_comment_where_there_is_none_hides_nothing_that_follows(tag: str) -> None:
    inside = f"<{tag}>a <!-- b <p>c</{tag}>"
    half = len(POLICY) // 2
    at = POLICY.find("<p>", half)
    page = f"<body>{POLICY[:at]}{inside}{POLICY[at:]}<!-- the end -->"
    assert texts(page) == texts(f"<body>{POLICY}")
    assert texts(page, select=("body",)) == texts(f"<body>{POLICY}", select=("body",))


def test_an_obfuscated_address_reads_the_same_whatever_its_key() -> None:
    def hidden(key: int) -> str:
        return bytes([key, *(b ^ key for b in b"privacy@site.example")]).hex()

    assert cfemail(hidden(0x42)) == "privacy@site.example"
    shown = "<p>Write to {} with any question about your personal data.</p>"
    span = '<span class="__cf_email__" data-cfemail="{0}">[email&#160;protected]</span>'
    link = f'<a href="/cdn-cgi/l/email-protection#{{0}}">{span}</a>'
    pages = [shown.format(link.format(hidden(key))) for key in (0x11, 0xFE)] + [shown.format("privacy@site.example")]
    assert len({tuple(texts(f"<body>{POLICY}{page}")) for page in pages}) == 1


def test_line_ends_that_a_style_keeps_part_the_lines() -> None:
    page = '<body><div style="white-space: pre-wrap">Privacy\n\nWe collect your name.\n\nWe share it with nobody.</div>'
    assert texts(page) == ["Privacy", "We collect your name.", "We share it with nobody."]


@pytest.mark.parametrize(
    ("text", "number", "words"),
    [
        ("1. Scope", "1.", "Scope"),
        ("1.1 We collect", "1.1", "We collect"),
        ("2.3.1. “Data” means", "2.3.1.", "“Data” means"),
        ("(a) names", "(a)", "names"),
        ("iv) names", "iv)", "names"),
        ("• 2) names", "• 2)", "names"),
        ("Section 4: Cookies", "Section 4:", "Cookies"),
        ("Article IV. Cookies", "Article IV.", "Cookies"),
        ("一、总则", "一、", "总则"),
        ("（二）共享", "（二）", "共享"),
        ("第三条 权利", "第三条", "权利"),
        ("1.1我们收集", "1.1", "我们收集"),
        ("①姓名", "①", "姓名"),
        ("30 days after the end", "", "30 days after the end"),
        ("1.5 million people use it", "", "1.5 million people use it"),
        ("2024 was a good year", "", "2024 was a good year"),
        ("A. Smith is our officer.", "", "A. Smith is our officer."),
        ("A. Information That We Collect", "A.", "Information That We Collect"),
        ("i.e. never", "", "i.e. never"),
        ("e.g. names", "", "e.g. names"),
        ("I. Introduction", "I.", "Introduction"),
        ("-- ", "", "-- "),
        ("一个月后我们删除", "", "一个月后我们删除"),
        ("第三方可能收集", "", "第三方可能收集"),
        ("12.05.2026 is the date", "", "12.05.2026 is the date"),
        ("24/7 support", "", "24/7 support"),
    ],
)
def test_numbers_stand_apart_from_words(text: str, number: str, words: str) -> None:
    split = split_number(text)
    assert (split.number, split.text) == (number, words)


def test_headings_that_link_to_themselves_stay_and_named_anchors_link_nothing() -> None:
    page = """<body><main><h1>Privacy</h1><h2 id=a><a href="#a">Data</a></h2><h3 id=b><a href="#b">Names</a></h3>
        <p><a name="c"/>We collect your name and share it with the courier who brings the parcel.</p>
        <h3 id=d><a href="#d">Addresses</a></h3><p>Your data is deleted after two years.</p></main></body>"""
    assert [text for text in texts(page) if len(text) < 12] == ["Privacy", "Data", "Names", "Addresses"]
    assert read(page).links == ()


def test_a_cell_that_spans_columns_is_read_once_under_the_first_name_that_is_free() -> None:
    long = "street, name, telephone number and what you told us of your parcels"
    page = (
        f"<body>{POLICY}<table><tr><th colspan=2>Why</th><th>Data</th><th>Basis</th></tr>"
        "<tr><td colspan=4>For readers</td></tr><tr><td colspan=2>Answering</td><td>name</td><td>contract</td></tr>"
        f"<tr><td>Bringing parcels</td><td colspan=2>{long}</td><td>contract</td></tr></table>"
    )
    rows = [clause for clause in read(page).clauses if clause.shape == "row"]
    assert [row.text for row in rows] == [
        "Why | Data | Basis",
        "For readers",
        "Answering | name | contract",
        f"Bringing parcels | {long} | contract",
    ]
    assert rows[3].columns[rows[3].cells.index(long)] == "Data"


def test_links_lead_where_they_lead_in_a_browser() -> None:
    """Most addresses are put together without taking them apart; they come out as urljoin gives them."""
    written = (
        "/a /a/ / /a/b.html?q=1#f /.a /a/../b /a//b //other.example/x ?q=1 ?q=1#f ? /a? /?q b c.html ../up ./here "
        "https://other.example https://other.example/a/../b?c=d#e HTTPS://Other.example/x http:rel mailto:a@b.example "
        "/a;p?q /%C3%A9 /ü https://[broken"
    )
    hrefs = written.split()
    for url in (
        "https://site.example/p/privacy.html?lang=en#top",
        "http://site.example:8080",
        "HTTP://Site.example/p;x",
    ):
        page = "".join(f'<p>We share data with <a href="{href}">partner {href}</a>.</p>' for href in hrefs)
        body = f"<body><h1>Privacy</h1>{page}".encode()
        found = {link.text: link.url for link in extract(body, content_type="text/html", url=url).links}
        joined: dict[str, str] = {}
        for href in hrefs[:-1]:
            joined.setdefault(urljoin(url, href), f"partner {href}")
        assert found == {text: address for address, text in joined.items() if address}
