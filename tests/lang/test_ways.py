"""What a pattern cannot match without is read off the pattern."""

from __future__ import annotations

import pytest

from watcher.lang.ways import OPEN, Wording, wordings


@pytest.mark.parametrize(
    ("cue", "firsts", "needs"),
    [
        ("not share", "not", ["not share"]),
        ("shar(?:e|ing)", "share! sharing!", ["share|sharing"]),
        ("(?:sub-?)?processor", "processor! sub subprocessor!", ["processor|subprocessor"]),
        ("e-?mail", "e email!", ["e mail|email"]),
        (r"advert\w*", "advert* advert!", ["advert|advert*"]),
        (r"right to (?:\w+ ){0,3}(?:access|object)\b", "right", ["right to", "access|object"]),
        (r"\(we", "?", ["we"]),
        (r"\w+ of data", "*", ["of", "data"]),
        ("(?:may |can )*(?:sell|share) (?:all|your)(?: data)?", "can may sell share", ["sell|share", "all|your"]),
    ],
)
def test_what_a_cue_cannot_match_without_is_read_off_it(cue: str, firsts: str, needs: list[str]) -> None:
    (wording,) = wordings(cue, han=False)
    assert _written(wording) == (firsts, needs)


def _written(wording: Wording) -> tuple[str, list[str]]:
    """A wording in short: "!" after a word that is all, "*" for how it may go on, "|" between what is needed."""
    firsts = sorted((first or "?") + "!" * whole for first, whole in wording.firsts)
    needs = ["|".join(sorted(" ".join(sorted(stems)) for stems in part)) for part in wording.needs]
    return " ".join(firsts).replace(OPEN, "*"), [part.replace(OPEN, "*") for part in needs]


def test_the_alternatives_of_a_cue_are_read_apart() -> None:
    assert [_written(wording) for wording in wordings("opt out|un(?:link|tag)", han=False)] == [
        ("opt", ["opt", "out"]),
        ("unlink! untag!", ["unlink|untag"]),
    ]


def test_chinese_is_read_by_pairs_of_signs() -> None:
    assert [_written(wording) for wording in wordings("提供给?", han=True)] == [("提供 提供!", ["提供"])]
    assert [_written(wording) for wording in wordings("(?:保存|留存)的?期限", han=True)] == [
        ("保存 留存", ["保存|留存", "存期 期限|存的 期限 的期"])
    ]
