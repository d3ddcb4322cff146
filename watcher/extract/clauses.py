"""From lines to clauses: what is a heading, a number, a lead-in, a table row; where each clause stands in the document.

Numbers and bullets are kept apart from the words, so that renumbering a policy changes no clause's identity.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from watcher.extract.language import language_of, main_language
from watcher.extract.lines import Line
from watcher.lang import languages, vocabulary
from watcher.lang.words import clause_hash
from watcher.records import Clause, draft_of

_CN = "一二三四五六七八九十百零〇两"
_SECTIONS = "(?i:section|article|part|chapter|clause|schedule|annex|appendix)"
_CIRCLED = "\u2460-\u2473\u2776-\u277f"
_NUMBERS = re.compile(
    "(?P<bullet>[•·●○▪■□◦‣⁃∙➢►▶▸✓✔❖◆◇※–—*+\\-\uf0b7\uf0a7](?=\\s)|[•●▪■◆➢►\uf0b7\uf0a7])"
    f"|(?P<article>第\\s*[{_CN}\\d]{{1,5}}\\s*[条章节部分款编]+(?=[\\s、：:.．]|$|[^\\w]|[\u4e00-\u9fff]))[、：:.．]?"
    f"|(?P<cn>[{_CN}]{{1,3}}[、．.])"
    f"|(?P<cnparen>[（(][{_CN}]{{1,3}}[）)])[、.．]?"
    f"|(?P<circled>[{_CIRCLED}])[、.．]?"
    "|(?P<paren>[（(](?:\\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[）)])[、.．]?"
    "|(?P<half>(?:\\d{1,2}|[a-zA-Z]|[ivx]{1,5}|[IVX]{1,5})[）)])(?=\\s|[\u4e00-\u9fff])"
    f"|(?P<section>{_SECTIONS}\\s+(?:\\d{{1,3}}|[A-Z]|[IVX]{{1,5}})\\s?[.:–—-])(?=\\s)"
    "|(?P<dotted>\\d{1,3}(?:[.．]\\d{1,3}){1,4}[.．、:：)]?)(?=\\s+[A-Z\"“‘'(\u4e00-\u9fff]|[\u4e00-\u9fff“《])"
    "|(?P<int>\\d{1,3}[.．、:：])(?=\\s|[^\\s\\d.,])"
    "|(?P<letter>[a-z][.](?=\\s)|[ivx]{1,5}[.](?=\\s)|[IVX]{1,5}[.](?=\\s)|[A-Z][.](?=(?:\\s+\\w+){1,9}$))",
)
#: A cheap first look: most paragraphs begin with a longer word.
_MAYBE = re.compile(f"[\\W\\d第{_CN}{_CIRCLED}]|[a-zA-Z]{{1,5}}[.)）]|{_SECTIONS}\\b")
_BARE = re.compile(r"(\d{1,2}|[IVX]{1,4})\s+(?=[A-Z\u4e00-\u9fff])")
_SENTENCE_END = (".", ";", "。", "；", "!", "！", ",", "，", "、", "?", "？")
_CLOSED = (*_SENTENCE_END, ":", "：")
_MOST_COLUMNS = 60
VALUE = 40  #: characters; what is longer is text to read, no value of several columns
_LONGEST_HEADING = 100  #: characters, where it is not marked as one
_LEAD_END = (":", "：", "-", "–", "—")
_LEAD_WORDS = 6  #: fewer, before a list, are as likely the title of a menu
_ALONE = re.compile(
    f"[•·●○▪■◦‣➢►✓]|[(（]?\\d{{1,2}}(?:\\.\\d{{1,2}}){{0,3}}[.)）、]|[{_CN}]{{1,3}}、|[(（][{_CN}a-z]{{1,3}}[)）]"
)
_WORD = re.compile(r"[^\W_]")
_ITEM_STYLES = frozenset(("bullet", "paren", "half", "letter", "cnparen", "circled"))
#: How high a style of numbering stands, where several are used; a heading ends those of its own rank and below.
_RANKS = {"article": 1, "section": 1, "cn": 1, "int": 2, "cnparen": 3, "dotted1": 3, "dotted2": 4, "dotted3": 5}
_SLUG = re.compile(r"[^\w]+")


class _Numbered(NamedTuple):
    number: str
    style: str  #: group name of its pattern, "" without number
    text: str


@lru_cache(4096)
def split_number(text: str) -> _Numbered:
    """A text's leading bullets and numbers, as shown, apart from its words; a mere number stays whole."""
    number, style, at = "", "", 0
    if not _MAYBE.match(text):
        return _Numbered("", "", text)
    for _ in range(3):
        match = _NUMBERS.match(text, at)
        if match is None or not text[match.end() :].strip():
            break
        found = match.lastgroup or ""
        if found == "letter" and not _is_letter_number(match.group()):
            break
        number, style, at = f"{number} {match.group()}".strip(), found, match.end()
        while at < len(text) and text[at].isspace():
            at += 1
        if found == "dotted":
            style = f"dotted{match.group().count('.') + match.group().count('．')}"
    return _Numbered(number=number, style=style, text=text[at:])


