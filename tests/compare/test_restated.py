"""Of a passage that was rewritten as a whole, what is told is what stands on one side alone."""

from __future__ import annotations

import pytest

from tests.judge.test_rules import judged
from watcher.compare.restated import lone, turned
from watcher.compare.sense import same_stance

OLD = (
    "The ferry company collects the names of its passengers when they book a crossing. We only send timetables to "
    "passengers who have asked for them, and every passenger can unsubscribe at any time. Bookings are kept for two "
    "years. We do not hand the names to the harbour shops."
)
NEW = (
    "Whoever books a crossing gives their name to us. Timetables go out solely at the request of passengers, and it "
    "is always possible to opt out of them. Two years is how long bookings stay with us. No names are ever handed to "
    "the harbour shops."
)

#: What replaces words of the rewritten passage, and what that is a sign of.
TURNS = [
    ("gives their name to us", "gives their name and passport to us", "datum"),
    ("stay with us", "stay with us and with our insurers", "party"),
    ("gives their name to us", "gives their name to us and pays a fee", "burden"),
    ("Timetables go out", "Timetables and advertising go out", "use"),
    ("Two years is how long", "Three years is how long", "number"),
    ("solely at the request of passengers", "to passengers", "limit lost"),
    ("No names are ever handed", "The names are handed", "negation lost"),
]


def _signs(new: str) -> set[str]:
    sides = ([(0, OLD)], [(1, new)])
    alone, binding = lone(*sides, "en"), turned(*sides, "en")
    assert alone is not None
    return set().union(*alone.values(), *binding.values())


def test_a_passage_in_other_words_has_nothing_of_its_own() -> None:
    assert not _signs(NEW)
    assert judged(OLD, NEW).level == "minor"


@pytest.mark.parametrize(("said", "turn", "sign"), TURNS, ids=[sign for _, _, sign in TURNS])
def test_what_stands_in_a_rewritten_passage_alone_is_told(said: str, turn: str, sign: str) -> None:
    assert said in NEW
    changed = NEW.replace(said, turn)
    assert sign in _signs(changed)
    verdict = judged(OLD, changed)
    assert verdict.level == "material"
    assert all(r.change.quote_old or r.change.quote_new for r in verdict.reasons if r.material)


def test_texts_with_little_in_common_are_no_rewritten_passage() -> None:
    other = "Bicycles may be taken aboard on weekdays. The kiosk on the upper deck sells tea, rolls and newspapers."
    assert lone([(0, OLD)], [(1, other)], "en") is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("We cannot answer a letter without your name.", "To answer a letter we need your name."),
        ("未经您的同意，我们不会将信件用于其他目的。", "如将信件用于其他目的，我们须先征得您的同意。"),
    ],
)
def test_what_is_denied_only_under_a_condition_is_not_denied(old: str, new: str) -> None:
    assert same_stance(old, new, "en" if old.isascii() else "zh", anew=True)


def test_words_about_data_that_people_mind_are_told_in_a_rewritten_chinese_passage() -> None:
    old = "我们使用各种安全技术保护您的信件。在您领取信件时，我们可能会要求您进行身份验证，以保障信件安全。"
    new = "您的信件由我们以各种安全技术予以保护。您领取信件时，我们可能请您先提供人脸，以保障信件安全。"
    assert judged(old, new).level == "material"
