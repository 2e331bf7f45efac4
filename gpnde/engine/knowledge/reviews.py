"""Decisions that come round less often than the steps of learning."""

from __future__ import annotations

_ROUNDING = 1e-9
"""Days by which a step may miss the day of a review, as sums of fractions do."""


class Reviews:
    """Tells at which steps it is time to decide: the first at or after each planned day."""

    def __init__(self, every_days: float, first_day: float | None = None) -> None:
        """Plan a review every so many days, the first one period from day 0 unless *first_day* says otherwise."""
        self._every = every_days
        self._next = every_days if first_day is None else first_day

    def is_due(self, day: float) -> bool:
        """Return whether a review is due on *day*; if so, it is taken as held and the next one is planned.

        >>> reviews = Reviews(91)
        >>> [day for day in (28.0, 56.0, 84.0, 112.0, 140.0, 168.0, 196.0) if reviews.is_due(day)]
        [112.0, 196.0]
        """
        if day < self._next - _ROUNDING:
            return False
        # Counted from the planned day: reviews that are held late must not put off all others.
        self._next += self._every
        return True
