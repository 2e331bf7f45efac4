"""Entry of local firms (E23) and the knowledge that people carry into them. Rates are per day."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = float | NDArray[np.float64]


def entry_hazard(
    demand_growth: Numbers, pool: Numbers, base: Numbers, demand_weight: Numbers, pool_weight: Numbers
) -> NDArray[np.float64]:
    """Return the rate at which firms enter a cluster: it multiplies with demand growth and the knowledge in the pool.

    *base* is the rate, at least 0, in a cluster without growth and without a pool.

    >>> round(float(entry_hazard(0.1, 0.5, 0.001, 2.0, 1.0)), 6)
    0.002014
    """
    pull = np.asarray(demand_weight) * demand_growth + np.asarray(pool_weight) * pool
    return np.asarray(base * np.exp(pull))


def entry_chance(hazard: Numbers, days: Numbers) -> NDArray[np.float64]:
    """Return the chance of at least one entry within so many days at a constant hazard.

    >>> round(float(entry_chance(0.01, 28.0)), 4)
    0.2442
    """
    return np.asarray(-np.expm1(-np.asarray(hazard) * days))


def carried_by_movers(tacit: Numbers, share: Numbers) -> NDArray[np.float64]:
    """Return the tacit knowledge that people take along to a new employer: a share of what their firm holds.

    Codified knowledge stays behind in its documents, and knowledge is not used up: the old firm loses nothing here.

    >>> carried_by_movers(np.array([0.5, 0.0]), 0.4)
    array([0.2, 0. ])
    """
    return np.asarray(np.asarray(share) * tacit)
