"""The identity of a clause is its words, not its typography."""

import pytest

from watcher.lang.words import clause_hash, normal


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("We don’t sell “data”.", 'We don\'t sell "data".'),
        ("e\u2011mail", "e-mail"),
        ("soft\u00adhyphen and\u200b zero width", "softhyphen and zero width"),
        ("two  spaces\u00a0here", "two spaces here"),
        ("2020 年 05 月", "2020年05月"),
        ("ＡＢＣ", "abc"),
    ],
)
def test_typography_does_not_change_identity(one: str, other: str) -> None:
    assert normal(one) == normal(other)
    assert clause_hash(one) == clause_hash(other)


def test_other_words_are_another_clause() -> None:
    assert clause_hash("We sell data.") != clause_hash("We do not sell data.")
