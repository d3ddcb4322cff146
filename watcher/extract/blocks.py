"""A parsed page, walked once: its lines of text in reading order, and the elements that hold them.

The walk decides nothing about what is policy. It follows HTML's own rules of display: which elements break a
line, which never hold text, how lists and tables count. Hidden panels are read like shown ones: a closed
accordion is policy too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from itertools import chain, count, islice

from selectolax.lexbor import LexborNode

from watcher.extract.lines import Cell, Line, Role, one_line
from watcher.extract.markup import ELEMENTS, SILENT, Element, end_of, plain, tags_and_texts

_CONTENT = ("h1", "main", "article")  #: in a <nav>, the sign that it was never closed and holds the page
_LISTS = frozenset(("ul", "ol", "menu", "dir"))
_PERMALINK = re.compile(
    r"\b(?:anchor|permalink|headerlink|header-link|hash-link|heading-link|direct-link)", re.IGNORECASE
)
_HEX = re.compile(r"[0-9a-fA-F]{4,}")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|nbsp|amp|quot|[lr][sd]quo|[nm]dash|apos|hellip|copy);")
_LEAKED_TAG = re.compile(
    r"</?(?:p|div|span|a|br|b|i|u|em|strong|li|ul|ol|h[1-6]|iframe|img|font|script|table|tr|td)(?:\s[^<>]{0,300})?/?>"
)
_LEAKED_LINK = re.compile(r"\[([^\[\]]{1,200})\](?:\((?:https?:|/|#|mailto:)[^()\s]{0,500}\)|\[[^\[\]\s]{1,80}\])")
_LEAKED_TARGET = re.compile(r"\[[^\[\]\s]{1,80}\]: ?(?:https?:|/|#|mailto:)\S{1,500}")
_MENU, _PANEL, BODY = Element("nav", "block"), Element("div", "block"), Element("body", "block")


@dataclass(slots=True)
class Box:
    """An element that starts a new line and holds text: its place in the tree and the range of lines inside it."""

    parent: int
    element: Element
    start: int = 0
    end: int = 0
    number: int = 0  #: its own place among the boxes


@dataclass(slots=True)
class Page:
    """What one walk gives."""

    boxes: list[Box] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    password: bool = False
    layout: set[int] = field(default_factory=set)  #: tables that hold another table, so they only arrange the page


@dataclass(slots=True)
class _List:
    ordered: str
    count: int


@dataclass(slots=True)
class _Table:
    number: int
    row: int = -1
    column: int = -1


@dataclass(slots=True)
class _Link:
    """The link around a link, if any."""

    href: str | None
    link_from: int


class _Mark:
    """What an element's end undoes, where that needs no further word."""


_BOLD_TEXT = _Mark()
_VOID, _CUT = _Mark(), _Mark()  #: a tag without an end of its own; an element whose inside is not read
_LINE = Box(-1, BODY)  #: around an element that only starts a line and is not kept
_BROKEN = ""  #: the first part of a line that follows a line break
#: What the elements around a line make of it: its role, level and marker, and the level of the heading that it is in.
_Place = tuple[Role, int, str, int]
#: Of an element that does more than start a line, its name, and what was before it: box, place, cell, `pre`, `bold`.
_State = tuple[str, Box, _Place, Cell | None, int, int]
_Left = Box | _State | _Link | _Mark | None  #: what an element's end undoes; the box around one that only is a box


@lru_cache(256)
def cfemail(code: str) -> str:
    """The address that Cloudflare's e-mail obfuscation hides in `code` (hex; the first byte is the key), or ""."""
    if not _HEX.fullmatch(code) or len(code) % 2:
        return ""
    raw = bytes.fromhex(code)
    return bytes(b ^ raw[0] for b in raw[1:]).decode("utf8", "replace")


