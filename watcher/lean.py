"""Importing a library without an optional one that it would load for features we do not use."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without(*names: str) -> Iterator[None]:
    """Within the block, imports of these modules fail, unless they were loaded before."""
    hidden = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None: the import system's word for "absent"
    try:
        yield
    finally:
        for name in hidden:
            sys.modules.pop(name, None)
