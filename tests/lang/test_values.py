"""Lengths of time, numbers and places, however they are written."""

from __future__ import annotations

import pytest

from watcher.lang.durations import days, durations, nearly
from watcher.lang.values import norm_of, sign_of, values


@pytest.mark.parametrize(
    ("text", "norm"),
    [
        ("twelve (12) months", "P1Y"),
        ("two weeks", "P14D"),
        ("a 24-hour window", "P1D"),
        ("half a year", "P6M"),
        ("one and a half years", "P18M"),
        ("one hundred and eighty days", "P180D"),
        ("kept for a month", "P1M"),
        ("no less than 2 weeks", "P14D min"),
        ("up to a maximum of thirty-six months", "P3Y max"),
        ("15 business days at the latest", "P15B max"),
        ("半年", "P6M"),
        ("一年半", "P18M"),
        ("两个星期", "P14D"),
        ("至少半个月", "P15D min"),
        ("不超过三十（30）个工作日内", "P30B max"),
    ],
)
def test_a_time_is_one_value_however_it_is_written(text: str, norm: str) -> None:
    (found,) = durations(text, "en" if text.isascii() else "zh")
    assert found.norm == norm


@pytest.mark.parametrize(
    "text", ["once a year", "13 years of age", "a 14-year-old", "in 2024 years", "未满14周岁", "2025年3月1日"]
)
def test_how_often_how_old_and_when_are_no_lengths_of_time(text: str) -> None:
    assert not list(durations(text, "en" if text.isascii() else "zh"))


def test_thirty_days_are_nearly_a_month_and_no_least_is_nearly_a_most() -> None:
    assert nearly("P30D", "P1M")
    assert nearly("P30D max", "P30D")
    assert not nearly("P30D min", "P30D max")
    assert not nearly("P30D", "P30B")
    assert not nearly("P30B", "P15B")
    assert (days("P2Y max"), days("PT12H"), days("P5B"), days("as long as")) == (730, 0.5, None, None)


def test_numbers_in_words_and_places_with_several_names_have_one_sign() -> None:
    def signs(text: str, language: str = "en") -> list[str]:
        return [value.sign for value in values(text, language)]

    assert signs("under thirteen (13), or 30 days, in the U.S. or the USA") == ["13", "#p30d", "@us", "@us"]
    assert signs("one of our two shops tells us") == ["2"]
    assert signs("未满十四周岁，第三方的三个仓库，在美国", "zh") == ["14", "3", "@us"]


def test_the_sign_of_a_time_gives_its_norm() -> None:
    assert norm_of(sign_of("P14D min")) == "P14D min"
    assert norm_of(sign_of("PT24H")) == "PT24H"
