"""A watch on wall-clock time: a call of a plugin that does not return is named.

Wall-clock time decides nothing: a call that takes long is told of once, and waited for. Nothing is raised in its thread
from outside, since that would hit whatever runs there at that moment, be it code of the plugin, of gpnde or of others.
"""

from __future__ import annotations

import math
import os
import sys
import threading
import time
from collections.abc import Callable

from gpnde.errors import GpndeError

VARIABLE = "GPNDE_HOOK_SECONDS"
"""Environment variable with the wall-clock time after which a call is told of (s); 0 for never."""

_SECONDS = 60.0
"""The limit without that variable (s): far above what a hook needs, compilation of its loops included."""

_LONGEST_NAP = 1.0
"""Time between two looks at the calls (s)."""


def hook_seconds() -> float:
    """Return the wall-clock time that one call of a plugin may take (s); infinity for no limit.

    >>> hook_seconds()
    60.0
    """
    given = os.environ.get(VARIABLE, "") or _SECONDS
    try:
        seconds = float(given)
    except ValueError:
        seconds = -1.0
    if not seconds >= 0:
        raise GpndeError(f"{VARIABLE} = {given!r}: must be a number of seconds, 0 for no limit")
    return seconds or math.inf


class Call:
    """One call of a plugin that is under way."""

    __slots__ = ("day", "deadline", "is_told", "limit", "thread", "where")

    def __init__(self, where: Callable[[float], str], day: float, limit: float) -> None:
        """Begin a call on a simulated *day* that may take *limit* seconds; *where* tells in words what it is."""
        self.where, self.day, self.limit = where, day, limit
        self.thread = threading.get_ident()
        self.deadline = time.monotonic() + limit
        self.is_told = False

    def __str__(self) -> str:
        """Return what has not returned, in words."""
        return f"{self.where(self.day)} has not returned for {self.limit:g} seconds"


def warn(call: Call) -> None:
    """Name a call on standard error, and say what becomes of it."""
    text = f"{call}: the run waits for it: end the program if it hangs, raise {VARIABLE} if it needs more"
    print(f"gpnde: {text}", file=sys.stderr, flush=True)


class Watchdog:
    """Looks after the calls of all threads of this process; its own thread begins with the first call."""

    def __init__(self) -> None:
        """Know no calls yet."""
        self.tell: Callable[[Call], None] = warn
        """What is done, in the watchdog's thread, about a call whose time is up."""
        self._calls: dict[Call, None] = {}
        self._nap = _LONGEST_NAP
        self._forget_thread()

    def _forget_thread(self) -> None:
        """Start anew without a thread: at first, and in a forked process, where only the forking thread lives."""
        self._is_running = False
        self._lock, self._hurry = threading.Lock(), threading.Event()
        here = threading.get_ident()
        self._calls = {call: None for call in self._calls if call.thread == here}

    def expect(self, limit: float) -> None:
        """Look often enough for calls with this limit (s)."""
        nap = max(0.01, limit / 4)
        if nap < self._nap:
            self._nap = nap
            self._hurry.set()

    def begin(self, call: Call) -> None:
        """Look after a call from now on."""
        self._calls[call] = None
        if not self._is_running:
            self._start()

    def end(self, call: Call) -> None:
        """Let a call go."""
        self._calls.pop(call, None)

    def awaited(self, thread: int) -> str:
        """Return which call a thread waits for, the innermost, in words; empty for none."""
        return next((call.where(call.day) for call in reversed([*self._calls]) if call.thread == thread), "")

    def _start(self) -> None:
        with self._lock:
            if not self._is_running:
                self._is_running = True
                threading.Thread(target=self._watch, name="gpnde-watchdog", daemon=True).start()

    def _watch(self) -> None:
        while True:
            self._hurry.wait(self._nap)
            self._hurry.clear()
            self._look()

    def _look(self) -> None:
        """Tell of every call whose time is up, once."""
        for call in [*self._calls]:
            if not call.is_told and call.deadline <= time.monotonic():
                call.is_told = True
                self.tell(call)


WATCHDOG = Watchdog()
"""The watchdog of this process."""

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=WATCHDOG._forget_thread)