def _is_letter_number(shown: str) -> bool:
    return shown[0].islower() or len(shown) == 2 or shown[:-1].isupper()


def build(lines: Sequence[Line], *, layout: frozenset[int] = frozenset(), page: int = 0) -> tuple[Clause, ...]:
    """The clauses of `lines`, in order. `layout`: tables that only arrange the page, so their cells are plain text.

    The lines are used up: where two of them are one, one is changed.
    """
    return _Builder(page).build(_tables(_joined(lines), layout))


# --- soft line breaks -------------------------------------------------------------------------------------------------


def _joined(lines: Sequence[Line]) -> list[Line]:
    """Lines with those joined that a hard wrap cut in the middle of a sentence."""
    out: list[Line] = []
    last = None
    for line in lines:
        if last is not None:
            if len(last.text) <= 8 and _is_mere_number(last) and line.role in ("text", last.role):
                line.text, line.role, line.level = f"{last.text} {line.text}", last.role, last.level
                out[-1] = last = line
                continue
            if line.broken and _wraps(last, line):
                glue = "" if not (last.text.isascii() or line.text.isascii()) else " "
                last.text = f"{last.text}{glue}{line.text}"
                last.linked += line.linked
                last.links += line.links
                last.bold = last.bold and line.bold
                continue
        out.append(line)
        last = line
    return out


def _is_mere_number(line: Line) -> bool:
    """Whether a short line is but the bullet or number of the text that follows it."""
    return line.role in ("text", "heading") and bool(_ALONE.fullmatch(line.text))


def _wraps(last: Line, line: Line) -> bool:
    if last.text.endswith((*_SENTENCE_END[:-4], *_LEAD_END[:2])) or last.box != line.box or last.bold != line.bold:
        return False
    return line.text[0].islower() and len(last.text) > 40 and not split_number(line.text).number


# --- tables -----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Row:
    cells: tuple[str, ...]
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    """One place of a table."""

    text: str
    marked: bool  #: as a header
    continued: bool  #: it only goes on with the cell to its left, which spans it


def _tables(lines: list[Line], layout: frozenset[int]) -> Iterable[Line | _Row]:
    """Cells put together to rows, where a table holds data; cells of a table that arranges the page stay lines."""
    if not any(line.cell for line in lines):
        yield from lines
        return
    for number, group in groupby(lines, key=lambda line: line.cell.table if line.cell else -1):
        members = list(group)
        if number < 0:
            yield from members
        elif number in layout or not _holds_data(members):
            for line in members:
                if line.role == "cell":
                    line.role = "text"
            yield from members
        else:
            yield from _rows(members)


def _holds_data(cells: list[Line]) -> bool:
    """At least two rows of at least two cells, none of which is a whole document."""
    places = [(line.cell.row, line.cell.column) for line in cells if line.cell]
    width = Counter(row for row, _ in set(places))
    if sum(n >= 2 for n in width.values()) < 2:
        return False
    size: Counter[tuple[int, int]] = Counter()
    for place, line in zip(places, cells, strict=True):
        size[place] += len(line.text)
    headings = sum(c.role == "heading" for c in cells)
    return max(size.values()) <= 6000 and headings <= len(width)


