"""Taxes on profit and investments (E21): neutral where cost is deducted at once, a burden where it is deducted late.

A gain is worth 1 - t of itself after a tax at the rate t. What is deducted at once costs 1 - t of itself, so that the
tax falls on both sides alike and changes no choice (Brown, 1948). What is deducted later saves less than that, and all
of it has to be earned from what is left of the gain (Hall and Jorgenson, 1967).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gpnde.mechanics.capital import cost_of_use
from gpnde.mechanics.effort import discounted_days

Numbers = float | NDArray[np.float64]


def deductions(life_days: Numbers, specific: Numbers, rate_per_day: float, days: float) -> NDArray[np.float64]:
    """Return the present value of what is written off plant within *days*, as a share of its price.

    General plant is written off evenly over its life. The share *specific* to one product generation is written off
    with it, which is taken to be at the end of *days*, the latest that is possible.

    >>> float(deductions(3640.0, 0.0, 0.0, 364.0)), float(deductions(3640.0, 1.0, 0.0, 364.0))
    (0.1, 1.0)
    """
    life = np.asarray(life_days, dtype=np.float64)
    evenly = discounted_days(rate_per_day, 0.0, np.minimum(days, life)) / life
    return np.asarray((1.0 - np.asarray(specific)) * evenly + np.asarray(specific) * np.exp(-rate_per_day * days))


def taxed_cost_of_use(
    cost: Numbers,
    life_days: Numbers,
    specific: Numbers,
    upkeep_per_year: Numbers,
    rate_per_day: float,
    days: float,
    tax: Numbers,
) -> NDArray[np.float64]:
    """Return what plant bought at a *cost* takes within *days* out of gains before tax, at a rate of *tax* below 1.

    That is the cost of use after tax over 1 - *tax* (Hall and Jorgenson, 1967). Upkeep is deducted at once; what plant
    is worth in the end is its book value, on which no tax is due. Arguments beside *tax* are as for `cost_of_use`.
    Without discounting the tax makes no difference: sooner or later all of the cost is deducted.

    >>> terms = (1000.0, 3640.0, 0.0, 0.06, 0.08 / 364.0, 1456.0)
    >>> [round(float(taxed_cost_of_use(*terms, tax)), 1) for tax in (0.0, 0.25, 0.5)]
    [769.7, 843.7, 991.7]
    """
    lost = cost_of_use(cost, life_days, specific, 0.0, rate_per_day, days)
    late = lost - np.asarray(cost) * deductions(life_days, specific, rate_per_day, days)
    wedge = np.asarray(tax, dtype=np.float64) / (1.0 - np.asarray(tax, dtype=np.float64))
    return np.asarray(cost_of_use(cost, life_days, specific, upkeep_per_year, rate_per_day, days) + wedge * late)


def tax_on_interest(interest: Numbers, tax: Numbers) -> NDArray[np.float64]:
    """Return what has to be earned before tax beside an *interest* to have that left: own capital is not deducted.

    >>> round(float(tax_on_interest(0.06, 0.25)), 6)
    0.02
    """
    rate = np.asarray(tax, dtype=np.float64)
    return np.asarray(np.asarray(interest) * rate / (1.0 - rate))
