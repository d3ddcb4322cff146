"""Gives memory back to the system: a daemon that read pages for a minute is idle for hours. For glibc only."""

from __future__ import annotations

import ctypes
import gc
import sys

M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8  # malloc.h
PAGE_BODY = 128 * 1024  #: bytes from which a block is mapped on its own, and given back as soon as it is free


def set_up() -> None:
    """One heap for all threads, large blocks outside it; what is loaded by now stays out of the collector's way."""
    gc.freeze()
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, 1)
        mallopt(M_MMAP_THRESHOLD, PAGE_BODY)


def give_back() -> None:
    """Forget what only speeds up a round, and return what is free; takes some ten milliseconds, so for afterwards."""
    for name, module in list(sys.modules.items()):
        if name.startswith("watcher.") and hasattr(module, "forget"):
            module.forget()
        for memo in vars(module).values() if name.startswith("watcher.") else ():
            if hasattr(memo, "cache_parameters") and memo.cache_parameters()["maxsize"] is not None:
                memo.cache_clear()
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
