"""Plant (E26): what capacity costs to build, to keep and to hold ready, and how its value wears off.

Every argument may be a number or an array; arrays are broadcast. Money is in the scenario's currency.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gpnde.vocabulary import YEAR_DAYS

Numbers = float | NDArray[np.float64]

LARGEST_PLANT = 1.5
"""Capacity of the largest single plant, in those of the reference plant: more capacity takes further plants
(assumption)."""


def plant_value(capacity: Numbers, cost: Numbers, reference: Numbers, exponent: Numbers) -> NDArray[np.float64]:
    """Return the value of new plant of a *capacity*: *cost* at the *reference* capacity, and less per unit if larger.

    The value of a plant rises with its capacity to the power *exponent*, which is near six tenths (Moore, 1959), up to
    `LARGEST_PLANT`; the scale of a single plant is what saves, so that further capacity takes further plants.

    >>> plant_value(np.array([10.0, 15.0, 30.0]), 100.0, 10.0, 0.65).round(1)
    array([100. , 130.2, 260.3])
    """
    scale = np.asarray(capacity, dtype=np.float64) / reference
    whole = np.floor(scale / LARGEST_PLANT)
    rest = scale - whole * LARGEST_PLANT
    return np.asarray(cost * (whole * LARGEST_PLANT ** np.asarray(exponent) + rest ** np.asarray(exponent)))


def depreciation(value: Numbers, life_days: Numbers, days: Numbers) -> NDArray[np.float64]:
    """Return the part of a plant's *value* when new that is written off within *days*: evenly over its life.

    >>> float(depreciation(1000.0, 3640.0, 364.0))
    100.0
    """
    return np.asarray(np.asarray(value) * days / np.asarray(life_days))


def expansion_cost(
    capacity: Numbers, added: Numbers, cost: Numbers, reference: Numbers, exponent: Numbers
) -> NDArray[np.float64]:
    """Return what it costs to add capacity to a plant that is there: the rise of the value.

    >>> round(float(expansion_cost(10.0, 2.0, 100.0, 10.0, 0.65)), 2)
    12.58
    """
    larger = plant_value(np.asarray(capacity) + added, cost, reference, exponent)
    return np.asarray(larger - plant_value(capacity, cost, reference, exponent))


def holding_cost_per_day(
    value: Numbers, life_days: Numbers, upkeep_per_year: Numbers, interest_per_year: Numbers
) -> NDArray[np.float64]:
    """Return what plant costs a day, used or not: depreciation, upkeep, and interest on half its value.

    Half is what is bound in the mean over the life of a plant that is written off evenly.

    >>> round(float(holding_cost_per_day(3640.0, 3640.0, 0.06, 0.08)), 2)
    2.0
    """
    yearly = np.asarray(upkeep_per_year) + np.asarray(interest_per_year) / 2.0
    return np.asarray(depreciation(value, life_days, 1.0) + np.asarray(value) * yearly / YEAR_DAYS)


def cost_of_use(
    cost: Numbers, life_days: Numbers, specific: Numbers, upkeep_per_year: Numbers, rate_per_day: float, days: float
) -> NDArray[np.float64]:
    """Return what plant bought at a *cost* takes within *days*, discounted: price and upkeep, less what is left.

    What is left is the part that is not written off by then (Jorgenson, 1963, for a fixed time of use); nothing is left
    of the share *specific* to one product generation.

    >>> round(float(cost_of_use(1000.0, 3640.0, 0.0, 0.0, 0.0, 364.0)), 2)
    100.0
    >>> round(float(cost_of_use(1000.0, 3640.0, 0.0, 0.06, 0.08 / 364.0, 1456.0)), 1)
    769.7
    """
    kept = np.exp(-rate_per_day * days)
    left = (1.0 - np.asarray(specific)) * np.maximum(1.0 - days / np.asarray(life_days), 0.0) * kept
    held = days if rate_per_day == 0.0 else (1.0 - kept) / rate_per_day
    return np.asarray(np.asarray(cost) * (1.0 - left + np.asarray(upkeep_per_year) / YEAR_DAYS * held))
