"""What a policy says about its own dates is found, and nothing else is taken for it."""

from __future__ import annotations

from datetime import date

import pytest

from watcher.extract.dates import days_in, stated_dates


@pytest.mark.parametrize(
    ("text", "role", "value"),
    [
        ("Last updated: 3 May 2026", "updated", date(2026, 5, 3)),
        ("LAST UPDATED May 3rd, 2026", "updated", date(2026, 5, 3)),
        ("This notice was last revised on 3rd of May, 2026.", "updated", date(2026, 5, 3)),
        ("Effective Date: 2026-05-03", "effective", date(2026, 5, 3)),
        ("Effective as of Sept. 14, 2025", "effective", date(2025, 9, 14)),
        ("Effective: 05/23/2025", "effective", date(2025, 5, 23)),
        ("Updated 25.01.2022", "updated", date(2022, 1, 25)),
        ("Published on 1 Jan 2024", "published", date(2024, 1, 1)),
        ("Last modified: May 2026", "updated", None),
        ("Last modified: 10/11/2026", "updated", None),
        ("Version 3.2", "version", None),
        ("更新日期：2026年5月3日", "updated", date(2026, 5, 3)),
        ("生效日期: 2026 年 05 月 03 日", "effective", date(2026, 5, 3)),
        ("本政策自2026年1月1日起生效。", "effective", date(2026, 1, 1)),
        ("发布日期：二〇二六年十二月二十一日", "published", date(2026, 12, 21)),
        ("最近更新：2026/05/03", "updated", date(2026, 5, 3)),
        ("版本号：V2.1", "version", None),
    ],
)
def test_a_labelled_date_is_stated(text: str, role: str, value: date | None) -> None:
    (stated,) = stated_dates(["Oakshelf", text])
    assert (stated.role, stated.value) == (role, value)
    assert stated.quote in text


@pytest.mark.parametrize(
    "text",
    [
        "We keep invoices from 1 January 2020 because the law asks us to.",
        "The California Act took effect long ago, and complaints of March 3, 2024 were answered.",
        "Notice of 2011: effective from 3 May 2011 until 4 June 2012",
        "© 2026 Oakshelf Ltd",
        "Our shop opened on May 3, 2011 and has more effective staff than most, " + "as customers say. " * 12,
        "Lodz, 32 May 2026",
    ],
)
def test_other_dates_are_not(text: str) -> None:
    assert stated_dates(["We sell shelves."] * 9 + [text]) == ()


def test_two_dates_on_one_line_keep_their_own_labels() -> None:
    stated = stated_dates(["Updated: 1 May 2026 | Effective: 1 June 2026"])
    assert [(s.role, s.value) for s in stated] == [("updated", date(2026, 5, 1)), ("effective", date(2026, 6, 1))]


def test_a_date_below_its_label_or_at_the_top_of_the_page_counts() -> None:
    assert stated_dates(["x"] * 20 + ["Effective date", "3 May 2026"])[0].role == "effective"
    assert stated_dates(["Privacy notice", "3 May 2026"])[0].role == "updated"
    assert stated_dates(["x"] * 20 + ["3 May 2026"]) == ()


def test_a_date_is_stated_once_however_often_it_is_repeated() -> None:
    assert len(stated_dates(["Last updated: 3 May 2026"] * 5)) == 1


def test_days_know_where_they_stand() -> None:
    text = "from 3 May 2026 to 2026年6月"
    days = list(days_in(text))
    assert [text[d.start : d.end] for d in days] == ["3 May 2026", "2026年6月"]
    assert [d.value for d in days] == [date(2026, 5, 3), None]
