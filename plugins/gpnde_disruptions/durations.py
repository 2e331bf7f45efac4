"""Laws of the time up to an outage and of its length, by inversion: a duration for each chance."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from gpnde.plugin import Floats, normal_quantile

Draw = Callable[[Floats], Floats]
"""Makes durations of uniform numbers between 0 and 1, both excluded; shape as given."""


def exponential(mean: float) -> Draw:
    """Return the law without memory."""
    return lambda chances: -mean * np.log(chances)


def weibull(mean: float, shape: float) -> Draw:
    """Return the law of wear: above shape 1 an outage is the likelier, the longer the last one was ago.

    >>> chances = (np.arange(100_000) + 0.5) / 100_000
    >>> round(float(weibull(10.0, 2.0)(chances).mean()), 1)
    10.0
    """
    scale = mean / math.gamma(1.0 + 1.0 / shape)
    return lambda chances: scale * (-np.log(chances)) ** (1.0 / shape)


def lognormal(mean: float, cv: float) -> Draw:
    """Return the law of repairs that now and then take very long; *cv* is standard deviation by mean."""
    variance = math.log1p(cv * cv)
    return lambda chances: mean * np.exp(math.sqrt(variance) * _normal(chances) - variance / 2.0)


def fixed(value: float) -> Draw:
    """Return the law that always gives *value*."""
    return lambda chances: np.full(np.shape(chances), value)


def _normal(chances: Floats) -> Floats:
    """Return the standard normal quantile of each chance."""
    return np.array([normal_quantile(chance) for chance in chances.tolist()], dtype=np.float64)
