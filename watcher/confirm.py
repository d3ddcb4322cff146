"""Seen twice before anyone is told. Pure: what a text that was just read means, given what was seen before.

A text that differs from the version in force is a candidate until a later fetch shows it again. A page that moves
again before it has settled swings; after SWINGS it is flapping: said once, then nothing more until one text has held
for SETTLED checks. A return to an older text is a change like any other, unless it is a swing of a flapping page.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from watcher.records import Steadiness, WatchSettings

SETTLED = 4  #: checks in a row after which a text counts as settled and earlier swings are forgotten
SWINGS = 3  #: swings that make a page a flapping one
RECENT = 8  #: wordings remembered while a page has not settled

#: verified: the version in force. candidate: another text, not yet believed. changed: another text, now believed.
#: flapping: a text of a page that keeps changing; nobody is told more.
Step = Literal["verified", "candidate", "changed", "flapping"]


def settle(
    before: Steadiness, wording: str, current: str, at: datetime, settings: WatchSettings, told: bool = False
) -> tuple[Step, Steadiness]:
    """What `wording`, fetched at `at`, means where `current` is in force; and what to remember from now on.

    `told`: an earlier version already had this wording, so that people heard of it before.
    """
    now = observed(before, wording, current)
    decided = replace(now, candidate="", since=None, flapping=now.flapping and now.run < SETTLED)
    if wording == current:
        return "verified", decided
    if now.flapping:
        return "flapping" if decided.flapping else "changed", decided
    if now.swings >= SWINGS or (told and now.swings == SWINGS - 1):
        return "flapping", replace(decided, flapping=True)
    if not settings.confirm:
        return "changed", decided
    if before.since is None or wording != before.candidate:
        return "candidate", replace(now, candidate=wording, since=at)
    held = at - before.since >= timedelta(seconds=settings.confirm_after)
    return ("changed", decided) if held else ("candidate", now)


def observed(before: Steadiness, wording: str, current: str) -> Steadiness:
    """The memory with one more sighting: runs counted, swings counted, both forgotten once a text has settled."""
    same = wording == before.last
    run = before.run + 1 if same else 1
    if run >= SETTLED:
        return replace(before, last=wording, run=run, swings=0, recent=(wording,))
    replaced = before.candidate not in ("", wording) and wording != current
    swing = not same and (replaced or wording in before.recent)
    recent = before.recent if wording in before.recent else (*before.recent, wording)[-RECENT:]
    return replace(before, last=wording, run=run, swings=before.swings + swing, recent=recent)
