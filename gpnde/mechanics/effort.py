"""Effort to learn (E18), chosen by net present value under the pressure of the score and the shelter of a commitment.

A firm compares the levels of effort on a grid. More effort raises its score, hence its chance to stay in the network,
and its margin; it costs the more per step the higher the level already is.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = float | NDArray[np.float64]


_EXTREME = 700.0
"""Beyond this the chance is 0 to the last digit, and the exponential would overflow."""


def survival_chance(score: Numbers, threshold: Numbers, spread: Numbers) -> NDArray[np.float64]:
    """Return the logistic chance that a firm with this score stays: a half at the *threshold*, steeper for less spread.

    *spread* is the firm's uncertainty about its score, above 0, in the units of the score.

    >>> survival_chance(np.array([0.5, 1e6, -1e6]), 0.5, 0.1).round(3)
    array([0.5, 1. , 0. ])
    """
    shortfall = (threshold - np.asarray(score, dtype=np.float64)) / spread
    return np.asarray(1.0 / (1.0 + np.exp(np.minimum(shortfall, _EXTREME))))


def planning_days(commitment_days: Numbers, base_days: Numbers) -> NDArray[np.float64]:
    """Return how far a firm looks ahead (days): its own horizon and the commitment still to run.

    >>> planning_days(np.array([0.0, 364.0, -50.0]), 182.0)
    array([182., 546., 182.])
    """
    return np.asarray(np.asarray(base_days) + np.maximum(0.0, commitment_days))


def discounted_days(rate: Numbers, begin: Numbers, end: Numbers) -> NDArray[np.float64]:
    """Return the present value of 1 per day from day *begin* to day *end*, at a *rate* per day; without one, the days.

    >>> discounted_days(np.array([0.0, 0.01]), 0.0, 100.0).round(2)
    array([100.  ,  63.21])
    """
    rates, length = np.broadcast_arrays(np.asarray(rate, np.float64), np.asarray(end, np.float64) - begin)
    exponent = rates * length
    share = np.divide(-np.expm1(-exponent), exponent, out=np.ones_like(length), where=exponent > 0.0)
    return np.asarray(np.exp(-rates * begin) * share * length)


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


class Prospects(NamedTuple):
    """What a firm expects of effort; each entry a number, or one per firm. Money is per day, rates are per day."""

    score: Numbers
    score_gain: Numbers
    """Rise of the score per day of full effort."""
    margin: Numbers
    """What the firm earns in the network."""
    margin_gain: Numbers
    """Rise of that per day of full effort."""
    cost: Numbers
    """Cost of full effort; of effort e it is e² times as much."""
    threshold: Numbers
    spread: Numbers
    horizon_days: Numbers
    protected_days: Numbers
    """Time during which the firm is not dropped, whatever its score."""
    discount: Numbers
    budget: Numbers
    """What the firm can spend at most."""
    hurdle: Numbers


SEGMENTS = 8
"""Equal parts into which the horizon is cut; what effort brings is taken at the middle of each."""


def best_effort(levels: NDArray[np.float64], firm: Prospects) -> NDArray[np.float64]:
    """Return each firm's effort of the highest net present value among those that its budget pays for.

    What effort e brings grows with the time t for which it is made: after t days the firm earns *margin* +
    *margin_gain* e t, if it is still there, which its score *score* + *score_gain* e t decides as soon as it is not
    protected. It pays *cost* e² *hurdle* from the first day on. So a longer horizon speaks for effort, and protection
    takes the pressure away. Equal worth goes to the lower effort. *levels* ascends from 0.

    >>> firm = Prospects(0.45, 0.001, 30.0, 0.0, 2.0, 0.5, 0.1, 364.0, 0.0, 0.0, np.array([9.0, 0.6, 0.0]), 1.0)
    >>> best_effort(np.array([0.0, 0.5, 1.0]), firm)
    array([1. , 0.5, 0. ])
    """
    spending = _column(firm.cost) * levels**2
    horizon, rate = _column(firm.horizon_days), _column(firm.discount)
    worth = -discounted_days(rate, 0.0, horizon) * spending * _column(firm.hurdle)
    edges = horizon * np.arange(SEGMENTS + 1) / SEGMENTS
    days = discounted_days(rate, edges[..., :-1], edges[..., 1:])
    middle = (edges[..., :-1] + edges[..., 1:]) / 2.0
    for segment in range(SEGMENTS):
        worth = worth + _column(days[..., segment]) * _income(firm, levels, _column(middle[..., segment]))
    feasible = (spending <= _column(firm.budget)) | (levels == 0.0)
    return best_of(levels, np.where(feasible, worth, -np.inf))


def _income(firm: Prospects, levels: NDArray[np.float64], day: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what each firm expects to earn on a *day* per level of effort."""
    made = levels * day
    score = _column(firm.score) + _column(firm.score_gain) * made
    chance = survival_chance(score, _column(firm.threshold), _column(firm.spread))
    stays = np.where(day <= _column(firm.protected_days), 1.0, chance)
    return np.asarray(stays * (_column(firm.margin) + _column(firm.margin_gain) * made))


def _column(values: Numbers) -> NDArray[np.float64]:
    """Return one value per firm as a column beside which the levels of effort are laid out."""
    return np.asarray(values, dtype=np.float64)[..., np.newaxis]
