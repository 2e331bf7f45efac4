"""The hurdle (E29): how far the worth of an investment has to exceed its cost before a firm stops waiting.

Waiting has a value of its own, the higher the more that worth varies (Dixit and Pindyck, 1994).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = float | NDArray[np.float64]

QUARTERS_PER_YEAR = 4


def hurdle(volatility: Numbers, interest: float, payout: float) -> NDArray[np.float64]:
    """Return β / (β - 1), the least ratio of worth to cost at which a firm invests (Dixit and Pindyck, 1994, ch. 5).

    β is the positive root of σ²/2 β (β - 1) + (r - δ) β - r = 0. Without volatility the hurdle is 1 where the payout is
    at least the interest.

    Parameters
    ----------
    volatility
        Standard deviation σ of the yearly change of the worth's logarithm.
    interest
        Rate r at which the firm discounts (1/year), above 0.
    payout
        Rate δ at which an investment pays that is made (1/year), at least *interest*.

    Examples
    --------
    >>> hurdle(np.array([0.0, 0.2, 0.4]), interest=0.08, payout=0.08).round(3)
    array([1.   , 1.64 , 2.618])
    """
    # Near enough to the limit without volatility, which divides by 0.
    sigma2 = np.maximum(np.asarray(volatility, dtype=np.float64) ** 2, 1e-12)
    drift = (interest - payout) / sigma2
    root = 0.5 - drift + np.sqrt((drift - 0.5) ** 2 + 2.0 * interest / sigma2)
    return np.asarray(root / (root - 1.0))


def value_volatility(variation: Numbers, persistence: Numbers, discount: Numbers) -> NDArray[np.float64]:
    """Return the yearly volatility of the worth of an income that returns to its mean (1).

    An income that follows an autoregression of first order around a mean is worth its discounted sum; only what lasts
    moves that sum, so that it varies far less than the income.

    Parameters
    ----------
    variation
        Standard deviation of the income of a quarter over its mean.
    persistence
        Autocorrelation a of the income from quarter to quarter, from 0 to below 1.
    discount
        What a unit of income is worth a quarter later, x below 1.

    Examples
    --------
    >>> value_volatility(0.5, np.array([0.0, 0.9]), 0.95).round(3)
    array([0.05, 0.15])
    """
    a, x = np.asarray(persistence, dtype=np.float64), np.asarray(discount, dtype=np.float64)
    shock = np.asarray(variation) * np.sqrt(1.0 - a**2)
    return np.asarray(np.sqrt(QUARTERS_PER_YEAR) * shock * (1.0 - x) / (1.0 - x * a))


def income_pattern(incomes: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return variation and persistence of incomes, one row per quarter and one column per firm.

    The variation is the standard deviation over the mean, infinite where the mean is not above 0; the persistence is
    the autocorrelation of first order, 0 where it is below.

    >>> variation, persistence = income_pattern(np.array([[1.0], [3.0], [1.0], [3.0]]))
    >>> variation.round(2), persistence
    (array([0.5]), array([0.]))
    """
    mean = incomes.mean(axis=0)
    apart = incomes - mean
    variance = (apart**2).mean(axis=0)
    # Over all quarters, although one product less is summed: so the ratio cannot leave -1 to 1.
    together = (apart[1:] * apart[:-1]).sum(axis=0) / max(1, len(incomes))
    persistence = np.divide(together, variance, out=np.zeros_like(variance), where=variance > 0.0)
    variation = np.divide(np.sqrt(variance), mean, out=np.full_like(mean, np.inf), where=mean > 0.0)
    # At 1 `value_volatility` would see no shocks, and the shakiest income would pass for a sure one.
    return variation, np.clip(persistence, 0.0, 0.95)
