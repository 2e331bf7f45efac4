"""Measures (E25): where a change of the mean comes from, and where inequality lies.

Firms that drop out are replaced, so that mean capability may rise by selection alone. Only the *within* term of the
decomposition says that firms themselves have upgraded.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray


class Decomposition(NamedTuple):
    """The five terms that a change of the weighted mean splits into; `total` is the change itself."""

    within: float
    """Firms that stay change their level, at their share of then."""
    between: float
    """Firms that stay change their share, by how far their level of then lay above the mean."""
    cross: float
    """Shares and levels of firms that stay change together."""
    entry: float
    """New firms, by how far they lie above the mean of then."""
    exit: float
    """Firms that left, by how far they lay below the mean of then."""

    @property
    def total(self) -> float:
        """Return the change of the weighted mean."""
        return math.fsum(self)


class Theil(NamedTuple):
    """Theil's index of inequality, split by groups: *total* = *between* + *within*."""

    total: float
    between: float
    within: float


def within_between_entry_exit(
    share_then: NDArray[np.float64],
    level_then: NDArray[np.float64],
    share_now: NDArray[np.float64],
    level_now: NDArray[np.float64],
    was: NDArray[np.bool_],
    is_now: NDArray[np.bool_],
) -> Decomposition:
    """Split the change of the weighted mean level into five terms (Foster, Haltiwanger & Krizan, 2001).

    All arrays have one entry per firm. *was* and *is_now* say which firms there were and are; entries of others are
    not read. Shares are weights of at least 0 and need not sum to 1. Where one of the two periods has no weight there
    is no mean to compare, and every term is 0.

    >>> share, then, now = np.array([1.0, 1.0]), np.array([0.2, 0.4]), np.array([0.4, 0.4])
    >>> everybody = np.array([True, True])
    >>> round(within_between_entry_exit(share, then, share, now, everybody, everybody).within, 6)
    0.1
    """
    weight_then, weight_now = _weights(share_then, was), _weights(share_now, is_now)
    if not (weight_then.any() and weight_now.any()):
        return Decomposition(0.0, 0.0, 0.0, 0.0, 0.0)
    before, after = np.where(was, level_then, 0.0), np.where(is_now, level_now, 0.0)
    stays = np.asarray(was) & is_now
    gained, grown = np.where(stays, after - before, 0.0), np.where(stays, weight_now - weight_then, 0.0)
    mean = float(weight_then @ before)
    return Decomposition(
        within=float(weight_then @ gained),
        between=float(grown @ (before - mean)),
        cross=float(grown @ gained),
        entry=float(np.where(was, 0.0, weight_now) @ (after - mean)),
        exit=-float(np.where(is_now, 0.0, weight_then) @ (before - mean)),
    )


def _weights(share: NDArray[np.float64], present: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the shares of the firms that are present, summing to 1, or all 0 where there is none."""
    counted = np.where(present, share, 0.0)
    whole = counted.sum()
    return np.asarray(counted / whole if whole > 0.0 else np.zeros(counted.shape))


def theil(values: NDArray[np.float64], groups: NDArray[np.integer[Any]]) -> Theil:
    """Split Theil's index of non-negative values into what lies between groups and what lies within them.

    *groups* holds a label for each value. The index is 0 when all values are equal, and ln n when one of n values
    has everything; a value of 0 adds 0, the limit of x ln x. Without values, or with zeros alone, it is 0.

    >>> spread = theil(np.array([1.0, 1.0, 3.0, 3.0]), np.array([0, 0, 1, 1]))
    >>> round(spread.between, 4), round(spread.within, 4)
    (0.1308, 0.0)
    """
    share = _weights(np.asarray(values, dtype=np.float64), np.asarray(True))
    _, group, members = np.unique(groups, return_inverse=True, return_counts=True)
    group_share = np.asarray(np.bincount(group, weights=share, minlength=len(members)), dtype=np.float64)
    peers_share = (group_share / members)[group]
    within = _entropy(share, peers_share)
    between = _entropy(group_share, members / max(1, len(share)))
    return Theil(between + within, between, within)


def _entropy(share: NDArray[np.float64], even: NDArray[np.float64]) -> float:
    """Return the sum of share ln(share / even share), where a share of 0 adds 0."""
    held = share > 0.0
    return float(share[held] @ np.log(share[held] / even[held]))
