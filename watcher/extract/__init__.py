"""From a capture's bytes to clauses. Pure: nothing here reaches the network or the disk."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from watcher.errors import ExtractError
from watcher.extract.charset import decode
from watcher.extract.clauses import build
from watcher.extract.dates import stated_dates
from watcher.extract.language import main_language
from watcher.extract.lines import Line
from watcher.records import Clause, Document, Link

if TYPE_CHECKING:
    from watcher.extract.parsed import Parsed

#: Stored with each version; raise it when the same bytes may give other clauses.
EXTRACTOR = "4"

_TAG = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|div|p|h[1-6]|meta|title|table|section|article|main|ul|span)\b", re.I
)


def extract(
    body: bytes,
    *,
    content_type: str = "",
    url: str = "",
    select: Sequence[str] = (),
    remove: Sequence[str] = (),
    page: int = 0,
    parsed: Parsed | None = None,
) -> Document:
    """The policy in `body` (HTML, PDF, Markdown, text), told by `content_type`, then `url`'s ending, then a look.

    `parsed`: the same HTML, where it has been looked at already. Raises ExtractError where no text can be read at all,
    or where a selector matches nothing.
    """
    kind = _kind(body, content_type, url)
    if kind == "html":
        document = _from_html(parsed or _parsed(body, content_type), url, select, remove, page)
    else:
        document = _from_text(body, content_type, kind, url, page)
    if not document.clauses and not document.shell:
        raise ExtractError(f"{url or 'the document'} holds no text")
    return document


def _parsed(body: bytes, content_type: str) -> Parsed:
    from watcher.extract.parsed import Parsed  # loads the parser, which other formats do without

    return Parsed(body, content_type)


def _kind(body: bytes, content_type: str, url: str) -> str:
    """html, pdf, markdown or text. What the bytes plainly are outweighs what the server called them."""
    if body[:1024].lstrip().startswith(b"%PDF-"):
        return "pdf"
    declared = content_type.partition(";")[0].strip().lower()
    ending = url.partition("?")[0].rpartition(".")[2].lower()
    if declared in ("text/html", "application/xhtml+xml"):
        return "html"
    if declared == "application/pdf" or (not declared and ending == "pdf"):
        return "pdf"
    if declared in ("text/markdown", "text/x-markdown") or ending in ("md", "markdown"):
        return "markdown"
    if _TAG.search(body[:4096].replace(b"\0", b"")):
        return "html"
    return "text"


def _from_html(source: Parsed, url: str, select: Sequence[str], remove: Sequence[str], page: int) -> Document:
    from watcher.extract.html import read_html

    reading = read_html(source, url=url, select=select, remove=remove)
    clauses = build(reading.lines, layout=reading.layout, page=page)
    return Document(
        title=reading.title,
        language=_language(clauses),
        clauses=clauses,
        dates=stated_dates(clause.text for clause in clauses),
        furniture=reading.furniture,
        links=reading.links,
        shell=reading.shell,
        signs=reading.signs,
    )


def _from_text(body: bytes, content_type: str, kind: str, url: str, page: int) -> Document:
    page_lines: list[Line] = []
    if kind == "pdf":
        from watcher.extract.pdf import read_pdf

        lines = read_pdf(body, name=url or "the PDF")
    else:
        from watcher.extract.text import read_markdown, read_text, without_menus

        text = decode(body, content_type)
        lines = read_markdown(text) if kind == "markdown" else read_text(text)
        lines, page_lines = without_menus(lines)
    clauses = build(lines, page=page)
    heading = next((c for c in clauses if c.shape == "heading"), clauses[0] if clauses else None)
    links = {address: text for line in lines for text, address in line.links if text and not address.startswith("#")}
    return Document(
        title=heading.text[:200] if heading else "",
        language=_language(clauses),
        clauses=clauses,
        dates=stated_dates(clause.text for clause in clauses),
        furniture="\n".join(line.text for line in page_lines),
        links=tuple(Link(text=text, url=address) for address, text in links.items()),
    )


def _language(clauses: tuple[Clause, ...]) -> str:
    return main_language((clause.language, clause.text) for clause in clauses)
