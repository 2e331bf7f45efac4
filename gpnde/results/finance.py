"""Metrics of finance: who leaves the network, and where profit stays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from gpnde.results.metric import Metric, MetricDoc, by_tier, measured, quotient, ratio, sums_by, total, value_added_of
from gpnde.vocabulary import YEAR_DAYS

if TYPE_CHECKING:
    import polars as pl

DOC = {
    "finance.exit_hazard": MetricDoc(
        "1/year",
        "Firms that leave the network per firm-year (364 days) in it, in all or by tier.",
        "exits / Σ years",
        "lower",
    ),
    "finance.profit_share": MetricDoc(
        "1",
        "Share of a tier in the profit of all; left out where all together make none.",
        "Σ (revenue - expense)",
        "neither",
    ),
    "finance.profit_per_value_added": MetricDoc(
        "1",
        "Profit over the cost that the firms' own sites added, in all or by tier.",
        "profit / Σ value added",
        "higher",
    ),
}
"""Meaning of the metrics of this module, by prefix."""


def finance_metrics(scenario: Mapping[str, Any], tables: Mapping[str, pl.DataFrame]) -> list[Metric]:
    """Return the metrics of finance; they need the series of firms, and profit per value added that of sites too."""
    metrics = [*_exit_hazard(tables["firms"]), *_profit(scenario, tables["firms"], tables["sites"])]
    return measured(metrics)


def _exit_hazard(firms: pl.DataFrame) -> Iterator[Metric]:

    lives = firm_lives(firms)
    yield Metric("finance.exit_hazard", ratio(total(lives, "exits"), total(lives, "years")), "1/year")
    sums = sums_by("tier", lives, "exits", "years").with_columns(quotient("exits", "years"))
    yield from by_tier("finance.exit_hazard", "1/year", sums)


def firm_lives(firms: pl.DataFrame) -> pl.DataFrame:
    """Return how many years each firm was in the network and whether it left: firm, tier, years, exits.

    A firm that left is taken to have been in the network up to the first record that shows it gone.
    """
    import polars as pl

    gone = pl.col("day").filter(pl.col("active") == 0).min()
    return firms.group_by("firm", "tier", maintain_order=True).agg(
        years=pl.coalesce(gone, pl.col("day").max()) / YEAR_DAYS, exits=gone.is_not_null().cast(pl.Int64)
    )


def _profit(scenario: Mapping[str, Any], firms: pl.DataFrame, sites: pl.DataFrame) -> Iterator[Metric]:
    import polars as pl

    profit = sums_by("tier", firms.with_columns(profit=pl.col("revenue") - pl.col("expense")), "profit")
    whole = total(profit, "profit")
    if whole > 0:
        yield from by_tier("finance.profit_share", "1", profit.with_columns(value=pl.col("profit") / whole))
    both = profit.join(_value_added(scenario, sites), on="tier")
    yield Metric("finance.profit_per_value_added", ratio(total(both, "profit"), total(both, "added")), "1")
    yield from by_tier("finance.profit_per_value_added", "1", both.with_columns(quotient("profit", "added")))


def _value_added(scenario: Mapping[str, Any], sites: pl.DataFrame) -> pl.DataFrame:
    """Return the cost that the sites of each tier added to what they produced (money): tier, added."""
    import polars as pl

    cost = pl.col("site").replace_strict(value_added_of(scenario), default=0.0, return_dtype=pl.Float64)
    return sums_by("tier", sites.with_columns(added=pl.col("produced") * cost), "added")
