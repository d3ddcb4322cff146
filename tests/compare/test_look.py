"""What one look at a text finds is what searching it with every pattern finds."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.compare.look import Look, Patterns
from watcher.lang import vocabulary

ENGLISH = (
    "we may not share sell collect your personal data with third parties service providers for up to 30 days unless you"
    " opt out, advertising cookies retained deleted under the age of 16 transferred to servers in Germany; your"
    " right to object. Please see our Privacy Policy for more information “data” means updated: 3 May 2024 | write us"
    " to privacy@acme.example to provide in order to you also review Acme Inc. trademarks encrypted İ responsible for"
)
CHINESE = (
    "我们可能会不与第三方合作伙伴共享您的个人信息，用于广告推送、保存期限为三十天。"
    "您可以撤回同意注销SDK14周岁本政策适用更新日期2024年"
)


def lists(language: str) -> dict[str, list[str]]:
    table = vocabulary(language)["wording"]
    flat = {name: rows for name, rows in table.items() if isinstance(rows, list)}
    parts = ("frames", "headings", "nouns")
    return flat | {f"{part}.{kind}": rows for part in parts for kind, rows in table[part].items()}


PATTERNS = {language: Patterns(language, lists(language)) for language in ("en", "zh")}
PLAIN = {
    language: {
        name: re.compile("|".join(f"(?:{row})" for row in rows), re.IGNORECASE)
        for name, rows in lists(language).items()
    }
    for language in PATTERNS
}


def check(text: str, language: str) -> None:
    patterns = PATTERNS[language]
    look = Look(text, patterns)
    firsts = dict(look.firsts(patterns.cues))
    for name, plain in PLAIN[language].items():
        cue, spans = patterns.cues[name], [m.span() for m in plain.finditer(text)]
        assert [m.span() for m in look.every(cue)] == spans, name
        assert look.has(cue) == bool(spans), name
        assert look.first(cue) == firsts.get(name) == (spans[0][0] if spans else None), name


def pieces(text: str, language: str) -> list[str]:
    """Words and signs of a text, and the words and signs that the patterns are made of."""
    made_of = {word for rows in lists(language).values() for row in rows for word in re.findall(r"[^\W\d_]{2,}", row)}
    return re.findall(r"[a-zA-Z]+|.", text) + sorted(made_of)


@settings(deadline=None, max_examples=200)
@given(st.lists(st.sampled_from(pieces(ENGLISH, "en")), max_size=30).map(" ".join))
def test_a_look_finds_in_english_what_searching_finds(text: str) -> None:
    check(text, "en")
    check(text.replace(" ", ""), "en")


@settings(deadline=None, max_examples=200)
@given(st.lists(st.sampled_from(pieces(CHINESE, "zh")), max_size=60).map("".join))
def test_a_look_finds_in_chinese_what_searching_finds(text: str) -> None:
    check(text, "zh")


@pytest.mark.parametrize("case", [str.lower, str.upper, str.title, str.swapcase])
def test_case_is_nothing_to_a_look(case: type[str]) -> None:
    for sentence in (ENGLISH, *re.split(r"[.;|]", ENGLISH)):
        check(case(sentence), "en")
