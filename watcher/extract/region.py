"""Which lines of a page are the policy: by landmarks, prose, vocabulary, link density and repetition, never by site.

Rule of thumb: prose about privacy stays in, wherever it stands; what is short, made of links or named as furniture by
the page's own author goes out. What goes out is kept in Document.furniture.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate, compress
from typing import Any

from watcher.extract.blocks import Box, Page
from watcher.extract.lines import Line
from watcher.extract.markup import Element
from watcher.extract.runs import runs
from watcher.lang import languages, vocabulary
from watcher.lang.asking import asking

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
    "evidon intercom-lightweight intercom-launcher intercom-messenger intercom-container intercom-frame"
)
_HARD_PARTS = (
    "breadcrumb breadcrumbs skip-link skip-nav skip-to-content megamenu mega-menu offcanvas off-canvas mini-cart "
    "minicart cart-drawer sr-announcer comments-area comment-list commentlist comment-body comment-content "
    "comment-respond chat-widget chat-window live-chat chatbot"
)


def _any(words: str) -> str:
    return "|".join(re.escape(word).replace("\\-", "[-_ ]?") for word in words.split())


#: Dialogs of consent tools, however much they say: no vendor puts its policy in there.
_CONSENT_DIALOGS = re.compile(
    r"(?:^|[-_ ])(?:onetrust-(?:consent|banner|pc)|cybotcookiebotdialog|didomi-(?:host|popup|notice)|qc-cmp|iubenda-cs|"
    r"sp_message|osano-cm|cmpbox|cky-(?:consent|modal)|cmplz-cookiebanner|usercentrics-root|truste-consent)"
)
_HARD_NAMES = re.compile(
    f"(?:cookies?|gdpr|consent)[-_ ]?(?:{_any(_BANNERS)})|(?:^|[-_ ])(?:{_any(_CONSENT_TOOLS)})"
    f"|(?:^|[-_ ])(?:{_any(_HARD_PARTS)})(?:$|[-_ ])"
)
#: Furniture if there is a form inside: a policy may have a section on newsletters, but it asks for no address there.
_SIGNUP_NAMES = re.compile(r"newsletter|subscri(?:be|ption)|(?:^|[-_ ])sign-?up|mailing-?list|mailchimp|mc4wp|klaviyo")
#: Furniture if there is little prose about privacy inside.
_SOFT_TAGS = frozenset(("footer", "aside", "header", "form"))
#: Elements that are what they are, whatever they are called.
_PLAIN_TAGS = frozenset((
    "html", "body", "main", "article", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "td", "th", "thead", "tbody",
    "dt", "dd", "caption", "summary",
))  # fmt: skip
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
    "vote votes rating copyright colophon chat live-chat page-views post-meta entry-meta view-count views "
    "hit-count byline author-box author-bio latest recent trending popular ticker marquee"
)
_SOFT_NAMES = re.compile(f"(?:^|[-_ ])(?:{_any(_SOFT_PARTS)})(?:$|[-_ ])")
_TITLE_PARTS = re.compile(r"\s+[|–—·:-]\s+|[-_|–—]")
_NUMBER = re.compile(r"\d[\d,.]*k?")
_DIGIT = re.compile(r"\d")
_TRACE = re.compile(r"\b(?:[0-9a-f]{16,}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{4,})\b", re.IGNORECASE)
_COPYRIGHT = re.compile(r"^(?:©|\(c\)\s*(?:copyright|\d{4})|copyright\b|版权所有)", re.IGNORECASE)
#: What a line that announces a date or a version must hold: a year, a date in figures, or nothing but a number.
_DATED = re.compile(
    r"(?<!\d)(?:19|20)\d\d(?!\d)|\d{1,2}[./-]\d{1,2}[./-]\d\d|^[^\W\d]+(?:\s(?:number|no\.?))?\s?[:：#]?\s?v?\d[\d.]*\W*$|[〇一二三四五六七八九十]年",
    re.IGNORECASE,
)
#: "Updated 3 months ago": true on no other day.
_AGO = re.compile(
    r"\b(?:\d+|an?|last|few|yesterday)\b.{0,12}\b(?:second|minute|hour|day|week|month|year)s?\s+ago\b[^.]*$|\d\s?(?:秒|分钟|小时|天|周|个月|年)前$"
    r"|\b(?:page|site) (?:was )?(?:generated|rendered|served|loaded) (?:on|in|at|by)\b",
    re.IGNORECASE,
)
_AGO_HAS = ("ago", "前", "page ", "site ")  #: what every such line holds
_EDGE = " \t.,;:!?()[]{}\"'*•·–—-_/|#&。，、；：！？（）【】《》“”‘’§¶"

_AWAY = ("http:", "https:", "//", "mailto:", "tel:")
_GROUPS = frozenset(("ul", "ol", "p", "div", "section", "table"))
_LISTS_AND_TABLES = frozenset(("ul", "ol", "dl", "table"))
ENTRY = 40  #: characters; entries of a table of contents that end like a sentence are shorter
_STOPS = (".", "。", ";", "；", "!", "！")
#: Words about privacy in languages that have no file of their own yet, as they are written between spaces.
_ELSEWHERE = """
    daten datenschutz datenschutzerklärung personenbezogene personenbezogener personenbezogenen einwilligung
    verarbeitung verarbeiten verarbeitet dsgvo ip-adresse données personnelles confidentialité consentement
    traitement traitons collectons rgpd datos personales privacidad consentimiento tratamiento terceros dati
    personali trattamento consenso dados pessoais privacidade consentimento tratamento terceiros gegevens
    persoonsgegevens verwerking toestemming verwerken danych osobowych dane osobowe personuppgifter behandling
    personopplysninger personoplysninger henkilötietoja kişisel verileriniz veri персональных персональные данных
    данные конфиденциальности البيانات الشخصية الخصوصية بياناتك المعلومات
