"""Seats: allocate fewer places than firms at random."""

from __future__ import annotations

import numpy as np

from gpnde.plugin import YEAR_DAYS, Flags, Floats, Integers


def drawn(candidates: Flags, seats: int, lots: Floats) -> Integers:
    """Return the numbers of at most *seats* candidates, those with the lowest random numbers, in rising order.

    Every firm has a random number, whether it is a candidate or not, so that its draw does not depend on others; all
    have shape (firms,).

    >>> drawn(np.array([True, False, True, True]), 2, np.array([0.5, 0.1, 0.9, 0.2]))
    array([0, 3])
    """
    numbers = np.flatnonzero(candidates)
    first = np.argsort(lots[numbers], kind="stable")[: max(0, seats)]
    return np.sort(numbers[first])


def chance_in(per_year: float, days: float) -> float:
    """Return the chance that something of a yearly share happens within *days*.

    >>> round(chance_in(0.5, 364.0), 6), round(chance_in(0.5, 182.0), 6), chance_in(1.0, 28.0)
    (0.5, 0.292893, 1.0)
    """
    return float(1.0 - (1.0 - per_year) ** (days / YEAR_DAYS))
