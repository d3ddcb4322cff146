"""A parsed page as a flat list of tags and texts, and what each tag says.

To visit a tree node by node from Python costs more than all that is done with it. So the tree is written out again as
markup, which its parser has made well-formed: every element that is no void one has an end, and "<" and ">" stand
nowhere but around a tag. Cut at both, that is tags and texts by turns.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum
from html import escape

from selectolax.lexbor import LexborNode


class Kind(Enum):
    """What a tag means to whoever walks over them."""

    SILENT = "silent"  #: says nothing; neither does its end
    BLOCK = "block"  #: starts a new line
    INLINE = "inline"  #: may be bold, a link or hidden
    END = "end"  #: ends the last block or inline element
    BREAK = "break"
    RULE = "rule"
    SKIP = "skip"  #: what is inside is not read
    FIELD = "field"


def _set(names: str) -> frozenset[str]:
    return frozenset(names.split())


_SKIP = _set(
    "script style svg math template head object applet canvas audio video map datalist noframes noembed iframe "
    "colgroup title select option optgroup textarea progress meter"
)
_BLOCK = _set(
    "address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer "
    "form frameset h1 h2 h3 h4 h5 h6 header hgroup html legend li main menu nav ol p pre search section summary table "
    "tbody td tfoot th thead tr ul caption button label noscript picture"
)
_INLINE = _set("a b strong span font")
_VOID = {"br": Kind.BREAK, "hr": Kind.RULE, "input": Kind.FIELD}
#: Elements whose text is written as it is; what looks like a tag in there is none.
_RAW = _set("script style iframe noembed noframes textarea title")
_NEUTRAL = _set("div p section article main header footer nav aside form tbody body")
#: Without attributes these say nothing about the page's structure that their parent does not.
_BARE = _set("p li tr tbody thead dt dd h1 h2 h3 h4 h5 h6 label")
_BOLD = _set("b strong")
_HEADINGS = {f"h{n}": n for n in range(1, 7)}
_MOST_ELEMENTS = 16384  #: tags that are remembered

#: Elements that are written with brackets inside, where they were not taken out.
_UNESCAPED = re.compile("<(?:script|style|iframe|noembed|noframes)\\b")
_ATTRIBUTE = re.compile(r'\s([^\s>/][^\s=>/]*)="([^"]*)"')
#: The few places where "<" or ">" may stand elsewhere: comments, elements whose text is written without escapes.
_ODD = re.compile("<!--(?![^<>]*-->)|<xmp|<plaintext")
#: The same to their ends. What has another "<" before its ">" has it in its name, whatever that looks like.
_ODDITIES = re.compile(
    "<!--.*?-->|<xmp[^<>]*>(?P<xmp>.*?)</xmp>|<plaintext[^<>]*>(?P<plaintext>.*)</plaintext>|<[^<>]*<[^>]*>", re.DOTALL
)
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
#: Style or class (as utility frameworks call it) by which line ends in the source are line ends on the page.
_KEPT_BREAKS = re.compile(r"white-?space\s*[:-]\s*(?:pre|break-spaces)", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(slots=True, eq=False)
class Element:
    """A tag: its name and, of its attributes, what the walk asks for. One for all tags that are written alike.

    Nobody changes one; it is not frozen since pages have hundreds, and freezing is most of the cost of making them.
    """

    name: str
    kind: Kind
    attributes: dict[str, str] = field(default_factory=dict)
    names: str = ""  #: its id, class and label, in lower case: what its author calls it
    role: str = ""
    boxed: bool = False  #: says something about the page's structure
    plain: bool = False  #: a block that only starts a new line
    bold: bool = False  #: by its style
    keeps_breaks: bool = False
    heading: int = 0  #: the level of the heading that it is

    @property
    def shape(self) -> tuple[str, str]:
        """By which elements of one make are told."""
        return self.name, self.names[:40]

    @property
    def opens(self) -> bool:
        """Whether a button opens a panel of the page, so that its words are that panel's heading."""
        has = self.attributes
        return "aria-controls" in has or "aria-expanded" in has or self.role == "tab"


class _Elements(dict[str, Element]):
    """What a tag as it is written (`div class="x"`, `/div`) says, read when it is first asked for."""

    def __missing__(self, tag: str) -> Element:
        if len(self) >= _MOST_ELEMENTS:
            self.clear()
        element = self[tag] = _element(tag)
        return element


ELEMENTS = _Elements()


