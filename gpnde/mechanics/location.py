"""Location (E22): where to make something, and whether to make it at all: cluster choice and make-or-buy.

Complexity, between 0 and 1, sets the gradient: complex functions go where others and their knowledge are, simple ones
where the market is and costs are low. The last axis of an array runs over the clusters to choose from.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = float | NDArray[np.float64]


def location_utility(
    cost: Numbers,
    sites_in_cluster: Numbers,
    cluster_knowledge: Numbers,
    distance_km: Numbers,
    market_size: Numbers,
    complexity: Numbers,
    agglomeration: Numbers,
    knowledge_pull: Numbers,
    distance_cost: Numbers,
    market_pull: Numbers,
) -> NDArray[np.float64]:
    """Return how much a cluster suits a function: its company, knowledge and market, less its cost and distance.

    The last four arguments are the weights of company, knowledge, each kilometre and the market. Company counts by
    the logarithm of one more than the sites; complexity strengthens the pull of company and of knowledge and weakens
    that of the market.

    >>> pulls = {"agglomeration": 0.05, "knowledge_pull": 1.0, "distance_cost": 0.001, "market_pull": 0.5}
    >>> round(float(location_utility(0.2, 0.0, 0.6, 100.0, 1.0, 0.5, **pulls)), 4)
    0.25
    """
    company = agglomeration * (1.0 + np.asarray(complexity)) * np.log1p(sites_in_cluster)
    knowledge = knowledge_pull * np.asarray(complexity) * cluster_knowledge
    market = market_pull * np.asarray(market_size) * (1.0 - np.asarray(complexity))
    return np.asarray(company + knowledge + market - cost - distance_cost * np.asarray(distance_km))


def choice_probabilities(utility: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the logit probability of each alternative along the last axis (McFadden, 1974).

    An alternative of utility minus infinity is never chosen; at least one in a row must be finite.

    >>> choice_probabilities(np.array([1000.0, 1000.0, -np.inf]))
    array([0.5, 0.5, 0. ])
    """
    weights = np.exp(utility - np.max(utility, axis=-1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))


def choose(probabilities: NDArray[np.float64], draw: Numbers) -> NDArray[np.int64]:
    """Return the alternative along the last axis that a uniform draw falls on; one without probability is never met.

    *draw* lies in [0, 1) and has one entry per row of *probabilities*, or is a single number.

    >>> choose(np.array([0.0, 0.25, 0.75, 0.0]), np.array([0.0, 0.24, 0.25, 0.99]))
    array([1, 1, 2, 2])
    """
    reached = np.cumsum(probabilities, axis=-1)
    reached = reached / reached[..., -1:]
    return np.asarray((reached <= np.asarray(draw)[..., np.newaxis]).sum(axis=-1), dtype=np.int64)


def make_or_buy_gain(
    own_cost: Numbers,
    capital_charge: Numbers,
    hedge_value: Numbers,
    supplier_price: Numbers,
    coordination: Numbers,
    risk: Numbers,
) -> NDArray[np.float64]:
    """Return what a unit saves when it is bought instead of made; above 0, buying is the better choice.

    Making costs the firm's own cost, a charge on its capital, and *hedge_value*, what it would be worth to leave the
    swings of demand to others. Buying costs the price, the coordination of the supplier, and the risk it brings.

    >>> round(float(make_or_buy_gain(10.0, 1.0, 0.5, 9.0, 1.0, 0.3)), 6)
    1.2
    """
    making = np.asarray(own_cost) + capital_charge + hedge_value
    buying = np.asarray(supplier_price) + coordination + risk
    return np.asarray(making - buying)


def outsourced_share(gain: Numbers, sensitivity: Numbers) -> NDArray[np.float64]:
    """Return the logistic share that is bought: a half without a gain, all of it when the gain is large.

    >>> outsourced_share(np.array([-1e6, 0.0, 1e6]), 2.0)
    array([0. , 0.5, 1. ])
    """
    return np.asarray(np.exp(-np.logaddexp(0.0, -np.asarray(sensitivity) * gain)))
