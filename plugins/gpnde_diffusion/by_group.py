"""Sums, means and maxima over the firms of a cluster or country, for all of them at once."""

from __future__ import annotations

import numpy as np

from gpnde.plugin import Flags, Floats, Integers, add_rows


def sums(values: Floats, group: Integers, count: int) -> Floats:
    """Return the sum of the rows of each of *count* groups; shape (count, width) for values of shape (n, width).

    >>> sums(np.array([[1.0], [2.0], [5.0]]), np.array([1, 0, 1]), 2)
    array([[2.],
           [6.]])
    """
    total = np.zeros((count, values.shape[1]))
    add_rows(np.ascontiguousarray(values), group, total)
    return total


def maxima(values: Floats, group: Integers, count: int) -> Floats:
    """Return the highest of the rows of each group, column by column; 0 for a group without rows.

    >>> maxima(np.array([[1.0], [2.0], [5.0]]), np.array([1, 0, 1]), 3)
    array([[2.],
           [5.],
           [0.]])
    """
    highest = np.zeros((count, *values.shape[1:]))
    order = np.argsort(group, kind="stable")
    present, first = np.unique(group[order], return_index=True)
    if len(present):
        highest[present] = np.maximum(np.maximum.reduceat(values[order], first), 0.0)
    return highest


def means_of_others(values: Floats, group: Integers, count: int) -> tuple[Floats, Flags]:
    """Return the mean of the other rows of each row's group, and whether there are any (0 where there are none).

    >>> means, others = means_of_others(np.array([[1.0], [2.0], [5.0], [3.0]]), np.array([1, 0, 1, 1]), 2)
    >>> means.ravel(), others
    (array([4., 0., 2., 3.]), array([ True, False,  True,  True]))
    """
    others = np.bincount(group, minlength=count)[group] - 1
    left = sums(values, group, count)[group] - values
    return left / np.maximum(others, 1)[:, None] * (others > 0)[:, None], others > 0
