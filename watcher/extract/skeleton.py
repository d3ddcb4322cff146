"""Recognises a page whose policy is the one that was read before, from its text nodes alone, at a tenth of the cost.

Most pages change at every visit (a banner, a token, a related post) while the policy in them does not. The skeleton of
a page that was read is the sequence of its text nodes as digests, each marked: part of the policy, close to it, apart.
A later page is recognised if the marked nodes are the same in the same order, and if what is new is little, no prose,
and apart from them. Whatever is less clear is for the reader: nothing is accepted here that the reader had not read.
"""

from __future__ import annotations

import re
import string
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from itertools import accumulate

from watcher.extract.blocks import cfemail
from watcher.extract.charset import decode
from watcher.extract.html import tree_of
from watcher.records import Clause, Document

MARGIN = 10  #: nodes around a clause that are marked as close to it: titles, dates, numbers, the ends of lists
NEAR = 2000  #: characters within which a short clause follows the one before
SHORT = 20  #: characters below which a clause may well stand elsewhere too
PROSE = 60  #: width of a run of new nodes that may be a sentence; a Chinese character counts three
FEW = 600  #: width of all that is new together
SIZE = 8  #: bytes of a digest
APART, CLOSE, PART = 0, 1, 2
_CLOSE = bytes([CLOSE]) * (2 * MARGIN + 1)
_FURNITURE = ("nav", "footer", "aside")
_SILENT = ["script", "style", "template", "noscript", "svg"]
_STRUCK = (b"<del", b"<s>", b"<strike")
_SIGNS = dict.fromkeys(map(ord, string.punctuation + string.whitespace + "\xa0\xad\u200b•·–—‘’“”、，。；：（）"))
_ADDRESS = re.compile(
    r'<(a|span)\b[^<>]*\bdata-cfemail="([0-9a-f]{4,})"[^<>]*>.{0,200}?</\1>', re.IGNORECASE | re.DOTALL
)
_WIDE = re.compile("[\u2e80-\uffef]")


def skeleton(body: bytes, content_type: str, document: Document) -> bytes:
    """The skeleton of an HTML page that was read as `document`; b"" where its text nodes do not show all of that.

    What stands in elements that are furniture by their name is left out, unless the policy was read from there.
    """
    for without in (_FURNITURE, ()):
        nodes = text_nodes(body, content_type, without)
        parts = _parts(nodes, document.clauses)
        if parts:
            return _struck(body) + bytes([len(without)]) + _marked(nodes, parts)
    return b""


def _marked(nodes: Sequence[str], parts: set[int]) -> bytes:
    """Each node's digest and mark."""
    marks = bytearray(len(nodes))
    for i in parts:
        start, end = max(i - MARGIN, 0), min(i + MARGIN + 1, len(nodes))
        marks[start:end] = _CLOSE[: end - start]
    for i in parts:
        marks[i] = PART
    return b"".join(_digest(node) + marks[i : i + 1] for i, node in enumerate(nodes))


def recognises(known: bytes, body: bytes, content_type: str) -> bool:
    """Whether a page surely shows the policy that the skeleton `known` was made of."""
    if not known or known[:SIZE] != _struck(body):
        return False
    step = SIZE + 1
    digests = [known[i : i + SIZE] for i in range(step, len(known), step)]
    marks = known[step + SIZE :: step]
    marked = {digest for digest, mark in zip(digests, marks, strict=True) if mark}
    nodes = text_nodes(body, content_type, _FURNITURE if known[SIZE] else ())
    now = [_digest(node) for node in nodes]
    if [d for d in now if d in marked] != [d for d in digests if d in marked]:
        return False
    seen = set(digests)
    parts = marked - {digest for digest, mark in zip(digests, marks, strict=True) if mark != PART}
    widths = []
    for run in _runs(now, seen):
        if _touches(now, run, parts) or _encloses(now, run, marked):
            return False
        widths.append(_width(nodes[run.start : run.stop]))
    return max(widths, default=0) < PROSE and sum(widths) < FEW


def _runs(now: Sequence[bytes], known: set[bytes]) -> Iterator[range]:
    """The stretches of nodes that are new."""
    start = None
    for i, digest in enumerate([*now, None]):
        new = digest is not None and digest not in known
        if new and start is None:
            start = i
        elif not new and start is not None:
            yield range(start, i)
            start = None


def _touches(now: Sequence[bytes], run: range, parts: set[bytes]) -> bool:
    """Whether new nodes stand right beside the policy."""
    return any(0 <= i < len(now) and now[i] in parts for i in (run.start - 1, run.stop))


def _encloses(now: Sequence[bytes], run: range, marked: set[bytes]) -> bool:
    """Whether new nodes stand between nodes that are part of the policy or close to it."""
    return all(0 <= i < len(now) and now[i] in marked for i in (run.start - 1, run.stop))


def _parts(nodes: Sequence[str], clauses: Sequence[Clause]) -> set[int]:
    """Which nodes hold the clauses; empty if some clause of any length stands in none of them."""
    packed = [_packed(node) for node in nodes]
    text, ends = "".join(packed), list(accumulate(map(len, packed)))
    found: set[int] = set()
    at = 0
    for words in (_packed(part) for clause in clauses for part in clause.cells or (clause.text,)):
        start = text.find(words, at, at + NEAR) if len(words) < SHORT else text.find(words, at)
        if start < 0 and len(words) >= SHORT:
            start = text.find(words)
            if start < 0:
                return set()
        if start >= 0 and words:
            at = start + len(words)
            found.update(range(bisect_right(ends, start), bisect_right(ends, at - 1) + 1))
    return found


def text_nodes(body: bytes, content_type: str, without: Sequence[str] = ()) -> list[str]:
    """The text nodes of an HTML page in their order, white space squashed, without empty ones; [] for anything else."""
    if "html" not in content_type:
        return []
    source = decode(body, content_type)
    if "data-cfemail" in source:
        source = _ADDRESS.sub(lambda match: cfemail(match[2]), source)
    tree = tree_of(source)
    if tree.body is None:
        return []
    tree.strip_tags([*_SILENT, *without])
    text = tree.body.text(deep=True, separator="\x1f", strip=False)
    return [node for node in (" ".join(part.split()) for part in text.split("\x1f")) if node]


def _struck(body: bytes) -> bytes:
    """A digest of how often the source strikes something out: what text nodes do not tell."""
    return _digest(repr([body.count(word) for word in _STRUCK]))


def _packed(text: str) -> str:
    """Its letters and digits, more or less: the reader joins the lines of a cell with signs of its own."""
    return text.translate(_SIGNS)


def _width(nodes: Sequence[str]) -> int:
    return sum(len(node) + 2 * len(_WIDE.findall(node)) for node in nodes)


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf8", "replace"), digest_size=SIZE).digest()
