"""Polishing a sentence is not changing a practice; lengthening it, or naming another thing in it, may be."""

from __future__ import annotations

import pytest

from tests.judge.test_rules import judged
from watcher.compare.sense import reworded, sense
from watcher.compare.units import words


@pytest.mark.parametrize(
    ("old", "new", "language"),
    [
        ("Readers identify difficult shelves.", "Readers find out which shelves are hard.", "en"),
        ("For example, we employ lamps to guard the reading room.",
         "We use lamps, for instance, in order to protect the reading room.", "en"),
        ("我们会尽全力保护书架的安全。", "我们将尽最大努力保障书架安全。", "zh"),
    ],
)  # fmt: skip
def test_synonyms_and_inflections_are_the_same_words(old: str, new: str, language: str) -> None:
    assert sense(words(old), language) == sense(words(new), language)
    assert reworded(words(old), words(new), language)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Lamps burn in the hall.", "Lamps burn in the hall, the cellar, the attic and beside every stair."),
        ("Lamps burn in the hall, the cellar, the attic and beside every stair.", "Lamps burn in the hall."),
    ],
)
def test_a_longer_or_shorter_sentence_is_not_the_same_in_other_words(old: str, new: str) -> None:
    assert not reworded(words(old), words(new), "en")


def test_an_exchange_of_words_is_no_new_practice() -> None:
    old = "We use what you tell us about your reading to identify whether certain chapters are difficult for readers."
    new = "We use what you tell us about your reading to find out if some parts of a book are hard for those who read."
    assert judged(old, new).level == "minor"


def test_an_exchange_of_what_is_named_is_one() -> None:
    old = "We look at the opening hours of libraries near you when we pick books that might suit your evening."
    new = "We look at the photos and messages of friends near you when we pick books that might suit your evening."
    assert judged(old, new).level == "material"
