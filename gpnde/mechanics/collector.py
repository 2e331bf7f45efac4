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
