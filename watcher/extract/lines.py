"""The seam between the readers of each format and `clauses.build`: one Line for each block of text, in reading order.

html.py, text.py and pdf.py make Lines; what is a heading, a number or a lead-in is decided once, in clauses.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Role = Literal["text", "heading", "item", "term", "definition", "cell"]


class Cell(NamedTuple):
    """Where in a table a line stands."""

    table: int  #: counted through the document
    row: int
    column: int
    head: bool  #: marked as a header cell
    across: int = 1  #: columns that it spans
    down: int = 1  #: rows that it spans


@dataclass(slots=True)
class Line:
    """One block of text (a paragraph, a heading, an item, a cell) as a reader found it. Not a record: stays in here."""

    text: str  #: words with single spaces; numbering and bullets still in place
    role: Role = "text"
    level: int = 0  #: heading: 1 to 6; item: nesting depth from 1; else 0
    marker: str = ""  #: item: the number or bullet that the list shows but the text does not hold ("3.", "•")
    bold: bool = False  #: all of the text is set in bold: a heading in disguise, if it is short
    broken: bool = False  #: follows a line break within the same block, so it may be a soft wrap
    linked: int = 0  #: characters of the text inside links
    links: tuple[tuple[str, str], ...] = ()  #: (text, address as written) of its links
    cell: Cell | None = None
    box: int = field(default=0, repr=False)  #: the element that holds it, for html.py


def one_line(text: str) -> str:
    """Words with single spaces between them and none around, as `" ".join(text.split())` gives them.

    Most texts are so but for their ends, which is three times as fast to see as to make.
    """
    text = text.strip()
    return text if text.isprintable() and "  " not in text else " ".join(text.split())
