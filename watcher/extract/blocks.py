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

from selectolax.lexbor import LexborNode

from watcher.extract.lines import Line, Role

_SKIP = frozenset(
    [
        "script",
        "style",
        "svg",
        "math",
        "template",
        "head",
        "object",
        "embed",
        "applet",
        "canvas",
        "audio",
        "video",
        "map",
        "datalist",
        "noframes",
        "noembed",
        "iframe",
        "colgroup",
        "col",
        "param",
        "source",
        "track",
        "meta",
        "link",
        "base",
        "title",
        "select",
        "option",
        "optgroup",
        "textarea",
        "input",
        "progress",
        "meter",
    ]
)
_BLOCK = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "frameset",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "search",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "caption",
        "button",
        "label",
        "noscript",
        "img",
        "picture",
    ]
)
_HEADINGS = {f"h{n}": n for n in range(1, 7)}
_BOLD = frozenset(("b", "strong"))
#: Inline elements whose attributes say nothing either.
_SILENT = frozenset(
    ("em", "i", "u", "small", "sup", "sub", "code", "abbr", "cite", "mark", "s", "q", "bdi", "bdo", "time")
)
_TABLES = frozenset(("table", "tr", "td", "th"))
_TITLED = frozenset(("summary", "caption", "legend"))
_NEUTRAL = frozenset(
    ("div", "p", "section", "article", "main", "header", "footer", "nav", "aside", "form", "tbody", "body")
)
_CONTENT = "h1,main,article"  #: in a <nav>, the sign that it was never closed and holds the page
_LISTS = frozenset(("ul", "ol", "menu", "dir"))
#: Without attributes these say nothing about the page's structure that their parent does not.
_BARE = frozenset(("p", "li", "tr", "tbody", "thead", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "label"))
_VOID = frozenset(("hr", "img"))
_PERMALINK = re.compile(
    r"\b(?:anchor|permalink|headerlink|header-link|hash-link|heading-link|direct-link)", re.IGNORECASE
)
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
#: Style or class (as utility frameworks call it) by which line ends in the source are line ends on the page.
_KEPT_BREAKS = re.compile(r"white-?space\s*[:-]\s*(?:pre|break-spaces)", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_HEX = re.compile(r"[0-9a-fA-F]{4,}")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|nbsp|amp|quot|[lr][sd]quo|[nm]dash|apos|hellip|copy);")
_LEAKED_TAG = re.compile(
    r"</?(?:p|div|span|a|br|b|i|u|em|strong|li|ul|ol|h[1-6]|iframe|img|font|script|table|tr|td)(?:\s[^<>]{0,300})?/?>"
)
_LEAKED_LINK = re.compile(r"\[([^\[\]]{1,200})\](?:\((?:https?:|/|#|mailto:)[^()\s]{0,500}\)|\[[^\[\]\s]{1,80}\])")
_LEAKED_TARGET = re.compile(r"\[[^\[\]\s]{1,80}\]: ?(?:https?:|/|#|mailto:)\S{1,500}")


@dataclass(slots=True)
class Box:
    """An element that starts a new line: its place in the tree and the range of lines inside it."""

    parent: int
    tag: str
    names: str = ""  #: its id, class, role and label, in lower case: what its author calls it
    role: str = ""
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
class _Link:
    """The link around a link, if any."""

    href: str | None
    link_from: int


class _Mark:
    """Marks without content: _BOLD_TEXT to be undone, _CUT for an element whose inside is not read."""


_BOLD_TEXT, _CUT = _Mark(), _Mark()
_Cell = tuple[int, int, int, bool, tuple[int, int]]  #: table, row, column, header cell, (columns, rows) spanned
#: Before an element that starts a line: its tag, then the walk's box, role, level, marker, cell, pre, bold, heading.
_State = tuple[str, int, Role, int, str, _Cell | None, int, int, int]
_Left = _State | _Link | _Mark


@dataclass(slots=True)
class _Table:
    number: int
    row: int = -1
    column: int = -1


