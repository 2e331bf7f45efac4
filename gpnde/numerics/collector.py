"""Python's search for garbage, out of the way where only objects that stay are made."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause the collector of cycles, unless it is off anyway.

    Reading a big network, compiling and running make many objects that stay and no cycles; to search them again and
    again doubles the time of loading.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def collector_back() -> Iterator[None]:
    """Re-enable garbage collection inside this block, e.g. while a paused run waits."""
    was_on = gc.isenabled()
    gc.enable()
    try:
        yield
    finally:
        if not was_on:
            gc.disable()


def collect_recent() -> None:
    """Free what was made lately, is not reachable any more and refers to itself in circles.

    Right after a pause that is all that was made in it. Left to itself the collector can wait for very long, since a
    few objects may hold large arrays.
    """
    gc.collect(1)
