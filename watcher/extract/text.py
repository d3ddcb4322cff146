"""Plain text and Markdown to Lines. Markup and link targets are no part of a line's words; link texts are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby

from markdown_it import MarkdownIt
from markdown_it.token import Token

from watcher.extract.lines import Cell, Line
from watcher.lang import languages, vocabulary
from watcher.lang.words import HAN

_BLANK = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")
_UNDERLINE = re.compile(r"([=\-~*#_])\1{2,}$")
_BULLET = re.compile(r"([-*+•●▪◦·‣–—o])[ \t\u3000]+(?=\S)")
_SPACE = re.compile(r"\s+")
_HAN_END = re.compile(r"[\u3000-\u9fff\uff00-\uffef]$")
_WIDEST = 110  #: characters; longer lines are paragraphs of their own, not wrapped by hand
_NARROWEST = 50


# --- plain text ------------------------------------------------------------------------------------------------------


def read_text(text: str) -> list[Line]:
    """The blocks of a plain text: lines that were wrapped by hand are joined, all others stand alone."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n")
    width = wrap_width(text)
    lines: list[Line] = []
    for block in _BLANK.split(text):
        lines.extend(_text_block([line.rstrip() for line in block.split("\n") if line.strip()], width))
    return lines


def wrap_width(text: str) -> int:
    """The column at which a text was wrapped by hand, 0 where it was not."""
    lengths = sorted(len(line) for line in text.split("\n") if line.strip())
    if len(lengths) < 4 or lengths[-1] > _WIDEST:
        return 0
    width = lengths[-1]
    full = sum(length > width * 0.8 for length in lengths)
    return width if width >= _NARROWEST and full * 3 >= len(lengths) else 0


def _text_block(rows: list[str], width: int) -> Iterator[Line]:
    """The lines of one block between blank lines."""
    if len(rows) == 2 and _UNDERLINE.fullmatch(rows[1].strip()):
        yield Line(rows[0].strip(), role="heading", level=1 if "=" in rows[1] else 2)
        return
    joined: list[str] = []
    for row in rows:
        if joined and _wrapped(joined[-1].rsplit("\n", 1)[-1], row, width):
            joined[-1] += "\n" + row
        elif not _UNDERLINE.fullmatch(row.strip()):
            joined.append(row)
    yield from map(_text_line, joined)


def _wrapped(before: str, after: str, width: int) -> bool:
    """Whether `after` continues the row `before`: its first word would not have fitted there."""
    words = after.split(None, 1)
    return bool(width and not _BULLET.match(after.lstrip()) and len(before) + 1 + len(words[0]) > width)


def _text_line(part: str) -> Line:
    """One block of text as a Line; a bullet makes it an item, its indent the depth."""
    words = join_rows(part.split("\n"))
    bullet = _BULLET.match(words)
    if not bullet:
        return Line(words)
    depth = 1 + (len(part) - len(part.lstrip())) // 4
    return Line(words[bullet.end() :], role="item", level=depth, marker="•")


def join_rows(rows: list[str]) -> str:
    """Rows of one wrapped paragraph as one string: with spaces between words, without between Han signs."""
    text = ""
    for row in rows:
        row = _SPACE.sub(" ", row).strip()
        if text.endswith(("\u00ad", "\u0002", "\ufffe")):
            text = text[:-1] + row
        elif _HAN_END.search(text) and row and ord(row[0]) >= 0x3000:
            text += row
        else:
            text = f"{text} {row}" if text else row
    return text


# --- Markdown --------------------------------------------------------------------------------------------------------


@cache
def _parser() -> MarkdownIt:
    """CommonMark with tables; indented text is text, not code, and tags are read as inline markup."""
    return MarkdownIt("commonmark", {"html": True}).enable("table").disable(["code", "html_block"])


@dataclass(slots=True)
class _Run:
    """The words of one row of an inline: text up to a line break, with what is known of its markup."""

    text: str = ""
    strong: int = 0  #: characters set in bold, spaces apart
    linked: int = 0
    links: list[tuple[str, str]] = field(default_factory=list)

    def add(self, words: str, *, strong: bool, linked: bool) -> None:
        """Append words of one style."""
        self.text += words
        solid = len(words) - words.count(" ")
        self.strong += solid if strong else 0
        self.linked += len(words) if linked else 0

    @property
    def bold(self) -> bool:
        """All of it is bold, but for stray punctuation."""
        return self.strong > 0 and self.strong + 2 >= len(self.text) - self.text.count(" ")


#: A jump within the page whose target has blanks, as some converters write it: no link to CommonMark.
_SPACED = re.compile(r"\]\(#[^()\n]* [^()\n]*\)")


