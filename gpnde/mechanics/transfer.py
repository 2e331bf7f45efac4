"""Transfer (E11): how fast ties close the gap between teacher and learner, and what ties can carry.

Knowledge is relative to the frontier, between 0 and 1; rates are per day. Arguments may be numbers or arrays; arrays
are broadcast.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = float | NDArray[np.float64]


def effective_days(total_rate: Numbers, days: Numbers) -> NDArray[np.float64]:
    """Return the effective exposure time (1 - exp(-R t)) / R of a gap that closes at *total_rate* R (days).

    It is *days* where nothing closes the gap. A tie of rate r toward the gap G then brings r G effective_days(R, days),
    where R adds up the rates of all ties: however long the time, no firm learns more than the rate-weighted mean of its
    teachers knows.

    >>> effective_days(np.array([0.0, 0.05, 10.0]), 28.0).round(3)
    array([28.   , 15.068,  0.1  ])
    """
    passed = np.asarray(np.asarray(total_rate, dtype=np.float64) * days)
    mean_gap = np.divide(-np.expm1(-passed), passed, out=np.ones_like(passed), where=passed > 0.0)
    return np.asarray(days * mean_gap)


def open_gap(source: Numbers, own: Numbers, waiting: Numbers) -> NDArray[np.float64]:
    """Return what a source knows that the learner neither knows nor has already been given; never below 0.

    >>> open_gap(np.array([0.9, 0.5]), 0.4, 0.2).round(3)
    array([0.3, 0. ])
    """
    return np.asarray(np.maximum(np.asarray(source) - own - waiting, 0.0))


def distance_decay(distance_km: Numbers, halving_km: Numbers) -> NDArray[np.float64]:
    """Return how much of a spillover is left after a distance; it halves with every *halving_km*, above 0.

    Between countries it halves within about 1,200 km (Keller, 2002).

    >>> distance_decay(np.array([0.0, 1200.0, np.inf]), 1200.0)
    array([1. , 0.5, 0. ])
    """
    return np.asarray(np.exp2(-np.asarray(distance_km) / np.asarray(halving_km)))


def codified_carrying(
    strength: Numbers, digital_effect: Numbers, digital_index: Numbers, access: Numbers
) -> NDArray[np.float64]:
    """Return how much codified knowledge a tie carries: its strength, raised by digital means, as far as access goes.

    Distance does not matter to codified knowledge here; a caller that wants it to multiplies by `distance_decay`.

    >>> float(codified_carrying(0.8, 0.25, 1.0, 0.5))
    0.5
    """
    return np.asarray(strength * (1.0 + np.asarray(digital_effect) * digital_index) * access)


def visit_frequency(distance_km: Numbers, halving_km: Numbers) -> NDArray[np.float64]:
    """Return how often partners can visit each other over a distance, relative to neighbours, 1 next door.

    People have so many days for visits. A visit takes its stay and a journey in proportion to the distance, so that
    they pay stay / (stay + journey) as many visits as neighbours do: half as many at *halving_km*, above 0, where the
    journey takes as long as the stay. Far partners meet less often; what a visit brings is the same (knowledge travels
    with people on business: Hovhannisyan and Keller, 2015).

    >>> visit_frequency(np.array([0.0, 10000.0, 30000.0, np.inf]), 10000.0)
    array([1.  , 0.5 , 0.25, 0.  ])
    """
    return np.asarray(1.0 / (1.0 + np.asarray(distance_km) / np.asarray(halving_km)))


def shared_hours(hours_apart: Numbers, day_hours: Numbers) -> NDArray[np.float64]:
    """Return the share of a day of *day_hours*, above 0, in which partners can meet whose clocks are so many apart.

    >>> shared_hours(np.array([0.0, 3.0, 12.0]), 12.0)
    array([1.  , 0.75, 0.  ])
    """
    return np.asarray(np.maximum(1.0 - np.asarray(hours_apart) / np.asarray(day_hours), 0.0))


def tacit_carrying(
    trust: Numbers, contact: Numbers, co_location: Numbers, peer: Numbers, secondment: Numbers
) -> NDArray[np.float64]:
    """Return how much tacit knowledge a tie carries, by the four ways in which people meet.

    Trust carries as far as there is *contact*, from 0 to 1: what distance leaves of the visits (`visit_frequency`) or
    of a spill-over (`distance_decay`). Partners in one place (*co_location*), ties of *peer* groups and people on
    *secondment* come on top and do not hang on distance. The ways add up, so that a tie without one
    of them still has the others: co-location is a way of its own and not a condition for trust, which would bar
    everybody in another place and count distance twice.

    >>> tacit_carrying(0.5, np.array([1.0, 0.5]), np.array([0.2, 0.0]), 0.1, 0.0).round(3)
    array([0.8 , 0.35])
    """
    return np.asarray(np.asarray(trust) * contact + co_location + peer + secondment)


def reach(function_rank: Numbers, level: Numbers, extra: Numbers, leak: Numbers) -> NDArray[np.float64]:
    """Return how open a source is about a function: 1 up to one step above the learner's level, *leak* beyond.

    Sources pass on more sophisticated knowledge once a learner has climbed (E12; Ernst, section 4.3). *function_rank*
    and *level* count along the ladder of functions; *extra* steps come with a contract for all stages, for example.

    >>> reach(np.arange(6.0), 1.0, 0.0, 0.1)
    array([1. , 1. , 1. , 0.1, 0.1, 0.1])
    """
    return np.where(np.asarray(function_rank) <= np.asarray(level) + 1.0 + extra, 1.0, leak)


def openness(sensitivity: Numbers, reference_life_days: Numbers, life_days: Numbers) -> NDArray[np.float64]:
    """Return the factor on transfer by how short the life cycle of a product is, 1 at the reference life (E12).

    It is (reference / life) to the power of *sensitivity*: above 0 for every life, and 1 + sensitivity (reference /
    life - 1) near the reference. A product without a life cycle, of infinite life, counts as one of the reference life.

    >>> openness(0.5, 364.0, np.array([91.0, 364.0, 1456.0, np.inf]))
    array([2. , 1. , 0.5, 1. ])
    """
    life = np.where(np.isinf(life_days), reference_life_days, life_days)
    return np.asarray((np.asarray(reference_life_days) / life) ** sensitivity)


def contact_share(share: Numbers, rate: Numbers, days: Numbers) -> NDArray[np.float64]:
    """Return the share of a population that knows, *days* after *share* of it did, when each contact tells.

    With *rate* contacts per day and member the odds grow exponentially, x / (1 - x) = x0 / (1 - x0) e^(rate days):
    the exact solution of the logistic equation.

    >>> contact_share(np.array([0.0, 0.1, 1.0]), 0.1, 28.0).round(3)
    array([0.   , 0.646, 1.   ])
    """
    knowing = np.asarray(share, dtype=np.float64)
    # By those who do not know yet, since the odds themselves overflow as time goes on.
    ignorant = np.asarray((1.0 - knowing) * np.exp(-np.asarray(rate) * days))
    everybody = np.asarray(knowing + ignorant)
    return np.divide(knowing, everybody, out=np.zeros_like(everybody), where=everybody > 0.0)
