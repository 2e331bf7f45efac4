"""Exchange rates (E27): values of currencies in world money that wander and return.

The logarithm of a rate is an Ornstein-Uhlenbeck process (Uhlenbeck & Ornstein, 1930), exact over any step; the mean of
the rate is 1 at every time.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = float | NDArray[np.float64]


def log_variance(years: Numbers, volatility: Numbers, reversion: Numbers) -> NDArray[np.float64]:
    """Return the variance of the logarithm of a rate so many *years* after it was certain.

    It is σ² (1 − exp(−2 κ t)) / (2 κ) with the yearly *volatility* σ and *reversion* κ, and σ² t without reversion.

    >>> round(float(log_variance(1.0, 0.1, 0.5)), 6), round(float(log_variance(2.0, 0.1, 0.0)), 6)
    (0.006321, 0.02)
    """
    rate = 2.0 * np.asarray(reversion, dtype=np.float64)
    exponent, span = np.broadcast_arrays(rate * years, np.asarray(years, dtype=np.float64))
    effective = np.divide(-np.expm1(-exponent), rate, out=span.copy(), where=rate > 0.0)
    return np.asarray(np.asarray(volatility) ** 2 * effective)


def next_deviation(
    deviation: Numbers, years: Numbers, volatility: Numbers, reversion: Numbers, noise: Numbers
) -> NDArray[np.float64]:
    """Return by how much the logarithm deviates from its mean after a step of so many *years*.

    *noise* is standard normal.

    >>> round(float(next_deviation(0.2, 1.0, 0.1, 0.5, 0.0)), 4)
    0.1213
    """
    kept = np.exp(-np.asarray(reversion) * years)
    return np.asarray(kept * deviation + np.sqrt(log_variance(years, volatility, reversion)) * np.asarray(noise))


def next_variance(variance: Numbers, years: Numbers, volatility: Numbers, reversion: Numbers) -> NDArray[np.float64]:
    """Return the variance of the deviation some *years* later, while its volatility may change from step to step.

    >>> once = log_variance(1.0, 0.2, 0.5)
    >>> half = next_variance(0.0, 0.5, 0.2, 0.5)
    >>> bool(abs(next_variance(half, 0.5, 0.2, 0.5) - once) < 1e-15)
    True
    """
    kept = np.exp(-2.0 * np.asarray(reversion) * years)
    return np.asarray(kept * variance + log_variance(years, volatility, reversion))


def rate_of(deviation: Numbers, variance: Numbers) -> NDArray[np.float64]:
    """Return the rate at a *deviation* of its logarithm whose *variance* is known; its mean is 1.

    >>> float(rate_of(0.0, 0.0))
    1.0
    """
    # Less half the variance, or the mean of a lognormal rate would rise above 1 with its spread.
    return np.asarray(np.exp(np.asarray(deviation) - np.asarray(variance) / 2.0))
