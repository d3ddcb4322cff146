"""A page is parsed once for all who look at it, so nobody may leave a trace in it."""

from __future__ import annotations

from watcher.extract.html import read_html
from watcher.extract.parsed import Parsed

PAGE = b"""<html><head><title>Privacy</title></head><body>
<nav>Menu <aside>Offers</aside> More</nav><main><p>We <del>never</del> sell data.</p>
<footer>Next <s>old</s></footer></main>
<aside><aside>Ours</aside><p>Theirs</p></aside><noscript>No scripts</noscript><svg><title>icon</title></svg>
<iframe src="https://frame.example/x">inside</iframe><script src="/app.js">run()</script><p>Write to us.</p>
</body></html>"""
FURNITURE = ("nav", "footer", "aside")


def page(source: bytes = PAGE) -> Parsed:
    return Parsed(source, "text/html")


def test_what_a_page_shows_is_without_what_is_left_out_however_it_is_nested() -> None:
    assert page().texts(FURNITURE).nodes == ["We", "never", "sell data.", "Write to us."]
    assert page().texts(FURNITURE).struck == "del"
    everything = page().texts(())
    assert everything.nodes[:4] == ["Menu", "Offers", "More", "We"]
    assert everything.struck == "del s"
    assert "No scripts" not in everything.nodes


def test_to_look_at_a_page_leaves_it_as_it_was() -> None:
    looked_at = page()
    before = looked_at.light.html
    first = looked_at.texts(FURNITURE), looked_at.texts(())
    reading = read_html(looked_at)
    assert looked_at.light.html == before
    assert reading == read_html(page())
    assert first == (page().texts(FURNITURE), page().texts(()))


def test_no_page_can_write_the_marks_of_what_is_left_out() -> None:
    for sign in (b"\0", b"&#0;", b"&#x0;"):
        hidden = page(PAGE.replace(b"<p>Write", sign + b"(<p>" + sign + b"(</p>Hidden<p>" + sign + b")</p><p>Write"))
        assert "Hidden" in hidden.texts(FURNITURE).nodes
        assert not any("\0" in node for node in hidden.texts(FURNITURE).nodes)


def test_a_page_names_the_scripts_and_frames_that_it_loads() -> None:
    assert page().sources == [("iframe", "https://frame.example/x"), ("script", "/app.js")]
    assert read_html(page()).signs == ("title: Privacy", "noscript: No scripts", "frame: https://frame.example/x")
