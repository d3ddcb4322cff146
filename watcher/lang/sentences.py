"""Where sentences end, in English and Chinese; shared by every room that reads clause by clause."""

from __future__ import annotations

import re

# A full stop ends a sentence when space and a capital, digit, quote or bracket follow, and no abbreviation precedes.
_LATIN_END = re.compile(r"[.!?]+[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9\u00c0-\u00de])")
_CJK_END = re.compile(r"[。！？；]+[」”’）)\"']*\s*")
_ABBREVIATION = re.compile(
    r"(?:\b(?:[A-Za-z]|(?i:Inc|Ltd|LLC|Corp|Pte|Pty)|Co|No|Nos|Art|Arts|Sec|Sect|Reg|Dr|Mr|Mrs|Ms|St|Ave|vs|cf|etc|approx"
    r"|incl|e\.g|i\.e|a\.k\.a|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)|^\(?\d{1,3}(?:\.\d+)*|[a-zA-Z]\.[a-zA-Z])$"
)
_LONGEST = 6  #: letters of an abbreviation


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """The (start, end) of each sentence of `text`, without the space between them; together they cover all words.

    Chinese ends on 。！？； with its closing quotes; English on . ! ? guarded against abbreviations (METHOD §4).
    """
    cuts = [] if text.isascii() else [m.end() for m in _CJK_END.finditer(text)]
    for m in _LATIN_END.finditer(text):
        before = text[max(0, m.start() - 12) : m.start()]
        if (before[-_LONGEST - 1 :].isalpha() and len(before) > _LONGEST) or not _ABBREVIATION.search(before):
            cuts.append(m.end())
    if not cuts:
        words = text.rstrip()
        return [(len(words) - len(words.lstrip()), len(words))] if words else []
    spans, start = [], 0
    for end in [*sorted(set(cuts)), len(text)]:
        words = text[start:end]
        if words.strip():
            spans.append((start + len(words) - len(words.lstrip()), start + len(words.rstrip())))
        start = end
    return spans
