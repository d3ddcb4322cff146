"""Seven faults, three sorts of channel, kill -9 at three moments: every alert arrives, and it is known how often."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.delivery.endpoints import FAULTS, MOMENTS, WAIT, Moment
from tests.delivery.matrix import GROUPS, KINDS, Case, play


@pytest.mark.parametrize(("faults", "moment"), list(itertools.product(GROUPS, MOMENTS)))
def test_every_alert_arrives_under_its_key_whatever_fails_and_whenever_the_daemon_is_killed(
    tmp_path: Path, faults: Sequence[str], moment: Moment
) -> None:
    cases = play(tmp_path, faults, moment)
    assert len(cases) == len(faults) * len(KINDS)
    for case in cases:
        assert set(case.taken) == case.told, case
        assert case.recorded == {"sent"}, case
        assert case.duplicates == unavoidable(case), case
        assert all(pause >= WAIT for pause in case.pauses), case
        assert bool(case.pauses) == (case.fault == "429 with Retry-After" and case.kind != "e-mail"), case


def unavoidable(case: Case) -> int:
    """Copies that no sender can prevent: the server had the message, and nobody could write down that it had."""
    unheard = case.fault in ("hangs", "resets mid-answer")
    return int(unheard) + int(case.moment == "after send, before recording")


def test_the_matrix_has_sixty_three_cases() -> None:
    assert len(FAULTS) * len(KINDS) * len(MOMENTS) == 63
    assert sorted(fault for faults in GROUPS for fault in faults) == sorted(FAULTS)
