"""HTML to Lines of the policy, with what the gate wants to know about the page.

The page is parsed by Lexbor and walked once (blocks.py); region.py tells the policy from the page around it; where the
DOM is an empty shell, the data that its scripts carry is read instead (embedded.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from watcher.errors import ExtractError
from watcher.extract.blocks import Page, Walker
from watcher.extract.embedded import embedded_pages
from watcher.extract.lines import Line
from watcher.extract.parsed import Parsed, lighten
from watcher.extract.region import Region
from watcher.records import Link, maker

_SIGNS = r"A-Za-z0-9_.~%:@!$&'()*+,=-"
#: Addresses in which there is nothing to be put right: whole, or put behind the part of the page's that they leave out.
_PLAIN = re.compile(
    rf"(?:https?://[a-z0-9.-]+)?(?:/(?!\.)[{_SIGNS}]+)*/?(?:\?[/?{_SIGNS}]+)?(?:#[/?{_SIGNS}]+)?", re.ASCII
)
_PAGE = re.compile(rf"(?P<path>(?P<origin>https?://[A-Za-z0-9.:-]+)(?:/[/{_SIGNS}]*)?)(?:[?#].*)?")
_link = maker(Link)
_OTHERS = bytes([1, 0]) + bytes(254)  #: turns a mask around
_SHELL = 400  #: characters of prose below which a page with scripts may be a shell
_SMALL_PAGE = 60_000  #: bytes up to which scripts are searched for challenges, not only their addresses
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


def read_html(source: Parsed, *, url: str = "", select: Sequence[str] = (), remove: Sequence[str] = ()) -> Reading:
    """The policy in an HTML page. Raises ExtractError where a selector is wrong or matches nothing."""
    tree = _tree(source, remove, url)
    root = tree.body or tree.root
    if root is None:
        raise ExtractError(f"{url or 'the page'} is not HTML that can be read")
    signs, title = _signs(source), _page_title(tree)
    if select:
        lines, layout, links = _selected(tree, select, url)
        return Reading(title or _heading(lines), lines, layout, "", links, False, signs)
    page = Walker().walk(root)
    keep = Region(page, title).find()
    prose = _prose(page.lines, keep)
    shell = False
    if prose < _SHELL and (scripts := _with_scripts(source, remove, url)):
        better = _embedded(scripts, title, prose)
        shell = better is None and prose < _SHELL // 2
        if better is not None:
            page, keep = better
    lines = list(compress(page.lines, keep))
    furniture = "\n".join([line.text for line in compress(page.lines, keep.translate(_OTHERS))])
    if page.password:
        signs = (*signs, "password-field")
    return Reading(
        title or _heading(lines), lines, frozenset(page.layout), furniture, _links(page, keep, url), shell, signs
    )


def _tree(source: Parsed, remove: Sequence[str], url: str) -> LexborHTMLParser:
    """The page that is to be read, lightened."""
    if not remove:
        return source.light
    tree = source.tree()
    _remove(tree, remove, url)
    lighten(tree)
    return tree


def _remove(tree: LexborHTMLParser, remove: Sequence[str], url: str) -> None:
    for selector in remove:
        for node in _css(tree, selector, url):
            node.decompose()


def _with_scripts(source: Parsed, remove: Sequence[str], url: str) -> LexborHTMLParser | None:
    """The page as it was before it was lightened, if it has scripts or inline frames that may carry its text."""
    tree = source.tree()
    _remove(tree, remove, url)
    return tree if tree.css_first("script,iframe[srcdoc]") is not None else None


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
    return sum([len(line.text) - line.linked for line in compress(lines, keep)])


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
    hrefs: dict[str, str] = {}
    for line in page.lines[max(0, keep.find(1)) : keep.rfind(1) + 1]:
        for text, href in line.links:
            if text:
                hrefs.setdefault(href, text)
    known = _PAGE.fullmatch(url)
    before = {"h": "", "/": known["origin"], "?": known["path"]} if known else {"h": ""}
    found: dict[str, str] = {}
    for href, text in hrefs.items():
        if not href.startswith(("#", "javascript:", "data:")):
            href = href.strip()
            rest = before.get(href[:1])
            address = f"{rest}{href}" if rest is not None and _PLAIN.fullmatch(href) else _joined(url, href)
            found.setdefault(address, text)
    return tuple([_link(text, address) for address, text in found.items() if address])


def _joined(url: str, href: str) -> str:
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


def _signs(source: Parsed) -> tuple[str, ...]:
    """What the markup gives away, as "name: value": lang, title, robots, refresh, canonical, frame, captcha, ..."""
    found = []
    tree = source.light
    root = tree.root
    if root is not None and root.attributes.get("lang"):
        found.append(f"lang: {root.attributes['lang']}")
    for node in tree.css("title,meta,link[rel=canonical],noscript"):
        tag = node.tag
        if tag in ("title", "noscript"):
            words = " ".join(node.text(deep=True).split())
            if words and "<" not in words:
                found.append(f"{tag}: {words[:300]}")
        else:
            found.append(_meta_sign(node.attributes))
    found += [f"frame: {address[:300]}" for tag, address in source.sources if tag != "script"]
    return tuple(dict.fromkeys(sign for sign in [*found, _captcha(source)] if sign))


def _captcha(source: Parsed) -> str:
    """The sign of a test that asks whether one is a robot, "" for none; of a large page only addresses are searched."""
    if len(source.source) > _SMALL_PAGE:
        searched = "\n".join(address for _, address in source.sources).lower()
    else:
        searched = source.source.lower().decode("utf-8", "replace")
    return next((f"captcha: {name}" for name in _CAPTCHAS if name in searched), "")


def _meta_sign(attributes: dict[str, str | None]) -> str:
    if attributes.get("rel"):
        return f"canonical: {attributes.get('href') or ''}"
    name = (attributes.get("name") or attributes.get("http-equiv") or attributes.get("property") or "").lower()
    if name in ("robots", "refresh", "generator", "og:title", "og:site_name"):
        return f"{name}: {(attributes.get('content') or '')[:300]}"
    return ""
