"""The pace of frames: often enough to see a run move, seldom enough to leave most of the time to the run."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SHARE = 0.25
"""Time that frames may take, relative to the time that the run itself takes."""

FIRST_SECONDS = 0.2
"""After so long (s) there is a first frame, whatever it costs."""


class Pace:
    """Decides when the next frame is due, from what frames cost and how long the run has worked."""

    def __init__(self, frames_per_second: float, clock: Callable[[], float] = time.perf_counter) -> None:
        """Allow at most so many frames a second; *clock* tells the time (s)."""
        self._interval, self._clock = 1.0 / frames_per_second, clock
        self._cost = 0.0
        self.begin()

    def begin(self) -> None:
        """Begin a run; what a frame costs is remembered from the last one."""
        self._began = self._clock()
        # No frame has been shown yet, so that the first one waits for no interval.
        self._last = -float("inf")
        self._frames_took = self._stood_still = 0.0

    def is_due(self) -> bool:
        """Return whether it is time for a frame."""
        now = self._clock()
        if now < self._last + self._interval:
            return False
        worked = now - self._began - self._frames_took - self._stood_still
        if self._frames_took == 0.0 and worked >= FIRST_SECONDS:
            return True
        return self._frames_took + self._cost <= SHARE * worked

    @contextmanager
    def frame(self) -> Iterator[None]:
        """Measure what a frame costs."""
        self._last = self._clock()
        try:
            yield
        finally:
            self._cost = self._clock() - self._last
            self._frames_took += self._cost

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Leave the time of a pause out of account."""
        began = self._clock()
        try:
            yield
        finally:
            self._stood_still += self._clock() - began
