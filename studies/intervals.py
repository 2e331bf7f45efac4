"""Means and paired differences with their intervals of confidence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import stats

LEVEL = 0.95
"""Level of all intervals."""


class Interval(NamedTuple):
    """A mean with the ends of its interval of confidence."""

    mean: float
    low: float
    high: float

    def text(self, decimals: int = 3, signed: bool = False) -> str:
        """Return the mean and, in brackets, the interval.

        >>> Interval(0.5, 0.25, 0.75).text(2, signed=True)
        '+0.50 [+0.25, +0.75]'
        """
        sign = "+" if signed else ""
        # Adding nought makes -0.0 a plain one.
        mean, low, high = (f"{round(value, decimals) + 0.0:{sign}.{decimals}f}" for value in self)
        return f"{mean} [{low}, {high}]"

    def ends(self) -> dict[str, float]:
        """Return mean and ends by name, rounded as charts need them.

        >>> Interval(0.5, 0.25, 0.75).ends()
        {'mean': 0.5, 'low': 0.25, 'high': 0.75}
        """
        return {name: round(value, 5) for name, value in self._asdict().items()}


def mean_interval(values: Sequence[float]) -> Interval:
    """Return the mean of independent replications with its 95 % interval, by Student's t.

    >>> mean_interval([1.0, 2.0, 3.0]).text(2)
    '2.00 [-0.48, 4.48]'
    """
    if len(values) < 2:
        raise ValueError(f"values: {len(values)}: must be at least 2 replications for an interval")
    sample = np.array(values)
    half = float(stats.t.ppf(0.5 + LEVEL / 2, len(sample) - 1) * sample.std(ddof=1) / math.sqrt(len(sample)))
    mean = float(sample.mean())
    return Interval(mean, mean - half, mean + half)


def paired_difference(treated: Sequence[float], control: Sequence[float]) -> Interval:
    """Return the mean difference of replications that share their seeds, with its interval.

    >>> paired_difference([2.0, 3.0, 4.5], [1.0, 2.0, 3.0]).text(2)
    '1.17 [0.45, 1.88]'
    """
    return mean_interval([after - before for after, before in zip(treated, control, strict=True)])
