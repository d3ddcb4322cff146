"""A parsed page as a flat list of tags and texts, and what each tag says.

To visit a tree node by node from Python costs more than all that is done with it. So the tree is written out again as
markup, which its parser has made well-formed: every element that is no void one has an end, and "<" and ">" stand
nowhere but around a tag. Cut at both, that is tags and texts by turns.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape
from itertools import repeat
from typing import Literal

from selectolax.lexbor import LexborNode

#: What a tag means to whoever walks over them. (To look a member up in an Enum costs more than all that is done here.)
Kind = Literal[
    "silent",  # says nothing; neither does its end
    "block",  # starts a new line
    "inline",  # may be bold, a link or hidden
    "end",  # ends the last block or inline element
    "break",
    "rule",
    "skip",  # what is inside is not read
    "field",
]
#: What an element is where nothing but text stands in it: most are, and are read in one step.
Leaf = Literal[
    "",
    "line",  # a line as the elements around it want it
    "item",
    "heading",
    "link",
    "words",  # no more than its text
]


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
_VOID: dict[str, Kind] = {"br": "break", "hr": "rule", "input": "field"}
_NEUTRAL = _set("div p section article main header footer nav aside form tbody body")
#: Without attributes these say nothing about the page's structure that their parent does not.
_BARE = _set("p li tr tbody thead dt dd h1 h2 h3 h4 h5 h6 label")
_BOLD = _set("b strong")
_HEADINGS = {f"h{n}": n for n in range(1, 7)}
_MOST_ELEMENTS = 2048  #: tags that are remembered

#: The few places where "<" or ">" may stand elsewhere: comments, elements whose text is written without escapes.
_ODD = re.compile("<(?:!--(?![^<>]*-->)|(?:xmp|plaintext)\\b)")
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
    leaf: Leaf = ""
    end: str = ""  #: how its end is written, where it may be a leaf

    @property
    def shape(self) -> tuple[str, str]:
        """By which elements of one make are told."""
        return self.name, self.names[:40]

    @property
    def opens(self) -> bool:
        """Whether a button opens a panel of the page, so that its words are that panel's heading."""
        has = self.attributes
        return "aria-controls" in has or "aria-expanded" in has or self.role == "tab"


SILENT = Element("", "silent")  #: one for all that says nothing


class _Elements(dict[str, Element]):
    """What a tag as it is written (`div class="x"`, `/div`) says, read when it is first asked for.

    Images and the like are not kept: there is nothing in them to be read, and each has an address of its own.
    """

    def __missing__(self, tag: str) -> Element:
        element = _element(tag)
        if element is not SILENT or " " not in tag:
            if len(self) >= _MOST_ELEMENTS:
                self.clear()
            self[tag] = element
        return element


ELEMENTS = _Elements()


def _element(tag: str) -> Element:
    name = tag.partition(" ")[0]
    if name[:1] == "/":
        ends = name[1:] in _BLOCK or _is_inline(name[1:])
        return Element(name, "end") if ends else SILENT
    kind = _kind(name)
    if kind == "silent":
        return SILENT
    if kind == "skip":
        return Element(name, kind)
    # As written out: ` name="value"` for each, and no quotation mark within a value.
    parts = tag[len(name) :].split('"')
    attributes = {key[1:-1]: value for key, value in zip(parts[::2], parts[1::2], strict=False)}
    if "&" in tag:
        attributes = {key: plain(value) for key, value in attributes.items()}
    style = attributes.get("style", "")
    bold = "weight" in style and bool(_BOLD_STYLE.search(style))
    if kind != "block":
        bold = bold or name in _BOLD
        return Element(name, kind, attributes, bold=bold, leaf=_inline_leaf(name, attributes, bold), end=f"/{name}")
    return _block(name, attributes, style, bold and name not in _HEADINGS)


def _inline_leaf(name: str, attributes: dict[str, str], bold: bool) -> Leaf:
    if bold or "data-cfemail" in attributes:
        return ""
    if name != "a":
        return "words"
    href = attributes.get("href", "")
    return "link" if href and "/cdn-cgi/l/email-protection#" not in href else ""


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
    plain = name in _NEUTRAL and role != "heading" and not bold and not keeps and name != "nav"
    leaf: Leaf = ""
    if plain:
        leaf = "line"
    elif not (bold or keeps):
        leaf = "heading" if name in _HEADINGS else "item" if name == "li" and not heading else ""
    boxed = bool(attributes) or name not in _BARE
    return Element(
        name, "block", attributes, names, role, boxed, plain, bold, keeps, heading, leaf=leaf, end=f"/{name}"
    )


def _kind(name: str) -> Kind:
    if name in _BLOCK:
        return "block"
    if name in _SKIP:
        return "skip"
    return "inline" if _is_inline(name) else _VOID.get(name, "silent")


def _is_inline(name: str) -> bool:
    return name in _INLINE or ("-" in name and name[:1] != "!")


def _names(id_: str, classes: str, label: str) -> str:
    """What an element's author calls it, in lower case, with the parts of camelCase apart."""
    names = f"{id_} {classes} {label}".strip()
    lower = names.lower()
    return lower if lower == names else _CAMEL.sub("-", names).lower()


# --- tags and texts ---------------------------------------------------------------------------------------------------


def tags_and_texts(root: LexborNode) -> tuple[list[str], list[str]]:
    """An element and all that is in it: its tags in their order, without brackets, and the text that follows each.

    Of a page that was lightened: scripts and the like are written with brackets inside.
    """
    markup = root.html or ""
    if _ODD.search(markup):
        markup = _ODDITIES.sub(_without_oddity, markup)
    parts = markup.replace(">", "<").split("<")
    if 2 * markup.count("<") != len(parts) - 1:
        return _by_pieces(markup.split("<")[1:])
    return parts[1::2], parts[2::2]


def _by_pieces(pieces: list[str]) -> tuple[list[str], list[str]]:
    """The same of markup in which brackets stand in names too."""
    tags, texts = [], []
    held = ""
    for piece in pieces:
        whole = f"{held}<{piece}" if held else piece
        tag, closed, text = whole.partition(">")
        if not closed:  # "<" is part of a name, whose rest stands in the next piece
            held = whole
            continue
        held = ""
        tags.append(tag)
        texts.append(text)
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
    end, opened, opener = start, 1, f"{name} "
    while opened:
        try:
            start, end = end + 1, tags.index(f"/{name}", end + 1)
        except ValueError:
            return len(tags)
        opened -= 1
        between = tags[start:end]
        opened += between.count(name) + sum(map(str.startswith, between, repeat(opener)))
    return end
