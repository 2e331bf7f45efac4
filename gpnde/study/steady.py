"""One long run instead of many: how long it takes to become steady, and intervals of what it comes to then.

Values are taken at even distances in time. What they are is up to the caller; numbers of values become days in
`until_steady`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gpnde.study.intervals import Interval, mean_interval

if TYPE_CHECKING:
    import polars as pl

    from gpnde.results import Run

Floats = NDArray[np.float64]

MSER_BATCH = 5
"""Values per batch in MSER-5 (White, 1997)."""

BATCHES = 20
"""Batches of one run: from 10 to 30 are advised (Schmeiser, 1982)."""

_ROUNDING = 1e-12
"""Share of a sum of squares below which it counts as 0."""

FEWEST = 2 * BATCHES
"""Values below which nothing is said of a series."""


class BatchMeans(NamedTuple):
    """The mean of one run with an interval, and how far successive batches still go together."""

    interval: Interval
    size: int
    """Values per batch."""
    correlation: float
    """Correlation of neighbouring batches: near 0 where the interval can be trusted; NaN without spread."""


class Steadiness(NamedTuple):
    """When a series of a run is steady, and its mean from then on."""

    series: str
    unit: str
    days: float | None
    """Days until it is steady; None where it is not within the first half of the run."""
    after: BatchMeans | None
    """What it comes to from then on; None where it is not steady, or too few values are left."""


def batched(values: Sequence[float] | Floats, size: int) -> Floats:
    """Return the means of successive batches of *size* values; what is left over at the end is dropped.

    >>> batched([1.0, 3.0, 2.0, 4.0, 9.0], 2).tolist()
    [2.0, 3.0]
    """
    count = len(values) // size
    return np.asarray(np.reshape(np.asarray(values, dtype=np.float64)[: count * size], (count, size)).mean(axis=1))


def standard_errors(values: Floats) -> Floats:
    """Return the squared standard error of the mean of what is left after each number of values is cut; shape (n,).

    MSER(d) = Σ (x - mean)² / (n - d)², over the n - d values from d on (White, 1997).

    >>> standard_errors(np.array([4.0, 0.0, 2.0])).round(3).tolist()
    [0.889, 0.5, 0.0]
    """
    left = np.arange(len(values), 0, -1, dtype=np.float64)
    # About their mean, so that a large level does not drown small deviations.
    centred = values - values.mean()
    sums, squares = np.cumsum(centred[::-1])[::-1], np.cumsum(centred[::-1] ** 2)[::-1]
    spread = squares - sums**2 / left
    # What rounding leaves of equal values must not pass for spread.
    spread[spread <= _ROUNDING * squares[0]] = 0.0
    return np.asarray(spread / left**2)


def values_until_steady(values: Sequence[float] | Floats, batch: int = MSER_BATCH) -> int | None:
    """Return how many values at the start to leave out, so that the mean of the rest is best known (White, 1997).

    The rule is MSER-5: of batches of 5 values, as many are cut as make the squared standard error smallest. None is
    returned where that is more than half of them: the run is too short to say, or never steady.

    >>> values_until_steady([9.0] * 10 + [1.0, 2.0] * 50)
    10
    """
    means = batched(values, batch)
    if len(means) < 2:
        return None
    half = len(means) // 2
    errors = standard_errors(means)
    # The last few errors are small because few values are left, which says nothing.
    best = int(np.argmin(errors[: half + 1]))
    return best * batch if best < half or half == 0 else None


def batch_means(values: Sequence[float] | Floats, batches: int = BATCHES) -> BatchMeans:
    """Return the mean of a steady series with its 95 % interval, from the means of successive batches.

    Values of one run depend on those before; means of long batches hardly do (Conway, 1963; Schmeiser, 1982).

    >>> batch_means([1.0, 3.0] * 20, batches=10).interval.text(1)
    '2.0 [2.0, 2.0]'

    Raises
    ------
    ValueError
        There are fewer values than batches, or fewer than two batches.
    """
    if not 2 <= batches <= len(values):
        raise ValueError(f"{batches} batches of {len(values)} values: must be from 2 to the number of values")
    size = len(values) // batches
    # What is left over is dropped at the start, where a series is least steady.
    means = batched(np.asarray(values, dtype=np.float64)[len(values) - size * batches :], size)
    return BatchMeans(mean_interval(means.tolist()), size, _correlation(means))


def _correlation(means: Floats) -> float:
    """Return the first autocorrelation of *means*; NaN where they do not vary."""
    centred = means - means.mean()
    spread = float(centred @ centred)
    return float(centred[1:] @ centred[:-1]) / spread if spread > 0 else float("nan")


def until_steady(run: Run) -> list[Steadiness]:
    """Return when service, stocks, backlog and costs of a run are steady, and what they come to from then on.

    >>> import gpnde
    >>> steady = until_steady(gpnde.simulate("single-site", seed=1))
    >>> [each.series for each in steady]
    ['fill rate', 'stock', 'backlog']
    """
    return [_steadiness(*each) for each in _series(run) if each[2].height >= FEWEST]


def _steadiness(series: str, unit: str, rows: pl.DataFrame) -> Steadiness:
    values, days = rows["value"].to_numpy(), rows["day"].to_numpy()
    cut = values_until_steady(values)
    if cut is None:
        return Steadiness(series, unit, None, None)
    left = values[cut:]
    after = batch_means(left) if len(left) >= FEWEST else None
    return Steadiness(series, unit, float(days[cut - 1]) if cut else 0.0, after)


def _series(run: Run) -> list[tuple[str, str, pl.DataFrame]]:
    """Return name, unit and rows (day, value) of each series of a run."""
    import polars as pl

    after_start = pl.col("day") > 0
    markets = run.markets.filter(after_start).group_by("day").agg(pl.col("demanded", "filled").sum()).sort("day")
    fill = markets.filter(pl.col("demanded") > 0).select("day", value=pl.col("filled") / pl.col("demanded"))
    found = [("fill rate", "1", fill)]
    tiers = run.tiers.filter(after_start).group_by("day").agg(pl.col("on_hand", "backlog").sum()).sort("day")
    for name, column in (("stock", "on_hand"), ("backlog", "backlog")):
        found.append((name, "unit", tiers.select("day", value=column)))
    if "costs" in run.tables and run.tables["costs"].height:
        found.append(("costs", "money/day", _costs_per_day(run.tables["costs"])))
    return found


def _costs_per_day(costs: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    sums = costs.group_by("day").agg(pl.col("amount").sum()).sort("day")
    return sums.select("day", value=pl.col("amount") / (pl.col("day") - pl.col("day").shift(1, fill_value=0.0)))
