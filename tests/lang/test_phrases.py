"""A cue phrase is found in every form of its words, across a gap, and never across sentences."""

from __future__ import annotations

import pytest

from watcher.lang.phrases import Line, Phrases, stem


@pytest.mark.parametrize(
    ("forms", "one"),
    [
        (("share", "shares", "shared", "sharing"), "shar"),
        (("party", "parties"), "parti"),
        (("opt", "opted", "opting"), "opt"),
        (("address", "addresses"), "address"),
        (("use", "uses", "used", "using"), "use"),
        (("child's", "child"), "child"),
    ],
)
def test_the_forms_of_a_word_have_one_stem(forms: tuple[str, ...], one: str) -> None:
    assert {stem(form) for form in forms} == {one}


@pytest.mark.parametrize(
    ("phrase", "language", "text", "there"),
    [
        ("share your", "en", "We are sharing your data.", True),
        ("share your", "en", "We share. Your data is safe.", False),
        ("share … with", "en", "We share all of it with nobody.", True),
        ("share … with", "en", "We share it. Comes with cookies.", False),
        ("rent", "en", "Your current account", False),
        ("向…提供", "zh", "我们会向第三方提供信息。", True),
        ("向…提供", "zh", "我们面向用户。提供服务。", False),
        ("Cookie", "zh", "我们使用ＣＯＯＫＩＥ。", True),
    ],
)
def test_a_phrase_is_found_only_where_it_stands(phrase: str, language: str, text: str, there: bool) -> None:
    found = list(Phrases([(phrase, 1)], language).found(Line(text, language)))
    assert found == ([(phrase, 1)] if there else [])