def _element(tag: str) -> Element:
    name = tag.partition(" ")[0]
    if name[:1] == "/":
        ends = name[1:] in _BLOCK or _is_inline(name[1:])
        return Element(name, Kind.END if ends else Kind.SILENT)
    kind = _kind(name)
    if kind is Kind.SILENT or kind is Kind.SKIP:
        return Element(name, kind)
    attributes = dict(_ATTRIBUTE.findall(tag)) if " " in tag else {}
    if "&" in tag:
        attributes = {key: plain(value) for key, value in attributes.items()}
    style = attributes.get("style", "")
    bold = "weight" in style and bool(_BOLD_STYLE.search(style))
    if kind is not Kind.BLOCK:
        return Element(name, kind, attributes, bold=bold or name in _BOLD)
    return _block(name, attributes, style, bold and name not in _HEADINGS)


def _block(name: str, attributes: dict[str, str], style: str, bold: bool) -> Element:
    role, names, keeps = "", "", False
    if attributes:
        role = attributes.get("role", "").lower()
        names = _names(attributes.get("id", ""), attributes.get("class", ""), attributes.get("aria-label", ""))
        keeps = ("pre-" in names or "pre" in style) and bool(_KEPT_BREAKS.search(f"{names} {style}"))
    heading = _HEADINGS.get(name, 0)
    if not heading and role == "heading":
        level = attributes.get("aria-level") or "2"
        heading = min(6, max(1, int(level))) if level.isdecimal() else 2
    return Element(
        name,
        Kind.BLOCK,
        attributes,
        names,
        role,
        boxed=bool(attributes) or name not in _BARE,
        plain=name in _NEUTRAL and role != "heading" and not bold and not keeps and name != "nav",
        bold=bold,
        keeps_breaks=keeps,
        heading=heading,
    )


def _kind(name: str) -> Kind:
    if name in _BLOCK:
        return Kind.BLOCK
    if name in _SKIP:
        return Kind.SKIP
    return Kind.INLINE if _is_inline(name) else _VOID.get(name, Kind.SILENT)


def _is_inline(name: str) -> bool:
    return name in _INLINE or ("-" in name and name[:1] != "!")


def _names(id_: str, classes: str, label: str) -> str:
    """What an element's author calls it, in lower case, with the parts of camelCase apart."""
    names = f"{id_} {classes} {label}".strip()
    lower = names.lower()
    return lower if lower == names else _CAMEL.sub("-", names).lower()


# --- tags and texts ---------------------------------------------------------------------------------------------------


def tags_and_texts(root: LexborNode) -> tuple[list[str], list[str]]:
    """An element and all that is in it: its tags in their order, without brackets, and the text that follows each."""
    markup = root.html or ""
    if ("<!--" in markup or "<xmp" in markup or "<plaintext" in markup) and _ODD.search(markup):
        markup = _ODDITIES.sub(_without_oddity, markup)
    parts = markup.replace(">", "<").split("<")
    if 2 * markup.count("<") != len(parts) - 1 or _UNESCAPED.search(markup):
        return _by_pieces(markup.split("<")[1:])
    return parts[1::2], parts[2::2]


def _by_pieces(pieces: list[str]) -> tuple[list[str], list[str]]:
    """The same of markup in which brackets stand elsewhere too: in names, and in elements whose text has no escapes."""
    tags, texts = [], []
    held, raw = "", ""
    for piece in pieces:
        raw = "" if piece.startswith(f"/{raw}>") else raw
        whole = f"{held}<{piece}" if held else piece
        tag, closed, text = whole.partition(">")
        if not (closed or raw):  # "<" is part of a name, whose rest stands in the next piece
            held = whole
            continue
        held = ""
        tags.append(tag)
        texts.append(text)
        name = tag.partition(" ")[0]
        raw = raw or (name if name in _RAW else "")
    return tags, texts


def _without_oddity(found: re.Match[str]) -> str:
    """An empty tag in place of it, with the text as other elements write theirs; a tag of an odd name stays."""
    if found.lastgroup:
        return f"<>{escape(found[found.lastgroup], quote=False)}"
    return "<>" if found[0].startswith("<!--") else found[0]


def plain(text: str) -> str:
    """Text or a value without the escapes that every writer of markup uses."""
    if "&" not in text:
        return text
    text = text.replace("&nbsp;", "\xa0").replace("&quot;", '"').replace("&lt;", "<").replace("&gt;", ">")
    return text.replace("&amp;", "&")


def end_of(tags: list[str], start: int, name: str) -> int:
    """Where the element that begins at `start` ends; the number of tags where it doesn't."""
    end, opened = start, 1
    while opened:
        try:
            start, end = end + 1, tags.index(f"/{name}", end + 1)
        except ValueError:
            return len(tags)
        opened -= 1
        if name not in _RAW:
            opened += sum([tag == name or tag.startswith(f"{name} ") for tag in tags[start:end]])
    return end
