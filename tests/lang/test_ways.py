"""What a pattern cannot match without is read off the pattern."""

from __future__ import annotations

import pytest

from watcher.lang.ways import OPEN, ways


@pytest.mark.parametrize(
    ("cue", "first", "needs"),
    [
        ("shar(?:e|ing)", {"share", "sharing"}, {"share", "sharing"}),
        ("(?:sub-?)?processor", {"sub", "subprocessor", "processor"}, {"processor sub", "subprocessor", "processor"}),
        ("e-?mail", {"e", "email"}, {"e mail", "email"}),
        (r"advert\w*", {"advert", "advert*"}, {"advert", "advert*"}),
        (r"right to (?:\w+ ){0,3}(?:access|object)\b", {"right"}, {"access right to", "object right to"}),
        (r"\(we", {""}, {"we"}),
        (r"\w+ of data", {"*"}, {"data of"}),
    ],
)
def test_what_a_cue_cannot_match_without_is_read_off_it(cue: str, first: set[str], needs: set[str]) -> None:
    read = ways(cue, han=False)
    assert {(way.first or "").replace(OPEN, "*") for way in read} == first
    assert {" ".join(sorted(way.needs)).replace(OPEN, "*") for way in read} == needs


def test_chinese_is_read_by_pairs_of_signs() -> None:
    assert {tuple(sorted(way.needs)) for way in ways("提供给?", han=True)} == {("提供",), ("供给", "提供")}
