"""Elements nested by the thousand are read whole, in lines of their own, and everything else is left as it is."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from watcher.extract import extract
from watcher.extract.nesting import DEEPEST, flattened

MANY = 12_000


def depth(source: bytes) -> int:
    """How many elements are around the innermost one."""
    body = LexborHTMLParser(source).body
    assert body is not None
    deepest = here = 0
    for piece in (body.html or "").split("<")[1:]:
        here += -1 if piece[0] == "/" else not piece.startswith(("br", "hr", "img"))
        deepest = max(deepest, here)
    return deepest


@pytest.mark.parametrize("opening", ["<div>", "<DIV CLASS='a>b'>", "<ul><li>", "<section><div>", "<blockquote>"])
def test_every_line_of_a_page_that_closes_nothing_is_read(opening: str) -> None:
    page = "".join(f"{opening}We collect your name, under clause {n}." for n in range(MANY)).encode()
    document = extract(page, content_type="text/html")
    assert [clause.text.rpartition(" ")[2] for clause in document.clauses] == [f"{n}." for n in range(MANY)]


def test_what_is_too_deep_is_put_side_by_side() -> None:
    page = b"<div>" * MANY + b"<p>We collect your name.</p>" + b"</div>" * MANY + b"<p>We share it.</p>"
    assert depth(page) > MANY
    assert depth(flattened(page)) <= DEEPEST + 2
    assert [clause.text for clause in extract(page, content_type="text/html").clauses] == [
        "We collect your name.",
        "We share it.",
    ]


def test_a_sentence_in_which_no_font_is_closed_stays_one_line() -> None:
    page = b"<p>" + b"<font color=red>data " * MANY
    assert len(extract(page, content_type="text/html").clauses) == 1


def test_a_long_page_of_common_depth_is_left_as_it_is() -> None:
    page = b"<main>" + b"<section><h2>Data</h2><ul><li>Names<li>Ages</ul><p>We keep <b>them</b>.<br></section>" * MANY
    assert flattened(page) == page


def test_tags_in_scripts_comments_and_values_are_not_counted() -> None:
    inert = b"<script>'<div>'</script><!-- <div> --><style>/* <div> */</style><p title='<div>'>We collect names.</p>"
    page = inert * MANY
    assert flattened(page) == page


def test_what_is_never_closed_does_not_hide_what_follows_it_from_a_parser() -> None:
    page = b"<div>" * MANY + b"We collect your name. <!-- <div>"
    assert "We collect your name." in extract(page, content_type="text/html").clauses[0].text
