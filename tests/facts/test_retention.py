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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "We keep call records for 6 months and invoices for 7 years.",
            [("call record", "P6M"), ("invoice", "P7Y")],
        ),
        (
            "Call records are kept for 6 months, dive logs for two years.",
            [("call record", "P6M"), ("dive log", "P2Y")],
        ),
        (
            "Addresses are deleted after 6 months, and cookie IDs and other identifiers after 2 years.",
            [("address", "P6M"), ("cookie ids", "P2Y")],
        ),
        ("我们将订单记录保存三年，日志保存六个月。", [("订单记录", "P3Y"), ("日志", "P6M")]),
        ("通话记录保存三个月，聊天记录则保存一年。", [("通话记录", "P3M"), ("聊天记录", "P1Y")]),
    ],
)
def test_two_periods_of_one_sentence_are_each_of_their_own_data(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(fact.key, fact.norm) for fact in read(text, "retention")] == expected


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
