"""Means, paired differences and ratios with their intervals of confidence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LEVEL = 0.95
"""Level of all intervals."""

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


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
        # Adding 0 turns -0.0 into 0.0.
        mean, low, high = (f"{round(value, decimals) + 0.0:{sign}.{decimals}f}" for value in self)
        return f"{mean} [{low}, {high}]"

    def ends(self) -> dict[str, float]:
        """Return mean and ends by name, rounded as charts need them.

        >>> Interval(0.5, 0.25, 0.75).ends()
        {'mean': 0.5, 'low': 0.25, 'high': 0.75}
        """
        return {name: round(value, 5) for name, value in self._asdict().items()}


class Sample(NamedTuple):
    """Values of runs, with the point and the replication of each; one entry per run in all three."""

    values: Floats
    point: Whole
    replication: Whole


class Estimate(NamedTuple):
    """A mean over points, and the contribution of each independent unit to its error; these sum to 0."""

    mean: float
    errors: Floats
    """One per replication, or one per point where some point has a single run."""

    def interval(self) -> Interval:
        """Return the mean with its interval by Student's t; without ends (NaN) for a single unit."""
        error = math.sqrt(covariance(self.errors, self.errors))
        half = t_quantile(len(self.errors) - 1) * error
        return Interval(self.mean, self.mean - half, self.mean + half)


@lru_cache
def t_quantile(degrees: int) -> float:
    """Return how many standard errors an interval extends to either side; NaN without a degree of freedom.

    >>> round(t_quantile(7), 4)
    2.3646
    """
    from scipy import stats

    return float(stats.t.ppf(0.5 + LEVEL / 2, degrees)) if degrees > 0 else math.nan


def half_width(values: Sequence[float]) -> float:
    """Return the half-width of the 95 % interval of the mean of independent values, by Student's t.

    >>> round(half_width([9.0, 10.0, 11.0]), 3)
    2.484
    """
    sample = np.array(values)
    return t_quantile(len(sample) - 1) * float(sample.std(ddof=1)) / math.sqrt(len(sample))


def mean_interval(values: Sequence[float]) -> Interval:
    """Return the mean of independent replications with its 95 % interval, by Student's t.

    >>> mean_interval([1.0, 2.0, 3.0]).text(2)
    '2.00 [-0.48, 4.48]'
    """
    if len(values) < 2:
        raise ValueError(f"values: {len(values)}: must be at least 2 replications for an interval")
    half, mean = half_width(values), float(np.mean(values))
    return Interval(mean, mean - half, mean + half)


def paired_difference(treated: Sequence[float], control: Sequence[float]) -> Interval:
    """Return the mean difference of replications that share their seeds, with its interval.

    >>> paired_difference([2.0, 3.0, 4.5], [1.0, 2.0, 3.0]).text(2)
    '1.17 [0.45, 1.88]'
    """
    return mean_interval([after - before for after, before in zip(treated, control, strict=True)])


def estimate(sample: Sample) -> Estimate:
    """Return the mean over points, in which all points weigh the same, and its errors by replication.

    A replication has the same random numbers at all points. So replications are the independent units, and the points
    are taken as they are; with one point this is the interval of `mean_interval`. Only where some point has a single
    run, which does not estimate random variation, points are the units.

    >>> sample = Sample(np.array([1.0, 2.0, 3.0]), np.array([0, 0, 0]), np.array([0, 1, 2]))
    >>> estimate(sample).interval().text(2)
    '2.00 [-0.48, 4.48]'
    """
    _, place, count = np.unique(sample.point, return_inverse=True, return_counts=True)
    of_points = np.bincount(place, sample.values) / count
    mean = float(of_points.mean())
    if count.min() == 1:
        return Estimate(mean, (of_points - mean) / len(count))
    _, unit = np.unique(sample.replication, return_inverse=True)
    weights = 1.0 / (len(count) * count[place])
    errors: Floats = np.bincount(unit, weights * (sample.values - of_points[place])).astype(np.float64)
    return Estimate(mean, errors)


def covariance(one: Floats, other: Floats) -> float:
    """Return the covariance of two estimates, from the contributions of the same units to their errors."""
    units = len(one)
    return float(one @ other) * units / (units - 1) if units > 1 else math.nan


def ratio(part: Estimate, whole: Estimate) -> Interval | None:
    """Return the ratio of two means of the same runs with its interval (Fieller, 1954).

    There is none where the mean below the line may be 0: its ratio could then be anything.

    >>> units = np.array([-0.1, 0.0, 0.1])
    >>> ratio(Estimate(6.0, units), Estimate(2.0, 0.0 * units)).text(2)
    '3.00 [2.63, 3.37]'
    """
    low, high = whole.interval()[1:]
    if not (low > 0 or high < 0):
        return None
    above, below = covariance(part.errors, part.errors), covariance(whole.errors, whole.errors)
    both, quotient = covariance(part.errors, whole.errors), part.mean / whole.mean
    scale = (t_quantile(len(part.errors) - 1) / whole.mean) ** 2
    spread = above - 2 * quotient * both + quotient**2 * below - scale * (above * below - both**2)
    half = math.sqrt(scale * max(spread, 0.0))
    middle, shrink = quotient - scale * both, 1.0 - scale * below
    return Interval(quotient, (middle - half) / shrink, (middle + half) / shrink)


def signs_by_point(sample: Sample) -> Whole:
    """Return for each point 1 or -1 where the interval of its mean lies above or below 0, and else 0.

    Values that are all equal have an interval of no width; a single one has no interval, its point is not significant.

    >>> signs_by_point(Sample(np.array([1.0, 1.1, 9.0]), np.array([0, 0, 1]), np.array([0, 1, 0]))).tolist()
    [1, 0]
    """
    means, spreads, counts = _by_point(sample)
    # For a single value this is NaN, and so neither comparison below holds.
    halves = np.array([t_quantile(int(count) - 1) for count in counts]) * spreads / np.sqrt(counts)
    return (means - halves > 0).astype(np.int64) - (means + halves < 0)


def point_means(sample: Sample) -> Floats:
    """Return the mean at each point, in the order of their numbers."""
    return _by_point(sample)[0]


def _by_point(sample: Sample) -> tuple[Floats, Floats, Whole]:
    """Return mean, standard deviation and number of the values at each point."""
    _, place, counts = np.unique(sample.point, return_inverse=True, return_counts=True)
    means = np.bincount(place, sample.values) / counts
    squares = np.bincount(place, (sample.values - means[place]) ** 2)
    return means, np.sqrt(squares / np.maximum(counts - 1, 1)), counts
