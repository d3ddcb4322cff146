"""The text that a JavaScript site carries as data: JSON in script elements, framework state, frames written inline.

Next.js (__NEXT_DATA__, self.__next_f), Nuxt, JSON-LD, `window.__STATE__ = {...}`, JSON.parse("..."), srcdoc.
Strings that hold markup are read as pages; rich text (Contentful, Portable Text, ProseMirror, Lexical) and
prose as paragraphs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from watcher.extract.blocks import BODY, Box, Page, Walker
from watcher.extract.lines import Line
from watcher.extract.parsed import lighten

_MARKUP = re.compile(r"</?(?:p|div|h[1-6]|li|ul|ol|br|section|table|strong|span)\b[^<>]{0,500}>", re.IGNORECASE)
_ASSIGNED = re.compile(r"(?:=|\(|:|return)\s*(?=[\[{])|JSON\.parse\(\s*(?=[\"'])|__next_f\.push\(\s*(?=\[)")
_HEADING = re.compile(r"head(?:ing)?[-_]?([1-6])?|h([1-6])|title", re.IGNORECASE)
_ITEM = re.compile(r"list[-_ ]?item|bullet", re.IGNORECASE)
_TITLES = frozenset(("title", "heading", "header", "headline", "question", "subtitle"))
_ADDRESSES = frozenset(("href", "url", "to", "link"))
_MOST_TRIES = 60  #: places in one script where data may start
_DEEPEST = 100


def embedded_pages(tree: LexborHTMLParser) -> Iterator[Page]:
    """A page for each script or inline frame that carries prose, to be judged like any other page."""
    for frame in tree.css("iframe[srcdoc]"):
        body = _body(frame.attributes.get("srcdoc") or "")
        if body is not None:
            yield Walker().walk(body)
    streamed: list[str] = []
    for script in tree.css("script"):
        text = script.text() or ""
        if len(text) < 300:
            continue
        collector = _Collector()
        for value in _values(text, streamed):
            collector.take(value)
        if collector.lines:
            yield collector.page()
    if streamed:
        collector = _Collector()
        for row in "".join(streamed).split("\n"):
            collector.take_row(row)
        if collector.lines:
            yield collector.page()


def _body(markup: str) -> LexborNode | None:
    tree = LexborHTMLParser(markup)
    lighten(tree)
    return tree.body


def _values(text: str, streamed: list[str]) -> Iterator[Any]:
    """The JSON values that a script holds, whole or assigned to something. Linear: what was read is not read again."""
    stripped = text.strip()
    if stripped[:1] in ("{", "["):
        try:
            yield json.loads(stripped)
        except (ValueError, RecursionError):
            pass
        else:
            return
    decoder = json.JSONDecoder()
    at = tries = 0
    while tries < _MOST_TRIES and (match := _ASSIGNED.search(text, at)):
        tries += 1
        at = match.end()
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            continue
        if "__next_f" in match.group():
            streamed.extend(part for part in value if isinstance(part, str))
        elif isinstance(value, str):
            try:
                yield json.loads(value)
            except (ValueError, RecursionError):
                continue
        else:
            yield value


class _Collector:
    """Lines from the strings of JSON values, in their order."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.layout: set[int] = set()
        self.tables = 0

    def page(self) -> Page:
        """The lines as a page of one element."""
        page = Page(boxes=[Box(-1, BODY, end=len(self.lines))], lines=self.lines, layout=self.layout)
        for line in self.lines:
            line.box = 0
        return page

    def take_row(self, row: str) -> None:
        """One row of React's stream: an id, a colon, then JSON or text of a given length."""
        _, _, data = row.partition(":")
        if data[:1] == "T":
            self._string(data.partition(",")[2], "")
        elif data[:1] in ("[", "{"):
            try:
                self.take(json.loads(data))
            except (ValueError, RecursionError):
                return
        elif row[:1] == "<" or len(row) > 200:
            self._string(row, "")

    def take(self, value: Any, key: str = "", depth: int = 0) -> None:
        """Everything below `value` that is text for people."""
        if depth > _DEEPEST:
            return
        if isinstance(value, str):
            self._string(value, key)
        elif isinstance(value, list):
            if len(value) == 4 and value[0] == "$" and isinstance(value[1], str) and isinstance(value[3], dict):
                self._element(value[1], value[3], depth)
            else:
                for item in value:
                    self.take(item, key, depth + 1)
        elif isinstance(value, dict) and not _is_menu_entry(value) and not self._rich(value):
            for name, item in value.items():
                self.take(item, str(name), depth + 1)

    def _element(self, tag: str, props: dict[str, Any], depth: int) -> None:
        """A React element: its text if it holds nothing else, else what is below."""
        children = props.get("children")
        text = _inline(children)
        if text is not None and text.strip():
            heading = re.fullmatch(r"h([1-6])", tag)
            role = "heading" if heading else "item" if tag == "li" else "text"
            self._add(text, role, int(heading.group(1)) if heading else 0)
        else:
            for item in props.values():
                self.take(item, "children", depth + 1)

    def _rich(self, node: dict[str, Any]) -> bool:
        """Whether `node` is one block of rich text, all of whose children are runs of words; then it is taken."""
        children = next((node[k] for k in ("children", "content", "nodes") if isinstance(node.get(k), list)), None)
        if not children:
            return False
        text = _runs(children)
        if not text or not text.strip():
            return False
        style = " ".join(str(node.get(k) or "") for k in ("nodeType", "style", "type", "_type", "listItem", "tag"))
        heading = _HEADING.search(style)
        if heading:
            level = heading.group(1) or heading.group(2) or str((node.get("attrs") or {}).get("level", 2))
            self._add(text, "heading", int(level) if level.isdecimal() else 2)
        else:
            self._add(text, "item" if _ITEM.search(style) else "text", 0)
        return True

    def _string(self, text: str, key: str) -> None:
        if "<" in text and len(_MARKUP.findall(text, 0, 20000)) >= 2:
            self._markup(text)
        elif key.lower() in _TITLES and 2 < len(text) <= 150 and "://" not in text:
            self._add(text, "heading", 2)
        elif _is_prose(text):
            for part in text.split("\n"):
                self._add(part, "text", 0)

    def _markup(self, text: str) -> None:
        body = _body(text)
        if body is None:
            return
        walker = Walker()
        walker.table_count = self.tables
        page = walker.walk(body)
        self.tables = walker.table_count
        self.layout |= page.layout
        self.lines += page.lines

    def _add(self, text: str, role: Any, level: int) -> None:
        words = " ".join(text.split())
        if words:
            self.lines.append(Line(text=words, role=role, level=level, marker="•" if role == "item" else ""))


