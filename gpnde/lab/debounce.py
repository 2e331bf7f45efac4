"""Debounce: of many calls in quick succession, the last one counts.

It works in any thread, with or without a running event loop: the wait is a thread that lives while there is something
to wait for. In a notebook callbacks come in the kernel's main thread or in others, by its version and settings.
"""

from __future__ import annotations

import contextvars
import threading
import time
from collections.abc import Callable
from typing import Any

from gpnde.lab.job import told

Call = Callable[[], Any]


class Debounce:
    """A function that acts a while after it was last called, with what it was called with last.

    >>> heard = []
    >>> say = Debounce(heard.append, seconds=0.01)
    >>> say("one"); say("two"); say.wait(5)
    True
    >>> heard
    ['two']
    """

    def __init__(
        self, action: Callable[..., Any], seconds: float = 0.15, on_error: Callable[[str], None] | None = None
    ) -> None:
        """Act *seconds* after the last call; *on_error* is told in one line what the action raised.

        Actions never overlap. They see the context variables of the call, by which a kernel knows its cell.
        """
        self._action, self._seconds, self._on_error = action, seconds, on_error
        self._changed = threading.Condition()
        self._call: Call | None = None
        self._due = 0.0
        self._waiter: threading.Thread | None = None

    def __call__(self, *given: Any, **named: Any) -> None:
        """Act with this a while from now, unless there is another call before."""
        context = contextvars.copy_context()
        with self._changed:
            self._call = lambda: context.run(self._action, *given, **named)
            self._due = time.monotonic() + self._seconds
            self._employ()

    def flush(self) -> None:
        """Act at once if something waits."""
        with self._changed:
            self._due = 0.0
            self._changed.notify_all()

    def cancel(self) -> None:
        """Forget what waits; an action that has begun comes to its end."""
        with self._changed:
            self._call = None
            self._changed.notify_all()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until nothing waits and no action is under way, at most so long (s); return whether that is so."""
        with self._changed:
            return self._changed.wait_for(lambda: self._waiter is None, seconds)

    def _employ(self) -> None:
        if self._waiter is None:
            self._waiter = threading.Thread(target=self._work, name="gpnde-debounce", daemon=True)
            self._waiter.start()

    def _work(self) -> None:
        while (call := self._take()) is not None:
            try:
                call()
            # The thread must continue whatever an action raises; no caller above it would report the error.
            except Exception as error:
                self._tell(error)

    def _take(self) -> Call | None:
        """Return the last call when it is due; without one the waiter is through."""
        with self._changed:
            while self._call is not None and (left := self._due - time.monotonic()) > 0:
                self._changed.wait(left)
            call, self._call = self._call, None
            if call is None:
                self._waiter = None
                self._changed.notify_all()
            return call

    def _tell(self, error: Exception) -> None:
        if self._on_error is not None:
            self._on_error(told(error))
