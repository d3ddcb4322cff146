"""What the index tells of a sentence is never less than what its patterns would find, and never more than is sure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from watcher.extract import extract
from watcher.facts import cues
from watcher.lang import vocabulary
from watcher.lang.index import lower, spots

PAGES = sorted((Path(__file__).parents[1] / "pages").glob("*.html"))


def _patterns(language: str) -> Iterator[tuple[str, re.Pattern[str]]]:
    """The lists of cues and the concepts of a language, by their id in the index."""
    for name in cues.index(language).bit:
        table, _, key = name.partition(".")
        rows = vocabulary(language).get(table, {}).get(key)
        if isinstance(rows, list) and key not in ("heading", "heads", "services", "names"):
            yield name, cues.pattern(language, table, key)
        elif isinstance(rows, dict) and key != "names":
            yield from ((f"{name}/{concept.name}", concept.words) for concept in cues.concepts(language, name))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_cue_of_a_sentence_is_overlooked(language: str) -> None:
    index, patterns = cues.index(language), list(_patterns(language))
    clauses = [c for page in PAGES for c in extract(page.read_bytes(), content_type="text/html", url=page.name).clauses]
    texts = sorted({clause.text for clause in clauses if cues.tongue(clause.language) == language})
    wrong = []
    for text in texts[:: 4 if language == "en" else 1]:
        told, places = index.sight(text)
        for name, pattern in patterns:
            bit, found = index.bit[name], {match.start() for match in pattern.finditer(lower(text))}
            begun = found if bit & index.free else {at for at, *_ in spots(places, bit)}
            if (found and not bit & told) or (bit & told >> index.size and not found) or not found <= begun:
                wrong.append((name, text))
    assert len(patterns) > 100
    assert len(texts) > 30
    assert not wrong
