"""Quotes: exact words of a version, long enough to prove a change and short enough to read."""

from __future__ import annotations

import re

LONGEST = 320  #: characters; a longer sentence is quoted around the changed words
CONTEXT = 90  #: characters kept on each side of the changed words

_LEFT = re.compile(r"^\S{0,20}\s")
_RIGHT = re.compile(r"\s\S{0,20}$")


def around(text: str, start: int, end: int) -> str:
    """The sentence, or, where it is long, text[start:end] with its surroundings, cut between words."""
    if len(text) <= LONGEST:
        return text.strip()
    left, right = max(0, start - CONTEXT), min(len(text), max(end, start) + CONTEXT)
    if right - left > LONGEST:
        right = left + LONGEST
    quote = text[left:right]
    if left:
        quote = _LEFT.sub("", quote)
    if right < len(text):
        quote = _RIGHT.sub("", quote)
    return quote.strip()


def shortened(text: str, longest: int = 80) -> str:
    """`text` for a subject: cut between words at `longest` characters, trimmed of loose punctuation."""
    text = text.strip(" \t\n.,;:。，；：|-–—•")
    if len(text) <= longest:
        return text
    cut = text[:longest]
    return (cut.rsplit(" ", 1)[0] if " " in cut[longest // 2 :] else cut).rstrip(" ,;:，；：") + "…"
