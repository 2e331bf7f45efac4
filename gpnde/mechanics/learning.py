"""Learning beside ties (E15): by doing and in local pools; experience with a product; and how knowledge is lost.

Knowledge is relative to the frontier, between 0 and 1; rates are per day. Arguments may be numbers or arrays; arrays
are broadcast unless a shape is given.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = float | NDArray[np.float64]


def learning_by_doing(
    stock: Numbers, ceiling: Numbers, rate: Numbers, output: Numbers, days: Numbers
) -> NDArray[np.float64]:
    """Return the knowledge gained in *days* of production (Arrow, 1962): part of what doing can still teach.

    Each unit of *output* per day closes the gap to the ceiling at *rate*; this is the exact solution, so that no firm
    passes the ceiling. A firm above it gains nothing and loses nothing.

    >>> learning_by_doing(np.array([0.0, 0.4, 0.6]), 0.5, 0.01, 1.0, 28.0).round(3)
    array([0.122, 0.024, 0.   ])
    """
    room = np.maximum(np.asarray(ceiling) - stock, 0.0)
    return np.asarray(room * -np.expm1(-np.asarray(rate) * output * days))


def pool_rate(rate: Numbers, members: Numbers, agglomeration: Numbers) -> NDArray[np.float64]:
    """Return the rate at which a member learns from a local pool: it rises with the number of members.

    *agglomeration* is the elasticity of the rate to the number of members.

    >>> pool_rate(0.01, np.array([1.0, 100.0]), 0.5)
    array([0.01, 0.1 ])
    """
    return np.asarray(rate * np.asarray(members, dtype=np.float64) ** agglomeration)


def gatekeeper_weights(
    absorptive: NDArray[np.float64], groups: NDArray[np.int64], count: int, sharpness: float
) -> NDArray[np.float64]:
    """Return the weight of each firm in what the pool of its cluster holds; they add up to 1 in every cluster.

    Gatekeepers, members of high absorptive capacity, bring in most of the knowledge of a cluster (Giuliani and Bell,
    2005): weights grow exponentially with absorptive capacity, the faster the larger *sharpness*; at 0 all members
    weigh the same. *absorptive* and *groups* have shape (n,); groups are numbered from 0 to below *count*, and firms of
    group -1 belong to no pool and weigh 0.

    >>> gatekeeper_weights(np.array([0.2, 0.6, 0.5, 0.9]), np.array([0, 0, 1, -1]), 2, 5.0).round(3)
    array([0.119, 0.881, 1.   , 0.   ])
    """
    inside = groups >= 0
    group, capacity = groups[inside], absorptive[inside]
    best = np.full(count, -np.inf)
    np.maximum.at(best, group, capacity)
    # Relative to the best of the group no exponential overflows, and no group adds up to 0.
    power = np.exp(sharpness * (capacity - best[group]))
    weights = np.zeros(len(groups))
    weights[inside] = power / np.bincount(group, power, count)[group]
    return weights


def experience(stock: Numbers, output: Numbers, retained: Numbers) -> NDArray[np.float64]:
    """Return the experience with a product after a period: what is retained of it, and the output of the period (E16).

    With steady output it settles at output / (1 - retained). Estimates of what is lost differ widely, from much in
    aircraft (Benkard, 2000) to next to nothing in shipyards (Thompson, How Much Did the Liberty Shipbuilders Forget?).

    >>> experience(np.array([0.0, 400.0]), 100.0, 0.75)
    array([100., 400.])
    """
    return np.asarray(np.asarray(stock) * retained + output)


def carried_experience(experience: Numbers, carried: Numbers) -> NDArray[np.float64]:
    """Return the experience with which a new generation of a product begins: a share of that with the last one (E16).

    What carries over is partial in aircraft (Benkard, 2000) and little in semiconductors (Irwin and Klenow, 1994).

    >>> float(carried_experience(1000.0, 0.4))
    400.0
    """
    return np.asarray(np.asarray(experience) * carried)


def retention(forgetting: Numbers, drift: Numbers, days: Numbers) -> NDArray[np.float64]:
    """Return the share of knowledge left after *days* of forgetting while the frontier moves away at *drift* (E16).

    >>> round(float(retention(0.001, 0.0001, 28.0)), 4)
    0.9697
    """
    return np.asarray(np.exp(-(np.asarray(forgetting) + drift) * days))
