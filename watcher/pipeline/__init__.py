"""Joins the rooms. `pure` needs no database; `check`, `deliver` and `reread` own the transaction boundaries.

The pure names stand here for the verbs that need no database; the others are imported from their modules.
"""

from __future__ import annotations

from watcher.pipeline.pure import CONTENT_TYPES, Examination, capture_of_file, compare_captures, examine, replay

__all__ = ["CONTENT_TYPES", "Examination", "capture_of_file", "compare_captures", "examine", "replay"]
