"""How long data is kept, as written and as compared."""

from __future__ import annotations

import pytest

from tests.facts.reading import read


@pytest.mark.parametrize(
    ("text", "key", "value", "norm"),
    [
        ("We keep server logs for up to twelve (12) months.", "server log", "up to twelve (12) months", "P1Y max"),
        ("Backups are deleted after 90 days.", "backup", "90 days", "P90D"),
        ("Your account data is retained for at least one year.", "account data", "at least one year", "P1Y min"),
        ("We use your data for this purpose for 2 years after your last order.", "data", "2 years", "P2Y"),
        ("我们将在12个月内删除您的个人信息。", "个人信息", "12个月", "P1Y max"),
        ("日志信息保存期限为六个月。", "日志信息", "六个月", "P6M"),
    ],
)
def test_a_stated_period_has_its_data_and_its_norm(text: str, key: str, value: str, norm: str) -> None:
    (fact,) = read(text, "retention")
    assert (fact.key, fact.value, fact.norm) == (key, value, norm)


def test_two_periods_of_one_sentence_are_two_facts() -> None:
    facts = read("We keep call records for 6 months and invoices for 7 years.", "retention")
    assert [(fact.key, fact.norm) for fact in facts] == [("call record", "P6M"), ("invoice", "P7Y")]


@pytest.mark.parametrize(
    "text",
    [
        "We retain personal data for as long as necessary to provide the service.",
        "We delete your data when you close your account.",
        "我们仅在为实现目的所必需的最短时间内保存您的个人信息。",
    ],
)
def test_a_criterion_stands_in_for_a_period(text: str) -> None:
    (fact,) = read(text, "retention")
    assert fact.rule == "criterion"
    assert fact.value in text
