"""Decompose a change of a mean into within, between, entry and exit, and inequality into between and within groups."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Change(NamedTuple):
    """The parts of the change of a weighted mean; they add up to the change."""

    within: float
    between: float
    cross: float
    entry: float
    exit: float

    @property
    def total(self) -> float:
        """Return the change of the mean."""
        return sum(self)


class Inequality(NamedTuple):
    """Theil's index and its two parts, which add up to it."""

    total: float
    between: float
    within: float


def decompose_change(share_then: Floats, value_then: Floats, share_now: Floats, value_now: Floats) -> Change:
    """Return the parts of the change of the mean value of firms (Foster, Haltiwanger and Krizan, 2001).

    All arrays have one entry per firm. Shares of either time add up to 1. A value of NaN says that the firm was not
    there, whatever its share. *Within* is what firms became at the shares they had, *between* what shifted to firms
    above the mean, *cross* what shifted to firms that rose; firms that *entered* or *left* count by their distance from
    the first mean.

    >>> parts = decompose_change(*(np.array(pair) for pair in ([0.5, 0.5], [0.2, 0.4], [0.5, 0.5], [0.3, 0.4])))
    >>> round(parts.within, 12), parts.between, parts.entry
    (0.05, 0.0, 0.0)
    """
    there_then, there_now = np.isfinite(value_then), np.isfinite(value_now)
    stayed = there_then & there_now
    mean = float((share_then * value_then)[there_then].sum())
    rise = (value_now - value_then)[stayed]
    shift = (share_now - share_then)[stayed]
    came, went = there_now & ~there_then, there_then & ~there_now
    return Change(
        within=float((share_then[stayed] * rise).sum()),
        between=float((shift * (value_then[stayed] - mean)).sum()),
        cross=float((shift * rise).sum()),
        entry=float((share_now[came] * (value_now[came] - mean)).sum()),
        exit=float((share_then[went] * (mean - value_then[went])).sum()),
    )


def theil(values: Floats, group: NDArray[np.integer]) -> Inequality:
    """Return Theil's index of inequality of positive *values*, in all, between groups and within them.

    *group* numbers the group of each value from 0. Zeros count, negative values have no index; without a positive value
    it is NaN.

    >>> theil(np.array([1.0, 1.0, 3.0, 3.0]), np.array([0, 0, 1, 1])).within
    0.0
    """
    whole = float(values.sum())
    if not len(values) or whole <= 0 or values.min() < 0:
        return Inequality(np.nan, np.nan, np.nan)
    income = values / whole
    total = _divergence(income, np.full(len(values), 1.0 / len(values)))
    members = np.bincount(group).astype(np.float64)
    income_of = np.bincount(group, income).astype(np.float64)
    # A number that no value has for its group would divide by 0.
    even = (income_of / np.maximum(members, 1.0))[group]
    return Inequality(total, _divergence(income_of, members / len(values)), _divergence(income, even))


def _divergence(income: Floats, people: Floats) -> float:
    """Return the sum of income times the logarithm of income over people, where 0 times anything is 0."""
    some = income > 0
    return float((income[some] * np.log(income[some] / people[some])).sum())