"""
_ENDS = (*_STOPS, "?", "？", ":", "：", "…")
_CLOSING = " )）]\"'”’»"
_SHORT = 120  #: characters up to which a line may repeat a heading
_LONGEST = 160  #: characters up to which a line may be the page's own by its words

_SHARE_OF_CORE = 0.8  #: the core of the policy is the smallest element that holds this share of the page's prose
_SHARE_OF_MAIN = 0.6  #: the same for what the page itself calls its main part
_LIKE_THE_CORE = 0.4  #: other elements are policy if they speak of privacy at this share of the core's rate
_LITTLE = 10_000  #: weight of prose below which a page may hold no policy at all, only what asks people for something
_SHARE_OF_A_BLOCK = 0.6  #: what holds more of the page's prose is no dialog and no list of other articles
_SHARE_THAT_SAVES = 0.5  #: an element with this share of the prose is no furniture, whatever it is called
_SHARE_THAT_PROVES = 0.8  #: the same for what can hardly be the policy: navigation, dialogs, cookie banners


#: What an element is by its name: hardly the policy; furniture if it says little about privacy; so with a form inside.
_HARD, _SOFT, _SIGNUP = 1, 2, 4
#: What a short line may be by its words: a button of a consent dialog; a copyright; the heading of other articles; the
#: page's own; the page's own even as a heading; true on no other day; how often the page was seen.
_CHOICE, _FOOT, _ASIDE, _OWN, _OWN_HEADING, _TODAY, _COUNTED = 1, 2, 4, 8, 16, 32, 64


@dataclass(frozen=True, slots=True)
class _Words:
    policy: frozenset[str]
    weak: frozenset[str]
    all: frozenset[str]
    parts: tuple[str, ...]  #: words of languages written without spaces
    weak_parts: tuple[str, ...]
    lines: frozenset[str]
    dates: tuple[str, ...]
    headings: frozenset[str]
    counters: re.Pattern[str]
    counted: tuple[str, ...]  #: what one of `counters` holds
    choices: frozenset[str]
    asides: re.Pattern[str]


@cache
def _words() -> _Words:
    tables = [vocabulary(language)["furniture"] for language in languages()]
    policy, weak = ([w.casefold() for t in tables for w in t[key]] for key in ("policy", "weak"))
    strong = frozenset((*(w for w in policy if w.isascii()), *_ELSEWHERE.split()))
    return _Words(
        policy=strong,
        weak=frozenset(w for w in weak if w.isascii()),
        all=strong.union(w for w in weak if w.isascii()),
        parts=tuple(w for w in policy if not w.isascii()),
        weak_parts=tuple(w for w in weak if not w.isascii()),
        lines=frozenset(w.casefold() for t in tables for w in t["lines"]),
        dates=tuple(w.casefold() for t in tables for w in t["dates"]),
        headings=frozenset(w.casefold() for t in tables for w in t["headings"]),
        counters=_counters([w for t in tables for w in t["counters"]]),
        counted=tuple({w.lower() for t in tables for w in t["counters"]}),
        choices=frozenset(w.casefold() for t in tables for w in t["choices"]),
        asides=re.compile("|".join(f"(?:{w})$" for t in tables for w in t["asides"]), re.IGNORECASE),
    )


def _counters(words: list[str]) -> re.Pattern[str]:
    """What shows how often a page was seen: "Views: 1,234", "1.2k reads", "浏览次数：8341"."""
    either = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    number = r"\d(?:[\d.,]{0,11}\d)?[kKmM万]?"
    return re.compile(rf"(?:{either})\s?[:：]\s?{number}\s?次?|\b{number}\s?(?:{either})(?![\w])", re.IGNORECASE)


@lru_cache(4096)
def _said(text: str) -> tuple[int, int, str, int]:
    """What a line's words say: words about privacy, weight as prose without links, key, marks (_CHOICE, ...)."""
    hits = _hits(text)
    if len(text) > _LONGEST:
        return hits, _prose_in(text, len(text), hits), "", 0
    return hits, _prose_in(text, len(text), hits), _key(text) if len(text) <= _SHORT else "", _marks(text)


