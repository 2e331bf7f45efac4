"""Effort to learn, chosen by net present value under the pressure of the score and the shelter of a commitment.

A firm compares the levels of effort on a grid. More effort raises its score, hence its chance to stay in the network,
and its margin; it costs the more per step the higher the level already is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = float | NDArray[np.float64]


def survival_chance(score: Numbers, threshold: Numbers, spread: Numbers) -> NDArray[np.float64]:
    """Return the logistic chance that a firm with this score stays: a half at the *threshold*, steeper for less spread.

    *spread* is the firm's uncertainty about its score, above 0, in the units of the score.

    >>> survival_chance(np.array([0.5, 1e6, -1e6]), 0.5, 0.1)
    array([0.5, 1. , 0. ])
    """
    excess = (np.asarray(score, dtype=np.float64) - threshold) / spread
    return np.asarray(np.exp(-np.logaddexp(0.0, -excess)))


def planning_periods(commitment_days: Numbers, base_days: Numbers, period_days: Numbers) -> NDArray[np.float64]:
    """Return how many periods a firm looks ahead: its own horizon and the commitment still to run, at least one period.

    >>> planning_periods(np.array([0.0, 364.0, -50.0]), 182.0, 91.0)
    array([2., 6., 2.])
    """
    days = np.asarray(base_days) + np.maximum(0.0, commitment_days)
    return np.asarray(np.maximum(1.0, days / period_days))


def annuity(discount: Numbers, periods: Numbers) -> NDArray[np.float64]:
    """Return the present value of 1 per period, the sum of *discount*^t for t = 1 … *periods*.

    *discount* is the factor per period, between 0 and 1. The closed form also takes fractions of a period.

    >>> annuity(np.array([0.5, 1.0]), 3.0)
    array([0.875, 3.   ])
    """
    factor, length = np.broadcast_arrays(np.asarray(discount, np.float64), np.asarray(periods, np.float64))
    logarithm = np.log(factor, out=np.full(factor.shape, -np.inf), where=factor > 0.0)
    lost = -np.expm1(length * logarithm)
    return np.asarray(np.divide(factor * lost, 1.0 - factor, out=length.copy(), where=factor != 1.0))


def hurdle(volatility: Numbers, sensitivity: Numbers) -> NDArray[np.float64]:
    """Return the factor that an investment's gains must exceed its cost by, the higher the more income varies.

    It stands for the value of waiting: 1 + *sensitivity* times *volatility*.

    >>> hurdle(np.array([0.0, 0.4]), 0.5)
    array([1. , 1.2])
    """
    return np.asarray(1.0 + np.asarray(sensitivity) * volatility)


def best_of(levels: NDArray[np.float64], payoff: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the level with the highest payoff in each row, the lowest among equals.

    *levels* has shape (n,) and ascends; *payoff* has shape (…, n).

    >>> best_of(np.array([0.0, 0.5, 1.0]), np.array([[1.0, 3.0, 2.0], [4.0, 4.0, 1.0]]))
    array([0.5, 0. ])
    """
    return np.asarray(np.asarray(levels)[np.argmax(payoff, axis=-1)])


def best_effort(
    levels: NDArray[np.float64],
    score: Numbers,
    score_gain: Numbers,
    margin: Numbers,
    margin_gain: Numbers,
    cost: Numbers,
    threshold: Numbers,
    spread: Numbers,
    periods: Numbers,
    discount: Numbers,
    subsidy: Numbers,
    budget: Numbers,
    hurdle: Numbers,
) -> NDArray[np.float64]:
    """Return each firm's most valuable level of effort among those that its *budget* per period pays for.

    A level e is worth, per period, S(*score* + *score_gain* e) (*margin* + *margin_gain* e) with the survival chance S,
    less *cost* e² (1 - *subsidy*) *hurdle*; both are summed over the discounted *periods*. Effort 0 is always open,
    equal worth goes to the lower effort, and a *subsidy* below 0 makes effort dearer. As gains and costs recur alike,
    the horizon scales the worth of every level but moves no choice, unless *discount* is 0: then effort is worth
    nothing. *levels* ascends from 0; the other arguments are numbers or have one entry per firm.

    >>> levels = np.array([0.0, 0.5, 1.0])
    >>> best_effort(levels, 0.4, 0.3, 10.0, 0.0, 2.0, 0.5, 0.1, 8.0, 0.98, 0.0, np.array([9.0, 1.0, 0.0]), 1.0)
    array([1. , 0.5, 0. ])
    """
    spending = _by_level(cost) * levels**2 * (1.0 - _by_level(subsidy))
    chance = survival_chance(_by_level(score) + _by_level(score_gain) * levels, _by_level(threshold), _by_level(spread))
    income = chance * (_by_level(margin) + _by_level(margin_gain) * levels)
    worth = _by_level(annuity(discount, periods)) * (income - spending * _by_level(hurdle))
    feasible = (spending <= _by_level(budget)) | (levels == 0.0)
    return best_of(levels, np.where(feasible, worth, -np.inf))


def _by_level(values: Numbers) -> NDArray[np.float64]:
    """Return one value per firm as a column beside which the levels of effort are laid out."""
    return np.asarray(values, dtype=np.float64)[..., np.newaxis]
