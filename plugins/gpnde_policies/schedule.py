"""Values by day: steps, and works that take their time."""

from __future__ import annotations

from collections.abc import Sequence


def value_on(day: float, steps: Sequence[tuple[float, float]]) -> float:
    """Return the value in force on *day*: that of the last step, a day and a value, which has come; 0 before.

    >>> [value_on(day, [(10.0, 0.3), (20.0, 0.1)]) for day in (5.0, 10.0, 15.0, 20.0)]
    [0.0, 0.3, 0.3, 0.1]
    """
    past = [step for step in steps if step[0] <= day]
    return max(past, key=lambda step: step[0])[1] if past else 0.0


def progress(day: float, start_day: float, build_days: float) -> float:
    """Return which part of works is done on *day*, from 0 at the start to 1 after *build_days*.

    >>> [progress(day, 100.0, 50.0) for day in (90.0, 125.0, 200.0)]
    [0.0, 0.5, 1.0]
    >>> progress(100.0, 100.0, 0.0)
    1.0
    """
    if build_days <= 0.0:
        return float(day >= start_day)
    return min(max((day - start_day) / build_days, 0.0), 1.0)


def overlap(first: float, last: float, begins: float, ends: float) -> float:
    """Return for how many days of the time from *first* to *last* something is the case that *begins* and *ends*.

    >>> overlap(0.0, 28.0, 14.0, 100.0), overlap(0.0, 28.0, 28.0, 100.0)
    (14.0, 0.0)
    """
    return max(min(last, ends) - max(first, begins), 0.0)
