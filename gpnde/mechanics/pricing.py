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


def unit_cost(
    wage_cost: Numbers,
    units_made: Numbers,
    reference_units: Numbers,
    learning_rate: Numbers,
    productivity: Numbers = 1.0,
    fixed_cost: Numbers = 0.0,
    volume: Numbers = 1.0,
) -> NDArray[np.float64]:
    """Return the cost of making a unit: labour on a learning curve (Wright, 1936) and a share of the fixed cost (E7).

    *wage_cost* is the labour cost of a unit at *reference_units* of cumulative output, below which experience does
    not count; *fixed_cost* and *volume* belong to one period, and a period without volume charges no fixed cost.

    >>> round(float(unit_cost(10.0, 2000.0, 1000.0, 0.2)), 6)
    8.0
    """
    experience = np.maximum(units_made, reference_units) / np.asarray(reference_units)
    labour = wage_cost * experience ** -learning_exponent(learning_rate) / np.asarray(productivity)
    return np.asarray(labour + _per_unit(fixed_cost, volume))


def _per_unit(fixed_cost: Numbers, volume: Numbers) -> NDArray[np.float64]:
    """Return the fixed cost of a period per unit made, 0 where none is made."""
    cost, units = np.broadcast_arrays(np.asarray(fixed_cost, dtype=np.float64), np.asarray(volume, dtype=np.float64))
    return np.asarray(np.divide(cost, units, out=np.zeros(cost.shape), where=units > 0.0))
