"""A parsed page, walked once: its lines of text in reading order, and the elements that hold them.

The walk decides nothing about what is policy. It follows HTML's own rules of display: which elements break a
line, which never hold text, how lists and tables count. Hidden panels are read like shown ones: a closed
accordion is policy too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

from selectolax.lexbor import LexborNode

from watcher.extract.lines import Cell, Line, Role
from watcher.extract.markup import Element, Kind, element_of, end_of, pieces_of, plain, texts_in

_HEADINGS = {f"h{n}": n for n in range(1, 7)}
_TABLES = frozenset(("table", "tr", "td", "th"))
_TITLED = frozenset(("summary", "caption", "legend"))
_CONTENT = frozenset(("h1", "main", "article"))  #: in a <nav>, the sign that it was never closed and holds the page
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
_MENU, _PANEL, BODY = Element("nav", Kind.BLOCK), Element("div", Kind.BLOCK), Element("body", Kind.BLOCK)


@dataclass(slots=True)
class Box:
    """An element that starts a new line and holds text: its place in the tree and the range of lines inside it."""

    parent: int
    element: Element
    start: int = 0
    end: int = 0


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
    """Marks without content: _BOLD_TEXT to be undone, _CUT for an element whose inside is not read."""


_BOLD_TEXT, _CUT = _Mark(), _Mark()
#: Before an element that does more than start a line: the box outside, the element's name, and the walk's role, level,
#: marker, cell, pre, bold and heading.
_State = tuple[int, str, Role, int, str, Cell | None, int, int, int]
#: What an element's end undoes; of one that only starts a line, the box outside.
_Left = int | _State | _Link | _Mark | None


def cfemail(code: str) -> str:
    """The address that Cloudflare's e-mail obfuscation hides in `code` (hex; the first byte is the key), or ""."""
    if not _HEX.fullmatch(code) or len(code) % 2:
        return ""
    raw = bytes.fromhex(code)
    return bytes(b ^ raw[0] for b in raw[1:]).decode("utf8", "replace")


