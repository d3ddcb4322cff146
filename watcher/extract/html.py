"""HTML to Lines of the policy, with what the gate wants to know about the page.

The page is parsed by Lexbor and walked once (blocks.py); region.py tells the policy from the page around it; where the
DOM is an empty shell, the data that its scripts carry is read instead (embedded.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from watcher.errors import ExtractError
from watcher.extract.blocks import Page, Walker
from watcher.extract.embedded import embedded_pages
from watcher.extract.lines import Line
from watcher.extract.markup import lighten
from watcher.extract.region import Region
from watcher.records import Link

#: Elements that swallow all that follows when they are "closed" as in XML; Lexbor follows HTML and so would we.
_SWALLOWING = ("iframe", "noembed", "noframes", "textarea", "xmp", "title")
_MENDABLE = ",".join(_SWALLOWING) + ",template[shadowrootmode],template[shadowroot]"
_SHADOW = re.compile(r"<template(?=[^<>]{0,500}\bshadowroot(?:mode)?\s*=)", re.IGNORECASE)
_SHELL = 400  #: characters of prose below which a page with scripts may be a shell
_SMALL_PAGE = 60_000  #: characters up to which scripts are searched for challenges, not only their addresses
_CAPTCHAS = (
    "recaptcha", "hcaptcha", "challenges.cloudflare.com", "cdn-cgi/challenge-platform", "turnstile", "captcha-delivery",
    "datadome", "px-captcha", "perimeterx", "arkoselabs", "funcaptcha", "geetest", "_incapsula_resource", "awswaf",
    "akam/", "sec-cpt", "aliyun_waf", "acw_sc__v2",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """What html.py hands to `extract`: the policy's lines and everything around them."""

    title: str
    lines: list[Line]
    layout: frozenset[int]
    furniture: str
    links: tuple[Link, ...]
    shell: bool
    signs: tuple[str, ...]


def read_html(text: str, *, url: str = "", select: Sequence[str] = (), remove: Sequence[str] = ()) -> Reading:
    """The policy in an HTML page. Raises ExtractError where a selector is wrong or matches nothing."""
    tree = tree_of(text)
    root = tree.body or tree.root
    if root is None:
        raise ExtractError(f"{url or 'the page'} is not HTML that can be read")
    signs = _signs(tree, text)
    _remove(tree, remove, url)
    if select:
        lines, layout, links = _selected(tree, select, url)
        return Reading(_page_title(tree) or _heading(lines), lines, layout, "", links, False, signs)
    title = _page_title(tree)
    lighten(tree)
    page = Walker().walk(root)
    keep = Region(page, title).find()
    shell = False
    if _prose(page.lines, keep) < _SHELL and (scripts := _with_scripts(text, remove, url)):
        better = _embedded(scripts, title, _prose(page.lines, keep))
        shell = better is None and _prose(page.lines, keep) < _SHELL // 2
        if better is not None:
            page, keep = better
    lines = [line for line, kept in zip(page.lines, keep, strict=True) if kept]
    furniture = "\n".join(line.text for line, kept in zip(page.lines, keep, strict=True) if not kept)
    if page.password:
        signs = (*signs, "password-field")
    return Reading(
        title or _heading(lines), lines, frozenset(page.layout), furniture, _links(page, keep, url), shell, signs
    )


def _remove(tree: LexborHTMLParser, remove: Sequence[str], url: str) -> None:
    for selector in remove:
        for node in _css(tree, selector, url):
            node.decompose()


def _with_scripts(text: str, remove: Sequence[str], url: str) -> LexborHTMLParser | None:
    """The page as it was before it was lightened, if it has scripts or inline frames that may carry its text."""
    tree = tree_of(text)
    _remove(tree, remove, url)
    return tree if tree.css_first("script,iframe[srcdoc]") is not None else None


def tree_of(text: str) -> LexborHTMLParser:
    """The parsed page, mended first where its markup would make the parser lose parts of it."""
    text = _without_frames_in_noscript(_closed(text, "iframe"))
    tree = LexborHTMLParser(text)
    return LexborHTMLParser(_mended(text)) if _is_broken(tree) else tree


def _is_broken(tree: LexborHTMLParser) -> bool:
    """Whether an element swallowed what follows it, or holds a shadow root: then the source must be mended first."""
    return any(node.tag == "template" or "<" in node.text(deep=True) for node in tree.css(_MENDABLE))


def _mended(text: str) -> str:
    """`text` without what makes an HTML parser lose the page: elements closed as in XML, unread shadow roots."""
    for tag in _SWALLOWING:
        text = _closed(text, tag)
    if "shadowroot" in text and _SHADOW.search(text):
        text = _SHADOW.sub("<div", text).replace("</template>", "</div>")
    return text


def _closed(text: str, tag: str) -> str:
    """`text` with each `<tag .../>` closed as HTML wants it."""
    parts, done, at = [], 0, 0
    while (start := text.find(f"<{tag}", at)) >= 0:
        at = text.find(">", start)
        if at < 0:
            break
        if text[at - 1] == "/" and text[start + len(tag) + 1] in " /\t\n\r":
            parts += [text[done : at - 1], f"></{tag}>"]
            done = at + 1
    return "".join([*parts, text[done:]]) if parts else text