def _rows(cells: list[Line]) -> Iterable[_Row]:
    grid = _grid(cells)
    headers = _headers(grid)
    width = max(map(len, grid), default=0)
    columns = tuple(
        " ".join(dict.fromkeys(row[c].text for row in grid[:headers] if c < len(row) and row[c].text))
        for c in range(width)
    )
    for i, row in enumerate(grid):
        texts = _once(row, columns)
        yield _Row(cells=(*texts, *[""] * (width - len(row))), columns=columns if i >= headers > 0 else ())


def _once(row: list[_Field], columns: tuple[str, ...]) -> list[str]:
    """The texts of a row, each long one in one column only: the first it spans whose name no cell before it has.

    A short text is a value of each column that it spans, unless they have one name or it is alone in its row.
    """
    alone = all(field.continued for field in row[1:])
    texts = [field.text for field in row]
    start = 0
    for end, field in enumerate(row, 1):
        start = start if field.continued else end - 1
        names = columns[start:end]
        if (end < len(row) and row[end].continued) or not (alone or len(field.text) > VALUE or len(set(names)) == 1):
            continue
        home = next((c for c, name in enumerate(names) if not alone and name not in columns[:start]), 0)
        texts[start:end] = [field.text if c == home else "" for c in range(len(names))]
    return texts


def _grid(cells: list[Line]) -> list[list[_Field]]:
    """The table as rows of fields, with spanning cells repeated."""
    rows: dict[int, dict[int, list[Line]]] = {}
    for line in cells:
        if line.cell:
            rows.setdefault(line.cell.row, {}).setdefault(line.cell.column, []).append(line)
    grid: list[list[_Field]] = []
    hanging: dict[int, tuple[_Field, int]] = {}  # column -> field and the rows that it still spans
    for number in sorted(rows):
        row: list[_Field] = []
        for column in range(min(max(rows[number]), _MOST_COLUMNS) + 1):
            _hang(hanging, row)
            lines = rows[number].get(column, [])
            mark = bool(lines) and all((line.cell and line.cell.head) or line.bold for line in lines)
            text, first = _cell_text(lines), lines[0].cell if lines else None
            across, down = (first.across, first.down) if first else (1, 1)
            for n in range(across):
                field = _Field(text=text, marked=mark, continued=n > 0)
                if down > 1:
                    hanging[len(row)] = (field, down - 1)
                row.append(field)
        _hang(hanging, row)
        grid.append(row)
    return grid


def _hang(hanging: dict[int, tuple[_Field, int]], row: list[_Field]) -> None:
    """Fill in the cells that hang down from the rows above."""
    while len(row) in hanging:
        field, left = hanging.pop(len(row))
        if left > 1:
            hanging[len(row)] = (field, left - 1)
        row.append(field)


def _cell_text(lines: list[Line]) -> str:
    """The paragraphs or items of one cell in one line."""
    text = ""
    for line in lines:
        words = split_number(line.text).text if len(lines) > 1 else line.text
        text += f"{'' if not text else ' ' if text.endswith(_CLOSED) else '; '}{words}"
    return text


def _headers(grid: list[list[_Field]]) -> int:
    """How many rows at the top name the columns: marked so, or one of short words above longer ones."""
    if len(grid) < 2 or len(grid[0]) < 2:
        return 0
    count = 0
    while count < min(3, len(grid) - 1) and all(field.marked for field in grid[count] if field.text):
        count += 1
    if count or any(field.marked for field in grid[0]) or len(grid) < 3:
        return count
    if not all(0 < len(f.text) <= 60 and not any(c.isdigit() for c in f.text) for f in grid[0]):
        return 0
    below = [len(field.text) for row in grid[1:] for field in row if field.text]
    return int(bool(below) and _median(below) > 1.5 * _median([len(field.text) for field in grid[0]]))


def _median(lengths: list[int]) -> float:
    """Their median; the module `statistics` brings 0.7 MB of other numbers along."""
    ordered = sorted(lengths)
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