class Walker:
    """One pass over a page's pieces, without recursion, so that depth costs nothing."""

    def __init__(self) -> None:
        self.page = Page()
        self.pieces: list[str] = []
        self.box = -1
        self.parts: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.linked = 0
        self.bold = 0
        self.bold_chars = 0
        self.href: str | None = None
        self.link_from = 0
        self.role: Role = "text"
        self.level = 0
        self.marker = ""
        self.lists: list[_List] = []
        self.tables: list[_Table] = []
        self.table_count = 0
        self.cell: Cell | None = None
        self.pre = 0
        self.after_break = False
        self.heading = 0

    def walk(self, root: LexborNode) -> Page:
        """Read `root` and everything below it."""
        self.pieces = pieces = pieces_of(root)
        stack: list[_Left] = []
        end, block, inline, silent = Kind.END, Kind.BLOCK, Kind.INLINE, Kind.SILENT
        parts, boxes, lines, resume = self.parts, self.page.boxes, self.page.lines, 0
        for i, piece in enumerate(pieces):
            if i < resume:
                continue
            tag, closed, text = piece.partition(">")
            if not closed:  # no tag of its own: "<" is part of a name
                self._glue(i)
                continue
            element = element_of(tag)
            kind = element.kind
            left: _Left = None
            if kind is end:
                if stack:
                    before = stack.pop()
                    if before is not None:
                        self._leave(before)
            elif kind is block:
                if parts or self.after_break:
                    self._flush()
                if element.plain:
                    stack.append(self.box)
                    if element.boxed:
                        boxes.append(Box(self.box, element, len(lines)))
                        self.box = len(boxes) - 1
                else:
                    left = self._enter_block(element, i)
                    stack.append(left)
            elif kind is inline:
                left = self._enter_inline(element, i)
                stack.append(left)
            elif kind is not silent:
                left = self._pass(element)
            if left is _CUT:
                if kind is not Kind.SKIP:
                    stack.pop()
                resume = self._cut(i, element.name)
            elif text:
                if "&" in text:
                    text = plain(text)
                if parts or not text.isspace():
                    self._add(text)
        self._flush()
        return self.page

    def _glue(self, i: int) -> None:
        """Give a piece without a tag to the next one, where the rest of it stands."""
        if i + 1 < len(self.pieces):
            self.pieces[i + 1] = f"{self.pieces[i]}<{self.pieces[i + 1]}"

    def _cut(self, i: int, name: str) -> int:
        """Where to go on after an element that is not read: at its end, of which only the text behind it is left."""
        end = end_of(self.pieces, i, name)
        if end < len(self.pieces):
            self.pieces[end] = ">" + self.pieces[end].partition(">")[2]
        return end

    def _pass(self, element: Element) -> _Left:
        """A tag without an end of its own, or one whose inside is not read."""
        if element.kind is Kind.BREAK:
            self._break()
        elif element.kind is Kind.RULE:
            self._flush()
        elif element.kind is Kind.FIELD:
            # A form field holds no text of the page; that it asks for a password is noted.
            self.page.password |= element.attributes.get("type", "").lower() == "password"
        else:
            return _CUT
        return None

    # --- text -------------------------------------------------------------------------------------------------------

    def _add(self, text: str) -> None:
        if self.pre and "\n" in text:
            for i, piece in enumerate(text.split("\n")):
                if i:
                    self._break()
                self._add(piece)
            return
        self.parts.append(text)
        if (self.bold or self.href is not None) and not text.isspace():
            if self.bold:
                self.bold_chars += len(text)
            if self.href is not None:
                self.linked += len(text)

    def _break(self) -> None:
        """A line break; two in a row part paragraphs."""
        before = len(self.page.lines)
        self._flush()
        self.after_break = len(self.page.lines) > before

    def _flush(self) -> None:
        """End the line at hand."""
        if self.parts:
            parts = self.parts
            text = " ".join((parts[0] if len(parts) == 1 else "".join(parts)).split())
            if "&" in text or "<" in text or "]" in text:
                text = _cleaned(text)
            if self.heading:
                text = text.rstrip("#¶🔗 ")
            if text:
                if self.href:
                    self.links.append((" ".join("".join(parts[self.link_from :]).split()), self.href))
                self._emit(text)
            parts.clear()
            if self.links:
                self.links = []
            self.linked = self.bold_chars = self.link_from = 0
        self.after_break = False

    def _emit(self, text: str) -> None:
        self.page.lines.append(
            Line(
                text,
                "cell" if self.cell is not None and self.role == "text" else self.role,
                self.level,
                self.marker if self.role == "item" else "",
                self.bold_chars > 0 and self.bold_chars >= len(text) - text.count(" "),
                self.after_break,
                min(self.linked, len(text)),
                tuple(self.links) if self.links else (),
                self.cell,
                self.box,
            )
        )
        if self.role == "item":
            self.role, self.level, self.marker = "text", 0, ""

    # --- elements ---------------------------------------------------------------------------------------------------

    def _enter_block(self, element: Element, i: int) -> _Left:
        """Start an element that does more than begin a line; what is returned goes to `_leave` at its end."""
        if element.name == "nav" and self._is_menu(i):
            return _CUT
        style = self.role, self.level, self.marker, self.cell, self.pre, self.bold, self.heading
        before = (self.box, element.name, *style)
        if element.boxed:
            panel = element.name == "button" and (self.heading or element.opens)
            self._open_box(_PANEL if panel else element)
            self.bold += element.bold
            self.pre += element.keeps_breaks
        self._open_block(element)
        return before

    def _open_box(self, element: Element) -> None:
        self.page.boxes.append(Box(self.box, element, len(self.page.lines)))
        self.box = len(self.page.boxes) - 1

    def _close_box(self, outer: int) -> None:
        """End the box at hand, and forget it if it holds nothing."""
        if self.page.boxes[self.box].start == len(self.page.lines):
            self.page.boxes.pop()
        else:
            self.page.boxes[self.box].end = len(self.page.lines)
        self.box = outer

    def _is_menu(self, i: int) -> bool:
        """Navigation is kept as one line: nothing in there needs to be told apart."""
        end = end_of(self.pieces, i, "nav")
        if any(element_of(piece.partition(">")[0]).name in _CONTENT for piece in self.pieces[i:end]):
            return False
        text = " ".join(" ".join(texts_in(self.pieces, i, end)).split())
        if text:
            count = len(self.page.lines)
            self.page.boxes.append(Box(self.box, _MENU, count, count + 1))
            self.page.lines.append(Line(text=text, linked=len(text), box=len(self.page.boxes) - 1))
        return True

    def _open_block(self, element: Element) -> None:
        """What an element that says more than "new line" means for the lines inside it."""
        tag, attributes = element.name, element.attributes
        heading = _HEADINGS.get(tag, 0)
        if not heading and element.role == "heading":
            level = attributes.get("aria-level") or "2"
            heading = min(6, max(1, int(level))) if level.isdecimal() else 2
        if heading:
            self.role, self.level, self.heading = "heading", heading, heading
        elif tag in _LISTS:
            self._open_list(tag, attributes)
        elif tag == "li":
            self._open_item(attributes)
        elif tag in ("dt", "dd"):
            self.role, self.level = ("term" if tag == "dt" else "definition"), 0
        elif tag in _TABLES:
            self._open_table(tag, attributes)
        elif tag == "pre":
            self.pre += 1
        elif (tag in _TITLED and not self.heading) or (tag == "button" and element.opens):
            self.bold += 1

    def _open_list(self, tag: str, attributes: dict[str, str]) -> None:
        start = attributes.get("start") or "1"
        kind = (attributes.get("type") or "1") if tag == "ol" else ""
        self.lists.append(_List(ordered=kind, count=int(start) - 1 if start.isdecimal() and len(start) < 6 else 0))

    def _open_item(self, attributes: dict[str, str]) -> None:
        self.role, self.level, self.marker = "item", max(1, len(self.lists)), "•"
        if self.lists and self.lists[-1].ordered:
            counter = self.lists[-1]
            value = attributes.get("value", "")
            counter.count = int(value) if value.isdecimal() and len(value) < 6 else counter.count + 1
            self.marker = _ordinal(counter.count, counter.ordered) + "."

    def _open_table(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "table":
            if self.cell is not None:
                self.page.layout.add(self.cell.table)
            self.tables.append(_Table(number=self.table_count))
            self.table_count += 1
            self.cell = None
        elif self.tables:
            table = self.tables[-1]
            if tag == "tr":
                table.row += 1
                table.column = -1
            else:
                table.column += 1
                across, down = _span(attributes.get("colspan", "")), _span(attributes.get("rowspan", ""))
                self.cell = Cell(table.number, max(0, table.row), table.column, tag == "th", across, down)
                self.role, self.level = "text", 0

    def _enter_inline(self, element: Element, i: int) -> _Left:
        if element.name == "a":
            return self._enter_link(element, i)
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
        if self.heading and self._is_permalink(element, href, i):
            return _CUT
        before = _Link(self.href, self.link_from)
        self.href, self.link_from = href, len(self.parts)
        return before

    def _is_hidden_address(self, code: str, i: int) -> bool:
        """Whether a link only stands in for an obfuscated address; then that is taken."""
        address = cfemail(code)
        if not address or "\ufffd" in address:
            return False
        inside = self.pieces[i : end_of(self.pieces, i, "a")]
        shown = " ".join("".join(texts_in(inside, 0, len(inside))).split())
        # A link may lead elsewhere than the address that it shows, which is hidden by itself.
        if (shown and "protected" not in shown) or any("data-cfemail" in piece for piece in inside[1:]):
            return False
        self._add(address)
        return True

    def _is_permalink(self, element: Element, href: str, i: int) -> bool:
        """Whether a link in a heading is only there to be copied."""
        words = "".join(texts_in(self.pieces, i, end_of(self.pieces, i, "a")))
        if not any(c.isalnum() for c in words):
            return True
        named = _PERMALINK.search(element.attributes.get("class", "")) is not None
        return named and href.startswith("#") and len(words.split()) <= 4 and any(p.strip() for p in self.parts)

    def _leave(self, left: _Left) -> None:
        """End an element."""
        if left.__class__ is int:
            if self.parts or self.after_break:
                self._flush()
            if left != self.box:
                self._close_box(left)
        elif left is _BOLD_TEXT:
            self.bold -= 1
        elif isinstance(left, tuple):
            self._leave_block(left)
        elif isinstance(left, _Link):
            text = " ".join("".join(self.parts[self.link_from :]).split())
            if self.href and text:
                self.links.append((text, self.href))
            self.href, self.link_from = left.href, left.link_from

    def _leave_block(self, before: _State) -> None:
        if self.parts or self.after_break:
            self._flush()
        was_item = self.role == "item"
        box, name, self.role, self.level, self.marker, self.cell, self.pre, self.bold, self.heading = before
        if self.role == "item" and name != "li" and not was_item:
            # The item's own text was inside this block, so what follows is no new item.
            self.role, self.level, self.marker = "text", 0, ""
        if box != self.box:
            self._close_box(box)
        if name in _LISTS and self.lists:
            self.lists.pop()
        elif name == "table" and self.tables:
            self.tables.pop()


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
