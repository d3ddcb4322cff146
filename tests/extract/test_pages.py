"""Golden pages: tests/pages/NAME.html is read into exactly the clauses of NAME.clauses.toml. A new case needs no code.

In the TOML file: `title`, `language` of the document; `absent`, words that no clause may hold; optionally `url`,
`select`, `remove`; and a [[clause]] for each clause, in order. A clause without `shape` is a paragraph; without `path`,
`number`, `lead` or `columns` it has none; without `language` it is in the document's.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from watcher.extract import extract
from watcher.records import Clause, Document

PAGES = Path(__file__).resolve().parents[1] / "pages"
NAMES = sorted(file.stem for file in PAGES.glob("*.html"))


def read(name: str, expected: dict[str, Any]) -> Document:
    return extract(
        (PAGES / f"{name}.html").read_bytes(),
        content_type="text/html; charset=utf-8",
        url=expected.get("url", "https://site.example/privacy"),
        select=expected.get("select", ()),
        remove=expected.get("remove", ()),
    )


def described(clause: Clause, language: str) -> dict[str, Any]:
    """A clause as the TOML file writes it."""
    full = {
        "text": clause.text,
        "shape": "" if clause.shape == "paragraph" else clause.shape,
        "path": list(clause.path),
        "number": clause.number,
        "lead": clause.lead,
        "columns": list(clause.columns),
        "language": "" if clause.language == language else clause.language,
    }
    return {key: value for key, value in full.items() if value}


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_read_into_its_clauses(name: str) -> None:
    expected = tomllib.loads((PAGES / f"{name}.clauses.toml").read_text(encoding="utf8"))
    document = read(name, expected)
    assert [described(clause, document.language) for clause in document.clauses] == expected["clause"]
    assert (document.title, document.language) == (expected["title"], expected["language"])
    assert not document.shell
    for words in expected.get("absent", ()):
        assert not any(words in clause.text for clause in document.clauses), words


def test_there_are_pages_of_every_sort() -> None:
    assert len(NAMES) >= 25


@pytest.mark.parametrize("name", NAMES)
def test_anchors_are_unique_and_numbers_stay_out_of_hashes(name: str) -> None:
    expected = tomllib.loads((PAGES / f"{name}.clauses.toml").read_text(encoding="utf8"))
    clauses = read(name, expected).clauses
    assert len({clause.anchor for clause in clauses}) == len(clauses)
    assert all(len(clause.columns) in (0, len(clause.cells)) for clause in clauses)
