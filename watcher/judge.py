"""From changes to a verdict, by named rules: what a privacy officer must be told, and why."""

from __future__ import annotations

from collections.abc import Sequence

from watcher.records import Change, Reading, Teaching, Verdict

#: Stored with each verdict; raise it when the same changes may be judged otherwise.
JUDGE = "1"


def judge(
    changes: Sequence[Change],
    old: Reading,
    new: Reading,
    *,
    source: str | None = None,
    teaching: Teaching | None = None,
    language: str = "en",
) -> Verdict:
    """The verdict on `changes`, each with one Reason, the most severe first. `language`: of the sentences."""
    return Verdict(level="noise", headline="", judge=JUDGE)