# --- headings, leads, anchors -----------------------------------------------------------------------------------------


_Draft = draft_of(Clause)  #: a clause while it is made


class _Builder:
    """Walks the lines with a stack of headings above and the sentence that introduces the list at hand."""

    def __init__(self, page: int) -> None:
        self.page = page
        self.stack: list[tuple[str, str]] = []  # (style, words): "h2", "soft:bold", ...
        self.path: tuple[str, ...] = ()
        self.base = "top"
        self.lead = ""
        self.out: list[Any] = []  # of _Draft
        self.anchors: dict[str, int] = {}
        self.language = "und"  #: of the last clause that shows one: a name or a number after it is taken for the same

    def build(self, items: Iterable[Line | _Row]) -> tuple[Clause, ...]:
        """The clauses of lines and rows."""
        sequence = list(items)
        term: str | None = None
        for i, item in enumerate(sequence):
            if isinstance(item, _Row):
                self._row(item)
                continue
            following = sequence[i + 1] if i + 1 < len(sequence) else None
            if item.role == "term":
                term = self._term(item, following, sequence[i + 2] if i + 2 < len(sequence) else None)
                continue
            if term is not None and item.role == "definition":
                self._add(f"{term}: {item.text}", "term", "")
            else:
                self._line(item, sequence[i - 1] if i else None, following)
            term = None
        return _frozen(self.out)

    def _term(self, item: Line, following: Line | _Row | None, after: Line | _Row | None) -> str | None:
        """A term with one short definition becomes one clause; with a longer text it is that text's heading."""
        if isinstance(following, Line) and following.role == "definition":
            if not (isinstance(after, Line) and after.role == "definition") and len(following.text) <= 600:
                return item.text
            self._heading(split_number(item.text), "soft:term")
        else:
            self._add(item.text, "term", "")
        return None

    def _row(self, row: _Row) -> None:
        text = " | ".join(c for c in row.cells if c)
        if text:
            self._add(text, "row", "", cells=row.cells, columns=row.columns)

    def _line(self, line: Line, before: Line | _Row | None, after: Line | _Row | None) -> None:
        numbered = split_number(line.text)
        if line.role == "heading" and not _is_dated(line.text):
            bare = None if numbered.number else _BARE.match(line.text)
            if bare:
                numbered = _Numbered(number=bare.group(1), style="bare", text=line.text[bare.end() :])
            self._heading(numbered, f"h{line.level}")
            return
        number, style, text = numbered
        item = line.role == "item"
        if not item and len(text) <= _LONGEST_HEADING and (soft := _soft_heading(line, numbered, before, after)):
            self._heading(numbered, f"soft:{soft}")
        elif item or style in _ITEM_STYLES:
            self._add(text, "item", number or line.marker, self.lead)
        else:
            self._add(text, "paragraph", number or line.marker)
            self.lead = text if _leads(text, after) else ""

    def _heading(self, numbered: _Numbered, style: str) -> None:
        if style.startswith("h"):
            self.stack = [s for s in self.stack if s[0].startswith("h") and s[0] < style]
        else:
            rank = _RANKS.get(style[5:], 9)
            at = next((i for i, (s, _) in enumerate(self.stack) if s == style or _RANKS.get(s[5:], 0) >= rank), None)
            if at is not None:
                del self.stack[at:]
        self.stack.append((style, numbered.text.rstrip(":： ")))
        self.path = tuple(words for _, words in self.stack)
        self.base = "/".join(map(_slug, self.path))
        self.lead = ""
        self._add(numbered.text, "heading", numbered.number, above=1)

    def _add(
        self,
        text: str,
        shape: str,
        number: str,
        lead: str = "",
        *,
        cells: tuple[str, ...] = (),
        columns: tuple[str, ...] = (),
        above: int = 0,
    ) -> None:
        language, digest = _identity(text)
        if not digest:
            return
        if language:
            self.language = language
        count = self.anchors[self.base] = self.anchors.get(self.base, 0) + 1
        self.out.append(
            _Draft(
                text,
                shape,
                self.base if count == 1 else f"{self.base}-{count}",
                self.path[:-1] if above else self.path,
                number,
                lead,
                columns,
                cells,
                self.language,
                self.page,
                digest,
            )
        )


