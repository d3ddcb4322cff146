"""What must hold for every page: no surprise errors, the same twice, and deaf to what is not the policy's words."""

from __future__ import annotations

import re
from contextlib import suppress

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from watcher.errors import ExtractError
from watcher.extract import extract
from watcher.records import Document

calm = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])

TAGS = (  # noqa: SIM905
    "p div span li ul ol table tr td th h1 h2 section nav footer header a b br pre details summary dl dt dd form "
    "button iframe noscript template svg math select option textarea title frameset frame x-y main label i font"
).split()
pieces = st.one_of(
    st.sampled_from([f"<{tag}>" for tag in TAGS]),
    st.sampled_from([f"</{tag}>" for tag in TAGS]),
    st.sampled_from(
        ['<a href="#x">', "<td rowspan=9 colspan=99>", "<li value=-3>", "<ol start=x>", "<!--", "-->", "<![if !x]>"]
    ),
    st.sampled_from(
        ["&#0;", "&nbsp;", "&amp;#105;", "\u200b", "\x00", "\u202e", "•", "1.1 ", "(a) ", "一、", "©", "]("]
    ),
    st.text(max_size=12),
    st.just("We collect your name and share it with the courier who brings the parcel. "),
)


def read(page: str) -> Document | None:
    try:
        return extract(page.encode("utf8", "replace"), content_type="text/html; charset=utf-8")
    except ExtractError:
        return None


def hashes(page: str) -> list[str]:
    document = read(page)
    assert document is not None
    return [clause.hash for clause in document.clauses]


@calm
@given(st.binary(max_size=2000), st.sampled_from(["", "text/html", "text/plain", "text/markdown", "application/pdf"]))
def test_no_bytes_raise_anything_but_an_extract_error(body: bytes, kind: str) -> None:
    with suppress(ExtractError):
        extract(body, content_type=kind, url="https://site.example/privacy")


@calm
@given(st.lists(pieces, max_size=60).map("".join))
def test_no_markup_raises_and_the_same_page_reads_the_same_twice(page: str) -> None:
    first = read(page)
    assert first == read(page)
    if first is not None:
        assert len({clause.anchor for clause in first.clauses}) == len(first.clauses)
        assert all(clause.text.strip() == clause.text != "" for clause in first.clauses)
        assert all(len(clause.cells) == len(clause.columns) or not clause.columns for clause in first.clauses)


WORDS = (
    "we", "keep", "your", "name", "with", "the", "courier", "until", "spring", "because", "law", "asks",
    "us", "for", "it", "when", "parcels", "are", "lost", "at", "sea",
)  # fmt: skip
sentences = st.lists(st.sampled_from(WORDS), min_size=9, max_size=25).map(lambda w: " ".join(w).capitalize() + ".")
policies = st.lists(st.tuples(st.booleans(), st.lists(sentences, min_size=1, max_size=4)), min_size=2, max_size=6)


def page_of(policy: list[tuple[bool, list[str]]], *, top: str = "", bottom: str = "", number: bool = False) -> str:
    """A page of that policy: each part has a heading and paragraphs, or a list."""
    parts = []
    for i, (listed, texts) in enumerate(policy, 1):
        heading = f"Part {chr(64 + i)} of our privacy notice"
        parts.append(f"<h2>{f'{i}. ' if number else ''}{heading}</h2>")
        if listed:
            parts.append("<ul>" + "".join(f"<li>{text}</li>" for text in texts) + "</ul>")
        else:
            marks = [f"{i}.{n} " if number else "" for n in range(1, len(texts) + 1)]
            parts += [f"<p>{mark}{text}</p>" for mark, text in zip(marks, texts, strict=True)]
    inside = "".join(parts)
    return f"<html><head><title>T</title></head><body>{top}<main><h1>Privacy</h1>{inside}</main>{bottom}</body></html>"


words = st.text(alphabet="abcdefgh ", min_size=1, max_size=20)


@calm
@given(policies, st.lists(words, min_size=1, max_size=6), st.integers(0, 99999))
def test_furniture_around_the_policy_changes_nothing(
    policy: list[tuple[bool, list[str]]], labels: list[str], views: int
) -> None:
    links = "".join(f'<li><a href="/{i}">{label}</a></li>' for i, label in enumerate(labels))
    top = f"""<header><nav><ul>{links}</ul></nav></header><div class="promo">{labels[0]} now {views} off</div>
        <div id="cookie-banner">We use cookies to personalise ads and share data. <button>{labels[0]}</button></div>"""
    bottom = f"""<p>{views} views</p><div class="related-posts"><h3>Related posts</h3><ul>{links}</ul></div>
        <footer>© {labels[0]}</footer>"""
    assert hashes(page_of(policy, top=top, bottom=bottom)) == hashes(page_of(policy))


@calm
@given(policies, st.text(alphabet="abcxyz019-_", min_size=1, max_size=12))
def test_attributes_and_whitespace_change_nothing(policy: list[tuple[bool, list[str]]], value: str) -> None:
    page = page_of(policy)
    marked = re.sub(r"<(p|li|h2|ul|main)>", rf'<\1 data-v-{value}="1" data-key="{value}" style="color:red">', page)
    spaced = re.sub(r"(?<=\w) (?=\w)", "\n  &nbsp;", page.replace("><", ">\n\t<"))
    assert hashes(marked) == hashes(page) == hashes(spaced)


@calm
@given(policies)
def test_numbering_changes_nothing(policy: list[tuple[bool, list[str]]]) -> None:
    assert hashes(page_of(policy, number=True)) == hashes(page_of(policy))
    ordered = page_of(policy).replace("<ul>", "<ol start=7>").replace("</ul>", "</ol>")
    assert hashes(ordered) == hashes(page_of(policy))


@calm
@given(policies, st.integers(0, 99), sentences)
def test_a_sentence_put_anywhere_into_the_policy_is_read(
    policy: list[tuple[bool, list[str]]], place: int, sentence: str
) -> None:
    page = page_of(policy)
    ends = [match.end() for match in re.finditer("</(?:p|li)>", page)]
    at = ends[place % len(ends)]
    tag = "li" if page[at - 4 : at] == "/li>" or page[at - 5 : at] == "</li>" else "p"
    document = read(f"{page[:at]}<{tag}>Zanzibar {sentence}</{tag}>{page[at:]}")
    assert document is not None
    assert any("Zanzibar" in clause.text for clause in document.clauses)
