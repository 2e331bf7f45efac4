"""Memory between two runs: what is free goes back to the system, so that a notebook does not grow by playing."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from functools import cache

from gpnde.numerics.collector import collect_recent


def tidy_up() -> None:
    """Free what a run left behind, and give free memory back to the system where its C library can."""
    collect_recent()
    _trimmer()()


@cache
def _trimmer() -> Callable[[], object]:
    """Return what gives free memory back; glibc keeps it otherwise, in pools of which each new thread may open one."""
    if sys.platform == "linux":
        library = ctypes.CDLL(None)
        if hasattr(library, "malloc_trim"):
            return lambda: library.malloc_trim(0)
    return lambda: None
