"""Each rule speaks in its example."""

from __future__ import annotations

import pytest

from tests.compare.test_compare import read
from watcher.compare import compare
from watcher.judge import judge
from watcher.judge.rules import RULES, Rule
from watcher.records import Verdict

FRAME = "# Privacy policy of Brindle Books\n\nThis policy says how Brindle Books handles personal data.\n\n{}\n"


def judged(old: str, new: str) -> Verdict:
    before, after = read(FRAME.format(old)), read(FRAME.format(new))
    return judge(compare(before, after), before, after)


@pytest.mark.parametrize("rule", [r for r in RULES if any(r.example)], ids=lambda r: r.id)
def test_a_rule_speaks_in_its_example(rule: Rule) -> None:
    verdict = judged(*rule.example)
    assert rule.id in {r.rule for r in verdict.reasons}, [
        (r.rule, r.sentence, r.change.signals) for r in verdict.reasons
    ]


def test_every_rule_has_an_id_of_its_own_and_a_reason() -> None:
    assert len({r.id for r in RULES}) == len(RULES)
    assert all(r.why for r in RULES)


def test_most_rules_have_an_example() -> None:
    assert sum(any(r.example) for r in RULES) >= len(RULES) * 0.8