def _marks(text: str) -> int:
    """What a line that is not long may be by its words: _CHOICE and the others."""
    copyright_line = _COPYRIGHT.match(text) is not None
    if len(text) > _SHORT:
        return _OWN if copyright_line else 0
    words, brief, lower = _words(), len(text) <= 100, text.lower()
    choice = _CHOICE if _key(text) in words.choices else 0
    foot = _FOOT if copyright_line or "©" in text else 0
    aside = _ASIDE if words.asides.match(text.strip(_EDGE)) else 0
    own = len(text) <= 60 and _phrase(text) in words.lines
    own = own or (brief and _TRACE.search(text) is not None and not _is_date(text))
    mine = _OWN | _OWN_HEADING if own else _OWN if copyright_line else 0
    today = _TODAY if brief and any(map(lower.__contains__, _AGO_HAS)) and _AGO.search(text) else 0
    counted = bool(_DIGIT.search(text)) and any(map(lower.__contains__, words.counted))
    counted = counted and not text.endswith(_STOPS) and words.counters.search(text) is not None
    return choice | foot | aside | mine | today | (_COUNTED if counted else 0)


def _hits(text: str) -> int:
    """How many different words about privacy `text` holds; two words that are not only used there count as one."""
    words = _words()
    said = text.lower().split()
    found = words.all.intersection(said)
    found |= words.all.intersection([word.strip(_EDGE) for word in said if not word.isalnum()])
    strong, weak = len(words.policy & found), len(words.weak & found)
    if not text.isascii():
        strong += sum([w in text for w in words.parts])
        weak += sum([w in text for w in words.weak_parts])
    return strong + weak // 2


