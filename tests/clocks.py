"""What tests do to a run from outside, at a time and in a phase of their choice."""

from __future__ import annotations

from collections.abc import Callable

from gpnde.engine.clock import Phase, Timeline


def at(timeline: Timeline, tick: int, phase: Phase, action: Callable[[], object]) -> None:
    """Call *action* at *tick*, in *phase* of that instant."""
    event = timeline.at(tick, phase)
    assert event.callbacks is not None
    event.callbacks.append(lambda _event: action())


def every(timeline: Timeline, period: int, phase: Phase, action: Callable[[], object], first: int) -> None:
    """Call *action* at tick *first* and every *period* ticks after it."""

    def repeat() -> None:
        at(timeline, timeline.now + period, phase, repeat)
        action()

    at(timeline, first, phase, repeat)
