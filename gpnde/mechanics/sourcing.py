"""Requests for quotation (E8) and the split of a volume among approved suppliers.

Arrays have one entry per bidder or supplier.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Numbers = float | NDArray[np.float64]


def response_hours(
    median_hours: Numbers,
    sigma: Numbers,
    coordination: Numbers,
    coordination_effect: Numbers,
    noise: Numbers,
    digital: Numbers = 0.0,
    digital_effect: Numbers = 0.0,
) -> NDArray[np.float64]:
    """Return the hours that suppliers take to answer, lognormal: shorter with coordination and digital exchange.

    *noise* is standard normal, *sigma* the standard deviation of the logarithm of the hours. *coordination* is the
    supplier's capability to coordinate a supply chain and *digital* how far firms exchange data digitally, both
    between 0 and 1; each effect is by how much a full 1 lowers the logarithm of the hours.

    >>> round(float(response_hours(36.0, 0.5, 1.0, 0.5, 0.0)), 2)
    21.84
    >>> round(float(response_hours(36.0, 0.5, 0.0, 0.0, 0.0, digital=0.5, digital_effect=1.0)), 2)
    21.84
    """
    lowered = np.asarray(coordination_effect * np.asarray(coordination)) + digital_effect * np.asarray(digital)
    return np.asarray(median_hours * np.exp(sigma * np.asarray(noise) - lowered))


def is_late(hours: Numbers, deadline_hours: Numbers) -> NDArray[np.bool_]:
    """Return whether an answer comes after the deadline.

    >>> is_late(np.array([24.0, 24.5]), 24.0)
    array([False,  True])
    """
    return np.asarray(np.asarray(hours) > deadline_hours)


def bid_score(
    price: Numbers,
    best_price: float,
    lead_days: Numbers,
    best_lead: float,
    reliability: Numbers,
    quality: Numbers,
    weights: Sequence[float],
) -> NDArray[np.float64]:
    """Return a bid's score between 0 and 1, weighted in the order price, lead time, reliability, quality.

    Price and lead time are marked by the best one offered over the bidder's own; the weights need not sum to 1.

    >>> round(float(bid_score(125.0, 100.0, 20.0, 10.0, 0.9, 1.0, (1, 1, 1, 1))), 3)
    0.8
    """
    on_price, on_lead, on_reliability, on_quality = (weight / sum(weights) for weight in weights)
    marks = on_price * _closeness(price, best_price) + on_lead * _closeness(lead_days, best_lead)
    return np.asarray(marks + on_reliability * reliability + on_quality * quality)


def _closeness(offered: Numbers, best: float) -> NDArray[np.float64]:
    """Return the best value over the offered one: 1 for the best itself, even where that is 0."""
    offers = np.asarray(offered, dtype=np.float64)
    return np.divide(best, offers, out=np.ones(offers.shape), where=offers > best)


def incumbent_bar(score: Numbers, lock: Numbers) -> NDArray[np.float64]:
    """Return the score that a bid needs to displace a supplier: the *lock* is part of what that one lacks to 1.

    >>> incumbent_bar(0.6, np.array([0.0, 0.5, 1.0]))
    array([0.6, 0.8, 1. ])
    """
    return np.asarray(score + np.asarray(lock) * (1.0 - np.asarray(score)))


def choose_bid(scores: NDArray[np.float64], on_time: NDArray[np.bool_]) -> int:
    """Return the index of the best bid that came on time, the first among equals, or -1 if none did.

    >>> choose_bid(np.array([0.9, 0.7, 0.7]), np.array([False, True, True]))
    1
    """
    if not on_time.any():
        return -1
    return int(np.argmax(np.where(on_time, scores, -np.inf)))


def allocation_shares(shares: NDArray[np.float64], risen: NDArray[np.float64], beta: float) -> NDArray[np.float64]:
    """Return the *shares* of approved suppliers after their scores have *risen*, or fallen, by so much (E10).

    The odds of each rise by exp(*beta* times the change), so that shares follow scores, and buyers still buy more from
    those whom they gave more to begin with. Shares sum to 1 afterwards.

    >>> allocation_shares(np.array([0.8, 0.2]), np.array([0.1, 0.1]), 4.0).round(3)
    array([0.8, 0.2])
    >>> allocation_shares(np.array([0.5, 0.5]), np.array([0.5, 0.0]), 2.0).round(3)
    array([0.731, 0.269])
    """
    # Less the largest rise no exponential overflows, and shares come out the same.
    odds = shares * np.exp(beta * (risen - risen.max()))
    return np.asarray(odds / odds.sum())


def fill_to_cap(
    total: float, shares: NDArray[np.float64], caps: NDArray[np.float64], tier_rank: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the volume of each supplier when the best rank is filled to its caps and the next gets the rest (E10).

    Inside a rank volume goes by *shares* (equally if all are 0) up to each cap. Rank 0 comes first. The volumes sum to
    *total*, or to all the caps if those are less.

    >>> fill_to_cap(100.0, np.array([0.5, 0.5, 1.0]), np.array([20.0, 60.0, 50.0]), np.array([0, 0, 1]))
    array([20., 60., 20.])
    """
    volume = np.zeros(len(shares))
    # In rising order, so that the best rank is served first.
    for rank in np.unique(tier_rank):
        members = tier_rank == rank
        volume[members] = _fill_by_share(total - float(volume.sum()), shares[members], caps[members])
    return volume


def _fill_by_share(amount: float, shares: NDArray[np.float64], caps: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return an amount split by shares, where what exceeds a cap goes to those that still have room."""
    volume = np.zeros(len(shares))
    has_room = caps > 0.0
    while amount > 0.0 and has_room.any():
        offered = amount * _relative(shares, has_room)
        is_full = has_room & (offered >= caps)
        if not is_full.any():
            return volume + offered
        volume[is_full] = caps[is_full]
        amount -= float(caps[is_full].sum())
        has_room &= ~is_full
    return volume


def _relative(shares: NDArray[np.float64], has_room: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return shares among those with room, equal ones if theirs are all 0."""
    weights = np.where(has_room, shares, 0.0)
    weights = weights if weights.sum() > 0.0 else has_room.astype(np.float64)
    return np.asarray(weights / weights.sum())


def price_breaker_award(shares: NDArray[np.float64], lowest_bid: int, awarded_share: float) -> NDArray[np.float64]:
    """Return the shares after a price-breaking round gives *awarded_share* of the volume to the lowest bidder (E10).

    *lowest_bid* is that bidder's index; all shares, its own too, first shrink to make room.

    >>> price_breaker_award(np.array([0.75, 0.25]), 1, 0.2)
    array([0.6, 0.4])
    """
    awarded = shares * (1.0 - awarded_share)
    awarded[lowest_bid] += awarded_share
    return np.asarray(awarded)
