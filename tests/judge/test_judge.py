"""From changes to a verdict."""

from __future__ import annotations

import re

import pytest

from tests.compare.test_compare import read
from tests.judge.test_rules import FRAME, judged
from watcher.compare import compare
from watcher.judge import judge
from watcher.lang import languages, vocabulary
from watcher.records import OperatorRule, Teaching

OLD = "## Sharing\n\nWe share your address with DHL so that your parcel arrives."
NEW = "## Sharing\n\nWe share your address with DHL and Criteo so that your parcel arrives."


def test_a_new_recipient_is_material_and_the_headline_names_it() -> None:
    verdict = judged(OLD, NEW)
    assert verdict.level == "material"
    assert "Criteo" in verdict.headline


def test_sentences_come_in_chinese() -> None:
    before, after = read(FRAME.format(OLD)), read(FRAME.format(NEW))
    assert "新增接收方Criteo" in judge(compare(before, after), before, after, language="zh").headline


def test_nothing_changed_is_noise_without_reasons() -> None:
    verdict = judged(OLD, OLD)
    assert (verdict.level, verdict.headline, verdict.reasons) == ("noise", "", ())


def test_an_operator_can_overrule() -> None:
    before, after = read(FRAME.format(OLD)), read(FRAME.format(NEW))
    teaching = Teaching(rules=(OperatorRule(verdict="minor", kind="sharing", subject="criteo", source="brindle"),))
    told = judge(compare(before, after), before, after, source="brindle", teaching=teaching)
    assert (told.level, told.reasons[0].rule) == ("minor", "operator")
    assert judge(compare(before, after), before, after, source="other", teaching=teaching).level == "material"


def test_the_most_severe_reason_comes_first() -> None:
    verdict = judged(OLD + "\n\nWrite to a@brindle.example.", NEW + "\n\nWrite to b@brindle.example.")
    assert [r.material for r in verdict.reasons] == sorted((r.material for r in verdict.reasons), reverse=True)


@pytest.mark.parametrize(("date", "silent"), [("3 May 2026", True), ("9 June 2026", False)])
def test_a_text_that_changed_under_its_old_date_is_said_so(date: str, silent: bool) -> None:
    verdict = judged(f"Last updated: 3 May 2026\n\n{OLD}", f"Last updated: {date}\n\n{NEW}")
    assert ("The text changed, its stated date did not." in verdict.notes) == silent


def test_only_the_date_moved_is_minor_and_said() -> None:
    verdict = judged(f"Last updated: 3 May 2026\n\n{OLD}", f"Last updated: 9 June 2026\n\n{OLD}")
    assert verdict.level == "minor"
    assert "Only the date moved." in verdict.notes


@pytest.mark.parametrize("language", languages())
def test_every_template_has_only_slots_that_are_filled(language: str) -> None:
    known = {"subject", "before", "after", "value", "role", "data", "kind", "quote", "section", ""}
    for name, group in vocabulary(language)["sentences"].items():
        for text in group.values() if isinstance(group, dict) else [group]:
            assert set(re.findall(r"\{(\w*)\}", text)) <= known, name


@pytest.mark.parametrize(
    ("old", "new", "said", "direction"),
    [
        ("", "We do not collect your fingerprints.", "Now says that it does not collect fingerprints", "restricts"),
        ("We do not collect your fingerprints.", "", "No longer says that it does not collect fingerprints", "expands"),
    ],
)
def test_a_denial_that_comes_or_goes_is_told_as_one(old: str, new: str, said: str, direction: str) -> None:
    verdict = judged(f"We keep your name.\n\n{old}", f"We keep your name.\n\n{new}")
    assert (said, direction) in {(r.sentence, r.direction) for r in verdict.reasons}
