"""Recognises a page whose policy is the one that was read before, from its text nodes alone, at a fraction of the cost.

Most pages change at every visit (a banner, a token, a related post) while the policy in them does not. The skeleton of
a page that was read is the sequence of its text nodes, each marked: part of the policy, close to it, apart.
A later page is recognised if the marked nodes are the same in the same order, and if what is new is little, no prose,
and apart from them. Whatever is less clear is for the reader: nothing is accepted here that the reader had not read.
"""

from __future__ import annotations

import re
import string
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from zstandard import ZstdCompressor, ZstdDecompressor, ZstdError

from watcher.extract.parsed import NODE, Parsed
from watcher.extract.runs import runs
from watcher.records import Clause, Document

MARGIN = 10  #: nodes around a clause that are marked as close to it: titles, dates, numbers, the ends of lists
NEAR = 2000  #: characters within which a short clause follows the one before
SHORT = 20  #: characters below which a clause may well stand elsewhere too
PROSE = 60  #: width of a run of new nodes that may be a sentence; a Chinese character counts three
FEW = 600  #: width of all that is new together
APART, CLOSE, PART = b"012"
_FIELD = "\x02"  #: what parts the fields of a stored skeleton; NODE parts its nodes
_FURNITURE = ("nav", "footer", "aside")
#: Signs by which the texts of nodes and of clauses differ.
_SIGNS = (string.punctuation + " \t\n\r\v\f").encode()
_BEYOND_ASCII = bytes(range(128, 256))
_WIDE_SIGNS = re.compile("[\\s\xa0\xad\u200b•·–—‘’“”、，。；：（）]+")
_WIDE = re.compile("[^\x00-\u2e7f\ufff0-\U0010ffff]")


def skeleton(page: Parsed, document: Document) -> bytes:
    """The skeleton of a page that was read as `document`; b"" where its text nodes do not show all of that.

    What stands in elements that are furniture by their name is left out, unless the policy was read from there.
    """
    for without in (_FURNITURE, ()):
        texts = page.texts(without)
        shown = NODE.join(texts.nodes)
        parts = _parts(shown, document.clauses)
        if parts:
            fields = (texts.struck, ",".join(without), _marks(len(texts.nodes), parts), shown)
            return ZstdCompressor(level=1).compress(_FIELD.join(fields).encode("utf8", "replace"))
    return b""


def _marks(count: int, parts: set[int]) -> str:
    """The mark of each of `count` nodes."""
    marks = bytearray([APART]) * count
    stretches = list(runs(sorted(parts)))
    for run in stretches:
        start, end = max(run.start - MARGIN, 0), min(run.stop + MARGIN, count)
        marks[start:end] = bytes([CLOSE]) * (end - start)
    for run in stretches:
        marks[run.start : run.stop] = bytes([PART]) * len(run)
    return marks.decode()


def recognises(known: bytes, page: Parsed) -> bool:
    """Whether a page surely shows the policy that the skeleton `known` was made of."""
    try:
        struck, without, marks, text = ZstdDecompressor().decompress(known).decode().split(_FIELD)
    except (ZstdError, ValueError):  # none, or as an earlier version wrote them
        return False
    texts = page.texts(tuple(without.split(",")) if without else ())
    if texts.struck != struck:
        return False
    now = texts.nodes
    if NODE.join(now) == text:
        return True
    nodes = text.split(NODE)
    marked = {node for node, mark in zip(nodes, marks.encode(), strict=True) if mark != APART}
    if [node for node in now if node in marked] != [node for node in nodes if node in marked]:
        return False
    seen = set(nodes)
    parts = marked - {node for node, mark in zip(nodes, marks.encode(), strict=True) if mark != PART}
    widths = []
    for run in runs(i for i, node in enumerate(now) if node not in seen):
        if _touches(now, run, parts) or _encloses(now, run, marked):
            return False
        widths.append(_width(now[run.start : run.stop]))
    return max(widths, default=0) < PROSE and sum(widths) < FEW


def _touches(now: Sequence[str], run: range, parts: set[str]) -> bool:
    """Whether new nodes stand right beside the policy."""
    return any(0 <= i < len(now) and now[i] in parts for i in (run.start - 1, run.stop))


def _encloses(now: Sequence[str], run: range, marked: set[str]) -> bool:
    """Whether new nodes stand between nodes that are part of the policy or close to it."""
    return all(0 <= i < len(now) and now[i] in marked for i in (run.start - 1, run.stop))


def _parts(shown: str, clauses: Sequence[Clause]) -> set[int]:
    """Which of the nodes in `shown` hold the clauses; empty if some clause of any length stands in none of them."""
    source = shown.encode("utf8", "replace")
    # A page of Latin text can do without its few accents too, which is a good deal faster.
    drop = _SIGNS + _BEYOND_ASCII if len(source) < 1.05 * len(shown) else _SIGNS
    packed = _packed(source, drop)
    filled = [i for i, words in enumerate(packed) if words]
    texts = [packed[i] for i in filled]
    text, ends = "".join(texts), list(accumulate(map(len, texts)))
    said = NODE.join(part for clause in clauses for part in clause.cells or (clause.text,))
    found: list[int] = []
    at = node = 0
    for words in _packed(said.encode("utf8", "replace"), drop):
        if node < len(texts) and texts[node] == words:  # most clauses are just the next node
            found.append(filled[node])
            at, node = ends[node], node + 1
            continue
        start = text.find(words, at, at + NEAR) if len(words) < SHORT else text.find(words, at)
        if start < 0 and len(words) >= SHORT:
            start = text.find(words)
            if start < 0:
                return set()
        if start >= 0 and words:
            at = start + len(words)
            first, last = bisect_right(ends, start), bisect_right(ends, at - 1)
            found += range(filled[first], filled[last] + 1)
            node = last + 1 if ends[last] == at else len(texts)
    return set(found)


def _packed(texts: bytes, drop: bytes) -> list[str]:
    """Their letters and digits, more or less: the reader joins the lines of a cell with signs of its own."""
    packed = texts.translate(None, drop).decode()
    return (packed if packed.isascii() else _WIDE_SIGNS.sub("", packed)).split(NODE)


def _width(nodes: Sequence[str]) -> int:
    return sum(len(node) + 2 * len(_WIDE.findall(node)) for node in nodes)
