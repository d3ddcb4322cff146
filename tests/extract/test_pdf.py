"""A PDF is read like any page; what cannot be read is said plainly."""

from __future__ import annotations

import sys

import pytest

from watcher.errors import ExtractError
from watcher.extract.pdf import read_pdf

Row = tuple[str, int]  #: words and size of the letters


def pdf(*pages: list[Row]) -> bytes:
    """A small PDF of our own making: Helvetica, bold where larger than 11 points, one row under the other."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    fonts = "<< /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
    kids = []
    for rows in pages:
        y, stream = 780, ""
        for words, size in rows:
            stream += f"BT /F1 {size} Tf 60 {y} Td ({words}) Tj ET\n"
            y -= size + 4 if words else 20
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}endstream")
        kids.append(f"{len(objects) + 1} 0 R")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects)} 0 R "
            f"/Resources << /Font {fonts} >> >>"
        )
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    out, places = "%PDF-1.4\n", []
    for i, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{i} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF"
    return f"{out}xref\n0 {size}\n0000000000 65535 f \n{table}{end}".encode("latin-1")


def test_wrapped_rows_become_paragraphs_and_large_ones_headings() -> None:
    lines = read_pdf(
        pdf(
            [
                ("Privacy notice", 18),
                ("", 0),
                ("We collect the name and the address that you give us when you place an order with", 11),
                ("our shop, and we keep both for as long as the law asks us to keep an invoice, which", 11),
                ("is ten years.", 11),
                ("We never sell them.", 11),
            ]
        )
    )
    assert [(line.role, line.text) for line in lines] == [
        ("heading", "Privacy notice"),
        (
            "text",
            "We collect the name and the address that you give us when you place an order with our shop, "
            "and we keep both for as long as the law asks us to keep an invoice, which is ten years.",
        ),
        ("text", "We never sell them."),
    ]


def test_running_heads_and_page_numbers_are_left_out() -> None:
    def page(number: int, rows: list[Row]) -> list[Row]:
        return [("Oakshelf Ltd - Privacy", 9), ("", 0), *rows, ("", 0), (f"Page {number} of 3", 9)]

    lines = read_pdf(
        pdf(
            page(1, [("We keep orders.", 11)]),
            page(2, [("We keep invoices.", 11)]),
            page(3, [("We keep nothing else.", 11)]),
        )
    )
    assert [line.text for line in lines] == ["We keep orders.", "We keep invoices.", "We keep nothing else."]


def test_a_scan_without_text_is_an_error_that_says_so() -> None:
    with pytest.raises(ExtractError, match=r"notice\.pdf has 2 pages and no text: it is probably a scan"):
        read_pdf(pdf([], []), name="notice.pdf")


def test_a_broken_file_is_an_error_that_names_it() -> None:
    with pytest.raises(ExtractError, match=r"notice\.pdf cannot be opened as PDF"):
        read_pdf(b"%PDF-1.7 and then nothing", name="notice.pdf")


def test_without_the_library_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    with pytest.raises(ExtractError, match=r"pip install 'policy-watcher\[pdf\]'"):
        read_pdf(pdf([("We keep orders.", 11)]))
