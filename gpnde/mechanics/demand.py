"""Demand (E1): diffusion of a product generation, and answer to its price.

Every argument may be a number or an array; arrays are broadcast.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = float | NDArray[np.float64]


def bass_cumulative(time: Numbers, p: Numbers, q: Numbers) -> NDArray[np.float64]:
    """Return the share of all eventual buyers who have bought by a time after launch (Bass, 1969).

    *p* is the coefficient of innovation and *q* that of imitation, both per unit of *time*; none is sold before launch.
    A closed form: the engine sells by `bass_rate`, which is held against it.

    >>> round(float(bass_cumulative(10.0, 0.03, 0.38)), 4)
    0.8128
    """
    decay = np.exp(-(p + q) * np.maximum(time, 0.0))
    return np.asarray((1.0 - decay) / (1.0 + q / p * decay))


def bass_rate(time: Numbers, p: Numbers, q: Numbers) -> NDArray[np.float64]:
    """Return the share of all eventual buyers who buy per unit of time (Bass, 1969).

    >>> round(float(bass_rate(0.0, 0.03, 0.38)), 4)
    0.03
    """
    # Cut at 0, or times long before the launch would overflow; the choice below makes them 0 anyway.
    decay = np.exp(-(p + q) * np.maximum(time, 0.0))
    rate = (p + q) ** 2 / p * decay / (1.0 + q / p * decay) ** 2
    return np.where(np.asarray(time) < 0.0, 0.0, rate)


def bass_peak_time(p: Numbers, q: Numbers) -> NDArray[np.float64]:
    """Return the time after launch at which sales are highest: 0 where imitation is no stronger than innovation.

    A closed form, which `bass_rate` and `rescale_bass` are held against (Bass, 1969).

    >>> round(float(bass_peak_time(0.03, 0.38)), 2)
    6.19
    """
    return np.asarray(np.log(np.maximum(q / np.asarray(p), 1.0)) / (p + q))


def rescale_bass(p: float, q: float, life_cycle_days: float, share: float = 0.95) -> tuple[float, float]:
    """Return *p* and *q* per day such that *share* of the sales fall inside the life cycle, with q/p unchanged.

    >>> p, q = rescale_bass(0.03, 0.38, 182)
    >>> round(p, 5), round(q, 4), round(float(bass_peak_time(p, q)))
    (0.00224, 0.0283, 83)
    """
    time_to_share = np.log((1.0 + share * q / p) / (1.0 - share)) / (p + q)
    factor = float(time_to_share / life_cycle_days)
    return p * factor, q * factor


def price_response(price: Numbers, reference: Numbers, elasticity: Numbers) -> NDArray[np.float64]:
    """Return the factor on demand when *price* differs from the *reference* price, at constant elasticity.

    >>> float(price_response(80.0, 100.0, 1.0))
    1.25
    """
    return np.asarray((np.asarray(price) / reference) ** -np.asarray(elasticity))
