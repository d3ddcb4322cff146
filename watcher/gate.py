"""Is this page the policy at all? Named rules, each with its evidence; a rejected capture is never a policy change."""

from __future__ import annotations

from watcher.records import Capture, Document, Rejection


def inspect(capture: Capture, document: Document, previous: Document | None = None) -> Rejection | None:
    """None if `document` may become a version, else why not. `previous`: the last accepted document of the source."""
    return None
