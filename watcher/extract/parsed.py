"""A page's bytes made ready for their parser once, for all who look at them: recognising, reading, the skeleton."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from selectolax.lexbor import LexborHTMLParser

from watcher.extract.blocks import cfemail
from watcher.extract.charset import utf8
from watcher.extract.nesting import flattened

#: Elements that swallow all that follows when they are "closed" as in XML; Lexbor follows HTML and so would we.
_SWALLOWING = "noembed|noframes|textarea|xmp|title"
_CLOSING = r"(?=[ /\t\n\r])([^<>]*)/>"
_CLOSED_FRAME = re.compile(f"<(iframe){_CLOSING}".encode())
_CLOSED = re.compile(f"<({_SWALLOWING}){_CLOSING}".encode())
_FRAME = re.compile(rb"<iframe", re.IGNORECASE)
_SHADOW = re.compile(rb"<template(?=[^<>]{0,500}\bshadowroot(?:mode)?\s*=)")
#: One look for all that may have to be mended.
_TRAPS = re.compile(
    f"<(?=[intx])(?:(?P<frame>iframe){_CLOSING}|(?P<noscript>noscript)|(?P<other>(?:{_SWALLOWING}){_CLOSING}"
    "|template[^<>]{0,500}\\bshadowroot))".replace("([^<>]*)", "[^<>]*").encode()
)
#: What is never shown, and most of a page's bytes.
_SILENT = ["script", "style", "svg", "template", "iframe", "noembed", "noframes"]
NODE = "\x01"  #: what parts text nodes
_STRUCK = "del,s,strike"
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
        self._left: LexborHTMLParser | None = None
        self._texts: dict[tuple[str, ...], Texts] = {}

    @cached_property
    def source(self) -> bytes:
        """The page in UTF-8, mended where its markup would make a parser lose parts of it."""
        source = flattened(utf8(self.body, self.content_type))
        traps = {found.lastgroup for found in _TRAPS.finditer(source)}
        if "frame" in traps:
            source = _CLOSED_FRAME.sub(rb"<\1\2></\1>", source)
        if "noscript" in traps:
            source = _without_frames_in_noscript(source)
        return _mended(source) if "other" in traps and _is_broken(LexborHTMLParser(source)) else source

    def tree(self) -> LexborHTMLParser:
        """The page as a tree of its own, to be changed at will."""
        return LexborHTMLParser(self.source)

    def leave(self, tree: LexborHTMLParser) -> None:
        """Give back a tree of which nothing but what is silent was taken out."""
        self._left = tree

    def texts(self, without: tuple[str, ...]) -> Texts:
        """What the page shows outside such elements, empty nodes left out; nothing for what is no HTML."""
        if without not in self._texts:
            self._texts[without] = self._shown(without) if "html" in self.content_type else Texts([], "")
        return self._texts[without]

    def _shown(self, without: tuple[str, ...]) -> Texts:
        tree, self._left = self._left or self.tree(), None
        shown = _shown(tree, without)
        if b"data-cfemail" in self.source and any(hidden in shown.nodes for hidden in _HIDDEN):
            source = _ADDRESS.sub(lambda match: cfemail(match[2].decode()).encode(), self.source)
            return _shown(LexborHTMLParser(source), without)
        return shown


def _shown(tree: LexborHTMLParser, without: tuple[str, ...]) -> Texts:
    if tree.body is None:
        return Texts([], "")
    tree.strip_tags([*_SILENT, "noscript", *without])
    text = tree.body.text(deep=True, separator=NODE, strip=False)
    nodes = [node for node in map(str.strip, text.split(NODE)) if node]
    return Texts(nodes, " ".join(node.tag or "" for node in tree.css(_STRUCK)))


def _is_broken(tree: LexborHTMLParser) -> bool:
    """Whether an element swallowed what follows it, or holds a shadow root: then the source must be mended first."""
    return any(node.tag == "template" or "<" in node.text(deep=True) for node in tree.css(_MENDABLE))


def _mended(source: bytes) -> bytes:
    """`source` without what makes an HTML parser lose the page: elements closed as in XML, unread shadow roots."""
    source = _CLOSED.sub(rb"<\1\2></\1>", source)
    if _SHADOW.search(source):
        source = _SHADOW.sub(b"<div", source).replace(b"</template>", b"</div>")
    return source


def _without_frames_in_noscript(source: bytes) -> bytes:
    """An iframe opened and never closed inside <noscript> would swallow the page; browsers never read it."""
    parts, at = [], 0
    start = source.find(b"<noscript")
    while start >= 0 and (end := source.find(b"</noscript", start)) >= 0:
        inside = source[start:end].lower()
        if b"<iframe" in inside and b"</iframe" not in inside:
            parts += [source[at:start], _FRAME.sub(b"<br data-frame", source[start:end])]
            at = end
        start = source.find(b"<noscript", end)
    return b"".join([*parts, source[at:]]) if parts else source
