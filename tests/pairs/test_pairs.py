"""Golden pairs: a folder each, with old.md, new.md and expected.toml. A new case needs no code."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from watcher.pipeline.pure import capture_of_file, compare_captures

PAIRS = sorted(p.parent for p in Path(__file__).parent.glob("*/expected.toml"))


@pytest.mark.parametrize("pair", PAIRS, ids=lambda p: p.name)
def test_a_pair_is_judged_as_expected(pair: Path) -> None:
    expected = tomllib.loads((pair / "expected.toml").read_text(encoding="utf8"))
    step = compare_captures(capture_of_file(pair / "old.md"), capture_of_file(pair / "new.md"))
    assert step.rejection is None
    assert step.verdict is None or step.verdict.level == expected["verdict"], step.verdict
    reasons = step.verdict.reasons if step.verdict else ()
    for note in expected.get("notes", ()):
        assert step.verdict is not None
        assert note in step.verdict.notes
    for want in expected.get("changes", ()):
        fits = [
            r
            for r in reasons
            if r.material
            and (r.change.kind, r.change.action) == (want["kind"], want["action"])
            and all(want.get(part, "") in getattr(r.change, part) for part in ("subject", "before", "after"))
        ]
        assert fits, [(r.rule, r.sentence) for r in reasons]