class Walker:
    """One pass over a page's tags and texts, without recursion, so that depth costs nothing."""

    def __init__(self) -> None:
        self.page = Page()
        self.tags: list[str] = []
        self.texts: list[str] = []  #: what follows each tag
        self.box = Box(-1, BODY, number=-1)  #: the innermost one around the place at hand
        self.parts: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.linked = 0
        self.bold = 0
        self.bold_chars = 0
        self.href: str | None = None
        self.link_from = 0
        self.place: _Place = "text", 0, "", 0
        self.lists: list[_List] = []
        self.tables: list[_Table] = []
        self.table_count = 0
        self.cell: Cell | None = None
        self.pre = 0

    def walk(self, root: LexborNode) -> Page:
        """Read `root` and everything below it."""
        self.tags, self.texts = tags_and_texts(root)
        elements, parts = list(map(ELEMENTS.__getitem__, self.tags)), self.parts
        stack: list[_Left] = []
        walk = zip(count(), elements, self.texts, chain(islice(elements, 1, None), (SILENT,)), strict=False)
        for i, element, text, following in walk:
            kind = element.kind
            if kind == "end":
                left = stack.pop() if stack else None
                if isinstance(left, Box):
                    if parts:
                        self._flush()
                    if left is not _LINE:
                        self._close_box(left)
                elif left is not None:
                    self._leave(left)
            elif following.name == element.end and element.leaf and self._take_leaf(element, text):
                _, _, text, _ = next(walk)
            elif element.plain:
                if parts:
                    self._flush()
                stack.append(self._open_box(element) if element.boxed else _LINE)
            elif kind != "silent":
                left = self._enter_block(element, i) if kind == "block" else self._enter(element, i)
                if left is _CUT:
                    end_of_cut = end_of(self.tags, i, element.name)
                    # In place of its end: only the text after it is left.
                    elements[end_of_cut : end_of_cut + 1] = [SILENT]
                    for _ in islice(walk, end_of_cut - i - 1):
                        pass
                    continue
                if left is not _VOID:
                    stack.append(left)
            if text:
                if "&" in text:
                    text = plain(text)
                if parts or not text.isspace():
                    if self.bold or self.pre or self.href is not None:
                        self._add(text)
                    else:
                        parts.append(text)
        if parts:
            self._flush()
        return self.page

    def _take_leaf(self, element: Element, text: str) -> bool:
        """Read an element in which only `text` stands; False where that is not as simple."""
        leaf, place = element.leaf, self.place
        if self.bold or self.pre or self.href is not None or (leaf == "link" and place[3]):
            return False
        if "&" in text:
            text = plain(text)
        if leaf == "link" or leaf == "words":
            if text.isspace() or not text:
                text = text if self.parts else ""
            elif leaf == "link":
                self.linked += len(text)
                self.links.append((one_line(text), element.attributes["href"]))
            if text:
                self.parts.append(text)
            return True
        if self.parts:
            self._flush()
            place = self.place
        if leaf == "line":
            self._line(element, text, place)
        elif leaf == "item":
            self._open_item(element)
            self._line(element, text, self.place)
            self.place = place
        else:
            self._line(element, text, ("heading", element.heading, place[2], element.heading))
            self.place = place if place[0] != "item" else ("text", 0, "", place[3])
        return True

    def _line(self, element: Element, text: str, place: _Place) -> None:
        """A line of its own, in an element of its own."""
        text = one_line(text)
        if "&" in text or "<" in text or "]" in text:
            text = _cleaned(text)
        role, level, marker, heading = place
        if heading:
            text = text.rstrip("#¶🔗 ")
        if not text:
            return
        if role == "item":
            self.place = "text", 0, "", heading
        elif role == "text" and self.cell is not None:
            role = "cell"
        lines, number = self.page.lines, self.box.number
        if element.boxed:
            boxes, at = self.page.boxes, len(lines)
            boxes.append(Box(number, element, at, at + 1, len(boxes)))
            number = len(boxes) - 1
        lines.append(Line(text, role, level, marker, False, False, 0, (), self.cell, number))

    # --- text -------------------------------------------------------------------------------------------------------

    def _add(self, text: str) -> None:
        """Words that are bold, linked or set line by line."""
        if self.pre and "\n" in text:
            for i, piece in enumerate(text.split("\n")):
                if i:
                    self._break()
                if piece:
                    self._add(piece)
            return
        self.parts.append(text)
        if not text.isspace():
            if self.bold:
                self.bold_chars += len(text)
            if self.href is not None:
                self.linked += len(text)

    def _break(self) -> None:
        """A line break; two in a row part paragraphs."""
        before = len(self.page.lines)
        if self.parts:
            self._flush()
        if len(self.page.lines) > before:
            self.parts.append(_BROKEN)

    def _flush(self) -> None:
        """End the line at hand, of the role that the elements around give it."""
        parts = self.parts
        text = one_line("".join(parts))
        if "&" in text or "<" in text or "]" in text:
            text = _cleaned(text)
        role, level, marker, heading = self.place
        if heading:
            text = text.rstrip("#¶🔗 ")
        if text:
            if self.href:
                self.links.append((one_line("".join(parts[self.link_from :])), self.href))
            if role == "item":
                self.place = "text", 0, "", heading
            elif role == "text" and self.cell is not None:
                role = "cell"
            bold, linked, links = self.bold_chars, self.linked, self.links
            self.page.lines.append(
                Line(
                    text,
                    role,
                    level,
                    marker,
                    bold > 0 and bold >= len(text) - text.count(" "),
                    parts[0] == _BROKEN,
                    min(linked, len(text)) if linked else 0,
                    tuple(links) if links else (),
                    self.cell,
                    self.box.number,
                )
            )
        parts.clear()
        if self.links:
            self.links = []
        self.linked = self.bold_chars = self.link_from = 0

    # --- elements ---------------------------------------------------------------------------------------------------

    def _open_box(self, element: Element) -> Box:
        """Begin an element that is kept, unless nothing is read in it; what is returned is the one around it."""
        around, boxes = self.box, self.page.boxes
        self.box = Box(around.number, element, len(self.page.lines), 0, len(boxes))
        boxes.append(self.box)
        return around

    def _close_box(self, around: Box) -> None:
        """End the element at hand, and forget it if it holds nothing."""
        box, end = self.box, len(self.page.lines)
        if box.start == end:
            self.page.boxes.pop()
        else:
            box.end = end
        self.box = around

    def _enter(self, element: Element, i: int) -> _Left:
        """Start an element that does more than begin a line; what is returned is what its end undoes."""
        kind = element.kind
        if kind == "inline":
            return self._enter_link(element, i) if element.name == "a" else self._enter_inline(element)
        if kind == "skip":
            return _CUT
        if kind == "break":
            self._break()
        elif kind == "rule":
            if self.parts:
                self._flush()
        else:
            # A form field holds no text of the page; that it asks for a password is noted.
            self.page.password |= element.attributes.get("type", "").lower() == "password"
        return _VOID

    def _enter_block(self, element: Element, i: int) -> _Left:
        if self.parts:
            self._flush()
        name, heading = element.name, element.heading
        if name == "nav" and self._is_menu(i):
            return _CUT
        before = name, self.box, self.place, self.cell, self.pre, self.bold
        if element.boxed:
            panel = name == "button" and (self.place[3] or element.opens)
            self._open_box(_PANEL if panel else element)
            if element.bold or element.keeps_breaks:
                self.bold += element.bold
                self.pre += element.keeps_breaks
        if heading:
            self.place = "heading", heading, self.place[2], heading
        elif (open_one := _OPENERS.get(name)) is not None:
            open_one(self, element)
        return before

    def _is_menu(self, i: int) -> bool:
        """Navigation is kept as one line: nothing in there needs to be told apart."""
        end = end_of(self.tags, i, "nav")
        if any(ELEMENTS[tag].name in _CONTENT for tag in self.tags[i:end] if tag.startswith(_CONTENT)):
            return False
        text = " ".join(plain(" ".join(self.texts[i:end])).split())
        if text:
            around = self._open_box(_MENU)
            self.page.lines.append(Line(text=text, linked=len(text), box=self.box.number))
            self._close_box(around)
        return True

    def _open_list(self, element: Element) -> None:
        start = element.attributes.get("start") or "1"
        kind = (element.attributes.get("type") or "1") if element.name == "ol" else ""
        self.lists.append(_List(ordered=kind, count=int(start) - 1 if start.isdecimal() and len(start) < 6 else 0))

    def _open_item(self, element: Element) -> None:
        marker = "•"
        if self.lists and self.lists[-1].ordered:
            counter = self.lists[-1]
            value = element.attributes.get("value", "")
            counter.count = int(value) if value.isdecimal() and len(value) < 6 else counter.count + 1
            marker = _ordinal(counter.count, counter.ordered) + "."
        self.place = "item", len(self.lists) or 1, marker, self.place[3]

    def _open_table(self, _element: Element) -> None:
        if self.cell is not None:
            self.page.layout.add(self.cell.table)
        self.tables.append(_Table(number=self.table_count))
        self.table_count += 1
        self.cell = None

    def _open_row(self, _element: Element) -> None:
        if self.tables:
            self.tables[-1].row += 1
            self.tables[-1].column = -1

    def _open_cell(self, element: Element) -> None:
        if self.tables:
            table, attributes = self.tables[-1], element.attributes
            table.column += 1
            across, down = _span(attributes.get("colspan", "")), _span(attributes.get("rowspan", ""))
            self.cell = Cell(table.number, max(0, table.row), table.column, element.name == "th", across, down)
            self.place = "text", 0, self.place[2], self.place[3]

    def _open_definition(self, element: Element) -> None:
        self.place = "term" if element.name == "dt" else "definition", 0, self.place[2], self.place[3]

    def _open_text_as_it_is(self, _element: Element) -> None:
        self.pre += 1

    def _open_title(self, element: Element) -> None:
        """The name of a panel, table or group is set in bold, as is that of a panel that a button opens."""
        self.bold += element.opens if element.name == "button" else not self.place[3]

    def _enter_inline(self, element: Element) -> _Left:
        code = element.attributes.get("data-cfemail")
        if code:
            self._add(cfemail(code))
            return _CUT
        if element.bold:
            self.bold += 1
            return _BOLD_TEXT
        return None

    def _enter_link(self, element: Element, i: int) -> _Left:
        href, code = element.attributes.get("href", ""), element.attributes.get("data-cfemail", "")
        if not code and "/cdn-cgi/l/email-protection#" in href and "@" not in href:
            code = href.rpartition("#")[2]
        if not href and not code:
            return None  # an anchor by name, on old pages often never closed
        if code and self._is_hidden_address(code, i):
            return _CUT
        if self.place[3] and self._is_permalink(element, href, i):
            return _CUT
        before = _Link(self.href, self.link_from)
        self.href, self.link_from = href, len(self.parts)
        return before

    def _is_hidden_address(self, code: str, i: int) -> bool:
        """Whether a link only stands in for an obfuscated address; then that is taken."""
        address = cfemail(code)
        if not address or "\ufffd" in address:
            return False
        end = end_of(self.tags, i, "a")
        shown = " ".join(plain("".join(self.texts[i:end])).split())
        # A link may lead elsewhere than the address that it shows, which is hidden by itself.
        if (shown and "protected" not in shown) or any(
            "data-cfemail" in part for part in self.tags[i + 1 : end] + self.texts[i + 1 : end]
        ):
            return False
        self._add(address)
        return True

    def _is_permalink(self, element: Element, href: str, i: int) -> bool:
        """Whether a link in a heading is only there to be copied."""
        words = plain("".join(self.texts[i : end_of(self.tags, i, "a")]))
        if not any(c.isalnum() for c in words):
            return True
        named = _PERMALINK.search(element.attributes.get("class", "")) is not None
        return named and href.startswith("#") and len(words.split()) <= 4 and any(p.strip() for p in self.parts)

    def _leave(self, before: _State | _Link | _Mark) -> None:
        """End an element that was more than a box."""
        if isinstance(before, tuple):
            if self.parts:
                self._flush()
            self._leave_block(before)
        elif isinstance(before, _Link):
            self._leave_link(before)
        else:
            self.bold -= 1

    def _leave_link(self, before: _Link) -> None:
        text = one_line("".join(self.parts[self.link_from :]))
        if self.href and text:
            self.links.append((text, self.href))
        self.href, self.link_from = before.href, before.link_from

    def _leave_block(self, before: _State) -> None:
        name, around, place, self.cell, self.pre, self.bold = before
        if place[0] == "item" and name != "li" and self.place[0] != "item":
            # The item's own text was inside this block, so what follows is no new item.
            place = "text", 0, "", place[3]
        self.place = place
        if around is not self.box:
            self._close_box(around)
        if name in _LISTS and self.lists:
            self.lists.pop()
        elif name == "table" and self.tables:
            self.tables.pop()


