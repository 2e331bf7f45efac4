"""Value at risk and expected shortfall of losses over sampled disruptions, with intervals."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gpnde.study.intervals import LEVEL, half_width

Floats = NDArray[np.float64]

LEVELS = (0.9, 0.95, 0.99)
"""Levels of value at risk and expected shortfall."""

_RESAMPLES = 2000
_DIGITS = 9


class Figure(NamedTuple):
    """A figure of the distribution of losses with its 95 % interval; an end that so few losses do not give is NaN."""

    statistic: str
    level: float | None
    value: float
    low: float
    high: float


def value_at_risk(losses: Floats, level: float) -> float:
    """Return the smallest loss that is not exceeded with at least the probability *level*.

    >>> value_at_risk(np.arange(1.0, 101.0), 0.95)
    95.0
    """
    return float(np.quantile(losses, level, method="inverted_cdf"))


def expected_shortfall(losses: Floats, level: float) -> float:
    """Return the mean of the worst losses, a share 1 - *level* of all (Acerbi and Tasche, 2002).

    ES = (E[X; X > VaR] + VaR (1 - level - P[X > VaR])) / (1 - level), so that a loss at the border counts in part.

    >>> expected_shortfall(np.arange(1.0, 101.0), 0.95), round(expected_shortfall(np.arange(1.0, 11.0), 0.85), 6)
    (98.0, 9.666667)
    """
    return float(_shortfalls(losses[None, :], level)[0])


def _shortfalls(samples: Floats, level: float) -> Floats:
    """Return the expected shortfall of each row of *samples*."""
    ordered = np.sort(samples, axis=1)[:, ::-1]
    # Rounded, since 1 - 0.95 is a little more than 0.05, which would count a sliver of one loss more.
    tail = round((1.0 - level) * ordered.shape[1], _DIGITS)
    weights = np.clip(tail - np.arange(ordered.shape[1]), 0.0, 1.0)
    return np.asarray(ordered @ weights / tail)


def quantile_interval(losses: Floats, level: float) -> tuple[float, float]:
    """Return the ends of the 95 % interval of a quantile from order statistics (Hahn and Meeker, 1991).

    It holds whatever the law of the losses. An end is NaN where there are too few losses for it.

    >>> quantile_interval(np.arange(1.0, 101.0), 0.5), quantile_interval(np.arange(10.0), 0.95)
    ((40.0, 61.0), (7.0, nan))
    """
    from scipy import stats

    ordered, count = np.sort(losses), len(losses)
    beyond = (1.0 - LEVEL) / 2
    # Counts of losses up to the quantile are binomial; each end leaves out at most half of what is allowed.
    low = int(stats.binom.ppf(beyond, count, level))
    high = int(stats.binom.ppf(1.0 - beyond, count, level)) + 1
    return (
        float(ordered[low - 1]) if low >= 1 else math.nan,
        float(ordered[high - 1]) if high <= count else math.nan,
    )


def shortfall_interval(losses: Floats, level: float, seed: int) -> tuple[float, float]:
    """Return the ends of the 95 % interval of the expected shortfall, by the percentile bootstrap (Efron, 1979)."""
    from gpnde.numerics.draws import generator

    rng = generator(seed, 0, "resilience", "bootstrap")
    chosen = rng.integers(0, len(losses), (_RESAMPLES, len(losses)))
    ends = np.quantile(_shortfalls(losses[chosen], level), [(1.0 - LEVEL) / 2, (1.0 + LEVEL) / 2])
    return float(ends[0]), float(ends[1])


def figures(losses: Floats, seed: int) -> Iterator[Figure]:
    """Yield the mean loss, and value at risk and expected shortfall at each of `LEVELS`, with their intervals."""
    mean = float(losses.mean())
    half = half_width(losses.tolist()) if len(losses) > 1 else math.nan
    yield Figure("mean", None, mean, mean - half, mean + half)
    for level in LEVELS:
        yield Figure("value-at-risk", level, value_at_risk(losses, level), *quantile_interval(losses, level))
    for level in LEVELS:
        ends = shortfall_interval(losses, level, seed)
        yield Figure("expected-shortfall", level, expected_shortfall(losses, level), *ends)
