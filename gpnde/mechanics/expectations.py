"""What firms expect of their places in the network (E18): how long they keep them, and how a lead in capability wanes.

Rates are per day.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gpnde.mechanics.effort import discounted_days
from gpnde.mechanics.scorecard import Counts, dismissal_hazard
from gpnde.mechanics.sourcing import incumbent_bar
from gpnde.numerics.normal import normal_probability

Numbers = float | NDArray[np.float64]

_LEAST_GAP = 0.02


def hazard_per_day(
    score: Numbers, threshold: Numbers, spread: float, strikes: Counts, review_days: float, beaten: Numbers = 1.0
) -> NDArray[np.float64]:
    """Return the rate at which a supplier reckons to be dismissed, by how far its score is from the *threshold*.

    It takes its score to vary around the present one by a standard deviation *spread*, above 0, at every review.
    *beaten* is the chance that a bid is good enough to displace it once it has its strikes.

    >>> hazard_per_day(np.array([0.45, 0.50, 0.75]), 0.5, 0.08, 2, 91.0).round(5)
    array([0.00409, 0.002  , 0.     ])
    """
    failure = normal_probability((threshold - np.asarray(score, dtype=np.float64)) / spread)
    # A dismissal that is certain would have an infinite hazard.
    chance = np.minimum(dismissal_hazard(failure, strikes) * beaten, 1.0 - 1e-12)
    return np.asarray(-np.log1p(-chance) / review_days)


def chance_beaten(score: Numbers, usual: Numbers, lock: Numbers, spread: float) -> NDArray[np.float64]:
    """Return the chance that a bid beats a supplier by what its buyer asks for; 1 where that asks for nothing (NaN).

    Rivals bid what is *usual* for the product, give or take a standard deviation *spread*.

    >>> chance_beaten(np.array([0.5, 0.5, 0.6]), 0.5, np.array([np.nan, 0.0, 0.2]), 0.08).round(3)
    array([1.   , 0.5  , 0.012])
    """
    ahead = np.asarray(usual, dtype=np.float64) - incumbent_bar(score, lock)
    return np.where(np.isnan(ahead), 1.0, normal_probability(ahead / spread))


def expected_days(
    hazard: Numbers, discount: Numbers, protected_days: Numbers, horizon_days: Numbers
) -> NDArray[np.float64]:
    """Return the present value of 1 per day up to the horizon, for as long as the place is kept.

    While it is protected it cannot be lost; then it is lost at the *hazard*.

    >>> float(expected_days(0.0, 0.0, 0.0, 364.0)), round(float(expected_days(0.01, 0.0, 100.0, 364.0)), 2)
    (364.0, 192.86)
    """
    safe = np.minimum(np.asarray(protected_days, dtype=np.float64), horizon_days)
    rate = np.asarray(discount, dtype=np.float64)
    kept = discounted_days(rate, 0.0, safe)
    after = np.exp(-rate * safe) * discounted_days(rate + hazard, 0.0, np.asarray(horizon_days) - safe)
    return np.asarray(kept + after)


def catching_up(growth: Numbers, level: Numbers, ceiling: Numbers) -> NDArray[np.float64]:
    """Return the rate at which a lead in capability is caught up with, as own growth tells (1/day).

    Who closes the gap to a ceiling at a rate grows by this rate times the gap; a lead is the smaller gap, and closes at
    the same rate. Near the ceiling, a gap of less than 0.02 counts as that.

    >>> catching_up(np.array([0.0002, -0.0001]), 0.5, 0.9).round(5)
    array([0.0005, 0.    ])
    """
    gap = np.maximum(np.asarray(ceiling, dtype=np.float64) - level, _LEAST_GAP)
    return np.asarray(np.maximum(growth, 0.0) / gap)


def waning(decay: Numbers, discount: float, horizon_days: Numbers) -> NDArray[np.float64]:
    """Return what a lead that wanes at a rate *decay* is worth, as a share of one that lasts.

    >>> waning(np.array([0.0, 0.001]), discount=0.0, horizon_days=1000.0).round(3)
    array([1.   , 0.632])
    """
    lasting = discounted_days(discount, 0.0, horizon_days)
    return np.asarray(discounted_days(discount + np.asarray(decay), 0.0, horizon_days) / lasting)
