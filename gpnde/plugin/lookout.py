"""Calls of plugins that are under way: what a thread waits for, and how a call that does not return is reported.

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

from gpnde.errors import GpndeError, Origin

VARIABLE = "GPNDE_HOOK_SECONDS"
"""Environment variable with the wall-clock time after which a call is told of (s); 0 for never."""

_SECONDS = 60.0
"""The limit without that variable (s): far above what a hook needs, compilation of its loops included."""


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
        raise GpndeError(where=f"{VARIABLE} = {given!r}", expected="must be a number of seconds, 0 for no limit")
    return seconds or math.inf


class Call:
    """One call of a plugin that is under way."""

    __slots__ = ("_began", "_day", "_limit", "_origin", "_thread", "is_told")

    def __init__(self, origin: Origin, day: float, limit: float) -> None:
        """Begin a call of *origin* on a simulated *day*, in this thread, that may take *limit* seconds."""
        self._origin, self._day, self._limit = origin, day, limit
        self._thread, self._began = threading.get_ident(), time.monotonic()
        self.is_told = False

    @property
    def origin(self) -> Origin:
        """What is called, and on which day."""
        return self._origin._replace(day=self._day)

    def is_of(self, thread: int | None) -> bool:
        """Return whether the call is one of the thread with this identifier."""
        return self._thread == thread

    @property
    def is_late(self) -> bool:
        """Whether the call has taken longer than it may."""
        return time.monotonic() - self._began >= self._limit

    def __str__(self) -> str:
        """Return what has not returned, in words."""
        return f"{self.origin} has not returned for {self._limit:g} seconds"


def warn(call: Call) -> None:
    """Name a call on standard error, and say what happens next."""
    text = f"{call}: the run waits for it: end the program if it hangs, raise {VARIABLE} if it needs more"
    print(f"gpnde: {text}", file=sys.stderr, flush=True)


class Lookout:
    """Looks now and then at the calls of all threads of this process."""

    def __init__(self) -> None:
        """Know no calls yet."""
        self.tell: Callable[[Call], None] = warn
        """What is done, in a thread of its own, about a call whose time is up."""
        self._calls: dict[Call, None] = {}
        self._nap = 1.0
        self._thread = threading.Thread()
        self._starting = threading.Lock()

    def expect(self, limit: float) -> None:
        """Look often enough for calls that may take *limit* seconds."""
        self._nap = max(0.01, min(self._nap, limit / 4))
        # After a fork the thread of the parent is dead, and takes its calls with it.
        if limit < math.inf and not self._thread.is_alive():
            with self._starting:
                self._start()

    def begin(self, call: Call) -> None:
        """Register a call."""
        self._calls[call] = None

    def end(self, call: Call) -> None:
        """Unregister a call."""
        del self._calls[call]

    def awaited(self, thread: threading.Thread) -> Origin | None:
        """Return what a thread waits for, the innermost call, or None for none."""
        return next((call.origin for call in reversed([*self._calls]) if call.is_of(thread.ident)), None)

    def _start(self) -> None:
        # Asked once more under the lock, since another thread may have started it meanwhile.
        if not self._thread.is_alive():
            self._thread = threading.Thread(target=self._watch, name="gpnde-lookout", daemon=True)
            self._thread.start()

    def _watch(self) -> None:
        while True:
            time.sleep(self._nap)
            alive = {thread.ident for thread in threading.enumerate()}
            # A copy, since calls begin and end in other threads meanwhile.
            for call in [*self._calls]:
                if not call.is_told and call.is_late and any(call.is_of(thread) for thread in alive):
                    call.is_told = True
                    self.tell(call)


LOOKOUT = Lookout()
"""The lookout of this process."""
