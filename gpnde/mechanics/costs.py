"""Costs of stocks: what a unit costs a day, by a rate or by its worth; a year has 364 days."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gpnde.vocabulary import YEAR_DAYS

Numbers = float | NDArray[np.float64]


def rate_per_day(given: Numbers, worth: Numbers, share_per_year: float) -> NDArray[np.float64]:
    """Return what a unit costs a day (money): the rate that is *given*, or else a share of its *worth* a year.

    The second is the carrying charge v·r (Silver, Pyke and Thomas, 2017). A rate of 0 counts as not given.

    >>> rate_per_day(np.array([0.5, 0.0]), 91.0, 0.2)
    array([0.5 , 0.05])
    """
    rates = np.asarray(given, dtype=np.float64)
    return np.where(rates > 0.0, rates, np.asarray(worth) * share_per_year / YEAR_DAYS)
