"""Figures that may only rise: what the reader makes of edits whose answers are known."""

from __future__ import annotations

import random

import pytest

from tests.compare.test_compare import read
from tests.synthetic import NOISE, Case, bases, cases, real_edits
from watcher.compare import compare
from watcher.judge import judge
from watcher.records import Change, Verdict

SEED = 20260207
#: Raise these when a figure has risen; never lower them.
VERDICTS_RIGHT = 0.96
FACTS_FOUND = 0.96
NOISE_SILENT = 1.0


def verdict_of(case: Case) -> Verdict:
    before, after = read(case.old), read(case.new)
    return judge(compare(before, after), before, after)


def tells(case: Case, verdict: Verdict) -> bool:
    """Whether a material change of the right kind names the subject and both values."""
    for reason in verdict.reasons:
        change = reason.change
        kind = "purpose" if change.kind == "automated" else change.kind
        said = f"{change.subject} {change.quote_old} {change.quote_new}"
        values = case.before in change.before and case.after in change.after
        if reason.material and kind == case.kind and case.subject in said and values:
            return True
    return False


def test_figures_stay_above_their_floors() -> None:
    told = [(case, verdict_of(case)) for case in cases(SEED)]
    real = [(c, v) for c, v in told if c.kind]
    quiet = [(c, v) for c, v in told if not c.kind]
    wrong = [(c.name, v.level) for c, v in told if v.level != c.verdict]
    lost = [(c.name, [r.sentence for r in v.reasons]) for c, v in real if not tells(c, v)]
    assert 1 - len(wrong) / len(told) >= VERDICTS_RIGHT, wrong
    assert 1 - len(lost) / len(real) >= FACTS_FOUND, lost
    assert sum(v.level == "noise" for _, v in quiet) / len(quiet) >= NOISE_SILENT, wrong


def _material(old: str, new: str) -> set[tuple[str, str, str]]:
    before, after = read(old), read(new)
    verdict = judge(compare(before, after), before, after)
    return {(r.change.kind, r.change.action, r.change.subject) for r in verdict.reasons if r.material}


@pytest.mark.parametrize("edit", NOISE, ids=lambda e: e.__name__)
def test_noise_on_top_of_a_change_alters_nothing_of_what_is_told(edit) -> None:  # type: ignore[no-untyped-def]
    rnd = random.Random(SEED)
    for case in rnd.sample(list(real_edits(rnd)), 4):
        assert _material(case.old, edit(case.new, random.Random(1))) == _material(case.old, case.new), case.name


def test_swapping_the_versions_swaps_added_and_removed() -> None:
    swap = {"added": "removed", "removed": "added", "changed": "changed"}

    def facts(old: str, new: str) -> set[tuple[str, str, str]]:
        before, after = read(old), read(new)
        found: tuple[Change, ...] = compare(before, after)
        return {(c.kind, c.action, c.subject if c.action != "changed" else "") for c in found if c.new or c.old}

    for case in real_edits(random.Random(SEED)):
        there, back = facts(case.old, case.new), facts(case.new, case.old)
        assert {(k, swap[a], s) for k, a, s in there} == back, case.name


def test_the_order_of_unrelated_edits_does_not_matter() -> None:
    one, two = [c for c in real_edits(random.Random(SEED)) if "shop_en" in c.name][:2]
    new = one.new.replace("for 18 months", "for 24 months")
    assert _material(one.old, new) >= _material(one.old, one.new)
    assert two.old == one.old


@pytest.mark.parametrize("name", bases())
def test_a_policy_against_itself_is_silent(name: str) -> None:
    from tests.synthetic import base

    before = read(base(name))
    assert compare(before, before) == ()
