"""Laws of the time up to an outage and of its length, drawn for all entities at once."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from gpnde.world.layout import Floats

Draw = Callable[[np.random.Generator, int], Floats]
"""Draws that many durations from a generator."""


def exponential(mean: float) -> Draw:
    """Return the law without memory."""
    return lambda rng, count: mean * rng.standard_exponential(count)


def weibull(mean: float, shape: float) -> Draw:
    """Return the law of wear: above shape 1 an outage is the likelier, the longer the last one was ago.

    >>> rng = np.random.default_rng(1)
    >>> round(float(weibull(10.0, 2.0)(rng, 100_000).mean()), 1)
    10.0
    """
    scale = mean / math.gamma(1.0 + 1.0 / shape)
    return lambda rng, count: scale * rng.standard_exponential(count) ** (1.0 / shape)


def lognormal(mean: float, cv: float) -> Draw:
    """Return the law of repairs that now and then take very long; *cv* is standard deviation by mean."""
    variance = math.log1p(cv * cv)
    return lambda rng, count: mean * np.exp(math.sqrt(variance) * rng.standard_normal(count) - variance / 2.0)


def fixed(value: float) -> Draw:
    """Return the law that always gives *value*."""
    return lambda rng, count: np.full(count, value)
