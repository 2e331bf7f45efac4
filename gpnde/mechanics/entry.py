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


def hired_from_pool(
    wanted: NDArray[np.float64], place: NDArray[np.int64], pool: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return how many people each employer takes from those who look for work in its place.

    Who wants more than there are shares them in proportion to what each wants.

    Parameters
    ----------
    wanted
        Persons that each employer wants to hire, at least 0; shape (employers,).
    place
        Number of its place; shape (employers,).
    pool
        Persons who look for work in each place; shape (places,).

    Examples
    --------
    >>> hired_from_pool(np.array([10.0, 30.0, 5.0]), np.array([0, 0, 1]), np.array([20.0, 50.0]))
    array([ 5., 15.,  5.])
    """
    total = np.bincount(place, wanted, len(pool))
    part = np.divide(np.minimum(total, pool), total, out=np.zeros(len(pool)), where=total > 0.0)
    return np.asarray(wanted * part[place])


def rate_of_mixing(newcomers: Numbers, staff: Numbers, carried: Numbers, days: float) -> NDArray[np.float64]:
    """Return the rate at which newcomers close the gap to what they know, over the *days* in which they come (1/day).

    They are a part m of *staff* once they are there; what all know is the mean over people, as far as those who move
    carry it: the share *carried* m of the gap is closed in the end. That people carry what they know across firms of a
    place is shown by Almeida and Kogut (1999); how much is an assumption.

    >>> rate = rate_of_mixing(25.0, 75.0, 0.4, 28.0)
    >>> round(float(1.0 - np.exp(-rate * 28.0)), 6)
    0.1
    """
    there, here = np.asarray(newcomers, dtype=np.float64), np.asarray(staff, dtype=np.float64)
    part = np.divide(there, there + here, out=np.zeros(np.broadcast(there, here).shape), where=there > 0.0)
    # All of a gap closes at no finite rate.
    return np.asarray(-np.log1p(-np.minimum(np.asarray(carried) * part, 1.0 - 1e-9)) / days)


def still_searching(pool: Numbers, search_days: float, days: float) -> NDArray[np.float64]:
    """Return how many of those who look for work still do after some *days*: the others have left the trade.

    >>> round(float(still_searching(100.0, 182.0, 182.0)), 2)
    36.79
    """
    return np.asarray(np.asarray(pool) * np.exp(-days / search_days))