@lru_cache(4096)
def _identity(text: str) -> tuple[str, str]:
    """A clause's language, "" where a name or a number shows none, and its hash, "" for what holds no word.

    Remembered, since a page is read again and again and nearly all of its clauses are those of the last time.
    """
    return (language_of(text, ""), clause_hash(text)) if _WORD.search(text) else ("", "")


def _leads(text: str, after: Line | _Row | None) -> bool:
    """Whether a paragraph introduces what follows: it says so by a colon, or breaks off right before a list."""
    if text.endswith(_LEAD_END):
        return True
    broken_off = not text.endswith((*_SENTENCE_END, ")", "）")) and text.count(" ") >= _LEAD_WORDS
    return broken_off and isinstance(after, Line) and after.role == "item"


def _frozen(drafts: list[Any]) -> tuple[Clause, ...]:
    """The clauses; those whose words show no language are in that of most of the text."""
    unknown = [draft for draft in drafts if draft.language == "und"]
    main = main_language((draft.language, draft.text) for draft in drafts) if unknown else ""
    for draft in unknown:
        draft.language = main
    for draft in drafts:
        draft.__class__ = Clause
    return tuple(drafts)


@lru_cache(4096)
def _slug(words: str) -> str:
    return _SLUG.sub("-", words.casefold()).strip("-")[:48] or "section"


def _soft_heading(line: Line, numbered: _Numbered, before: Line | _Row | None, after: Line | _Row | None) -> str:
    """The style of a heading that is not marked as one, or "": bold, numbered or in capitals; short; no sentence.

    Asked of no item and of no line longer than a heading may be.
    """
    text = numbered.text
    if line.role in ("cell", "definition") or after is None:
        return ""
    if len(text) > 40 and not text.isascii() and _is_wide(text):
        return ""
    if _is_dated(text) or (text.endswith(_SENTENCE_END) and not (line.bold and text.endswith(("?", "？")))):
        return ""
    if not any(map(str.isalpha, text)) or "@" in text or "://" in text:
        return ""
    if line.bold:
        return f"bold{numbered.style}"
    if text.endswith((":", "：")) and not _labels(numbered, after):
        return ""
    if numbered.style in ("article", "cn", "section", "dotted1", "dotted2", "dotted3", "int", "cnparen"):
        return numbered.style if _stands_alone(numbered, before, after) else ""
    capitals = text.isupper() and text.isascii() and not numbered.style
    return "caps" if capitals and sum(c.isalpha() for c in text) >= 4 else ""


@lru_cache(4096)
def _is_dated(text: str) -> bool:
    """Whether a line states the policy's date: no section is called so."""
    return len(text) <= 120 and text.casefold().startswith(_date_words()) and any(map(str.isdigit, text))


@cache
def _date_words() -> tuple[str, ...]:
    return tuple(w.casefold() for language in languages() for w in vocabulary(language)["furniture"]["dates"])


def _labels(numbered: _Numbered, after: Line | _Row | None) -> bool:
    """Whether a numbered line with a colon names a section ("3. Cookies:") rather than introducing a list."""
    if not numbered.number or numbered.style.startswith("dotted") or len(numbered.text.split()) > 5:
        return False
    return not (isinstance(after, Line) and (after.role == "item" or split_number(after.text).style in _ITEM_STYLES))


def _is_wide(text: str) -> bool:
    return sum("\u3040" <= c <= "\u9fff" for c in text) * 2 > len(text)


def _stands_alone(numbered: _Numbered, before: Line | _Row | None, after: Line | _Row | None) -> bool:
    """Whether a short numbered line opens a section, rather than being one of a list's items."""
    if numbered.style in ("article", "section"):
        return True
    for neighbour in (before, after):
        if not isinstance(neighbour, Line):
            continue
        other = split_number(neighbour.text)
        if other.style == numbered.style and len(other.text) <= 100:
            return False
    return not (isinstance(before, Line) and before.text.endswith((":", "：")) and numbered.style in ("int", "cnparen"))
