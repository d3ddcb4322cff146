"""Keeping small what runs for long: libraries without what we do not use of them, and memory that goes back."""

from __future__ import annotations

import gc
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8  # malloc.h
#: New objects after which cycles are looked for. A page makes tens of thousands of records, none of them in a cycle:
#: to search them at every 700, as Python would, is a twelfth of the work.
CYCLES = 20_000
PAGE_BODY = 128 * 1024  #: bytes from which a block is mapped on its own, and given back as soon as it is free


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


def keep_small(large: int = PAGE_BODY) -> None:
    """One heap for all threads, large blocks outside it; what is loaded by now stays out of the collector's way.

    `large`: bytes from which a block is large; up to twice as many that are free at the end of the heap stay there.
    """
    import ctypes

    gc.set_threshold(CYCLES)
    gc.freeze()
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # glibc has it
    if mallopt is not None:
        mallopt(M_ARENA_MAX, 1)
        mallopt(M_MMAP_THRESHOLD, large)
        mallopt(M_TRIM_THRESHOLD, 2 * large)


class _Late:
    """Has the methods of a pattern once one of them is asked for."""

    def __init__(self, pattern: str) -> None:
        self._written = pattern

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(self._written)
        self.__dict__.update((method, getattr(compiled, method)) for method in dir(compiled) if method[0] != "_")
        return getattr(compiled, name)


def late(pattern: str) -> re.Pattern[str]:
    """A pattern compiled when it is first used.

    For what one language or rare pages need: a class of Chinese signs takes 2 to 4 ms, for the compiler of Python 3.11
    goes through them one by one.
    """
    return cast("re.Pattern[str]", _Late(pattern))


def program(module: str) -> tuple[list[str], dict[str, str]]:
    """The command that runs a module in another process, which finds what this one finds; and its environment."""
    # -P: not what happens to lie in the working directory.
    path = os.pathsep.join(filter(None, sys.path))
    return [sys.executable, "-P", "-m", module], {**os.environ, "PYTHONPATH": path}
