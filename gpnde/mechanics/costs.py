"""Costs of stocks: rates by worth, and closed forms that runs are held against.

Money is in the scenario's currency, times are days, and a year has 364 days.
"""

from __future__ import annotations

import math

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


def pipeline_stock(demand: float, lead_time: float) -> float:
    """Return the mean units on the way: *demand* (units/day) times *lead_time* (days) (Little, 1961).

    >>> pipeline_stock(10.0, 3.0)
    30.0
    """
    return demand * lead_time


def economic_order_quantity(demand: float, order_cost: float, holding_cost: float) -> float:
    """Return the quantity √(2·K·D/h) that costs least (Harris, 1913; Silver, Pyke and Thomas, 2017).

    *demand* D is in units a day, *order_cost* K in money, *holding_cost* h in money per unit and day.

    >>> economic_order_quantity(10.0, 80.0, 1.0)
    40.0
    """
    return math.sqrt(2.0 * order_cost * demand / holding_cost)


def economic_order_cost(demand: float, order_cost: float, holding_cost: float) -> float:
    """Return what ordering and holding cost a day at the economic order quantity: √(2·K·D·h) (Harris, 1913).

    >>> economic_order_cost(10.0, 80.0, 1.0)
    40.0
    """
    return math.sqrt(2.0 * order_cost * demand * holding_cost)


def order_quantity_cost(quantity: float, demand: float, order_cost: float, holding_cost: float) -> float:
    """Return what ordering and holding cost a day where each order is of one *quantity* Q: K·D/Q + h·Q/2.

    >>> order_quantity_cost(20.0, 10.0, 80.0, 1.0)
    50.0
    """
    return order_cost * demand / quantity + holding_cost * quantity / 2.0
