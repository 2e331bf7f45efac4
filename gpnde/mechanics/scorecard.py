"""The quarterly scoreboard (E9): a finance gate, a weighted score, strikes, and dismissal.

Delivery, quality, price and response are marks between 0 (worst) and 1 (best). Arguments may be numbers or arrays.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gpnde.numerics.normal import normal_probability

Numbers = float | NDArray[np.float64]
Counts = int | NDArray[np.int64]

_WIDEST = 1.75
"""Deviations below the mean at which a threshold of 0 lies (assumption)."""

_ROUNDING = 1e-9
"""By how much a score may lie below the mean of others like it by the error of their sum."""


def finance_gate(
    cash_months: Numbers, minimum_months: Numbers, leverage: Numbers, maximum_leverage: Numbers
) -> NDArray[np.bool_]:
    """Return whether a supplier is sound enough to be scored at all: cash for long enough and debt low enough.

    >>> finance_gate(np.array([2.0, 0.5, 3.0]), 1.0, np.array([0.4, 0.4, 0.9]), 0.8)
    array([ True, False, False])
    """
    return np.asarray((np.asarray(cash_months) >= minimum_months) & (np.asarray(leverage) <= maximum_leverage))


def quality_mark(yield_rate: Numbers, lowest: Numbers, highest: Numbers) -> NDArray[np.float64]:
    """Return where a yield lies on the scale of its product: 0 without capability, 1 at the frontier.

    Where capability makes no difference to the product every yield is as good as can be.

    >>> quality_mark(np.array([0.7, 0.85, 0.99, 0.5]), 0.7, np.array([1.0, 1.0, 0.9, 0.7]))
    array([0. , 0.5, 1. , 1. ])
    """
    span = np.asarray(highest, dtype=np.float64) - lowest
    above = np.asarray(yield_rate) - np.asarray(lowest)
    place = np.divide(above, span, out=np.ones(np.broadcast(above, span).shape), where=span > 0.0)
    return np.asarray(np.clip(place, 0.0, 1.0))


def response_mark(usual_hours: Numbers, reference_hours: Numbers, spread: float) -> NDArray[np.float64]:
    """Return the chance to answer within the *reference_hours* of the buyer, by the median time and its log spread.

    >>> response_mark(np.array([12.0, 24.0, 48.0]), reference_hours=24.0, spread=0.6).round(3)
    array([0.876, 0.5  , 0.124])
    """
    ahead = np.log(np.asarray(reference_hours) / np.asarray(usual_hours, dtype=np.float64))
    return np.asarray(normal_probability(ahead / spread) if spread > 0.0 else np.where(ahead >= 0.0, 1.0, 0.0))


def price_mark(price: Numbers, best: Numbers) -> NDArray[np.float64]:
    """Return the best price over the supplier's own, at most 1.

    >>> price_mark(np.array([10.0, 12.5, 0.0]), 10.0)
    array([1. , 0.8, 1. ])
    """
    own = np.asarray(price, dtype=np.float64)
    out = np.ones(np.broadcast(own, np.asarray(best)).shape)
    return np.divide(best, own, out=out, where=own > best)


def weighted_score(
    delivery: Numbers, quality: Numbers, price: Numbers, response: Numbers, weights: Sequence[Numbers]
) -> NDArray[np.float64]:
    """Return the mean of the four marks, weighted in the order delivery, quality, price, response.

    The weights need not sum to 1.

    >>> round(float(weighted_score(1.0, 0.8, 0.5, 0.0, (0.35, 0.30, 0.20, 0.15))), 3)
    0.69
    """
    on_delivery, on_quality, on_price, on_response = (weight / sum(weights) for weight in weights)
    return np.asarray(on_delivery * delivery + on_quality * quality + on_price * price + on_response * response)


def relative_bar(threshold: Numbers, count: Numbers, total: Numbers, squares: Numbers) -> NDArray[np.float64]:
    """Return the score below which a supplier is far behind the field: (1.75 - threshold) deviations below its mean.

    The field has *count* scores with the sum *total*, whose squares add up to *squares*. Whoever is alone in it, or as
    good as all others, is not behind.

    >>> float(relative_bar(0.75, 4, 2.0, 1.16).round(6))
    0.3
    """
    mean = np.asarray(total, dtype=np.float64) / count
    # Rounding may leave the variance of equal scores a hair below 0.
    deviation = np.sqrt(np.maximum(np.asarray(squares) / count - mean**2, 0.0))
    return np.asarray(mean - (_WIDEST - np.asarray(threshold)) * deviation - _ROUNDING)


def controlled_bar(bar: Numbers, control: Numbers) -> NDArray[np.float64]:
    """Return the score below which a firm of the own group takes a strike: lower by the *control*, none with full one.

    >>> controlled_bar(0.5, np.array([0.0, 0.4, 1.0]))
    array([ 0.5,  0.3, -inf])
    """
    held = np.asarray(control, dtype=np.float64)
    return np.where(held < 1.0, np.asarray(bar) * (1.0 - held), -np.inf)


def update_strikes(strikes: Counts, score: Numbers, threshold: Numbers) -> NDArray[np.int64]:
    """Return the strikes after a review: one more for a score below the threshold, none after a good one.

    >>> update_strikes(np.array([0, 1, 1]), np.array([0.4, 0.4, 0.5]), 0.5)
    array([1, 2, 0])
    """
    return np.where(np.asarray(score) < threshold, np.asarray(strikes) + 1, 0)


def dismissals(strikes: Counts, allowed: Counts, commitment_until: Numbers, today: float) -> NDArray[np.bool_]:
    """Return which are dismissed: the strikes have reached those *allowed*, and no commitment reaches beyond *today*.

    >>> dismissals(np.array([2, 2, 1]), 2, np.array([0.0, 400.0, 0.0]), 364.0)
    array([ True, False, False])
    """
    return np.asarray((np.asarray(strikes) >= allowed) & (np.asarray(commitment_until) <= today))


def dismissal_hazard(failure_probability: Numbers, strikes: Counts) -> NDArray[np.float64]:
    """Return the chance per review of being dismissed, when reviews fail independently.

    It is one over `expected_reviews_to_dismissal`, (1 - f) f^k / (1 - f^k), and 1 for a firm that always fails once.

    >>> dismissal_hazard(np.array([0.0, 0.3, 1.0]), 2).round(4)
    array([0.    , 0.0692, 0.5   ])
    """
    f = np.asarray(failure_probability, dtype=np.float64)
    allowed, hazard = np.broadcast_to(strikes, f.shape), np.empty(f.shape)
    # Sorted, so that nothing hangs on the order of a set.
    for each in sorted(set(allowed.ravel().tolist())):
        here = allowed == each
        # The sum is (1 - f^k) / (1 - f), also at f = 1, where the fraction is not defined.
        runs = np.sum([f[here] ** run for run in range(each)], axis=0)
        hazard[here] = f[here] ** each / runs
    return hazard


def expected_reviews_to_dismissal(failure_probability: float, strikes: int) -> float:
    """Return the mean number of reviews until so many strikes in a row, when reviews fail independently.

    This is the mean wait for a run of successes, the sum of f^-1 … f^-k: a closed form, which runs are held against.

    >>> round(expected_reviews_to_dismissal(0.3, 2), 2)
    14.44
    """
    if failure_probability == 0.0:
        return math.inf
    return math.fsum(failure_probability**-run for run in range(1, strikes + 1))
