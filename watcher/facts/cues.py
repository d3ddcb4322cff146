"""The cue words of each kind, compiled once: one gate for all kinds, and one pattern for each list of cues."""

from __future__ import annotations

import re
from functools import cache

from watcher.lang import languages, vocabulary

_WORD = re.compile(r"[a-z]+")


def tongue(language: str) -> str:
    """The language whose vocabulary reads a clause: its own where it is shipped, else English."""
    return language if language in languages() else "en"


@cache
def pattern(language: str, table: str, key: str) -> re.Pattern[str]:
    """The cues of `[table] key` as one alternation, longest first, whole words where the language parts words."""
    cues = vocabulary(language)[table][key]
    body = "|".join(sorted(cues, key=len, reverse=True))
    if language == "zh":
        return re.compile(body, re.IGNORECASE)
    return re.compile(rf"\b(?:{body})\b", re.IGNORECASE)


@cache
def _gates(language: str) -> dict[str, frozenset[str]]:
    """Word beginning (five letters, or two Chinese signs) -> the kinds whose reading it makes worth while."""
    size = gate_size(language)
    gates: dict[str, frozenset[str]] = {}
    for table, content in vocabulary(language).items():
        for cue in content.get("gate", ()) if isinstance(content, dict) else ():
            gates[cue[:size]] = gates.get(cue[:size], frozenset()) | {table}
    return gates


def gate_size(language: str) -> int:
    """How many signs of a cue the gate looks at."""
    return 2 if language == "zh" else 5


def last(words: re.Pattern[str], text: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
    """The last match of `words` in `text[start:end]`, None without one."""
    found = None
    for match in words.finditer(text, start, len(text) if end is None else end):
        found = match
    return found


def kinds_hinted(text: str, language: str) -> set[str]:
    """The kinds of which `text` holds at least one cue: a cheap look before any pattern runs."""
    gates, low = _gates(language), text.lower()
    found: set[str] = set()
    pairs = language == "zh"
    stems = {low[i : i + 2] for i in range(len(low) - 1)} if pairs else {w[:5] for w in _WORD.findall(low)}
    for stem in stems & gates.keys():
        found |= gates[stem]
    return found
