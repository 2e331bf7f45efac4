"""Sums of rows by group: a compiled loop, several times faster than what numpy offers for it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gpnde.numerics.compiled import compiled

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@compiled
def add_rows(values: Floats, group: Integers, totals: Floats) -> None:
    """Add each row of *values* to the row of *totals* that its *group* names.

    *values* has shape (n, width), *group* (n,) and *totals* (groups, width); no group may be negative or too large.

    >>> totals = np.zeros((2, 1))
    >>> add_rows(np.array([[1.0], [2.0], [5.0]]), np.array([1, 0, 1]), totals)
    >>> totals.ravel().tolist()
    [2.0, 6.0]
    """
    for row in range(values.shape[0]):
        place = group[row]
        for column in range(values.shape[1]):
            totals[place, column] += values[row, column]
