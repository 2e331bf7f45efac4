"""Totals over time: one row per recorded day, for the report in text and for the charts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import polars as pl

DROPOUT_SUFFIXES = ("_failed", "_dropped", "_exited")
"""Endings of the kinds of events that count as an outage (failed) or a drop-out (dropped, exited)."""


def service(markets: pl.DataFrame) -> pl.DataFrame:
    """Return the share of demand that was filled when it was due, per day of record: day, demanded, filled, fill.

    Days without demand have no fill (null).
    """
    import polars as pl

    total = markets.group_by("day").agg(pl.col("demanded").sum(), pl.col("filled").sum()).sort("day")
    fill = pl.when(pl.col("demanded") > 0).then(pl.col("filled") / pl.col("demanded"))
    return total.with_columns(fill.alias("fill"))


def tier_totals(tiers: pl.DataFrame, column: str) -> pl.DataFrame:
    """Return a *column* of the table of tiers summed over tiers, per day of record: day and the column."""
    import polars as pl

    return tiers.group_by("day").agg(pl.col(column).sum()).sort("day")


def dropout_events(events: pl.DataFrame) -> pl.DataFrame:
    """Return the outages and drop-outs among *events*, each with its cause; the cause of outages is ``outage``."""
    import polars as pl

    ends = [pl.col("kind").str.ends_with(suffix) for suffix in DROPOUT_SUFFIXES]
    return events.filter(pl.any_horizontal(ends) & (pl.col("cause") != ""))


def count_dropouts(events: pl.DataFrame) -> dict[str, int]:
    """Return the number of outages and drop-outs by cause, causes in alphabetical order."""
    counts = dropout_events(events).group_by("cause").len().sort("cause")
    return dict(counts.iter_rows())


def binned(days: NDArray[np.float64], horizon: float, bins: int) -> NDArray[np.float64]:
    """Return how many of the *days* fall in each of *bins* equal parts of the time from 0 to *horizon*.

    >>> binned(np.array([0.0, 1.0, 9.0, 10.0]), 10.0, 2).tolist()
    [2.0, 2.0]
    """
    return np.histogram(days, bins=bins, range=(0.0, horizon))[0].astype(np.float64)


def thinned(values: NDArray[np.float64], points: int) -> NDArray[np.float64]:
    """Return at most *points* values, each the mean of a run of neighbours; missing numbers are left out of a mean.

    >>> thinned(np.array([1.0, 3.0, 5.0, 7.0]), 2).tolist()
    [2.0, 6.0]
    """
    if len(values) <= points:
        return values
    return np.array([_mean(part) for part in np.array_split(values, points)])


def _mean(values: NDArray[np.float64]) -> float:
    present = values[~np.isnan(values)]
    return float(present.mean()) if len(present) else np.nan