def read_markdown(text: str) -> list[Line]:
    """The blocks of a Markdown text, also of the sort that HTML converters write."""
    lines: list[Line] = []
    state = _Place()
    for token in _parser().parse(_SPACED.sub("](#)", text.replace("\u00a0", " "))):
        if token.type == "inline":
            lines.extend(state.lines(token))
        elif token.type in {"fence", "code_block"}:
            lines.extend(Line(row.strip()) for row in token.content.split("\n") if row.strip())
        else:
            state.enter_or_leave(token)
    return lines


class _Place:
    """Where the parser is: in which heading, list, item, cell."""

    def __init__(self) -> None:
        self.heading = 0
        self.markers: list[str] = []  #: bullets or next numbers of the open lists, outermost first
        self.marker = ""  #: of the item that has just begun, until its first words
        self.table, self.row, self.column, self.head, self.in_cell = -1, -1, -1, False, False

    def enter_or_leave(self, token: Token) -> None:
        """Follow one block token."""
        match token.type:
            case "heading_open":
                self.heading = int(token.tag[1])
            case "heading_close":
                self.heading = 0
            case "bullet_list_open" | "ordered_list_open":
                self.markers.append("•")
            case "bullet_list_close" | "ordered_list_close":
                self.markers.pop()
            case "list_item_open":
                self.marker = f"{token.info}{token.markup}" if token.info else "•"
            case "list_item_close":
                self.marker = ""
            case "table_open":
                self.table, self.row = self.table + 1, -1
            case "tr_open":
                self.row, self.column = self.row + 1, -1
            case "th_open" | "td_open":
                self.column, self.head, self.in_cell = self.column + 1, token.type == "th_open", True
            case "th_close" | "td_close":
                self.in_cell = False

    def lines(self, token: Token) -> Iterator[Line]:
        """The Lines of one inline token, given where it stands."""
        runs = [run for run in _runs(token.children or []) if run.text]
        if self.in_cell:
            yield from self._cell(runs)
        elif self.heading and runs:
            text = " ".join(run.text for run in runs)
            links = tuple(link for run in runs for link in run.links)
            yield Line(text, role="heading", level=self.heading, linked=sum(r.linked for r in runs), links=links)
        else:
            for i, run in enumerate(runs):
                line = Line(run.text, bold=run.bold, broken=i > 0, linked=run.linked, links=tuple(run.links))
                if self.marker:
                    line.role, line.level, line.marker = "item", len(self.markers), self.marker
                    self.marker = ""
                yield line

    def _cell(self, runs: list[_Run]) -> Iterator[Line]:
        """One cell: its rows joined, the bullets of lists written inside it taken off."""
        parts = [_BULLET.sub("", run.text, count=1) if _BULLET.match(run.text) else run.text for run in runs]
        yield Line(
            " ".join(parts),
            role="cell",
            bold=bool(runs) and all(run.bold for run in runs),
            linked=sum(run.linked for run in runs),
            links=tuple(link for run in runs for link in run.links),
            cell=Cell(self.table, self.row, self.column, self.head),
        )


_STRAY = re.compile(r"\*{2,}|(?<!\w)__|__(?!\w)")
_BREAK = re.compile(r"<br\s*/?>", re.I)


def _runs(children: list[Token]) -> list[_Run]:
    """An inline's words, cut at hard line breaks."""
    runs = [_Run()]
    strong, href, start = 0, "", 0
    for token in children:
        match token.type:
            case "text" | "code_inline":
                runs[-1].add(_STRAY.sub("", token.content), strong=strong > 0, linked=bool(href))
            case "softbreak":
                glued = _HAN_END.search(runs[-1].text) is not None
                runs[-1].add("" if glued else " ", strong=False, linked=False)
            case "strong_open":
                strong += 1
            case "strong_close":
                strong -= 1
            case "link_open":
                href, start = str(token.attrs.get("href", "")) or "#", len(runs[-1].text)
            case "link_close":
                words = runs[-1].text[start:].strip()
                if words:
                    runs[-1].links.append((words, href))
                href = ""
            case "hardbreak":
                runs.append(_Run())
                start = 0
            case "html_inline" if _BREAK.match(token.content):
                runs.append(_Run())
                start = 0
    for run in runs:
        run.text = _SPACE.sub(" ", run.text).strip()
    return runs


# --- the page around the policy --------------------------------------------------------------------------------------

BANNER = 400  #: characters; a longer line is no notice with buttons
MENU = 3  #: lines of links that make a menu, links that make a table of contents
_STOPS = (".", ";", ":", "!", "?", "。", "；", "：", "！", "？")
SENTENCE = 50  #: characters outside links; 20 where Chinese says as much
_WORD = re.compile(r"[a-z-]+")
_ADDRESS = re.compile(r"@|\d{4}|^(?:mailto|tel):")
_NUMBERED = re.compile(r"^\W*(?:(?:\d{1,2}(?:\.\d{1,2})*|[IVX]+|[a-zA-Z])[.)]\s*)?")
_HOST = re.compile(r"(?:https?:)?//(?:[\w-]+\.)*?([\w-]+\.[a-z]{2,}(?:\.[a-z]{2})?)(?:[:/?#]|$)", re.IGNORECASE)


