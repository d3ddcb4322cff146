"""Quotes: harmless, marked, short."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.notify.quotes import Run, abridged, clean, marked, pointed, shorten, tokens


def shown(runs: tuple[Run, ...]) -> str:
    return "".join(f"[{r.text}]" if r.look == "changed" and r.text else r.text for r in runs)


@pytest.mark.parametrize(
    ("old", "new", "before", "after"),
    [
        ("We keep it 6 months.", "We keep it 24 months.", "We keep it [6] months.", "We keep it [24] months."),
        ("We may share it.", "We will share it.", "We [may] share it.", "We [will] share it."),
        ("You can ask us.", "You can no longer ask us.", "You can ask us.", "You can [no longer] ask us."),
        ("保存6个月后删除。", "保存24个月后删除。", "保存[6]个月后删除。", "保存[24]个月后删除。"),
        ("We use “it”.", 'We use "it".', "We use “it”.", 'We use "it".'),
        ("One thing.", "Quite another matter.", "One thing.", "Quite another matter."),
        ("", "All of it is new.", "", "All of it is new."),
    ],
)
def test_the_words_that_differ_are_marked(old: str, new: str, before: str, after: str) -> None:
    one, other = marked(old, new)
    assert (shown(one), shown(other)) == (before, after)


def test_a_word_kept_between_two_changes_is_marked_with_them() -> None:
    one, other = marked(
        "We keep your data for at most six full months.", "We keep your data for at least two full years."
    )
    assert shown(one) == "We keep your data for at [most six full months]."
    assert shown(other) == "We keep your data for at [least two full years]."


def test_a_quote_that_stands_alone_has_what_it_is_about_marked() -> None:
    assert shown(pointed("We share it with Acme, and with acme only.", ["Acme"])) == (
        "We share it with [Acme], and with [acme] only."
    )
    assert shown(pointed("Acme gets it.", ["Acme gets"])) == "Acme gets it."


def test_unchanged_words_far_from_the_change_are_left_out_and_counted() -> None:
    many = " ".join(f"w{n}" for n in range(100))
    one, _ = marked(f"{many} six {many}", f"{many} seven {many}")
    assert shown(abridged(one)) == (
        "[…91 words…] w91 w92 w93 w94 w95 w96 w97 w98 w99 [six] w0 w1 w2 w3 w4 w5 w6 w7 w8 […91 words…]"
    )


@given(st.text(), st.integers(3, 60))
def test_a_shortened_text_is_never_longer_than_asked(text: str, limit: int) -> None:
    assert len(shorten(text, limit)) <= max(limit, 1)


@given(st.text())
def test_a_clean_text_is_one_line_and_cleaning_it_again_changes_nothing(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert len(once.splitlines()) <= 1


@given(st.text())
def test_tokens_are_the_text(text: str) -> None:
    assert "".join(tokens(text)) == text


@given(st.text(), st.text())
def test_marking_changes_no_letter(old: str, new: str) -> None:
    one, other = marked(old, new)
    assert "".join(r.text for r in one) == old
    assert "".join(r.text for r in other) == new


def test_where_words_were_put_in_the_old_quote_is_shown_too() -> None:
    many = " ".join(f"w{n}" for n in range(100))
    one, other = (abridged(runs) for runs in marked(f"{many} and {many}", f"{many} and never {many}"))
    assert "w99 and w0" in shown(one)
    assert "w99 and [never] w0" in shown(other)