#: What elements mean for the lines inside them, other than headings.
_OPENERS = {
    **dict.fromkeys(_LISTS, Walker._open_list),
    **dict.fromkeys(("dt", "dd"), Walker._open_definition),
    **dict.fromkeys(("td", "th"), Walker._open_cell),
    **dict.fromkeys(("summary", "caption", "legend", "button"), Walker._open_title),
    "li": Walker._open_item,
    "pre": Walker._open_text_as_it_is,
    "table": Walker._open_table,
    "tr": Walker._open_row,
}


def _cleaned(text: str) -> str:
    """Words without markup that an editor's slip shows to readers: doubly escaped signs, tags, Markdown links."""
    if "&" in text and _ENTITY.search(text):
        text = " ".join(unescape(text).split())
    if "<" in text:
        text = " ".join(_LEAKED_TAG.sub(" ", text).split())
    if "][" in text or "](" in text:
        text = _LEAKED_LINK.sub(r"\1", text)
    return "" if text[:1] == "[" and _LEAKED_TARGET.fullmatch(text) else text


def _span(value: str) -> int:
    return min(int(value), 50) if value.isdecimal() and len(value) < 4 and int(value) > 0 else 1


def _ordinal(n: int, kind: str) -> str:
    """The n-th number of an ordered list of HTML's `type` (1, a, A, i, I)."""
    if kind in ("a", "A") and 1 <= n <= 26:
        return chr(ord(kind) + n - 1)
    if kind in ("i", "I") and 1 <= n <= 40:
        roman = "x" * (n // 10) + ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"][n % 10]
        return roman if kind == "i" else roman.upper()
    return str(n)