def without_menus(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """(the policy's lines, the page's): menus of one site above and below all prose, and tables of contents.

    A list of links to many sites may be a list of recipients: it stays.
    """
    first = next((i for i, line in enumerate(lines) if _is_prose(line)), len(lines))
    last = next((i for i in range(len(lines) - 1, first, -1) if _is_prose(lines[i])), first)
    out = _contents(lines) | {i for i, line in enumerate(lines) if _is_banner(line)}
    for start, end in ((0, first), (last + 1, len(lines))):
        menu = [i for i in range(start, end) if _is_linked(lines[i])]
        if len(menu) >= MENU and _of_one_site(lines[i] for i in menu):
            out.update(menu)
            if start:
                out.update(_heading_above(lines, menu[0], start))
                out.update(i for i in range(menu[MENU - 1] + 1, end) if _is_loose(lines[i]))
    return (
        [line for i, line in enumerate(lines) if i not in out],
        [line for i, line in enumerate(lines) if i in out],
    )


def _is_banner(line: Line) -> bool:
    """Whether a line is a notice with the buttons that take it off: "We use cookies. Accept all | Settings"."""
    if line.role != "text" or len(line.text) > BANNER:
        return False
    text = line.text.lower()
    return _closers()[0].search(text) is not None or ("cookie" in text and _closers()[1].search(text) is not None)


@cache
def _closers() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Buttons at the end of a line, after its sentences: of any notice, and of one about cookies."""
    tables = [vocabulary(language) for language in languages()]
    close = [word for table in tables for word in table["furniture"]["closers"]]
    consent = [word for table in tables for word in table["furniture"]["consents"]]
    return tuple(  # type: ignore[return-value]
        re.compile(rf"[.!。！]\W*(?:(?:{'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))})\W*)+$")
        for words in (close, [*close, *consent])
    )


def _heading_above(lines: list[Line], menu: int, start: int) -> range:
    """The heading of a menu and what stands between them, where neither speaks of data."""
    for i in range(menu - 1, start - 1, -1):
        if not _is_loose(lines[i]):
            break
        if lines[i].role == "heading":
            return range(i, menu)
    return range(0)


def _is_prose(line: Line) -> bool:
    """Whether a line is a sentence that speaks of people's data."""
    free = len(line.text) - line.linked
    if line.role == "heading" or not line.text.endswith(_STOPS):
        return False
    return free >= 20 if not line.text.isascii() and HAN.search(line.text) else free >= SENTENCE and _told(line) > 1


def _told(line: Line) -> int:
    """How many different words a line has that policies use and other texts rarely do."""
    return len(_policy_words().intersection(_WORD.findall(line.text.lower())))


@cache
def _policy_words() -> frozenset[str]:
    return frozenset(vocabulary("en")["furniture"]["policy"])


def _is_linked(line: Line) -> bool:
    """Whether a line is next to nothing but links to pages."""
    reached = _ADDRESS.search(line.text) or any(_ADDRESS.match(address) for _, address in line.links)
    return bool(line.links) and line.linked >= 0.75 * len(line.text) and not reached


def _is_loose(line: Line) -> bool:
    """Whether a line behind a menu says nothing of a policy."""
    return not _ADDRESS.search(line.text) and _told(line) < 2 and line.role != "cell"


def _contents(lines: list[Line]) -> set[int]:
    """The places of a table of contents: links, in one line or in several, that jump to what stands in the page."""
    jumps = [_is_linked(line) and _jumps(line) for line in lines]
    if not any(jumps):
        return set()
    titles = {_title(line.text) for line, jump in zip(lines, jumps, strict=True) if not jump}
    found: set[int] = set()
    for jump, group in groupby(range(len(lines)), key=jumps.__getitem__):
        run = list(group)
        words = [_title(words) for i in run for words, _ in lines[i].links]
        if jump and len(words) >= MENU and 2 * sum(word in titles for word in words) >= len(words):
            found.update(run)
    return found


def _jumps(line: Line) -> bool:
    """Whether a line is links to places in the page and no word besides."""
    rest = line.text
    for words, address in line.links:
        if not address.startswith("#") or len(words) < MENU:
            return False
        rest = rest.replace(" ".join(words.split()), "", 1)
    return not any(sign.isalnum() for sign in rest)


def _title(text: str) -> str:
    """A title without bullet, number, case and stops."""
    return _NUMBERED.sub("", text).strip(" .:*\u200b").casefold()


def _of_one_site(lines: Iterable[Line]) -> bool:
    """Whether at least half of the links lead to one site, or stay on the page's own."""
    hosts: Counter[str] = Counter()
    for line in lines:
        for _, address in line.links:
            host = _HOST.match(address)
            hosts[host[1].lower() if host else ""] += 1
    return max(hosts.values(), default=0) * 2 >= hosts.total()