def _without_frames_in_noscript(text: str) -> str:
    """An iframe opened and never closed inside <noscript> would swallow the page; browsers never read it."""
    parts, at = [], 0
    while (start := text.find("<noscript", at)) >= 0:
        end = text.find("</noscript", start)
        if end < 0:
            break
        inside = text[start:end]
        if "<iframe" in inside.lower() and "</iframe" not in inside.lower():
            inside = re.sub(r"<iframe", "<br data-frame", inside, flags=re.IGNORECASE)
        parts += [text[at:start], inside]
        at = end
    return "".join([*parts, text[at:]]) if parts else text


def _css(tree: LexborHTMLParser, selector: str, url: str) -> list[LexborNode]:
    try:
        found = tree.css(selector)
    except (SelectolaxError, ValueError) as error:
        raise ExtractError(f"{url or 'the page'}: {selector!r} is not a CSS selector ({error}); correct it") from error
    if not found:
        raise ExtractError(
            f"{url or 'the page'}: the selector {selector!r} matches nothing; correct it, or the page has changed"
        )
    return found


def _selected(
    tree: LexborHTMLParser, select: Sequence[str], url: str
) -> tuple[list[Line], frozenset[int], tuple[Link, ...]]:
    walker = Walker()
    seen: set[int] = set()
    for selector in select:
        for node in _css(tree, selector, url):
            if not _inside(node, seen):
                seen.add(node.mem_id)
                walker.walk(node)
    page = walker.page
    if not page.lines:
        raise ExtractError(f"{url or 'the page'}: what {', '.join(select)} selects holds no text")
    return page.lines, frozenset(page.layout), _links(page, bytearray(b"\1" * len(page.lines)), url)


def _inside(node: LexborNode, seen: set[int]) -> bool:
    at: LexborNode | None = node
    while at is not None:
        if at.mem_id in seen:
            return True
        at = at.parent
    return False


def _prose(lines: list[Line], keep: bytearray) -> int:
    return sum(len(line.text) - line.linked for line, kept in zip(lines, keep, strict=True) if kept)


def _embedded(tree: LexborHTMLParser, title: str, shown: int) -> tuple[Page, bytearray] | None:
    """The best of the texts that the page's scripts carry, if it is clearly more than the page shows."""
    best: tuple[Page, bytearray] | None = None
    for page in embedded_pages(tree):
        keep = Region(page, title).find()
        prose = _prose(page.lines, keep)
        if prose > max(2 * shown, _SHELL // 2):
            best, shown = (page, keep), prose
    return best


def _links(page: Page, keep: bytearray, url: str) -> tuple[Link, ...]:
    """Links from the policy's first to its last line, each address once."""
    kept = [i for i, k in enumerate(keep) if k]
    found: dict[str, str] = {}
    for line in page.lines[kept[0] : kept[-1] + 1] if kept else ():
        for text, href in line.links:
            if text and not href.startswith(("#", "javascript:", "data:")):
                found.setdefault(_address(url, href.strip()), text)
    return tuple(Link(text=text, url=address) for address, text in found.items() if address)


@lru_cache(4096)
def _address(url: str, href: str) -> str:
    """Where a link leads, "" where it leads nowhere."""
    try:
        return urljoin(url, href)
    except ValueError:
        return ""


def _page_title(tree: LexborHTMLParser) -> str:
    node = tree.css_first("head > title") or tree.css_first("title")
    return " ".join(node.text(deep=True).split()) if node is not None else ""


def _heading(lines: list[Line]) -> str:
    """The first heading, else the first line: what a page without <title> is called."""
    heading = next((line for line in lines if line.role == "heading"), lines[0] if lines else None)
    return heading.text[:200] if heading else ""


def _signs(tree: LexborHTMLParser, text: str) -> tuple[str, ...]:
    """What the markup gives away, as "name: value": title, lang, robots, refresh, canonical, captcha, frame, ..."""
    found, sources = [], []
    root = tree.root
    if root is not None and root.attributes.get("lang"):
        found.append(f"lang: {root.attributes['lang']}")
    for node in tree.css("title,meta,link[rel=canonical],noscript,iframe[src],frame[src],script[src]"):
        tag = node.tag
        if tag in ("title", "noscript"):
            words = " ".join(node.text(deep=True).split())
            if words and "<" not in words:
                found.append(f"{tag}: {words[:300]}")
            continue
        attributes = node.attributes
        source = attributes.get("src") or ""
        sources.append(source)
        if tag in ("iframe", "frame"):
            found.append(f"frame: {source[:300]}")
        elif tag in ("meta", "link"):
            found.append(_meta_sign(attributes))
    searched = ("\n".join(sources) if len(text) > _SMALL_PAGE else text).lower()
    found += [f"captcha: {name}" for name in _CAPTCHAS if name in searched][:1]
    return tuple(dict.fromkeys(sign for sign in found if sign))


def _meta_sign(attributes: dict[str, str | None]) -> str:
    if attributes.get("rel"):
        return f"canonical: {attributes.get('href') or ''}"
    name = (attributes.get("name") or attributes.get("http-equiv") or attributes.get("property") or "").lower()
    if name in ("robots", "refresh", "generator", "og:title", "og:site_name"):
        return f"{name}: {(attributes.get('content') or '')[:300]}"
    return ""
