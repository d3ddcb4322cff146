"""From lines to clauses: what is a heading, a number, a lead-in, a table row; where each clause stands in the document.

Numbers and bullets are kept apart from the words, so that renumbering a policy changes no clause's identity.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from statistics import median

from watcher.extract.language import language_of
from watcher.extract.lines import Line
from watcher.lang.words import clause_hash
from watcher.records import Clause

_CN = "一二三四五六七八九十百零〇两"
_NUMBERS = re.compile(
    "(?P<bullet>[•·●○▪■□◦‣⁃∙➢►▶▸✓✔❖◆◇※–—*+\\-\uf0b7\uf0a7](?=\\s)|[•●▪■◆➢►\uf0b7\uf0a7])"
    f"|(?P<article>第\\s*[{_CN}\\d]{{1,5}}\\s*[条章节部分款编]+(?=[\\s、：:.．]|$|[^\\w]|[\u4e00-\u9fff]))[、：:.．]?"
    f"|(?P<cn>[{_CN}]{{1,3}}[、．.])"
    f"|(?P<cnparen>[（(][{_CN}]{{1,3}}[）)])[、.．]?"
    "|(?P<circled>[\u2460-\u2473\u2776-\u277f])[、.．]?"
    "|(?P<paren>[（(](?:\\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[）)])[、.．]?"
    "|(?P<half>(?:\\d{1,2}|[a-zA-Z]|[ivx]{1,5})[）)])(?=\\s|[\u4e00-\u9fff])"
    "|(?P<section>(?:section|article|part|chapter|clause|schedule|annex|appendix)\\s+(?:\\d{1,3}|[A-Z]|[IVX]{1,5})\\s?[.:–—-])(?=\\s)"
    "|(?P<dotted>\\d{1,3}(?:[.．]\\d{1,3}){1,4}[.．、:：)]?)(?=\\s+[A-Z\"“‘'(\u4e00-\u9fff]|[\u4e00-\u9fff“《])"
    "|(?P<int>\\d{1,3}[.．、:：])(?=\\s|[^\\s\\d.,])"
    "|(?P<letter>[a-z][.](?=\\s)|[IVX]{1,5}[.](?=\\s)|[A-Z][.](?=\\s+[A-Z][a-z]+\\s[a-z]))",
    re.IGNORECASE,
)
#: A cheap first look: most paragraphs begin with a longer word.
_MAYBE = re.compile(
    f"[\\W\\d第{_CN}]|[a-zA-Z]{{1,5}}[.)）]|(?:section|article|part|chapter|clause|schedule|annex|appendix)\\b", re.I
)
_BARE = re.compile(r"(\d{1,2}|[IVX]{1,4})\s+(?=[A-Z\u4e00-\u9fff])")
_SENTENCE_END = (".", ";", "。", "；", "!", "！", ",", "，", "、", "?", "？")
_LEAD_END = (":", "：", "-", "–", "—")
_WORD = re.compile(r"[^\W_]")
_SLUG = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class _Numbered:
    number: str
    style: str  #: group name of its pattern, "" without number
    text: str


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
    """The clauses of `lines`, in order. `layout`: tables that only arrange the page, so their cells are plain text."""
    return _Builder(page).build(_tables(_joined(lines), layout))


# --- soft line breaks -------------------------------------------------------------------------------------------------


def _joined(lines: Sequence[Line]) -> list[Line]:
    """Lines with those joined that a hard wrap cut in the middle of a sentence."""
    out: list[Line] = []
    for line in lines:
        if line.broken and out and _wraps(out[-1], line):
            last = out[-1]
            glue = "" if not (last.text.isascii() or line.text.isascii()) else " "
            out[-1] = replace(
                last,
                text=f"{last.text}{glue}{line.text}",
                linked=last.linked + line.linked,
                links=last.links + line.links,
                bold=last.bold and line.bold,
            )
        else:
            out.append(line)
    return out


def _wraps(last: Line, line: Line) -> bool:
    if last.text.endswith((*_SENTENCE_END[:-4], *_LEAD_END[:2])) or last.box != line.box or last.bold != line.bold:
        return False
    return line.text[0].islower() and len(last.text) > 40 and not split_number(line.text).number


# --- tables -----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Row:
    cells: tuple[str, ...]
    columns: tuple[str, ...]
    links: int = 0


def _tables(lines: list[Line], layout: frozenset[int]) -> Iterable[Line | _Row]:
    """Cells put together to rows, where a table holds data; cells of a table that arranges the page stay lines."""
    for number, group in groupby(lines, key=lambda line: line.table):
        members = list(group)
        if number < 0 or number in layout or not _holds_data(members):
            yield from members
        else:
            yield from _rows(members)


def _holds_data(cells: list[Line]) -> bool:
    """At least two rows of at least two cells, none of which is a whole document."""
    width = Counter(row for row, _ in {(c.row, c.column) for c in cells})
    if sum(n >= 2 for n in width.values()) < 2:
        return False
    size: Counter[tuple[int, int]] = Counter()
    for cell in cells:
        size[(cell.row, cell.column)] += len(cell.text)
    headings = sum(c.role == "heading" for c in cells)
    return max(size.values()) <= 6000 and headings <= len(width)


def _rows(cells: list[Line]) -> Iterable[_Row]:
    grid, marked = _grid(cells)
    if not grid:
        return
    header = _header(grid, marked)
    columns = tuple(grid[0]) if header else ()
    for i, row in enumerate(grid):
        yield _Row(cells=tuple(row), columns=() if header and i == 0 else columns[: len(row)])


def _grid(cells: list[Line]) -> tuple[list[list[str]], list[list[bool]]]:
    """The table as a rectangle of texts, with spanning cells repeated; and which of them are marked as headers."""
    texts: dict[tuple[int, int], list[str]] = {}
    info: dict[tuple[int, int], Line] = {}
    for cell in cells:
        texts.setdefault((cell.row, cell.column), []).append(cell.text)
        info.setdefault((cell.row, cell.column), cell)
    grid: list[list[str]] = []
    marked: list[list[bool]] = []
    hanging: dict[int, tuple[str, bool, int]] = {}
    by_row = {r: sorted(c for rr, c in info if rr == r) for r in {r for r, _ in info}}
    for r in sorted(by_row):
        row: list[str] = []
        marks: list[bool] = []
        for c in by_row[r]:
            line = info[(r, c)]
            while len(row) < c or len(row) in hanging:
                text, mark, left = hanging.pop(len(row), ("", False, 1))
                if left > 1:
                    hanging[len(row)] = (text, mark, left - 1)
                row.append(text)
                marks.append(mark)
                if len(row) > 200:
                    break
            text, mark = _cell_text(texts[(r, c)]), line.head or line.bold
            for _ in range(line.span[0]):
                if line.span[1] > 1:
                    hanging[len(row)] = (text, mark, line.span[1])
                row.append(text)
                marks.append(mark)
        grid.append(row)
        marked.append(marks)
    return grid, marked


def _cell_text(parts: list[str]) -> str:
    return " ".join(split_number(p).text if len(parts) > 1 else p for p in parts)


def _header(grid: list[list[str]], marked: list[list[bool]]) -> bool:
    """Whether the first row names the columns: marked so, or of short words above longer ones."""
    if len(grid) < 2 or len(grid[0]) < 2:
        return False
    filled = [m for t, m in zip(grid[0], marked[0], strict=True) if t]
    if filled and all(filled):
        return True
    if any(len(t) > 60 or any(c.isdigit() for c in t) for t in grid[0]) or not all(grid[0]):
        return False
    if any(marked[0]) or len(grid) < 3:
        return False
    below = [len(t) for row in grid[1:] for t in row if t]
    return bool(below) and median(below) > 1.5 * median(len(t) for t in grid[0])


# --- headings, leads, anchors -----------------------------------------------------------------------------------------


class _Builder:
    """Walks the lines with a stack of headings above and the sentence that introduces the list at hand."""

    def __init__(self, page: int) -> None:
        self.page = page
        self.stack: list[tuple[str, str]] = []  # (style, words): "h2", "soft:bold", ...
        self.path: tuple[str, ...] = ()
        self.base = "top"
        self.lead = ""
        self.out: list[Clause] = []
        self.anchors: Counter[str] = Counter()
        self.language = "und"

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
        return tuple(self.out)

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
        if line.role == "heading":
            bare = None if numbered.number else _BARE.match(line.text)
            if bare:
                numbered = _Numbered(number=bare.group(1), style="bare", text=line.text[bare.end() :])
            self._heading(numbered, f"h{line.level}")
            return
        style = _soft_heading(line, numbered, before, after)
        if style:
            self._heading(numbered, f"soft:{style}")
            return
        number = numbered.number or line.marker
        if line.role == "item" or numbered.style in ("bullet", "paren", "half", "letter", "cnparen", "circled"):
            self._add(numbered.text, "item", number, lead=self.lead)
            return
        self._add(numbered.text, "paragraph", number)
        self.lead = numbered.text if numbered.text.endswith(_LEAD_END) else ""

    def _heading(self, numbered: _Numbered, style: str) -> None:
        if style.startswith("h"):
            self.stack = [s for s in self.stack if s[0].startswith("h") and s[0] < style]
        else:
            known = [s for s, _ in self.stack]
            if style in known:
                del self.stack[known.index(style) :]
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
        *,
        lead: str = "",
        cells: tuple[str, ...] = (),
        columns: tuple[str, ...] = (),
        above: int = 0,
    ) -> None:
        if not _WORD.search(text):
            return
        self.anchors[self.base] += 1
        count = self.anchors[self.base]
        self.out.append(
            Clause(
                text=text,
                shape=shape,  # type: ignore[arg-type]
                anchor=self.base if count == 1 else f"{self.base}-{count}",
                path=self.path[:-1] if above else self.path,
                number=number,
                lead=lead,
                columns=columns,
                cells=cells,
                language=self._language(text),
                page=self.page,
                hash=clause_hash(text),
            )
        )

    def _language(self, text: str) -> str:
        """The text's own language, or that of the clause before where a name or a number shows none."""
        self.language = language_of(text, self.language)
        return self.language


def _slug(words: str) -> str:
    return _SLUG.sub("-", words.casefold()).strip("-")[:48] or "section"


def _soft_heading(line: Line, numbered: _Numbered, before: Line | _Row | None, after: Line | _Row | None) -> str:
    """The style of a heading that is not marked as one, or "": bold, numbered or in capitals; short; no sentence."""
    text = numbered.text
    wide = not text.isascii()
    if len(text) > (40 if wide and _is_wide(text) else 100) or line.role in ("cell", "definition") or after is None:
        return ""
    if text.endswith(_SENTENCE_END) and not (line.bold and text.endswith(("?", "？"))):
        return ""
    if not any(c.isalpha() for c in text) or "@" in text or "://" in text:
        return ""
    if line.bold and line.role != "item":
        return f"bold{numbered.style}"
    if line.role == "item" or (text.endswith((":", "：")) and not numbered.number):
        return ""
    if numbered.style in ("article", "cn", "section", "dotted1", "dotted2", "dotted3", "int", "cnparen"):
        return numbered.style if _stands_alone(numbered, before, after) else ""
    letters = [c for c in text if c.isalpha()]
    if len(letters) >= 4 and text.isupper() and text.isascii() and not numbered.style:
        return "caps"
    return ""


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
