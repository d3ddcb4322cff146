"""Weights come back from a file as they were stored, and add up to a score whose parts can be shown."""

from __future__ import annotations

from math import sqrt
from pathlib import Path

import pytest

from watcher.facts import linear
from watcher.facts.linear import load, ngrams, save
from watcher.lang.phrases import Line

WEIGHTS = {
    "labels": ("keep", "share"),
    "bias": (0.5, -1.0),
    "cues": {"+share": (-0.25, 2.0)},
    "scale": 0.5,
    "grams": ("retain", "share data"),
    "rows": bytes((127, 0, 129, 100)),  # signed: 127, 0, -127, 100
}


@pytest.fixture
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package folder whose data hold the weights."""
    (tmp_path / "data").mkdir()
    save(tmp_path / "data" / "small.gz", **WEIGHTS)  # type: ignore[arg-type]
    monkeypatch.setattr(linear, "DATA", tmp_path / "data")
    load.cache_clear()
    return tmp_path


def test_weights_come_back_as_they_were_stored(stored: Path) -> None:
    model = load("small.gz")
    assert [model.weight(g, k) for g in ("retain", "share data", "unknown") for k in (0, 1)] == [
        127,
        0,
        -127,
        100,
        0,
        0,
    ]


def test_a_score_is_the_evened_sum_of_what_is_known_and_the_bias(stored: Path) -> None:
    scores, unit = load("small.gz").scores(["retain", "share data", "unknown"], {"+share": 2.0, "+unknown": 1.0})
    assert unit == pytest.approx(0.5 / sqrt(2 + 6))
    assert scores == pytest.approx([0.5 - 0.5, -1.0 + 100 * unit + 4.0])


def test_a_text_without_known_words_has_the_bias_alone(stored: Path) -> None:
    assert load("small.gz").scores(["unknown"], {})[0] == [0.5, -1.0]


def test_the_same_weights_give_the_same_file(stored: Path) -> None:
    save(stored / "again.gz", **WEIGHTS)  # type: ignore[arg-type]
    assert (stored / "again.gz").read_bytes() == (stored / "data" / "small.gz").read_bytes()


def test_n_grams_stay_inside_a_sentence_and_keep_the_words_as_written() -> None:
    assert ngrams(Line("Sharing data. Keep it.", "en")) == {
        "shar": "sharing",
        "data": "data",
        "keep": "keep",
        "it": "it",
        "shar data": "sharing data",
        "keep it": "keep it",
    }
    assert set(ngrams(Line("共享，数据", "zh"))) == {"共", "享", "共享", "数", "据", "数据"}
