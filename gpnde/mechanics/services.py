"""Knowledge-intensive services (IU5): how far providers nearby can deliver what plants buy, and what that is worth.

The share that is bought nearby lies between 0 and 1. Arguments may be numbers or arrays; arrays are broadcast.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = float | NDArray[np.float64]


def providers_carried(purchases: Numbers, half_purchases: float) -> NDArray[np.float64]:
    """Return which share of its services a place can have nearby in the long run, by what plants buy there.

    Specialists live off the extent of the market (Stigler, 1951): with purchases of *half_purchases*, above 0, per
    time, half of all services find a provider, and the share nears 1 as purchases grow.

    >>> providers_carried(np.array([0.0, 100.0, 900.0]), 100.0)
    array([0. , 0.5, 0.9])
    """
    bought = np.asarray(purchases, dtype=np.float64)
    return np.asarray(bought / (bought + half_purchases))


def approached(share: Numbers, target: Numbers, rate: float, time: float) -> NDArray[np.float64]:
    """Return a *share* that moves towards its *target* at a *rate*, after some *time*: the exact solution.

    >>> approached(np.array([0.2]), 0.8, 0.5, 2.0).round(3)
    array([0.579])
    """
    return np.asarray(np.asarray(target) + (np.asarray(share) - target) * np.exp(-rate * time))


def cost_of_services(nearby: Numbers, premium: float) -> NDArray[np.float64]:
    """Return what services cost over those of providers nearby, where the rest comes from abroad at a *premium*.

    >>> cost_of_services(np.array([0.0, 0.25, 1.0]), 0.2)
    array([1.2 , 1.15, 1.  ])
    """
    return np.asarray(1.0 + premium * (1.0 - np.asarray(nearby)))


def carried_through(carried: Numbers, ramp_up: float, nearby: Numbers) -> NDArray[np.float64]:
    """Return the part of experience that outlives a product generation with help in ramping up the next one.

    Of what would be lost the part *ramp_up* is kept where all services are bought nearby.

    >>> carried_through(0.5, 0.4, np.array([0.0, 0.5, 1.0]))
    array([0.5, 0.6, 0.7])
    """
    return np.asarray(carried + (1.0 - np.asarray(carried)) * ramp_up * np.asarray(nearby))
