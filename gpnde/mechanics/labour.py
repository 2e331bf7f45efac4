"""Labour (E7): what the work on a unit costs, how experience saves it, and how staff follows output.

Every argument may be a number or an array; arrays are broadcast.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gpnde.mechanics.pricing import learning_exponent
from gpnde.vocabulary import QUARTER_DAYS

Numbers = float | NDArray[np.float64]


def experience_factor(units: Numbers, reference: Numbers, learning_rate: Numbers) -> NDArray[np.float64]:
    """Return the factor on labour after *units* of output (Wright, 1936): each doubling saves *learning_rate* of it.

    Output below *reference* units, above 0, counts as that many.

    >>> experience_factor(np.array([50.0, 100.0, 400.0]), 100.0, 0.2).round(2)
    array([1.  , 1.  , 0.64])
    """
    experience = np.maximum(units, reference) / np.asarray(reference, dtype=np.float64)
    return np.asarray(experience ** -learning_exponent(learning_rate))


def mean_experience_factor(
    units: Numbers, more: Numbers, reference: Numbers, learning_rate: Numbers
) -> NDArray[np.float64]:
    """Return the mean of `experience_factor` over the next *more* units, above 0, of a site that has made *units*.

    >>> float(mean_experience_factor(100.0, 1e-6, 100.0, 0.2).round(3))
    1.0
    >>> float(mean_experience_factor(0.0, 200.0, 100.0, 0.2).round(3))
    0.942
    """
    known = np.asarray(reference, dtype=np.float64)
    start, end = np.asarray(units) / known, (np.asarray(units) + more) / known
    # Up to the reference, at 1, experience saves nothing.
    flat = np.clip(1.0, start, end) - start
    exponent = 1.0 - learning_exponent(learning_rate)
    return np.asarray((flat + _integral(np.maximum(start, 1.0), np.maximum(end, 1.0), exponent)) / (end - start))


def _integral(start: NDArray[np.float64], end: NDArray[np.float64], exponent: Numbers) -> NDArray[np.float64]:
    """Return the integral from *start* to *end* of x to the power *exponent* - 1."""
    logs = np.asarray(exponent) * np.log(end / start)
    # Near a power of -1 the integral is that of 1 / x.
    growth = np.divide(np.expm1(logs), logs, out=np.ones(np.shape(logs)), where=np.abs(logs) > 1e-12)
    return np.asarray(start**exponent * np.log(end / start) * growth)


def labour_cost(days: Numbers, wage: Numbers, exchange_rate: Numbers, productivity: Numbers) -> NDArray[np.float64]:
    """Return what labour costs per unit: *days* of it at a daily *wage* in local money, over its productivity.

    *exchange_rate* is the value of local money in world money.

    >>> float(labour_cost(0.5, 20.0, 0.9, 1.2))
    7.5
    """
    return np.asarray(np.asarray(days) * wage * exchange_rate / productivity)


def next_staff(
    staff: Numbers, wanted: Numbers, normal: Numbers, days: Numbers, hired: Numbers, released: Numbers
) -> NDArray[np.float64]:
    """Return the staff after so many *days* in which it moves towards the *wanted* one, as far as it can.

    In a quarter it grows by at most the share *hired* of itself or of the *normal* staff, whichever is larger, and
    falls by at most the share *released* of itself, evenly over the time.

    >>> next_staff(np.array([100.0, 100.0, 100.0]), np.array([200.0, 105.0, 0.0]), 80.0, 91.0, 0.3, 0.2)
    array([130., 105.,  80.])
    """
    quarters = np.asarray(days) / QUARTER_DAYS
    most = staff + np.asarray(hired) * quarters * np.maximum(staff, normal)
    least = np.asarray(staff) * (1.0 - np.minimum(1.0, np.asarray(released) * quarters))
    return np.asarray(np.clip(wanted, least, most))


def pay_per_day(staff: Numbers, needed: Numbers, wage: Numbers, overtime_premium: Numbers) -> NDArray[np.float64]:
    """Return what a day costs: all *staff* is paid, idle or not, and hands that are missing at a premium on the wage.

    >>> pay_per_day(np.array([10.0, 10.0]), np.array([8.0, 12.0]), 5.0, 0.5)
    array([50., 65.])
    """
    missing = np.maximum(0.0, np.asarray(needed) - staff)
    return np.asarray(wage * (np.asarray(staff) + missing * (1.0 + np.asarray(overtime_premium))))
