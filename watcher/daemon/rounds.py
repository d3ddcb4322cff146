"""Rounds of checks, for the heartbeat: from the first check of several to the moment when none is in flight."""

from __future__ import annotations

from typing import Literal

PAUSE = 30.0  #: seconds between the beginnings of two rounds, so that sources checked one by one do not make many
LONGEST = 300.0  #: seconds after which a round that never rests counts as one


class Rounds:
    """Told at every tick how many checks are in flight; says when a round begins and when it ends."""

    def __init__(self) -> None:
        self._began: float | None = None
        self._next = 0.0

    def tick(self, in_flight: int, now: float) -> Literal["begins", "ends"] | None:
        """What this tick is; `now`: seconds of a clock that never goes back."""
        if self._began is None:
            if not in_flight or now < self._next:
                return None
            self._began, self._next = now, now + PAUSE
            return "begins"
        if in_flight and now - self._began < LONGEST:
            return None
        self._began = None
        return "ends"