def _prose_in(text: str, free: int, hits: int) -> int:
    """How much prose a text is, of which `free` characters are in no link; 0 for what is no sentence.

    That is these characters, more for words about privacy.
    """
    if free < 50 and (free < 16 or text.isascii()):
        return 0
    size = free if text.isascii() else max(free, 2 * len(text.encode()) // 3)
    return size * (1 + min(4, hits))


def _weight(line: Line, hits: int) -> int:
    """How much prose a line is: none where it is a heading or for the most part links."""
    free = len(line.text) - line.linked
    return 0 if line.role == "heading" or line.linked > free else _prose_in(line.text, free, hits)


class Region:
    """Decides line by line. `keep[i]` is 1 for a line of the policy. Sums over lines give each element's figures."""

    def __init__(self, page: Page, title: str = "") -> None:
        self.titles = {_key(part) for part in _TITLE_PARTS.split(title)}
        self.boxes = page.boxes
        self.lines = lines = page.lines
        self.words = _words()
        texts = [line.text for line in lines]
        columns: tuple[Sequence[Any], ...] = tuple(zip(*map(_said, texts), strict=True)) or ((), (), (), ())
        self.hits: Sequence[int] = columns[0]
        self.weights: list[int] = list(columns[1])
        self.keys: Sequence[str] = columns[2]
        self.marks: Sequence[int] = columns[3]
        self.marked = [i for i, mark in enumerate(self.marks) if mark]
        links = [line.linked for line in lines]
        self.headed = [i for i, line in enumerate(lines) if line.role == "heading" or line.bold]
        self.linking = [i for i, line in enumerate(lines) if line.links]
        for i in {*self.headed, *compress(range(len(links)), links)}:
            self.weights[i] = _weight(lines[i], self.hits[i])
        self.keep = bytearray(len(lines))
        self.hard = bytearray(len(lines))
        self.chars = _sums(map(len, texts))
        self.linked = _sums(links)
        self.inner, self.away, self.links = self._links_sums()
        self.prose = _sums(self.weights)
        self.stances = list(map(_stance, [box.element for box in page.boxes]))
        self.told: list[int] = []
        self.each: list[int] = []  #: words about privacy in each line that has weight
        self.telling: dict[int, list[int]] = {}
        self.rate = 0.0  #: words about privacy for each character, in the core

    def _links_sums(self) -> tuple[list[int], list[int], list[int]]:
        """Running sums of the links into the page, of those to whole addresses, and of all."""
        inner, away, every = [0] * len(self.lines), [0] * len(self.lines), [0] * len(self.lines)
        for i in self.linking:
            links = self.lines[i].links
            every[i] = len(links)
            for _, href in links:
                if href.startswith("#"):
                    inner[i] += 1
                elif href.startswith(_AWAY):
                    away[i] += 1
        return _sums(inner), _sums(away), _sums(every)

    def _in(self, sums: list[int], box: Box) -> int:
        return sums[box.end] - sums[box.start]

    def _telling(self, least: int, box: Box) -> int:
        """How many lines of an element say so many words about privacy, or more."""
        if least not in self.telling:
            self.telling[least] = _sums([hits >= least for hits in self.each])
        return self._in(self.telling[least], box)

    def _free(self, box: Box) -> int:
        return self._in(self.chars, box) - self._in(self.linked, box)

    def _density(self, box: Box) -> float:
        return self._in(self.linked, box) / max(1, self._in(self.chars, box))

    def find(self) -> bytearray:
        """The policy's lines, as a mask over the page's lines."""
        if not self.lines:
            return self.keep
        self._drop_hard()
        core = self._core()
        self.rate = self._rate(self.boxes[core])
        self._take(self.boxes[core])
        self._climb(core)
        self._prune()
        self._trim(core)
        self._frame()
        self._drop_counters()
        if not any(self.keep):
            # No policy here; whoever judges the page must still see what it says.
            self.keep = bytearray(not h for h in self.hard) if not all(self.hard) else bytearray(b"\1" * len(self.hard))
        return self.keep

    # --- where it is ------------------------------------------------------------------------------------------------

    def _drop_hard(self) -> None:
        """Take the weight from what is furniture by its element, role, name or words."""
        if self.prose[-1] < _LITTLE:
            pattern = asking()
            self.weights = [
                0 if w and ("©" in line.text or pattern.search(line.text)) else w
                for w, line in zip(self.weights, self.lines, strict=True)
            ]
            self.prose = _sums(self.weights)
        total, words, done = self.prose[-1], self.chars[-1] - self.linked[-1], 0
        for i in [i for i, stance in enumerate(self.stances) if stance & (_HARD | _SIGNUP)]:
            box = self.boxes[i]
            if box.end <= done or box.parent < 0 or not (self.stances[i] & _HARD or self._asks(i)):
                continue
            little = self._in(self.prose, box) <= total * _SHARE_THAT_PROVES
            little = little or self._free(box) <= words * _SHARE_THAT_SAVES
            if little or _CONSENT_DIALOGS.search(box.element.names):
                self.hard[box.start : box.end] = b"\1" * (box.end - box.start)
                done = box.end
        self._drop_named_blocks()
        if any(self.hard):
            self.weights = [0 if h else w for w, h in zip(self.weights, self.hard, strict=True)]
            self.prose = _sums(self.weights)
        self.each = [hits if weight else 0 for weight, hits in zip(self.weights, self.hits, strict=True)]
        self.told = _sums(self.each)

    def _asks(self, i: int) -> bool:
        """Whether an element holds a form or a button, and little of the page's prose."""
        box, inner = self.boxes[i], i + 1
        if self._in(self.prose, box) > self.prose[-1] * _SHARE_OF_A_BLOCK:
            return False
        while inner < len(self.boxes) and self.boxes[inner].start < box.end:
            if self.boxes[inner].element.name in ("form", "button"):
                return True
            inner += 1
        return False

    def _drop_named_blocks(self) -> None:
        """Take out the blocks that their own words give away: consent dialogs, other articles, the page's foot."""
        keys = self.keys
        last = -1
        for i in self.marked:
            line, mark = self.lines[i], self.marks[i]
            if mark & _CHOICE:
                if last >= 0 and keys[i] != keys[last]:
                    self._drop_block(self._dialog(last, i))
                last = i
            elif self.hard[i]:
                continue
            elif mark & _ASIDE and (line.role == "heading" or line.bold):
                self._drop_block(self._led_by(i))
            elif mark & _FOOT:
                self._drop_block(self._foot(i))

    def _drop_block(self, box: Box | None) -> None:
        if box is not None:
            self.hard[box.start : box.end] = b"\1" * (box.end - box.start)

    def _outwards(self, box: int, share: float = _SHARE_OF_A_BLOCK) -> Iterator[Box]:
        """The elements around and including one, from the inside, that hold at most a share of the page's prose."""
        most = self.prose[-1] * share
        while box > 0:
            here = self.boxes[box]
            if here.element.name in ("body", "main") or self._in(self.prose, here) > most:
                return
            if self._in(self.chars, here) > 0.9 * self.chars[-1]:
                return
            yield here
            box = here.parent

    def _is_most(self, box: Box) -> bool:
        return self._in(self.prose, box) > self.prose[-1] * _SHARE_OF_A_BLOCK

    def _sentences(self, box: Box) -> int:
        return sum(weight > 0 for weight in self.weights[box.start : box.end])

    def _is_cards(self, box: Box) -> bool:
        """Whether an element holds little but teasers: no page title, and no more sentences than links."""
        titled = any(line.level == 1 and line.role == "heading" for line in self.lines[box.start : box.end])
        return not titled and self._sentences(box) <= min(12, self._in(self.links, box))

    def _dialog(self, first: int, second: int) -> Box | None:
        """The element that holds two choices ("Accept all", "Reject all") and the sentences that they belong to."""
        found = None
        for box in self._outwards(self.lines[second].box, 1):
            if box.start > first:
                continue
            told = self._sentences(box)
            if box.end - box.start > 40 or self._free(box) > 3000 or (told > 3 and self._is_most(box)):
                break
            found = box
            if self._in(self.prose, box):
                break
        return found

    def _led_by(self, i: int) -> Box | None:
        """The element of which a heading is the first line, if it holds more."""
        found = None
        for box in self._outwards(self.lines[i].box, 1):
            if box.start < i or (self._is_most(box) and not self._is_cards(box)):
                break
            found = box if box.end > i + 1 else found
        return found

    def _foot(self, i: int) -> Box | None:
        """The element around a copyright line that holds links too."""
        found = None
        headers = [box.start for box in self.boxes if box.element.name in ("header", "nav", "main")]
        for box in self._outwards(self.lines[i].box):
            if any(box.start <= start < box.end for start in headers):
                break
            if self._density(box) >= 0.1 and self._in(self.links, box) >= 3 and self._sentences(box) <= 6:
                found = box
        return found

    def _core(self) -> int:
        """The deepest element that holds most of the prose; elements come before what they hold."""
        total, core = self.prose[-1], 0
        if not total:
            return 0
        for i, box in enumerate(self.boxes):
            if box.parent == core:
                share = _SHARE_OF_MAIN if box.element.name == "main" else _SHARE_OF_CORE
                if self._in(self.prose, box) >= total * share:
                    core = i
        while self.boxes[core].parent > 0 and self.boxes[core].element.name not in _CONTAINERS:
            core = self.boxes[core].parent
        return core

    def _take(self, box: Box) -> None:
        self.keep[box.start : box.end] = b"\1" * (box.end - box.start)

    def _climb(self, core: int) -> None:
        """Take in the core's relatives that hold prose about privacy, or that look like those that do."""
        path, i = {}, core
        while self.boxes[i].parent >= 0:
            path[self.boxes[i].parent] = i
            i = self.boxes[i].parent
        relatives: dict[int, list[int]] = {ancestor: [] for ancestor in path}
        for i, box in enumerate(self.boxes):
            if box.parent in relatives:
                relatives[box.parent].append(i)
        own: dict[int, list[int]] = {ancestor: [] for ancestor in path}
        for i, line in enumerate(self.lines):
            if line.box in own:
                own[line.box].append(i)
        for ancestor, child in path.items():
            self._take_relatives(self.boxes[child], [self.boxes[i] for i in relatives[ancestor]], own[ancestor])

    def _take_relatives(self, child: Box, relatives: list[Box], own: list[int]) -> None:
        """Of one ancestor's children (`relatives`) and own lines, those that belong to the policy in `child`."""
        chosen = {n for n, box in enumerate(relatives) if box is child or self._is_policy(box, child)}
        lines = [i for i in own if self.weights[i] and self.hits[i]]
        low = min([relatives[n].start for n in chosen] + lines)
        high = max([relatives[n].end for n in chosen] + lines)
        shapes = {relatives[n].element.shape for n in chosen}
        for n, box in enumerate(relatives):
            between = low <= box.start and box.end <= high
            alike = box.element.shape in shapes or box.end == child.start or box.start == child.end
            alike = alike and self._telling(1, box) > 0 and self._rate(box) >= _LIKE_THE_CORE * self.rate
            if (between or alike) and not _is_soft(box.element) and self._density(box) < 0.5:
                chosen.add(n)
        self._continue(chosen, relatives, shapes)
        for n in chosen:
            if relatives[n] is not child:
                self._take(relatives[n])
        for i in own:
            if low <= i <= high:
                self.keep[i] = 1
        while low > 0 and self.lines[low - 1].role == "heading" and not self.hard[low - 1]:
            low -= 1
            self.keep[low] = 1

    def _continue(self, chosen: set[int], relatives: list[Box], shapes: set[tuple[str, str]]) -> None:
        """Choose also the short sections right before and after the chosen ones that are built like them."""
        for order in (range(len(relatives)), range(len(relatives) - 1, -1, -1)):
            joined = False
            for n in order:
                box = relatives[n]
                joined = n in chosen or (
                    joined and bool(box.element.names) and box.element.shape in shapes and self._density(box) < 0.25
                )
                if joined:
                    chosen.add(n)

    def _is_policy(self, box: Box, child: Box) -> bool:
        """Whether an element beside the core (in `child`) is policy too: prose about privacy.

        It takes more where its name speaks against it, and where it stands below, apart from what is policy.
        """
        soft = _is_soft(box.element)
        prose = self._in(self.prose, box)
        if self._density(box) > 0.4 or (box.element.name == "footer" and prose < self.prose[-1] * 0.1):
            return False
        if prose < (1500 if soft else 150) or not self._telling(3 if soft else 1, box):
            return False
        if prose < 600 and not any(
            self.weights[i] and self.lines[i].text.rstrip(_CLOSING).endswith(_ENDS) for i in range(box.start, box.end)
        ):
            return False
        if box.start > child.end and self._telling(1, box) < 2:
            return False
        return self._rate(box) >= _LIKE_THE_CORE * self.rate

    def _rate(self, box: Box) -> float:
        """Words about privacy for each character of prose."""
        return self._in(self.told, box) / max(1, self._free(box))

    # --- what is furniture inside -----------------------------------------------------------------------------------

    def _prune(self) -> None:
        most, done, prose = self.prose[-1] * _SHARE_THAT_SAVES, 0, self.prose
        for box, stance in zip(self.boxes, self.stances, strict=True):
            soft = stance & _SOFT
            # A group of links is told by its links first: most groups have none.
            linked = soft or (box.element.name in _GROUPS and self.linked[box.start] != self.linked[box.end])
            if not linked or box.end <= done or prose[box.end] - prose[box.start] > most:
                continue
            if soft and not self._is_policy_inside(box):
                self._drop_soft(box)
                done = box.end
            elif box.element.name in _GROUPS and self._density(box) > 0.7 and self._is_menu(box):
                self._drop_links(box)
                done = box.end
        self._drop_contents()
        self._drop_repetition()
        suspects = {*self.linking, *self.marked}
        suspects.update(compress(range(len(self.hard)), self.hard))
        for i in sorted(suspects):
            line = self.lines[i]
            if self.keep[i] and (self.hard[i] or self._is_furniture(i)):
                led = line.role == "heading" and i + 1 < len(self.lines) and self.weights[i + 1] and self.keep[i + 1]
                self.keep[i] = bool(led) and not self.hard[i]
        self._drop_sections()

    def _is_policy_inside(self, box: Box) -> bool:
        """Whether an element that is called furniture is policy after all, since it stands amid the policy."""
        if box.element.name in ("footer", "form") or self._density(box) > 0.4:
            return False
        return self._in(self.prose, box) >= 300 and self._telling(2, box) > 0

    def _trim(self, core: int) -> None:
        """Drop what stands at the core's edges, is built unlike the policy's parts and says nothing about privacy."""
        parts = [box for box in self.boxes[core:] if box.parent == core]
        makes = Counter(box.element.shape for box in parts)
        shapes = {box.element.shape for box in parts if self._telling(1, box)}
        end = self.boxes[core].end
        for order, edge in ((parts, self.boxes[core].start), (parts[::-1], end)):
            for box in order:
                single = makes[box.element.shape] == 1
                if edge not in (box.start, box.end) or not self._is_foreign(box, shapes, single):
                    break
                edge = box.end if order is parts else box.start
                for i in range(box.start, box.end):
                    self.keep[i] = self.keep[i] and (self.lines[i].level == 1 or _is_date(self.lines[i].text))

    def _is_foreign(self, box: Box, shapes: set[tuple[str, str]], single: bool) -> bool:
        """Whether a part is of another make than the policy's, without a word about privacy or an address to write.

        Without links it must be a slogan and the only part of its make, for headings may be made like nothing else.
        """
        if box.element.name in _LISTS_AND_TABLES or box.element.shape in shapes:
            return False
        lines = range(box.start, box.end)
        if not self._in(self.links, box):
            only = self.lines[box.start]
            slogan = single and box.end - box.start == 1 and 20 <= len(only.text) <= _SHORT and only.role == "text"
            slogan = (
                slogan and not only.bold and box.element.name in ("div", "section", "aside") and only.text[0].isalpha()
            )
            return slogan and self.hits[box.start] < 2 and not only.text.endswith(_ENDS) and not _is_date(only.text)
        return not any(self.hits[i] or "@" in self.lines[i].text for i in lines)

    def _drop_soft(self, box: Box) -> None:
        """A header keeps its headings and dates; anything else soft keeps what is a sentence about privacy."""
        tag = box.element.name
        header = tag == "header" or "header" in box.element.names
        title = header and tag != "header" and box.end - box.start <= 2  # "accordion-header": a heading's box
        for i in range(box.start, box.end):
            line = self.lines[i]
            if header and (line.role == "heading" or _is_date(line.text) or (title and not line.linked)):
                continue
            telling = self.weights[i] and self.hits[i] >= (1 if header else 2)
            if not (telling and tag not in ("footer", "form")):
                self.keep[i] = 0

    def _is_menu(self, box: Box) -> bool:
        """Menus, tables of contents, language lists. A list of links to others, or with a lead-in, is a fact."""
        links = self._in(self.links, box)
        inner, away = self._in(self.inner, box), self._in(self.away, box)
        if inner >= 3 and inner >= links * 0.6:
            return True
        led = box.start > 0 and self.lines[box.start - 1].text.endswith((":", "："))
        return box.end - box.start >= 3 and not led and away < links * 0.6

    def _drop_links(self, box: Box) -> None:
        for i in range(box.start, box.end):
            line = self.lines[i]
            if line.linked >= 0.7 * len(line.text) and line.role != "heading":
                self.keep[i] = 0

    def _drop_counters(self) -> None:
        """Take "1,234 views" out of the short lines that show it beside a date or an author."""
        for i in self.marked:
            line = self.lines[i]
            if self.marks[i] & _COUNTED and self.keep[i] and line.role == "text" and not line.bold:
                rest = self.words.counters.sub("", line.text)
                line.text = rest.strip(" |·,;，；/-")
                self.keep[i] = any(c.isalnum() for c in rest)

    def _drop_contents(self) -> None:
        """Lines that are nothing but links into this page, two or more in a row."""
        lines = self.lines
        for run in runs(i for i in self.linking if lines[i].role != "heading" and _jumps(lines[i])):
            if len(run) >= 2:
                for n in run:
                    self.keep[n] = 0

    def _drop_repetition(self) -> None:
        """A run of lines that only repeats headings of the page is a table of contents."""
        keys, lines = self.keys, self.lines
        often = {key for key, count in Counter(keys).items() if count > 1 and key}
        repeated = [i for i, key in enumerate(keys) if key in often] if often else []
        if len(repeated) < 3:
            return
        headings = {keys[i] for i in self.headed}
        last = {keys[i]: i for i in repeated}

        def is_entry(i: int) -> bool:
            """Whether a line repeats a heading, or stands again further down."""
            line = lines[i]
            if line.role == "cell" or line.level == 1 or _is_sentence(line):
                return False
            listed = line.role != "heading" and not line.bold and keys[i] in headings
            return listed or last[keys[i]] > i + 2

        for run in runs(filter(is_entry, repeated)):
            if len(run) >= 3 and not self._is_original(run, headings, last):
                for n in run:
                    self.keep[n] = 0

    def _is_original(self, run: range, headings: set[str], last: dict[str, int]) -> bool:
        """Whether the copies of a run stand together too, so that neither is a table of contents."""
        copies = [last[self.keys[n]] for n in run]
        if all(self.lines[n].role != "heading" and self.keys[n] in headings for n in run):
            return False
        return max(copies) - min(copies) <= 2 * len(run)

    def _is_furniture(self, i: int) -> bool:
        line, mark = self.lines[i], self.marks[i]
        if len(line.text) > _LONGEST or line.role == "cell":
            return False
        if mark & (_OWN_HEADING if line.role == "heading" else _OWN):
            return True
        return line.role == "text" and bool(mark & _TODAY or (line.links and self._is_row_of_links(line)))

    def _is_row_of_links(self, line: Line) -> bool:
        """Whether a line is two links or more side by side, or links after a label such as "Share this page:"."""
        if line.linked * 4 < len(line.text) or _leads_away(line) * 2 > len(line.links):
            return False
        rest = line.text
        for words, _ in line.links:
            rest = rest.replace(words, "", 1)
        label = _phrase(rest.strip(_EDGE))
        if label:
            return label in self.words.lines or label in self.words.headings
        return len(line.links) > 1 and not set(rest) & set(",，、;；")

    def _drop_sections(self) -> None:
        """A heading like "Related articles" goes out with the short and linked lines that follow it."""
        done, count = 0, len(self.lines)
        for i in self.headed:
            if i < done or _phrase(self.lines[i].text) not in self.words.headings:
                continue
            done = i + 1
            while done < count and self._is_aside(self.lines[done]):
                done += 1
            if done > i + 1 or done >= count or self.lines[done].role == "heading":
                self.keep[i:done] = bytes(done - i)

    def _is_aside(self, line: Line) -> bool:
        """Whether a line under a heading like "Related articles" belongs to it: linked, or a headline."""
        return line.role != "heading" and (line.linked > 0.6 * len(line.text))

    def _is_title(self, i: int, first: int) -> bool:
        """Whether a line is an <h1>, or stands near the policy's first one and says what the page's <title> says."""
        if self.lines[i].role == "heading" and self.lines[i].level == 1:
            return True
        return abs(i - first) <= 6 and bool(self.keys[i]) and self.keys[i] in self.titles

    def _frame(self) -> None:
        """The page's title and the date above the policy belong to it; linked lines at its edges do not."""
        kept = list(compress(range(len(self.lines)), self.keep))
        if not kept:
            return
        first = kept[0]
        titled = any(self.lines[i].role == "heading" and self.lines[i].level == 1 for i in kept[:10])
        for i in [*kept[:2], *range(first - 1, -1, -1)]:
            line = self.lines[i]
            if self.hard[i]:
                continue
            if _is_date(line.text) and line.linked * 2 < len(line.text):
                self.keep[i] = 1
            elif not titled and line.role != "cell" and self._is_title(i, first):
                self.keep[i] = titled = True
                line.role, line.level = "heading", 1
        self._drop_above_title(kept)
        for edge in (kept, kept[::-1]):
            for i in edge:
                line = self.lines[i]
                if line.role in ("heading", "cell") or line.linked < 0.9 * len(line.text) or len(line.text) > 60:
                    break
                self.keep[i] = 0

    def _drop_above_title(self, kept: list[int]) -> None:
        """Short lines above the only <h1> announce something else."""
        lines = self.lines
        titles = [i for i in kept[:6] if lines[i].role == "heading" and lines[i].level == 1]
        if len(titles) != 1 or any(lines[i].level == 1 and lines[i].role == "heading" for i in kept[6:]):
            return
        for i in kept[: kept.index(titles[0])]:
            line = self.lines[i]
            if line.role == "text" and len(line.text) <= _SHORT and not _is_date(line.text):
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


@lru_cache(1024)
def _stance(element: Element) -> int:
    """What its author's names make of an element: _HARD, _SIGNUP and _SOFT, or none of them."""
    tag, role, names = element.name, element.role, element.names
    named = bool(names) and tag not in _PLAIN_TAGS
    hard = tag in _HARD_TAGS or role in _HARD_ROLES or (named and _HARD_NAMES.search(names))
    soft = tag in _SOFT_TAGS or role == "complementary" or (named and _SOFT_NAMES.search(names))
    signup = named and _SIGNUP_NAMES.search(names)
    return (_HARD if hard else 0) | (_SOFT if soft else 0) | (_SIGNUP if signup else 0)


def _is_soft(element: Element) -> bool:
    return bool(_stance(element) & _SOFT)


def _sums(values: Iterable[int]) -> list[int]:
    """Running sums with a leading 0, so that the sum over lines a to b is `sums[b] - sums[a]`."""
    return [0, *accumulate(values)]


def _leads_away(line: Line) -> int:
    """How many of a line's links are whole addresses."""
    return sum([href.startswith(_AWAY) for _, href in line.links])


def _jumps(line: Line) -> bool:
    """Whether a line that has links is wholly one into its own page."""
    return line.linked >= 0.8 * len(line.text) and all(h.startswith("#") for _, h in line.links)


@lru_cache(4096)
def _is_date(text: str) -> bool:
    """Whether a line begins as those do that state the policy's date."""
    if len(text) > 160 or not text.casefold().lstrip("（(*[ ").startswith(_words().dates):
        return False
    return _DATED.search(text) is not None


def _phrase(text: str) -> str:
    return _NUMBER.sub("#", text.casefold().strip(" \t:：|·•>»«<←→↑↓▲▼✕×")).strip()


def _key(text: str) -> str:
    """A line for finding it again: its words without number and typography."""
    return text.lower().lstrip(_EDGE + "0123456789").rstrip(_EDGE)


def _is_sentence(line: Line) -> bool:
    """Whether a line is a whole sentence without a link: no entry of a table of contents, though it stands twice."""
    return line.text.endswith((".", "。")) and len(line.text) > ENTRY and not line.links
