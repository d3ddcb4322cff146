"""PDF to Lines with pypdfium2 (optional): wrapped lines joined, running heads and page numbers left out."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from statistics import median
from typing import Any

from watcher.errors import ExtractError
from watcher.extract.lines import Line
from watcher.extract.text import join_rows

_PRINTED = re.compile(r"[^\s\x00][^\r\n]*(?<=\S)")
_DIGITS = re.compile(r"\d+")
_BULLET = re.compile("^[•●▪◦·‣\uf0b7\uf0a7–-]\\s+(?=\\S)")
_HEADING = 1.15  #: a line set in letters larger than the body's by this factor is a heading
_GAP = 0.6  #: a vertical gap above this share of a line's height starts a new paragraph
_FULL = 0.7  #: rows of a text column reach at least this share of the page's width
_BOLDER = 1.4  #: how much heavier than the body's bold letters are; PDF writers scale weights as they like
_SAME = 0.5  #: points by which sizes of the same type may differ


@dataclass(slots=True)
class _Row:
    """One printed row of text. Lengths are in PDF points, the origin at the page's lower left."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    size: float  #: of its first letters
    weight: int
    page: int
    edge: float  #: where a full row would end at the least


def read_pdf(body: bytes, *, name: str = "the PDF") -> list[Line]:
    """The blocks of a PDF. Raises ExtractError without pypdfium2, for a locked or broken file, and for bare scans."""
    try:
        import pypdfium2
    except ImportError:
        raise ExtractError(
            f"{name} is a PDF, and reading PDF is not installed: pip install 'policy-watcher[pdf]'"
        ) from None
    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        raise ExtractError(f"{name} cannot be opened as PDF ({error}): locked with a password, or incomplete") from None
    try:
        pages = [_rows(document[i], i) for i in range(len(document))]
    finally:
        document.close()
    if not any(pages):
        raise ExtractError(
            f"{name} has {len(pages)} pages and no text: it is probably a scan; watch a page that holds the text"
        )
    return _lines(_without_running_heads(pages))


def _rows(page: Any, number: int) -> list[_Row]:
    """The printed rows of one page, in reading order."""
    from pypdfium2 import raw

    textpage = page.get_textpage()
    try:
        # One sign per index, unlike get_text_range, which leaves out signs of broken fonts and so shifts the boxes.
        signs = (raw.FPDFText_GetUnicode(textpage, i) for i in range(raw.FPDFText_CountChars(textpage)))
        text = "".join(chr(sign) if sign else "\ufffd" for sign in signs)
        rows = []
        for part in _PRINTED.finditer(text):
            first, last = part.start(), part.end() - 1
            left, bottom, _, top = textpage.get_charbox(first, loose=True)
            rows.append(
                _Row(
                    part[0].replace("\ufffd", ""),
                    left=left,
                    right=textpage.get_charbox(last, loose=True)[2],
                    bottom=bottom,
                    top=top,
                    size=round(raw.FPDFText_GetFontSize(textpage, first), 1),
                    weight=raw.FPDFText_GetFontWeight(textpage, first),
                    page=number,
                    edge=page.get_width() * _FULL,
                )
            )
        return rows
    finally:
        textpage.close()


def _without_running_heads(pages: list[list[_Row]]) -> list[_Row]:
    """All rows but those that stand, numbers apart, at the edge of most pages."""
    edges = Counter(key for rows in pages for key in {_edge_key(row) for row in (*rows[:2], *rows[-2:])})
    running = {key for key, count in edges.items() if len(pages) > 2 and count * 2 > len(pages)}
    kept = []
    for rows in pages:
        for i, row in enumerate(rows):
            at_edge = i < 2 or i >= len(rows) - 2
            bare_number = at_edge and not _DIGITS.sub("", row.text).strip(" -–/|.")
            if not bare_number and not (at_edge and _edge_key(row) in running):
                kept.append(row)
    return kept


def _edge_key(row: _Row) -> str:
    """A row's words without its numbers: the same for "Page 3 of 9" on every page."""
    return _DIGITS.sub("#", row.text)


def _lines(rows: list[_Row]) -> list[Line]:
    """Rows joined to blocks, each with the role that its type gives away."""
    if not rows:
        return []
    size = median(row.size for row in rows for _ in range(1 + len(row.text) // 20))
    body = [row for row in rows if abs(row.size - size) <= _SAME]
    edge = max(max(row.right, row.edge) for row in body)
    bold = median(row.weight for row in body) * _BOLDER
    blocks: list[list[_Row]] = []
    for row in rows:
        if blocks and _continues(blocks[-1][-1], row, edge, bold):
            blocks[-1].append(row)
        else:
            blocks.append([row])
    return [_line(block, size, bold) for block in blocks]


def _continues(before: _Row, row: _Row, edge: float, bold: float) -> bool:
    """Whether `row` goes on with the paragraph of `before`: same type, and its first word would not have fitted."""
    if _BULLET.match(row.text) or abs(before.size - row.size) > _SAME or (before.weight < bold) != (row.weight < bold):
        return False
    height = max(before.top - before.bottom, 1.0)
    if before.page == row.page and before.bottom - row.top > height * _GAP:
        return False
    letter = (before.right - before.left) / max(len(before.text), 1)
    first = len(row.text.split(None, 1)[0]) if row.text.isascii() else 2
    full = before.right + letter * (first + 3) > edge
    return full or (before.page != row.page and row.text[0].islower())


def _line(block: list[_Row], size: float, bolder: float) -> Line:
    """One block as a Line, beside the size and weight of the body's type."""
    text = join_rows([row.text for row in block])
    bold = all(row.weight >= bolder for row in block)
    bullet = _BULLET.match(text)
    if bullet:
        return Line(text[bullet.end() :], role="item", level=1, marker="•", bold=bold)
    if block[0].size >= size * _HEADING and len(text) < 200:
        return Line(text, role="heading", level=1 if block[0].size >= size * 1.5 else 2, bold=bold)
    return Line(text, bold=bold)
