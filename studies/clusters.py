"""Results of the suppliers that are at home in one cluster."""

from __future__ import annotations

import math

import polars as pl

from gpnde.results.run import Run
from studies.measures import on_day


def supplier_skill(run: Run, cluster: str, last: bool = True) -> float:
    """Return the mean capability of suppliers at home in a cluster in what they performed on the first day.

    It is taken on the last day or on the first, over those that are in the network on that day.
    """
    first, known = (on_day(run.tables["knowledge"], when) for when in (False, last))
    here = (pl.col("cluster") == cluster) & (pl.col("tier") > 0) & (pl.col("present") == 1)
    firms = on_day(run.tables["learners"], last).filter(here)
    opening = first.filter(pl.col("performed") == 1)
    rows = known.join(opening, on=["firm", "function"], how="semi").join(firms, on="firm", how="semi")
    return float(rows["capability"].to_numpy().mean()) if rows.height else math.nan