def _is_menu_entry(value: dict[str, Any]) -> bool:
    """An address with a few short words: a link of the site's menus."""
    return not _ADDRESSES.isdisjoint(value) and all(
        item is None or isinstance(item, (bool, int, float)) or (isinstance(item, str) and len(item) <= 120)
        for item in value.values()
    )


def _is_prose(text: str) -> bool:
    """Words for people rather than an address, a class list or a piece of code."""
    if len(text) < 12 or "function(" in text or text.startswith(("http:", "https:", "/", "data:", "{", "[", "$")):
        return False
    if not text.isascii() and len(text) < len(text.encode()) * 0.6:
        return True
    return text.count(" ") >= 6 and sum(c.isalpha() or c == " " for c in text) > 0.8 * len(text)


def _runs(children: list[Any]) -> str | None:
    """The words of rich-text runs, or None where one of them is a block of its own."""
    parts = []
    for child in children:
        if not isinstance(child, dict):
            return None
        text = child.get("text", child.get("value"))
        if isinstance(text, str):
            parts.append(text)
            continue
        inner = next((child[k] for k in ("children", "content") if isinstance(child.get(k), list)), None)
        style = str(child.get("nodeType") or child.get("type") or "").lower()
        if inner is None or not ("link" in style or style in ("a", "text", "mark")):
            return None
        below = _runs(inner)
        if below is None:
            return None
        parts.append(below)
    return "".join(parts)


def _inline(children: Any, depth: int = 0) -> str | None:
    """The words of a React element's children, or None where one of them is a block."""
    if isinstance(children, str):
        return "" if children.startswith("$") else children
    if children is None or isinstance(children, (bool, int, float)) or depth > 20:
        return ""
    if isinstance(children, list):
        if len(children) == 4 and children[0] == "$" and isinstance(children[3], dict):
            inline = children[1] in ("a", "strong", "b", "em", "i", "span", "u", "code", "br", "sup", "sub", "mark")
            return _inline(children[3].get("children"), depth + 1) if inline else None
        parts = [_inline(child, depth + 1) for child in children]
        return None if None in parts else "".join(p for p in parts if p)
    return None
