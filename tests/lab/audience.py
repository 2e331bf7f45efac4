"""A listener of live runs, and scenarios that run as long as one likes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from gpnde.results.run import Run
from gpnde.scenario.generate import generate
from gpnde.scenario.schema import Scenario


class Audience:
    """Keeps what it is told, and lets a test wait for the first frame."""

    def __init__(self) -> None:
        self.frames: list[tuple[str, Run, float, float]] = []
        self.ends: list[tuple[dict[str, Run], str, str]] = []
        self.on_frame: Callable[[str, float], Any] = lambda name, day: None
        self.saw_one = threading.Event()

    def frame(self, name: str, run: Run, day: float, days: float) -> None:
        self.frames.append((name, run, day, days))
        self.saw_one.set()
        self.on_frame(name, day)

    def done(self, runs: dict[str, Run], state: str, message: str) -> None:
        self.ends.append((runs, state, message))


def lasting(days: float, **changes: Any) -> Scenario:
    """Return a network of fifteen firms that runs for so many days."""
    scenario = generate("made-up", 15, 3, seed=4)
    clock = scenario.clock.model_copy(update={"days": days})
    return scenario.model_copy(update={"clock": clock, **changes})
