"""Where sentences end."""

from __future__ import annotations

import pytest

from watcher.lang.sentences import sentence_spans


def cut(text: str) -> list[str]:
    return [text[a:b] for a, b in sentence_spans(text)]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("We keep logs. You may object.", ["We keep logs.", "You may object."]),
        ("Shop Inc. sells tools (e.g. Saws). We ship.", ["Shop Inc. sells tools (e.g. Saws).", "We ship."]),
        ("The EU-U.S. Framework applies. It binds us.", ["The EU-U.S. Framework applies.", "It binds us."]),
        ("12. Keeping your data", ["12. Keeping your data"]),
        ('He said "no." Then left.', ['He said "no."', "Then left."]),
        ("我们收集日志。“不会出售。”您可以注销", ["我们收集日志。", "“不会出售。”", "您可以注销"]),
        ("（1）姓名；（2）电话，用于联系", ["（1）姓名；", "（2）电话，用于联系"]),
        ("", []),
        ("no end", ["no end"]),
    ],
)
def test_a_text_is_cut_where_its_sentences_end(text: str, sentences: list[str]) -> None:
    assert cut(text) == sentences
