"""Cue phrases in running text: English is compared by the stems of its words, Chinese by its characters.

A phrase is written in plain words in the language's TOML. "share … with" means "with" later in the same sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from watcher.lang.words import normal

GAP = "…"
_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?|[.;!?](?=\s|$)|[\u4e00-\u9fff]+")
_STOP_ZH = re.compile("[。！？；;!?\n]")
_IRREGULAR = {
    "used": "use",
    "uses": "use",
    "using": "use",
    "kept": "keep",
    "sold": "sell",
    "gave": "give",
    "given": "give",
}


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """A light stem: plural, -ed, -ing, final -e and -y folded, so that "shares", "shared", "sharing" are one word."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    word = word.removesuffix("'s").removesuffix("'")
    if word.endswith("s") and len(word) > 3 and not word.endswith(("ss", "us", "is")):
        word = word[:-2] if word.endswith("sses") else word[:-1]
    for suffix in ("ing", "ed"):
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            word = word[: -len(suffix)]
            if word[-1] == word[-2] and word[-1] not in "lsz":
                word = word[:-1]
            break
    if len(word) > 4 and word.endswith("e"):
        word = word[:-1]
    return word[:-1] + "i" if len(word) > 3 and word.endswith("y") else word


def stems(text: str) -> list[str]:
    """The stems of a text's words in order; the end of a sentence is "."."""
    return ["." if word in ".;!?" else stem(word) for word in _WORD.findall(normal(text))]


class Line:
    """A text prepared once for many phrases: `str` of it holds every phrase that the text holds."""

    __slots__ = ("language", "tokens", "written")

    def __init__(self, text: str, language: str) -> None:
        self.language = language
        #: English: stems, sentence ends as "."; Chinese: none.
        self.tokens: list[str] = [] if language == "zh" else stems(text)
        #: What phrases are looked for in.
        self.written = normal(text) if language == "zh" else f" {' '.join(self.tokens)} "


def compiled(phrase: str, language: str) -> tuple[str, ...]:
    """A phrase as the parts that must follow each other within one sentence."""
    parts = (part.strip() for part in phrase.split(GAP))
    if language == "zh":
        return tuple(normal(part) for part in parts)
    return tuple(f" {' '.join(stems(part))} " for part in parts)


def holds(line: Line, parts: tuple[str, ...]) -> bool:
    """Whether the parts follow each other within one sentence of the line."""
    if len(parts) == 1:
        return parts[0] in line.written
    if not all(part in line.written for part in parts):
        return False
    sentences: Iterable[str] = (
        _STOP_ZH.split(line.written) if line.language == "zh" else (f" {s} " for s in line.written.split(" . "))
    )
    return any(_in_order(sentence, parts) for sentence in sentences)


def _in_order(sentence: str, parts: tuple[str, ...]) -> bool:
    at = 0
    for part in parts:
        found = sentence.find(part, at)
        if found < 0:
            return False
        at = found + len(part) - 1
    return True
