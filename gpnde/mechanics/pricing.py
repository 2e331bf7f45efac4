"""Prices (E2): what a unit costs and what it is sold for.

Every argument may be a number or an array; arrays are broadcast.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gpnde.vocabulary import WEEK_DAYS

Numbers = float | NDArray[np.float64]


def commodity_price(price0: Numbers, erosion_per_week: Numbers, age_days: Numbers) -> NDArray[np.float64]:
    """Return the price of a commodity that erodes exponentially with the age of its generation.

    >>> round(float(commodity_price(100.0, 0.005, 364)), 2)
    77.11
    """
    return np.asarray(price0 * np.exp(-np.asarray(erosion_per_week) * age_days / WEEK_DAYS))


def cost_plus_price(unit_cost: Numbers, markup: Numbers) -> NDArray[np.float64]:
    """Return the price that covers the cost and a markup, a share of the cost.

    >>> float(cost_plus_price(200.0, 0.25))
    250.0
    """
    return np.asarray(unit_cost * (1.0 + np.asarray(markup)))


def learning_exponent(learning_rate: Numbers) -> NDArray[np.float64]:
    """Return the exponent of a learning curve on which each doubling of output saves *learning_rate* of the cost (E7).

    >>> round(float(learning_exponent(0.2)), 3)
    0.322
    """
    return np.asarray(-np.log2(1.0 - np.asarray(learning_rate)))