def cfemail(code: str) -> str:
    """The address that Cloudflare's e-mail obfuscation hides in `code` (hex; the first byte is the key), or ""."""
    if not _HEX.fullmatch(code) or len(code) % 2:
        return ""
    raw = bytes.fromhex(code)
    return bytes(b ^ raw[0] for b in raw[1:]).decode("utf8", "replace")


class Walker:
    """One pass over the tree, without recursion, so that depth costs nothing."""

    def __init__(self) -> None:
        self.page = Page()
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
        self.cell: _Cell | None = None
        self.pre = 0
        self.after_break = False
        self.heading = 0

    def walk(self, root: LexborNode) -> Page:
        """Read everything below `root`."""
        stack: list[tuple[LexborNode | None, _Left | None]] = []
        before = self._enter_block(root, root.tag or "") if root.tag in _BLOCK else None
        if before is _CUT:
            return self.page
        stack.append((None, before))
        node = root.first_child
        while True:
            if node is None:
                if not stack:
                    break
                node, leave = stack.pop()
                if leave is not None:
                    self._leave(leave)
                continue
            follow = node.next
            if node.is_text_node:
                text = node.text_content or ""
                if self.parts or not text.isspace():
                    if self.pre:
                        self._preformatted(text)
                    else:
                        self._add(text)
                node = follow
                continue
            tag = node.tag or ""
            if tag == "br":
                self._break()
                node = follow
                continue
            if tag in _SKIP or tag[:1] == "-":
                if tag == "input":
                    self._field(node)
                node = follow
                continue
            if tag in _BLOCK:
                leave = self._enter_block(node, tag)
            elif tag in _SILENT:
                leave = None
            else:
                leave = self._enter_inline(node, tag)
            if leave is _CUT:
                node = follow
                continue
            stack.append((follow, leave))
            node = node.first_child
        self._flush()
        return self.page

    # --- text -------------------------------------------------------------------------------------------------------

    def _preformatted(self, text: str) -> None:
        for i, piece in enumerate(text.split("\n")):
            if i:
                self._break()
            self._add(piece)

    def _add(self, text: str) -> None:
        self.parts.append(text)
        if self.bold or self.href is not None:
            size = len(text) if not text.isspace() else 0
            if self.bold:
                self.bold_chars += size
            if self.href is not None:
                self.linked += size

    def _break(self) -> None:
        """A line break; two in a row part paragraphs."""
        before = len(self.page.lines)
        self._flush()
        self.after_break = len(self.page.lines) > before

    def _flush(self) -> None:
        """End the line at hand."""
        if self.parts:
            text = _cleaned(" ".join("".join(self.parts).split()))
            if self.heading:
                text = text.rstrip("#¶🔗 ")
            if text:
                if self.href:
                    self.links.append((" ".join("".join(self.parts[self.link_from :]).split()), self.href))
                self._emit(text)
            self.parts.clear()
            self.links = []
            self.linked = self.bold_chars = self.link_from = 0
        self.after_break = False

    def _emit(self, text: str) -> None:
        line = Line(
            text=text,
            role=self.role,
            level=self.level,
            bold=self.bold_chars > 0 and self.bold_chars >= len(text) - text.count(" "),
            broken=self.after_break,
            linked=min(self.linked, len(text)),
            links=tuple(self.links),
            box=self.box,
        )
        if self.cell is not None:
            line.table, line.row, line.column, line.head, line.span = self.cell
            if line.role == "text":
                line.role = "cell"
        if self.role == "item":
            line.marker, self.marker = self.marker, ""
            self.role, self.level = "text", 0
        self.page.lines.append(line)

    # --- elements ---------------------------------------------------------------------------------------------------

    def _field(self, node: LexborNode) -> None:
        """A form field holds no text of the page; that it asks for a password is noted."""
        if (node.attributes.get("type") or "").lower() == "password":
            self.page.password = True

    def _enter_block(self, node: LexborNode, tag: str) -> _Left | None:
        """Start an element that begins a new line; what is returned goes to `_leave` at its end."""
        if tag in _VOID:
            if tag == "hr":
                self._flush()
            return _CUT
        if tag == "nav" and node.css_first(_CONTENT) is None:
            self._menu(node)
            return _CUT
        attributes = node.attributes
        if self.parts or self.after_break:
            self._flush()
        before = (tag, self.box, self.role, self.level, self.marker, self.cell, self.pre, self.bold, self.heading)
        role = ""
        if attributes or tag not in _BARE:
            names = ""
            if attributes:
                role = (attributes.get("role") or "").lower()
                names = _names(
                    attributes.get("id") or "", attributes.get("class") or "", attributes.get("aria-label") or ""
                )
            kind = "div" if tag == "button" and (self.heading or _opens(attributes)) else tag
            self.page.boxes.append(Box(self.box, kind, names, role, len(self.page.lines)))
            self.box = len(self.page.boxes) - 1
            style = attributes.get("style")
            if style and "weight" in style and tag not in _HEADINGS and _BOLD_STYLE.search(style):
                self.bold += 1
            if "pre-" in names or (style and "pre" in style and _KEPT_BREAKS.search(style)):
                self.pre += bool(_KEPT_BREAKS.search(f"{names} {style or ''}"))
        if tag not in _NEUTRAL or role:
            self._open_block(tag, attributes, role)
        return before

    def _menu(self, node: LexborNode) -> None:
        """Navigation is kept as one line: nothing in there needs to be told apart."""
        self._flush()
        text = " ".join(node.text(deep=True, separator=" ").split())
        if not text:
            return
        self.page.boxes.append(Box(self.box, "nav", "", "", len(self.page.lines), len(self.page.lines) + 1))
        self.page.lines.append(Line(text=text, linked=len(text), box=len(self.page.boxes) - 1))

    def _open_block(self, tag: str, attributes: dict[str, str | None], role: str) -> None:
        """What an element that says more than "new line" means for the lines inside it."""
        heading = _HEADINGS.get(tag, 0)
        if not heading and role == "heading":
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
        elif (tag in _TITLED and not self.heading) or (tag == "button" and _opens(attributes)):
            self.bold += 1

    def _open_list(self, tag: str, attributes: dict[str, str | None]) -> None:
        start = attributes.get("start") or "1"
        kind = (attributes.get("type") or "1") if tag == "ol" else ""
        self.lists.append(_List(ordered=kind, count=int(start) - 1 if start.isdecimal() and len(start) < 6 else 0))

    def _open_item(self, attributes: dict[str, str | None]) -> None:
        self.role, self.level, self.marker = "item", max(1, len(self.lists)), "•"
        if self.lists and self.lists[-1].ordered:
            counter = self.lists[-1]
            value = attributes.get("value") or ""
            counter.count = int(value) if value.isdecimal() and len(value) < 6 else counter.count + 1
            self.marker = _ordinal(counter.count, counter.ordered) + "."

    def _open_table(self, tag: str, attributes: dict[str, str | None]) -> None:
        if tag == "table":
            if self.cell is not None:
                self.page.layout.add(self.cell[0])
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
                spans = (_span(attributes.get("colspan")), _span(attributes.get("rowspan")))
                self.cell = (table.number, max(0, table.row), table.column, tag == "th", spans)
                self.role, self.level = "text", 0

    def _enter_inline(self, node: LexborNode, tag: str) -> _Left | None:
        if tag in _BOLD:
            self.bold += 1
            return _BOLD_TEXT
        if tag == "a":
            return self._enter_link(node)
        if tag == "span" or "-" in tag or tag == "font":
            attributes = node.attributes
            if attributes:
                return self._enter_span(attributes)
        return None

    def _enter_span(self, attributes: dict[str, str | None]) -> _Left | None:
        code = attributes.get("data-cfemail")
        if code:
            self._add(cfemail(code))
            return _CUT
        style = attributes.get("style")
        if style and "weight" in style and _BOLD_STYLE.search(style):
            self.bold += 1
            return _BOLD_TEXT
        return None

    def _enter_link(self, node: LexborNode) -> _Left | None:
        attributes = node.attributes
        href = attributes.get("href") or ""
        code = attributes.get("data-cfemail") or ""
        if not code and "/cdn-cgi/l/email-protection#" in href and "@" not in href:
            code = href.rpartition("#")[2]
        if not href and not code:
            return None  # an anchor by name, on old pages often never closed
        address = cfemail(code) if code else ""
        if address and "\ufffd" not in address:
            shown = " ".join(node.text(deep=True).split())
            if not shown or "protected" in shown or "data-cfemail" in (node.html or ""):
                self._add(address)
                return _CUT
        if self.heading and not _has_word(node):
            return _CUT
        if self.heading and _PERMALINK.search(attributes.get("class") or "") and href.startswith("#"):
            words = node.text(deep=True).split()
            if len(words) <= 4 and any(part.strip() for part in self.parts):
                return _CUT
        before = _Link(self.href, self.link_from)
        self.href, self.link_from = href, len(self.parts)
        return before

    def _leave(self, left: _Left) -> None:
        """End an element."""
        if isinstance(left, tuple):
            self._leave_block(left)
        elif isinstance(left, _Link):
            text = " ".join("".join(self.parts[self.link_from :]).split())
            if self.href and text:
                self.links.append((text, self.href))
            self.href, self.link_from = left.href, left.link_from
        else:
            self.bold -= 1

    def _leave_block(self, before: _State) -> None:
        if self.parts or self.after_break:
            self._flush()
        was_item = self.role == "item"
        tag, box, self.role, self.level, self.marker, self.cell, self.pre, self.bold, self.heading = before
        if self.role == "item" and tag != "li" and not was_item:
            # The item's own text was inside this block, so what follows is no new item.
            self.role, self.level, self.marker = "text", 0, ""
        if box != self.box:
            self.page.boxes[self.box].end = len(self.page.lines)
            self.box = box
        if tag in _NEUTRAL:
            return
        if tag in _LISTS and self.lists:
            self.lists.pop()
        elif tag == "table" and self.tables:
            self.tables.pop()


