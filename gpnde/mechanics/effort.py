"""Effort to learn (E18), chosen by net present value within a firm's means.

A firm compares the levels of effort on a grid. More effort lets it know more, which is worth what its place in the
network makes of it; it costs the more per step the higher the level already is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = float | NDArray[np.float64]


def discounted_days(rate: Numbers, begin: Numbers, end: Numbers) -> NDArray[np.float64]:
    """Return the present value of 1 per day from day *begin* to day *end*, at a *rate* per day; without one, the days.

    >>> discounted_days(np.array([0.0, 0.01]), 0.0, 100.0).round(2)
    array([100.  ,  63.21])
    """
    rates, length = np.asarray(rate, np.float64), np.asarray(end, np.float64) - begin
    exponent = rates * length
    # `expm1` keeps the digits that 1 - exp(-x) loses where x is small.
    share = np.divide(-np.expm1(-exponent), exponent, out=np.ones(np.shape(exponent)), where=exponent > 0.0)
    return np.asarray(np.exp(-rates * begin) * share * length)


def best_of(levels: NDArray[np.float64], payoff: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the level with the highest payoff in each row, the lowest among equals.

    *levels* has shape (n,) and ascends; *payoff* has shape (…, n).

    >>> best_of(np.array([0.0, 0.5, 1.0]), np.array([[1.0, 3.0, 2.0], [4.0, 4.0, 1.0]]))
    array([0.5, 0. ])
    """
    return np.asarray(np.asarray(levels)[np.argmax(payoff, axis=-1)])


def best_effort(
    levels: NDArray[np.float64],
    gains: NDArray[np.float64],
    cost: NDArray[np.float64],
    budget: NDArray[np.float64],
    hurdle: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return each firm's effort whose gain exceeds cost and hurdle by most, among those that its budget pays for.

    Effort e costs *cost* e². Equal worth goes to the lower effort.

    Parameters
    ----------
    levels
        Levels of effort, ascending from 0; shape (levels,).
    gains
        What each level is worth to each firm (money); shape (firms, levels).
    cost, budget
        Cost of full effort, and what the firm can spend at most (money); shape (firms,).
    hurdle
        Factor by which gains must exceed cost; shape (firms,).

    Examples
    --------
    >>> gains, one = np.array([[0.0, 5.0, 10.0]] * 3), np.ones(3)
    >>> best_effort(np.array([0.0, 0.5, 1.0]), gains, 6.0 * one, np.array([9.0, 2.0, 0.0]), one)
    array([1. , 0.5, 0. ])
    """
    spending = np.asarray(cost, dtype=np.float64)[:, None] * levels**2
    feasible = (spending <= np.asarray(budget, dtype=np.float64)[:, None]) | (levels == 0.0)
    worth = gains - np.asarray(hurdle, dtype=np.float64)[:, None] * spending
    return best_of(levels, np.where(feasible, worth, -np.inf))
