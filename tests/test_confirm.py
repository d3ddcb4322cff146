"""Seen twice before anyone is told: sequences of texts, one letter a check, an hour apart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from watcher.confirm import settle
from watcher.records import Steadiness, WatchSettings

START = datetime(2026, 3, 1, tzinfo=UTC)


def told(texts: str, **settings: object) -> str:
    """One sign a check: `.` verified, `?` candidate, `!` changed, `~` flapping."""
    current, memory = texts[0], Steadiness(last=texts[0], run=1, recent=(texts[0],))
    seen, signs = {current}, "."
    for i, text in enumerate(texts[1:], 1):
        step, memory = settle(
            memory,
            text,
            current,
            START + timedelta(hours=i),
            WatchSettings(**settings),
            text in seen,  # type: ignore[arg-type]
        )
        if step == "changed":
            current = text
            seen.add(text)
        signs += {"verified": ".", "candidate": "?", "changed": "!", "flapping": "~"}[step]
    return signs


@pytest.mark.parametrize(
    ("texts", "signs"),
    [
        ("AAABBB", "...?!."),  # a change is told at its second sight
        ("AAABAAA", "...?..."),  # a passing text is not
        ("AAAABABBBBB", "....?.?!..."),  # a change that reaches the servers one by one is told once
        ("AAABBBBBAAAA", "...?!...?!.."),  # a return after a while is a change
        ("AAAABBAA", "....?!?!"),  # so is a quick one, once
        ("AAAABBAABBAABB", "....?!?!~~..~~"),  # but not back and forth
        ("AABABABABABA", "..?.?.~.~.~."),  # one text after the other
        ("ABCDEFGH", ".???~~~~"),  # a page that is never the same twice
        ("AABABABABBBBBB", "..?.?.~.~~~!.."),  # what it settles on is told
        ("ABCDEFFFFGG", ".???~~~~!?!"),
    ],
)
def test_what_a_sequence_of_texts_means(texts: str, signs: str) -> None:
    assert told(texts) == signs


def test_without_confirmation_every_change_is_told_at_once() -> None:
    assert told("AABBCC", confirm=False) == "..!.!."


def test_a_second_sight_that_comes_too_early_does_not_count() -> None:
    assert told("AABBBB", confirm_after=7200.0) == "..??!."
