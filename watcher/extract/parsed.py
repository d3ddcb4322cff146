"""A page's bytes made ready for their parser once, for all who look at them: recognising, reading, the skeleton."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from selectolax.lexbor import LexborHTMLParser, LexborNode

from watcher.extract.blocks import cfemail
from watcher.extract.charset import utf8
from watcher.extract.nesting import flattened

#: Elements that swallow all that follows when they are "closed" as in XML; Lexbor follows HTML and so would we.
_SWALLOWING = "noembed|noframes|textarea|xmp|title"
_CLOSING = r"(?=[ /\t\n\r])([^<>]*)/>"
_CLOSED_FRAME = re.compile(f"<(iframe){_CLOSING}".encode())
_CLOSED = re.compile(f"<({_SWALLOWING}){_CLOSING}".encode())
_FRAME = re.compile(rb"<iframe", re.IGNORECASE)
_NOSCRIPT = re.compile(rb"<noscript")
_SHADOW = re.compile(rb"<template(?=[^<>]{0,500}\bshadowroot(?:mode)?\s*=)")
#: One look for all that may have to be mended.
_TRAPS = re.compile(
    f"<(?=[intx])(?:(?P<frame>iframe){_CLOSING}|(?P<noscript>noscript)|(?P<other>(?:{_SWALLOWING}){_CLOSING}"
    "|template[^<>]{0,500}\\bshadowroot))".replace("([^<>]*)", "[^<>]*").encode()
)
#: What is never shown, and most of a page's bytes.
_SILENT = ["script", "style", "svg", "template", "iframe", "noembed", "noframes"]
NODE = "\x01"  #: what parts text nodes
#: Around what is left out; no page holds the sign that both begin with, for parsers drop or replace it.
_OPEN, _CLOSE = "\0(", "\0)"
_STRUCK = "del,s,strike"
_LEADING_OUT = "[src]:is(iframe,frame,script)"
_ADDRESS = re.compile(
    rb'<(a|span)\b[^<>]*\bdata-cfemail="([0-9a-f]{4,})"[^<>]*>.{0,200}?</\1>', re.IGNORECASE | re.DOTALL
)
_HIDDEN = ("[email protected]", "[email\xa0protected]")  #: what Cloudflare shows in place of an address
_MENDABLE = f"iframe,{_SWALLOWING.replace('|', ',')},template[shadowrootmode],template[shadowroot]"


@dataclass(frozen=True, slots=True)
class Texts:
    """What a page shows: its text nodes, and the elements that strike text out, which the nodes do not tell."""

    nodes: list[str]
    struck: str


def lighten(tree: LexborHTMLParser) -> None:
    """Take out of a page what holds none of its text, and all whose text would be written with brackets in it."""
    tree.strip_tags(_SILENT)


class Parsed:
    """The bytes of an HTML page: decoded, mended and looked through once, however often they are parsed."""

    def __init__(self, body: bytes, content_type: str = "") -> None:
        self.body = body
        self.content_type = content_type
        self._texts: dict[tuple[str, ...], Texts] = {}

    @cached_property
    def source(self) -> bytes:
        """The page in UTF-8, mended where its markup would make a parser lose parts of it."""
        source = flattened(utf8(self.body, self.content_type))
        found = [(trap.lastgroup, trap.start()) for trap in _TRAPS.finditer(source)]
        traps = {name for name, _ in found}
        starts = [start for name, start in found if name == "noscript"]
        if "frame" in traps:
            source = _CLOSED_FRAME.sub(rb"<\1\2></\1>", source)
            starts = [trap.start() for trap in _NOSCRIPT.finditer(source)]
        source = _without_frames_in_noscript(source, starts)
        return _mended(source) if "other" in traps and _is_broken(LexborHTMLParser(source)) else source

    def tree(self) -> LexborHTMLParser:
        """The page as a tree of its own, to be changed at will."""
        return LexborHTMLParser(self.source)

    @cached_property
    def light(self) -> LexborHTMLParser:
        """The page without what is never shown, for all who change nothing: to parse is the dearest single step."""
        tree = self.tree()
        self._sources = [(node.tag or "", node.attributes["src"] or "") for node in tree.css(_LEADING_OUT)]
        lighten(tree)
        return tree

    @property
    def sources(self) -> list[tuple[str, str]]:
        """Name and address of each script and frame that is loaded from elsewhere."""
        assert self.light
        return self._sources

    def texts(self, without: tuple[str, ...]) -> Texts:
        """What the page shows outside such elements, empty nodes left out; nothing for what is no HTML."""
        if without not in self._texts:
            self._texts[without] = self._shown(without) if "html" in self.content_type else Texts([], "")
        return self._texts[without]

    def _shown(self, without: tuple[str, ...]) -> Texts:
        shown = _shown(self.light, without)
        if b"data-cfemail" in self.source and any(hidden in shown.nodes for hidden in _HIDDEN):
            tree = LexborHTMLParser(_ADDRESS.sub(lambda match: cfemail(match[2].decode()).encode(), self.source))
            lighten(tree)
            return _shown(tree, without)
        return shown


def _shown(tree: LexborHTMLParser, without: tuple[str, ...]) -> Texts:
    """What a page that was lightened shows. It is left as it was: what is left out is marked for a while."""
    if tree.body is None:
        return Texts([], "")
    apart = ("noscript", *without)
    out = tree.css(",".join(apart))
    for node in out:
        node.insert_before(_OPEN)
        node.insert_after(_CLOSE)
    nodes = tree.body.text(deep=True, separator=NODE).split(NODE)
    for mark in [mark for node in out for mark in (node.prev, node.next) if mark]:
        mark.decompose()
    if out:
        nodes = _outside(nodes)
    struck = [node.tag or "" for node in tree.css(_STRUCK) if not (out and _is_in(node, apart))]
    return Texts([node for node in map(str.strip, nodes) if node], " ".join(struck))


def _outside(nodes: list[str]) -> list[str]:
    """The text nodes around which no mark is open."""
    shown, depth = [], 0
    for node in nodes:
        if node == _OPEN:
            depth += 1
        elif node == _CLOSE:
            depth -= 1
        elif not depth:
            shown.append(node)
    return shown


def _is_in(node: LexborNode, names: tuple[str, ...]) -> bool:
    """Whether an element is inside one of such a name."""
    around = node.parent
    while around is not None and around.tag not in names:
        around = around.parent
    return around is not None


def _is_broken(tree: LexborHTMLParser) -> bool:
    """Whether an element swallowed what follows it, or holds a shadow root: then the source must be mended first."""
    return any(node.tag == "template" or "<" in node.text(deep=True) for node in tree.css(_MENDABLE))


def _mended(source: bytes) -> bytes:
    """`source` without what makes an HTML parser lose the page: elements closed as in XML, unread shadow roots."""
    source = _CLOSED.sub(rb"<\1\2></\1>", source)
    if _SHADOW.search(source):
        source = _SHADOW.sub(b"<div", source).replace(b"</template>", b"</div>")
    return source


def _without_frames_in_noscript(source: bytes, starts: Iterable[int]) -> bytes:
    """An iframe opened and never closed inside <noscript> would swallow the page; browsers never read it.

    `starts`: where each <noscript> begins.
    """
    parts, at, end = [], 0, 0
    for start in starts:
        if start < end:
            continue
        end = source.find(b"</noscript", start)
        if end < 0:
            break
        inside = source[start:end].lower()
        if b"<iframe" in inside and b"</iframe" not in inside:
            parts += [source[at:start], _FRAME.sub(b"<br data-frame", source[start:end])]
            at = end
    return b"".join([*parts, source[at:]]) if parts else source
