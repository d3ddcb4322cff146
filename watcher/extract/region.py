"""Which lines of a page are the policy: by landmarks, prose, vocabulary, link density and repetition, never by site.

Rule of thumb: prose about privacy stays in, wherever it stands; what is short, made of links or named as furniture by
the page's own author goes out. What goes out is kept in Document.furniture.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from watcher.extract.blocks import Box, Page
from watcher.extract.lines import Line
from watcher.lang import languages, vocabulary

#: Never the policy, unless most of the page's prose is in there (a policy shown in a dialog, a page-wide form).
_HARD_TAGS = frozenset(("nav", "noscript", "button", "dialog"))
_HARD_ROLES = frozenset(
    [
        "navigation",
        "banner",
        "contentinfo",
        "search",
        "dialog",
        "alertdialog",
        "alert",
        "status",
        "menu",
        "menubar",
        "toolbar",
        "tooltip",
        "listbox",
    ]
)
_BANNERS = (
    "banner bar notice consent popup pop-up law message overlay modal dialog alert disclaimer notification toast "
    "prompt manager preferences settings"
)
_CONSENT_TOOLS = (
    "onetrust-consent onetrust-banner onetrust-pc ot-sdk-container cybotcookiebot cookiebot truste trustarc "
    "usercentrics didomi osano iubenda-cs klaro qc-cmp sp_message cky- cmplz borlabs moove_gdpr cc-window cc-banner "
    "evidon"
)
_HARD_PARTS = (
    "breadcrumb breadcrumbs skip-link skip-nav skip-to-content megamenu mega-menu offcanvas off-canvas mini-cart "
    "minicart cart-drawer sr-announcer"
)


def _any(words: str) -> str:
    return "|".join(re.escape(word).replace("\\-", "[-_ ]?") for word in words.split())


_HARD_NAMES = re.compile(
    f"(?:cookies?|gdpr|consent)[-_ ]?(?:{_any(_BANNERS)})|(?:^|[-_ ])(?:{_any(_CONSENT_TOOLS)})"
    f"|(?:^|[-_ ])(?:{_any(_HARD_PARTS)})(?:$|[-_ ])"
)
#: Furniture if there is little prose about privacy inside.
_SOFT_TAGS = frozenset(("footer", "aside", "header", "form"))
_SOFT_PARTS = (
    "nav navbar navigation nav-list menu side-bar sidenav footer footnav header masthead top-bar toc "
    "table-of-contents contents-list newsletter subscribe subscription social social-share social-media "
    "social-links social-icons share-bar share-button share-buttons share-links share-tools sharing-buttons "
    "sharedaddy addtoany promo promos promotion promobar announcement announcement-bar advert adverts ads ad-slot "
    "banner related related-posts related-articles related-links related-content recommended recommendations "
    "comment comments comment-list comment-form respond cart drawer modal popup pop-up search search-form "
    "search-box search-bar login sign-in sign-up lang language lang-switcher language-switcher language-selector "
    "language-menu language-picker language-list locale-switcher locale-selector locale-picker pagination pager "
    "prev-next back-to-top scroll-top scroll-to-top to-top tooltip toast widget-area feedback helpful article-votes "
    "vote votes rating copyright colophon chat live-chat intercom page-views post-meta entry-meta view-count views "
    "hit-count byline author-box author-bio latest recent trending popular ticker marquee"
)
_SOFT_NAMES = re.compile(f"(?:^|[-_ ])(?:{_any(_SOFT_PARTS)})(?:$|[-_ ])")
_NUMBER = re.compile(r"\d[\d,.]*k?")
_TRACE = re.compile(r"\b(?:[0-9a-f]{16,}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{4,})\b", re.IGNORECASE)
_COPYRIGHT = re.compile(r"^(?:©|\(c\)\s|copyright\b|&copy;|版权所有)", re.IGNORECASE)
_KEY = re.compile(r"^[\W\d_]+|[\W_]+$")

_SHARE_OF_CORE = 0.8  #: the core of the policy is the smallest element that holds this share of the page's prose
_SHARE_THAT_SAVES = 0.5  #: an element with this share of the prose is no furniture, whatever it is called


@dataclass(frozen=True, slots=True)
class _Words:
    policy: frozenset[str]
    parts: tuple[str, ...]  #: words of languages written without spaces
    lines: frozenset[str]
    dates: tuple[str, ...]
    headings: frozenset[str]


@cache
def _words() -> _Words:
    tables = [vocabulary(language)["furniture"] for language in languages()]
    policy = [w.casefold() for t in tables for w in t["policy"]]
    return _Words(
        policy=frozenset(w for w in policy if w.isascii()),
        parts=tuple(w for w in policy if not w.isascii()),
        lines=frozenset(w.casefold() for t in tables for w in t["lines"]),
        dates=tuple(w.casefold() for t in tables for w in t["dates"]),
        headings=frozenset(w.casefold() for t in tables for w in t["headings"]),
    )


def _hits(text: str, words: _Words) -> int:
    """How many different words about privacy `text` holds."""
    found = len(words.policy.intersection(text.casefold().split()))
    return found if text.isascii() else found + sum(w in text for w in words.parts)


def _weight(line: Line, words: _Words) -> int:
    """How much prose a line is: its unlinked characters, more for words about privacy; 0 for what is no sentence."""
    free = len(line.text) - line.linked
    if line.role == "heading" or (free < 50 and (line.text.isascii() or free < 16)) or line.linked > free:
        return 0
    size = free if line.text.isascii() else max(free, 2 * len(line.text.encode()) // 3)
    return size * (1 + min(4, _hits(line.text, words)))


class Region:
    """Decides line by line. `keep[i]` is 1 for a line of the policy."""

    def __init__(self, page: Page) -> None:
        self.boxes = page.boxes
        self.lines = page.lines
        self.words = _words()
        self.weights = [_weight(line, self.words) for line in page.lines]
        self.keep = bytearray(len(page.lines))
        self.first = self.last = 0
        self._sum()

    def _sum(self) -> None:
        self.prose = [0, *accumulate(self.weights)]
        self.chars = [0, *accumulate(len(line.text) for line in self.lines)]
        self.linked = [0, *accumulate(line.linked for line in self.lines)]

    def _in(self, sums: list[int], box: Box) -> int:
        return sums[box.end] - sums[box.start]

    def find(self) -> bytearray:
        """The policy's lines, as a mask over the page's lines."""
        if not self.lines:
            return self.keep
        self._drop_hard()
        core = self._core()
        self._fill(core)
        self._climb(core)
        self._prune()
        self._frame()
        return self.keep

    # --- where it is ------------------------------------------------------------------------------------------------

    def _drop_hard(self) -> None:
        """Take the weight from what is furniture by its element, role or name."""
        total = self.prose[-1]
        self.hard = bytearray(len(self.lines))
        for box in self.boxes:
            if box.end > box.start and _is_hard(box) and self._in(self.prose, box) <= total * _SHARE_THAT_SAVES:
                for i in range(box.start, box.end):
                    self.hard[i] = 1
        self.weights = [0 if h else w for w, h in zip(self.weights, self.hard, strict=True)]
        self._sum()

    def _core(self) -> int:
        """The deepest element that holds most of the prose; elements come before what they hold."""
        total, core = self.prose[-1], 0
        if not total:
            return 0
        for i, box in enumerate(self.boxes):
            if box.parent == core and self._in(self.prose, box) >= total * _SHARE_OF_CORE:
                core = i
        while self.boxes[core].parent > 0 and self.boxes[core].tag not in _CONTAINERS:
            core = self.boxes[core].parent
        return core

    def _fill(self, core: int) -> None:
        box = self.boxes[core]
        self.first, self.last = box.start, box.end
        for i in range(box.start, box.end):
            self.keep[i] = 1

    def _climb(self, core: int) -> None:
        """Take in the core's relatives that hold prose about privacy, or that look like those that do."""
        ancestors, i = {}, core
        while self.boxes[i].parent >= 0:
            ancestors[self.boxes[i].parent] = i
            i = self.boxes[i].parent
        relatives: dict[int, list[int]] = {a: [] for a in ancestors}
        for i, box in enumerate(self.boxes):
            if box.parent in relatives and box.end > box.start:
                relatives[box.parent].append(i)
        for ancestor, child in ancestors.items():
            self._take_relatives(ancestor, child, relatives[ancestor])

    def _take_relatives(self, ancestor: int, child: int, relatives: list[int]) -> None:
        taken = [i for i in relatives if i != child and self._speaks_of_privacy(self.boxes[i])]
        own = [
            i
            for i in range(self.boxes[ancestor].start, self.boxes[ancestor].end)
            if self.lines[i].box == ancestor and self.weights[i]
        ]
        if not taken and not own:
            return
        shapes = {_shape(self.boxes[i]) for i in taken} | {_shape(self.boxes[child])}
        edges = [self.boxes[i].start for i in [*taken, child]] + own
        low, high = min(edges), max([self.boxes[i].end for i in [*taken, child]] + own)
        for i in relatives:
            box = self.boxes[i]
            between = low <= box.start and box.end <= high
            alike = _shape(box) in shapes and self._in(self.prose, box) > 0
            if i in taken or ((between or alike) and not _is_soft(box) and self._density(box) < 0.5):
                for n in range(box.start, box.end):
                    self.keep[n] = 1
        for i in range(low, min(high + 1, len(self.lines))):
            if self.lines[i].box == ancestor:
                self.keep[i] = 1
        while low > 0 and self.lines[low - 1].role == "heading" and not self.hard[low - 1]:
            low -= 1
            self.keep[low] = 1

    def _speaks_of_privacy(self, box: Box) -> bool:
        prose = self._in(self.prose, box)
        if prose < 150 or self._density(box) > 0.4 or (box.tag == "footer" and prose < self.prose[-1] * 0.1):
            return False
        hits = max(
            (_hits(self.lines[i].text, self.words) for i in range(box.start, box.end) if self.weights[i]), default=0
        )
        return hits >= (3 if _is_soft(box) else 1) and (not _is_soft(box) or prose > 1500)

    def _density(self, box: Box) -> float:
        return self._in(self.linked, box) / max(1, self._in(self.chars, box))

    # --- what is furniture inside -------------------------------------------------------------------------------------

    def _prune(self) -> None:
        total = self.prose[-1]
        for box in self.boxes:
            if box.end <= box.start or self._in(self.prose, box) > total * _SHARE_THAT_SAVES:
                continue
            if _is_soft(box) and not self._speaks_of_privacy(box):
                self._drop_soft(box)
            elif box.tag in ("ul", "ol", "p", "div", "section", "table") and self._density(box) > 0.7:
                self._drop_links(box)
        self._drop_contents()
        self._drop_repetition()
        for i, line in enumerate(self.lines):
            if self.keep[i] and (self.hard[i] or self._is_furniture(line)):
                self.keep[i] = 0
        self._drop_sections()

    def _drop_soft(self, box: Box) -> None:
        """A header keeps its headings and dates; anything else soft keeps what is a sentence about privacy."""
        header = box.tag == "header" or "header" in box.names
        for i in range(box.start, box.end):
            line = self.lines[i]
            if header and (line.role == "heading" or self._is_date(line)):
                continue
            if not (self.weights[i] and _hits(line.text, self.words) >= 2 and box.tag not in ("footer", "form")):
                self.keep[i] = 0

    def _drop_links(self, box: Box) -> None:
        """Menus, tables of contents, language lists. A list of links to others, with a lead-in, is a fact."""
        size = box.end - box.start
        links = [link for i in range(box.start, box.end) for link in self.lines[i].links]
        inner = sum(href.startswith("#") for _, href in links)
        away = sum(href.startswith(("http:", "https:", "//", "mailto:", "tel:")) for _, href in links)
        led = box.start > 0 and self.lines[box.start - 1].text.endswith((":", "："))
        contents = inner >= 3 and inner >= len(links) * 0.6
        if not contents and (size < 3 or led or away >= len(links) * 0.6):
            return
        for i in range(box.start, box.end):
            line = self.lines[i]
            if line.linked >= 0.7 * len(line.text) and line.role != "heading":
                self.keep[i] = 0

    def _drop_contents(self) -> None:
        """Lines that are nothing but links into this page, two or more in a row."""
        run: list[int] = []
        for i, line in enumerate([*self.lines, None]):
            if line is not None and _jumps(line):
                run.append(i)
                continue
            if len(run) >= 2:
                for n in run:
                    self.keep[n] = 0
            run = []

    def _drop_repetition(self) -> None:
        """A run of lines that only repeats headings of the page is a table of contents."""
        headings = {_key(line.text) for line in self.lines if line.role == "heading" or line.bold}
        last = {_key(line.text): i for i, line in enumerate(self.lines) if len(line.text) <= 120}
        run: list[int] = []
        for i, line in enumerate([*self.lines, None]):
            if line is not None and len(line.text) <= 120 and line.role != "cell":
                key = _key(line.text)
                listed = line.role != "heading" and not line.bold and key in headings
                if key and line.level != 1 and (listed or last[key] > i + 2):
                    run.append(i)
                    continue
            if len(run) >= 3 and not self._is_original(run, headings, last):
                for n in run:
                    self.keep[n] = 0
            run = []

    def _is_original(self, run: list[int], headings: set[str], last: dict[str, int]) -> bool:
        """Whether the copies of a run stand together too, so that neither is a table of contents."""
        copies = [last[_key(self.lines[n].text)] for n in run]
        if all(self.lines[n].role != "heading" and _key(self.lines[n].text) in headings for n in run):
            return False
        return max(copies) - min(copies) <= 2 * len(run)

    def _is_furniture(self, line: Line) -> bool:
        text = line.text
        if len(text) > 160 or line.role == "cell":
            return False
        if len(text) <= 60 and _phrase(text) in self.words.lines:
            return True
        if _COPYRIGHT.match(text) and line.role != "heading":
            return True
        return len(text) <= 100 and bool(_TRACE.search(text)) and not self._is_date(line)

    def _drop_sections(self) -> None:
        """A heading like "Related articles" goes out with the short and linked lines that follow it."""
        i, count = 0, len(self.lines)
        while i < count:
            line = self.lines[i]
            if self.keep[i] and (line.role == "heading" or line.bold) and _phrase(line.text) in self.words.headings:
                end = i + 1
                while end < count and self.lines[end].role != "heading" and not self.weights[end]:
                    end += 1
                if end >= count or self.lines[end].role == "heading" or not self.keep[end]:
                    for n in range(i, end):
                        self.keep[n] = 0
                i = end
            else:
                i += 1

    def _is_date(self, line: Line) -> bool:
        text = line.text.casefold()
        return (
            len(text) <= 160 and any(c.isdigit() for c in text) and text.lstrip("（(*[ ").startswith(self.words.dates)
        )

    def _frame(self) -> None:
        """The page's title and the date above the policy belong to it; linked lines at its edges do not."""
        kept = [i for i in range(len(self.lines)) if self.keep[i]]
        if not kept:
            return
        first = kept[0]
        titled = any(self.lines[i].role == "heading" and self.lines[i].level == 1 for i in kept[:10])
        for i in range(first - 1, -1, -1):
            line = self.lines[i]
            if self.hard[i]:
                continue
            if self._is_date(line) and line.linked * 2 < len(line.text):
                self.keep[i] = 1
            elif not titled and line.role == "heading" and line.level == 1:
                self.keep[i] = titled = True
        for edge in (kept, kept[::-1]):
            for i in edge:
                line = self.lines[i]
                if line.role in ("heading", "cell") or line.linked < 0.9 * len(line.text) or len(line.text) > 60:
                    break
                self.keep[i] = 0


_CONTAINERS = frozenset(
    [
        "div",
        "main",
        "article",
        "section",
        "body",
        "td",
        "form",
        "center",
        "aside",
        "dialog",
        "details",
        "fieldset",
        "pre",
        "html",
    ]
)


def _shape(box: Box) -> tuple[str, str]:
    return box.tag, box.names[:40]


def _is_hard(box: Box) -> bool:
    return box.tag in _HARD_TAGS or box.role in _HARD_ROLES or bool(box.names and _HARD_NAMES.search(box.names))


def _is_soft(box: Box) -> bool:
    return box.tag in _SOFT_TAGS or box.role == "complementary" or bool(box.names and _SOFT_NAMES.search(box.names))


def _jumps(line: Line) -> bool:
    """Whether a line is wholly a link into its own page."""
    return bool(line.links) and line.linked >= 0.8 * len(line.text) and all(h.startswith("#") for _, h in line.links)


def _phrase(text: str) -> str:
    return _NUMBER.sub("#", text.casefold().strip(" \t:：|·•>»«<←→↑↓▲▼✕×")).strip()


def _key(text: str) -> str:
    """A line for finding it again: its words without number and typography."""
    return _KEY.sub("", text.casefold())
