"""What the studies read off a run."""

from __future__ import annotations

import math
from typing import Literal

import polars as pl

from gpnde.results.run import Run
from gpnde.vocabulary import FLAGSHIPS, LADDER

LEAD = "lead-supplier"


def ladder_capability(run: Run, group: Literal["higher", "lower"], last: bool = True) -> float:
    """Return the mean capability of suppliers over all six functions of the ladder, on the last day or the first.

    Functions count whether a firm performs them or not, so that taking one on does not lower the mean. The higher tier
    are lead suppliers, the lower tier all other suppliers; firms that are not in the network do not count.
    """
    learners, knowledge = (on_day(run.tables[name], last) for name in ("learners", "knowledge"))
    of_group = pl.col("role") == LEAD if group == "higher" else ~pl.col("role").is_in([LEAD, *FLAGSHIPS])
    firms = learners.filter(of_group & (pl.col("present") == 1)).select("firm")
    known = knowledge.filter(pl.col("function").is_in(LADDER)).join(firms, on="firm", how="semi")
    return float(known["capability"].to_numpy().mean()) if len(known) else math.nan


def capability_gain(run: Run, group: Literal["higher", "lower"]) -> float:
    """Return the rise of that mean from the first day to the last."""
    return ladder_capability(run, group) - ladder_capability(run, group, last=False)


def metric(run: Run, name: str) -> float:
    """Return a metric of the run; 0 for a count of what did not happen, which a run leaves out."""
    values = run.tables["metrics"].filter(pl.col("metric") == name)["value"].to_list()
    return float(values[0]) if values else 0.0


def on_day(table: pl.DataFrame, last: bool) -> pl.DataFrame:
    """Return the rows of the last day, or of the first."""
    day = table["day"].max() if last else table["day"].min()
    return table.filter(pl.col("day") == day)
