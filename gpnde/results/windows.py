"""The first and the last year of a run, which measures of change compare."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gpnde.results.names import positions
from gpnde.vocabulary import YEAR_DAYS

if TYPE_CHECKING:
    import polars as pl


def window_length(horizon: float) -> float:
    """Return the length of the first and the last part of a run (days): a year, or half a run shorter than two years.

    >>> window_length(3640), window_length(100)
    (364.0, 50.0)
    """
    return min(YEAR_DAYS, horizon / 2)


def first_window(table: pl.DataFrame, horizon: float, start: float = 0.0) -> pl.DataFrame:
    """Return the rows about the first part of a run from *start* on; a row tells of the time since the row before."""
    import polars as pl

    # The row of the first day tells of no time that counts.
    return table.filter((pl.col("day") > start) & (pl.col("day") <= start + window_length(horizon - start)))


def last_window(table: pl.DataFrame, horizon: float, start: float = 0.0) -> pl.DataFrame:
    """Return the rows about the last part of a run from *start* on."""
    import polars as pl

    return table.filter((pl.col("day") > horizon - window_length(horizon - start)) & (pl.col("day") > start))


def sums_in_order(table: pl.DataFrame, key: str, column: str, names: Sequence[str]) -> NDArray[np.float64]:
    """Return the sum of a *column* for each of *names* in the column *key*, 0 for a name without rows.

    >>> import polars as pl
    >>> sums_in_order(pl.DataFrame({"site": ["b", "b"], "made": [1.0, 2.0]}), "site", "made", ["a", "b"]).tolist()
    [0.0, 3.0]
    """
    place = positions(table[key], names, strict=False)
    known = place >= 0
    return np.bincount(place[known], table[column].fill_null(0).to_numpy()[known], len(names)).astype(np.float64)
