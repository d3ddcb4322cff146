"""A page whose policy is the one that was read before is recognised without reading; anything less clear is not."""

from __future__ import annotations

import pytest

from tests.pipeline.pages import policy
from watcher.extract import extract
from watcher.extract.parsed import Parsed
from watcher.extract.skeleton import recognises, skeleton

HTML = "text/html; charset=utf-8"
NAMES = ("home", "shop", "cameras", "lenses", "bags", "support", "jobs", *"abcdefghijkl")
MENU = "</nav><div>" + " ".join(f"<a href=/{name}>{name.title()}</a>" for name in NAMES) + "</div><nav>"


def page(**change: object) -> bytes:
    """The made-up policy with a long menu before it."""
    return policy(**({"furniture": MENU} | change))  # type: ignore[arg-type]


def parsed(body: bytes) -> Parsed:
    """Such a page, as recognising and reading share it."""
    return Parsed(body, HTML)


KNOWN = skeleton(parsed(page()), extract(page(), content_type=HTML))


def test_the_same_page_and_one_with_other_furniture_are_recognised() -> None:
    assert recognises(KNOWN, parsed(page()))
    assert recognises(KNOWN, parsed(page().replace(b"<body>", b"<body><div class=banner>Spring sale ends today</div>")))
    assert recognises(KNOWN, parsed(page().replace(b"<head>", b'<head><meta name=token content="8f3e">')))
    assert recognises(KNOWN, parsed(page().replace(b">Bags<", b">Drones<")))
    assert recognises(
        KNOWN, parsed(page().replace(b"</footer>", b"<p>Our shops in Rome and Oslo are open today.</p></footer>"))
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"6 months", b"24 months"),
        (b"<p>We do not sell your personal data.</p>", b""),
        (b"</main>", b"<p>We sell it.</p></main>"),
        (b"<h1>Privacy Policy</h1>", b"<h1>Privacy Policy</h1><p>Updated 1 May 2026</p>"),
        (b"We do not sell your personal data.", b"<del>We do not sell your personal data.</del>"),
        (b"<body>", b"<body><p>We share your name and your address with Contoso Analytics, a company in Italy.</p>"),
        (b"<body>", b"<body><p>" + "我们会将您的个人信息提供给第三方广告公司使用。".encode() + b"</p>"),
        (b"<p>We collect", b"<p>In Italy</p><p>We collect"),
    ],
)
def test_whatever_touches_the_policy_or_may_be_part_of_it_is_left_to_the_reader(old: bytes, new: bytes) -> None:
    assert old in page()
    assert not recognises(KNOWN, parsed(page().replace(old, new)))


def test_paragraphs_that_changed_places_are_left_to_the_reader() -> None:
    one, two = b"<p>We do not sell your personal data.</p>", b"<p>We protect personal data with encryption"
    assert not recognises(KNOWN, parsed(page().replace(one, b"").replace(two, one + two)))


def test_a_page_whose_text_nodes_do_not_show_the_policy_has_no_skeleton() -> None:
    document = extract(page(), content_type=HTML)
    assert skeleton(parsed(b"<html><body><div id=app></div></body></html>"), document) == b""
    assert skeleton(Parsed(page(), "application/pdf"), document) == b""
    assert not recognises(b"", parsed(page()))