@lru_cache(4096)
def _names(id_: str, classes: str, label: str) -> str:
    """What an element's author calls it, in lower case, with the parts of camelCase apart."""
    names = f"{id_} {classes} {label}".strip()
    lower = names.lower()
    return lower if lower == names else _CAMEL.sub("-", names).lower()


def _cleaned(text: str) -> str:
    """Words without markup that an editor's slip shows to readers: doubly escaped signs, tags, Markdown links."""
    if "&" in text and _ENTITY.search(text):
        text = " ".join(unescape(text).split())
    if "<" in text:
        text = " ".join(_LEAKED_TAG.sub(" ", text).split())
    if "][" in text or "](" in text:
        text = _LEAKED_LINK.sub(r"\1", text)
    return "" if text[:1] == "[" and _LEAKED_TARGET.fullmatch(text) else text


def _opens(attributes: dict[str, str | None]) -> bool:
    """Whether a button opens a panel of the page, so that its words are that panel's heading."""
    return "aria-controls" in attributes or "aria-expanded" in attributes or attributes.get("role") == "tab"


def _has_word(node: LexborNode) -> bool:
    return any(c.isalnum() for c in node.text(deep=True))


def _span(value: str | None) -> int:
    return min(int(value), 50) if value and value.isdecimal() and len(value) < 4 and int(value) > 0 else 1


def _ordinal(n: int, kind: str) -> str:
    """The n-th number of an ordered list of HTML's `type` (1, a, A, i, I)."""
    if kind in ("a", "A") and 1 <= n <= 26:
        return chr(ord(kind) + n - 1)
    if kind in ("i", "I") and 1 <= n <= 40:
        roman = "x" * (n // 10) + ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"][n % 10]
        return roman if kind == "i" else roman.upper()
    return str(n)
