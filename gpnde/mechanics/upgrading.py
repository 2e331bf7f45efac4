"""Functional upgrading (E19): which functions a firm may add, which lapse, and the contract that follows from them.

Arrays of firms and functions have shape (firms, 8). The first six columns are the ladder, from sales and distribution
up to system integration; the last two, coordination of supply chains and strategic marketing, stand beside it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = float | NDArray[np.float64]

LADDER_LENGTH = 6


def functional_level(active: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return each firm's highest active function on the ladder, counted from 0, or -1 for a firm that has none.

    >>> functional_level(np.array([[1, 1, 0, 0, 0, 0, 0, 0], [0, 0, 0, 1, 0, 0, 0, 1]], dtype=bool))
    array([1, 3])
    """
    return _highest(np.asarray(active)[..., :LADDER_LENGTH])


def _highest(rungs: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the index of the last true entry of each row, or -1."""
    return np.asarray(np.where(rungs, np.arange(rungs.shape[-1]), -1).max(axis=-1, initial=-1), dtype=np.int64)


def can_add(
    capability: NDArray[np.float64], thresholds: Numbers, active: NDArray[np.bool_], cash: Numbers, cost: Numbers
) -> NDArray[np.bool_]:
    """Return which functions a firm is able and rich enough to add: not yet active, capability and cash suffice.

    *cash* has one entry per firm; *thresholds* and *cost* have one per function or are single numbers.

    >>> can_add(np.array([[0.5, 0.3]]), 0.4, np.array([[False, False]]), np.array([10.0]), np.array([5.0, 5.0]))
    array([[ True, False]])
    """
    affordable = np.asarray(_per_firm(cash) >= cost)
    return np.asarray(~np.asarray(active) & (np.asarray(capability) >= thresholds) & affordable)


def _per_firm(values: Numbers) -> NDArray[np.float64]:
    """Return one value per firm as a column, so that it meets arrays of firms and functions; leave others alone."""
    given = np.asarray(values, dtype=np.float64)
    return given[:, np.newaxis] if given.ndim == 1 else given


def sequential_only(
    candidates: NDArray[np.bool_], active: NDArray[np.bool_], ladder: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Return the candidates that are the next rung above the firm's highest one; functions off the ladder are kept.

    *ladder* holds the column numbers of the rungs, the lowest first.

    >>> candidates = np.array([[False, True, True, True]])
    >>> sequential_only(candidates, np.array([[True, False, False, False]]), np.arange(3))
    array([[False,  True, False,  True]])
    """
    wanted = np.asarray(candidates)
    rung = np.full(wanted.shape[-1], -1, dtype=np.int64)
    rung[ladder] = np.arange(len(ladder))
    next_rung = _highest(np.asarray(active)[..., ladder]) + 1
    return np.asarray(wanted & ((rung < 0) | (rung == next_rung[..., np.newaxis])))


def lapsed(
    capability: NDArray[np.float64], thresholds: Numbers, active: NDArray[np.bool_], margin: Numbers
) -> NDArray[np.bool_]:
    """Return which active functions a firm can no longer keep: capability is more than *margin* below the threshold.

    The margin keeps a firm near the threshold from adding and losing a function in turns.

    >>> lapsed(np.array([0.29, 0.31, 0.0]), 0.4, np.array([True, True, False]), 0.1)
    array([ True, False, False])
    """
    return np.asarray(np.asarray(active) & (np.asarray(capability) < np.asarray(thresholds) - margin))


def contract_for(
    active: NDArray[np.bool_], needed: NDArray[np.bool_], given: NDArray[np.bool_] | bool = True
) -> NDArray[np.int64]:
    """Return the contract that a firm's functions earn it, by its row in *needed*, or -1 for none.

    Row k of *needed*, shape (contracts, functions), says which functions contract k asks for; rows stand in rising
    rank, and of several contracts that a firm earns the last one counts. *active* has shape (firms, functions). Only
    those count that are *given*, shape (firms, contracts).

    >>> needed = np.array([[0, 0, 0], [0, 1, 0], [0, 1, 1]], dtype=bool)
    >>> contract_for(np.array([[1, 0, 1], [1, 1, 1]], dtype=bool), needed)
    array([0, 2])
    """
    held = np.asarray(active)
    return _highest(np.asarray((held[..., None, :] | ~needed).all(axis=-1) & given))


def gain_of_handing_over(
    task_share: Numbers, wages: Numbers, ahead: Numbers, effect: Numbers, other_gain: Numbers
) -> NDArray[np.float64]:
    """Return what a buyer gains by handing a task to a supplier, as a share of the price of what it buys.

    The task costs the buyer *task_share*; it costs the supplier as much times its *wages*, over those of the buyer,
    and divided by exp(*effect* x *ahead*), where *ahead* is how much more capable of it the supplier is. On top comes
    an *other_gain*, such as of time to market (assumption).

    >>> gain_of_handing_over(0.04, np.array([1.0, 0.25]), np.array([0.0, -0.5]), 0.3, 0.012).round(4)
    array([0.012 , 0.0404])
    """
    cost = np.asarray(wages) * np.exp(-np.asarray(effect) * np.asarray(ahead))
    return np.asarray(np.asarray(task_share) * (1.0 - cost) + other_gain)


def own_brand_survival(marketing: Numbers, rival_marketing: Numbers, harshness: Numbers) -> NDArray[np.float64]:
    """Return the chance that an own brand lives on after a review, by its marketing over that of its rivals.

    Brands no worse than their rivals live on for certain, others with (marketing / rivals)^harshness. Technical
    capability is no argument, since it does not carry over into an own brand (Alcácer & Oxley, 2014).

    >>> own_brand_survival(np.array([0.5, 0.4, 0.0]), np.array([0.4, 0.8, 0.0]), 2.0)
    array([1.  , 0.25, 1.  ])
    """
    own, rivals = np.broadcast_arrays(np.asarray(marketing, np.float64), np.asarray(rival_marketing, np.float64))
    ratio = np.divide(own, rivals, out=np.ones(own.shape), where=rivals > own)
    return np.asarray(ratio**harshness)


def shift_success(
    mean_capability: Numbers,
    linkage_density: Numbers,
    base: Numbers,
    capability_weight: Numbers,
    linkage_weight: Numbers,
) -> NDArray[np.float64]:
    """Return the logit probability that a change of specialisation succeeds: more so for able, well-linked firms (E20).

    *base* is the log odds of a firm without capability and linkages.

    >>> round(float(shift_success(0.5, 0.2, -1.0, 2.0, 1.0)), 4)
    0.5498
    """
    log_odds = base + np.asarray(capability_weight * mean_capability) + linkage_weight * linkage_density
    return np.asarray(np.exp(-np.logaddexp(0.0, -log_odds)))


def shift_cost(
    running_cost: Numbers, months: Numbers, revenue_per_year: Numbers, entry_years: Numbers
) -> NDArray[np.float64]:
    """Return what a shift costs: *months* of running cost (money/month), and entry into another cell of the matrix.

    Entry takes so many years of sales: capital and an established name are what newcomers lack (Bain, 1956).

    >>> float(shift_cost(10.0, 6.0, 200.0, 0.15))
    90.0
    """
    return np.asarray(np.asarray(months) * running_cost + np.asarray(entry_years) * revenue_per_year)


def relative_scale(made: NDArray[np.float64], makes: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the output of each firm over the mean of those who make the same, of the product in which it is largest.

    Newcomers below the smallest efficient scale of their industry stay out (Bain, 1956). *made* holds units and
    *makes* whether a firm makes a product at all, shape (firms, products); 0 for firms that make nothing.

    >>> made = np.array([[30.0, 0.0], [10.0, 5.0], [0.0, 0.0]])
    >>> relative_scale(made, made > 0.0)
    array([1.5, 1. , 0. ])
    """
    mean = made.sum(axis=0) / np.maximum(makes.sum(axis=0), 1)
    ratio = np.divide(made, mean, out=np.zeros(made.shape), where=makes & (mean > 0.0))
    return np.asarray(ratio.max(axis=1, initial=0.0))


def transition_dip(age_days: Numbers, length_days: Numbers, depth: Numbers) -> NDArray[np.float64]:
    """Return the factor on productivity during a shift: 1 - *depth* on its first day, rising evenly back to 1 (E20).

    The factor is 1 before the shift begins (a negative age), after its length, and for a shift without length.

    >>> transition_dip(np.array([-1.0, 0.0, 45.0, 90.0]), 90.0, 0.2)
    array([1. , 0.8, 0.9, 1. ])
    """
    age, length = np.broadcast_arrays(np.asarray(age_days, np.float64), np.asarray(length_days, np.float64))
    under_way = (age >= 0.0) & (age < length)
    elapsed = np.divide(age, length, out=np.ones(age.shape), where=under_way)
    return np.asarray(1.0 - depth * (1.0 - elapsed))
