"""Location (E22): what a place adds to the cost of making something, which place a firm takes, and make-or-buy.

Every argument may be a number or an array; arrays are broadcast. Money is in the scenario's currency.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Numbers = float | NDArray[np.float64]

GUMBEL_DEVIATION = math.pi / math.sqrt(6.0)
"""Standard deviation of a Gumbel variable of scale 1."""


def place_productivity(sites: Numbers, usual: float, elasticity: float, complexity: Numbers) -> NDArray[np.float64]:
    """Return the productivity of labour in a cluster with so many *sites*, over that in one with the *usual* number.

    It rises with company at a constant *elasticity* to one more than the sites, which complexity up to 1 doubles: the
    more complex the work, the more it gains from others nearby (Melo et al., 2009, on the elasticity; that complexity
    doubles it is an assumption).

    >>> place_productivity(np.array([0.0, 9.0, 99.0]), 9.0, 0.05, 1.0).round(3)
    array([0.794, 1.   , 1.259])
    """
    relative = (1.0 + np.asarray(sites, dtype=np.float64)) / (1.0 + usual)
    return np.asarray(relative ** (elasticity * (1.0 + np.asarray(complexity))))


def gumbel(draw: Numbers) -> NDArray[np.float64]:
    """Return the Gumbel variable of scale 1 that belongs to a uniform *draw* in (0, 1).

    >>> gumbel(np.exp(-np.exp(np.array([-1.0, 2.0])))).round(6)
    array([ 1., -2.])
    """
    return np.asarray(-np.log(-np.log(draw)))


def place_utility(cost: Numbers, value_added: float, spread: float) -> NDArray[np.float64]:
    """Return the utility of places by the unit *cost* that a firm expects there, before what it alone knows of them.

    With a Gumbel variable added to each, the best place is a logit choice (McFadden, 1974) in which what is not seen
    has a standard deviation of *spread* of the *value_added* to a unit.

    >>> place_utility(np.array([10.0, 11.0]), 4.0, 0.1).round(3)
    array([-32.064, -35.27 ])
    """
    return np.asarray(-np.asarray(cost, dtype=np.float64) * GUMBEL_DEVIATION / (spread * value_added))


def moving_probability(
    avoidable: Numbers, elsewhere: Numbers, severance: Numbers, value_added: float, spread: float
) -> NDArray[np.float64]:
    """Return the chance that a plant gives way: at most a half at one review, however much that would save.

    What it costs to go on is only what can be avoided, since plant that is paid for is lost; *elsewhere* and
    *severance* hold all that it takes to make a unit in another place (Dixit and Pindyck, 1994).

    >>> moving_probability(np.array([9.0, 10.0, 99.0]), 9.5, 0.5, 4.0, 0.1).round(3)
    array([0.019, 0.25 , 0.5  ])
    """
    saved = np.asarray(avoidable) - np.asarray(elsewhere) - np.asarray(severance)
    scaled = saved * GUMBEL_DEVIATION / (spread * value_added)
    # The logistic function, in a form that does not overflow however much is lost or saved.
    return np.asarray(0.5 * np.exp(-np.logaddexp(0.0, -scaled)))


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
