"""What tests do to a run from outside, at a time and in a phase of their choice."""

from __future__ import annotations

from collections.abc import Callable

import simpy

from gpnde.engine.clock import Phase, Timeline


def at(timeline: Timeline, tick: int, phase: Phase, action: Callable[[], object]) -> None:
    """Call *action* at *tick*, in *phase* of that instant."""

    def happen(_event: simpy.Event) -> None:
        action()

    event = timeline.at(tick, phase)
    assert event.callbacks is not None
    event.callbacks.append(happen)


def every(timeline: Timeline, period: int, phase: Phase, action: Callable[[], object], first: int) -> None:
    """Call *action* at tick *first* and every *period* ticks after it."""

    def repeat() -> None:
        at(timeline, timeline.now + period, phase, repeat)
        action()

    at(timeline, first, phase, repeat)
