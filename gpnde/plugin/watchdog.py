"""A watch on wall-clock time: a call of a plugin that never returns is stopped, or at least named.

Wall-clock time decides nothing but whether a run fails. How calls and the watchdog agree: each call has one claim,
which either the watchdog or the end of the call takes. While the watchdog holds it, the call cannot end; once the end
of the call has it, the watchdog cannot strike any more. Nothing can therefore hit what comes after a call.
"""

from __future__ import annotations

import ctypes
import math
import os
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import ClassVar

from gpnde.errors import GpndeError

VARIABLE = "GPNDE_HOOK_SECONDS"
"""Environment variable with the wall-clock time that one call may take (s); 0 for no limit."""

_SECONDS = 60.0
"""The limit without that variable (s): far above what a hook needs, compilation of its loops included."""

_GRACE = 5.0
"""Time for a call to react before it is struck again, and named on standard error (s)."""

_PATIENCE = 60.0
"""Time for a call to end what would harm others if it stayed half done (s)."""

_DELICATE = frozenset({"importlib", "_frozen_importlib", "numba"})
"""Packages at work while a module is imported or a function compiled."""

_DEBUGGERS = frozenset({"bdb"})
"""Packages at work while somebody looks at a plugin in a debugger."""

_GUARD = "gpnde.plugin.guard"
"""The module whose functions call plugins."""

_LONGEST_NAP = 1.0
"""Time between two looks at the calls (s)."""

_SHORT_NAP = 0.02
"""Time between two looks while a thread is to be through with its calls (s)."""


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


class Overdue(BaseException):
    """Raised inside a call that takes too long; no `Exception`, so that plugins do not catch it by accident."""

    call: ClassVar[Call]

    def __reduce__(self) -> tuple[type[Overdue], tuple[()]]:
        """Go to another process, as the cause of an error of a run, without the call."""
        return Overdue, ()


class Call:
    """One call of a plugin that is under way."""

    __slots__ = ("claim", "day", "deadline", "is_over", "limit", "strikes", "thread", "where")

    def __init__(self, where: Callable[[float], str], day: float, limit: float) -> None:
        """Begin a call on a simulated *day* that may take *limit* seconds; *where* tells in words what it is."""
        self.where, self.day, self.limit = where, day, limit
        self.thread = threading.get_ident()
        self.deadline = time.monotonic() + limit
        self.claim: dict[str, str] = {}
        """Who may act on the call; the first to enter wins, which is one indivisible step."""
        self.strikes = 0
        self.is_over = False

    def overdue(self) -> type[Overdue]:
        """Return an exception of this call alone; it is a class, since Python raises no objects in other threads."""
        return type("Overdue", (Overdue,), {"call": self})


class Watchdog:
    """Looks after the calls of all threads of this process; its own thread begins with the first call."""

    def __init__(self) -> None:
        """Know no calls yet."""
        self._calls: dict[Call, None] = {}
        self._nap = _LONGEST_NAP
        self._hastened: set[int] = set()
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
        """Let a call go; to be repeated until ``call.is_over``, since its exception may come in the midst of this."""
        while call.claim.setdefault("holder", "call") != "call":
            time.sleep(0)
        self._calls.pop(call, None)
        if call.strikes:
            _raise_in(call.thread, None)
        call.is_over = True

    def hasten(self, thread: int) -> None:
        """Strike every call of a thread at once, until it is spared; for work that nobody wants any more."""
        self._hastened.add(thread)
        self._hurry.set()

    def spare(self, thread: int) -> None:
        """Let the calls of a thread take their time again."""
        self._hastened.discard(thread)

    def _start(self) -> None:
        with self._lock:
            if not self._is_running:
                self._is_running = True
                threading.Thread(target=self._watch, name="gpnde-watchdog", daemon=True).start()

    def _watch(self) -> None:
        while True:
            self._hurry.wait(min(self._nap, _SHORT_NAP) if self._hastened else self._nap)
            self._hurry.clear()
            for call in list(self._calls):
                if call.deadline <= time.monotonic() or self._is_unwanted(call):
                    self._look_at(call)

    def _is_unwanted(self, call: Call) -> bool:
        return call.thread in self._hastened and not call.strikes

    def _look_at(self, call: Call) -> None:
        """Stop a call whose time is up, unless it is over by now, in a debugger, or about to end something delicate."""
        at_work = _at_work(call.thread)
        if at_work & _DEBUGGERS:
            call.deadline = time.monotonic() + call.limit
        elif at_work & _DELICATE and time.monotonic() < call.deadline + _PATIENCE:
            return
        elif call.claim.setdefault("holder", "watchdog") == "watchdog":
            try:
                call.strikes += 1
                call.deadline = time.monotonic() + _GRACE
                _raise_in(call.thread, call.overdue())
            finally:
                del call.claim["holder"]
            if call.strikes == 2:
                _tell(call)


def _raise_in(thread: int, kind: type[Overdue] | None) -> None:
    """Let a thread raise an exception as soon as it runs Python code; None takes back one that it has not raised."""
    raised = None if kind is None else ctypes.py_object(kind)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), raised)


def _tell(call: Call) -> None:
    seconds = call.limit + _GRACE
    text = f"{call.where(call.day)}: has not returned for {seconds:g} seconds and cannot be stopped: end the program"
    print(f"gpnde: {text}", file=sys.stderr, flush=True)


def _at_work(thread: int) -> set[str]:
    """Return the packages whose code a thread is in, down to the guard that called the plugin."""
    frame: FrameType | None = sys._current_frames().get(thread)
    found = set[str]()
    while frame is not None and frame.f_globals.get("__name__") != _GUARD:
        found.add(str(frame.f_globals.get("__name__")).partition(".")[0])
        frame = frame.f_back
    return found


WATCHDOG = Watchdog()
"""The watchdog of this process."""

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=WATCHDOG._forget_thread)
