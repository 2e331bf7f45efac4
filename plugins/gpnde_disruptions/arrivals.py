"""Days of shocks that come at random, without memory of the last one (a Poisson process)."""

from __future__ import annotations

import math

import numpy as np

from gpnde.plugin import Floats

_MARGIN = 10.0
"""Standard deviations by which more shocks are drawn than are expected, so that they reach past the horizon."""


def arrival_days(rng: np.random.Generator, mean_days: float, horizon_days: float) -> Floats:
    """Return the days up to the horizon on which shocks come, with exponential times of *mean_days* between them.

    The first shocks are the same whatever the horizon.

    >>> len(arrival_days(np.random.default_rng(1), 10.0, 100_000.0)) / 10_000
    0.9985
    """
    expected = horizon_days / mean_days
    count = math.ceil(expected + _MARGIN * math.sqrt(expected) + _MARGIN)
    days = np.cumsum(mean_days * rng.standard_exponential(count))
    return np.asarray(days[days < horizon_days])
