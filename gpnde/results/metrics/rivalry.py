"""Metrics of rivalry: concentration of sales, markups, and the life of generations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gpnde.results.evidence import Evidence
from gpnde.results.metric import metric, ratio, sums_by, total
from gpnde.results.names import slug
from gpnde.vocabulary import YEAR_DAYS

if TYPE_CHECKING:
    import polars as pl

_TABLES = ("generations",)


def _sales(evidence: Evidence) -> pl.DataFrame:
    """Return what brands sold, with its worth and cost (money): the rows of the table, revenue and spent."""
    import polars as pl

    table = evidence.tables["generations"]
    return table.with_columns(revenue=pl.col("sold") * pl.col("price"), spent=pl.col("sold") * pl.col("cost"))


@metric(
    "market.concentration",
    unit="1",
    formula="Σ (sold by a firm / sold by all)²",
    better="neither",
    source="Hirschman (1964)",
    needs=_TABLES,
)
def concentration(evidence: Evidence) -> dict[str, float]:
    """Return the Herfindahl-Hirschman index of the units that rivals sold, of each market."""
    markets = evidence.tables["generations"].partition_by("market", as_dict=True)
    return {slug(str(name)): _index(sums_by("firm", rows, "sold")) for (name,), rows in markets.items()}


def _index(sums: pl.DataFrame) -> float:
    sold = sums["sold"].to_numpy()
    return ratio(float((sold**2).sum()), float(sold.sum()) ** 2)


@metric(
    "market.markup",
    unit="1",
    formula="Σ n (p - c) / Σ n p",
    better="neither",
    source="Lerner (1934)",
    needs=_TABLES,
)
def markup(evidence: Evidence) -> dict[str, float]:
    """Return the share of price that is above variable cost, of all that rivals sold or what one firm sold."""
    sales = evidence.part(_sales)
    sums = sums_by("firm", sales, "revenue", "spent").select("firm", "revenue", "spent").iter_rows()
    of_firms = {f"firm.{slug(firm)}": ratio(revenue - spent, revenue) for firm, revenue, spent in sums}
    revenue = total(sales, "revenue")
    return {"": ratio(revenue - total(sales, "spent"), revenue), **of_firms}


def _lives(evidence: Evidence) -> pl.DataFrame:
    """Return for each generation that was launched and replaced: market, firm, launched and replaced (day), prices.

    *first* and *last* are its first and last recorded price, on the days *begin* and *end*.
    """
    import polars as pl

    table = evidence.tables["generations"].filter(pl.col("generation") > 0).sort("market", "firm", "day")
    lives = table.group_by("market", "firm", "generation", maintain_order=True).agg(
        launched=pl.col("launched_day").first(),
        begin=pl.col("day").first(),
        end=pl.col("day").last(),
        first=pl.col("price").first(),
        last=pl.col("price").last(),
    )
    replaced = lives.with_columns(replaced=pl.col("launched").shift(-1).over("market", "firm"))
    return replaced.filter(pl.col("replaced").is_not_null() & (pl.col("launched") > 0))


@metric(
    "market.price_erosion",
    unit="1/year",
    formula="1 - exp(Σ ln(last price / first price) / Σ years)",
    better="neither",
    source="definition",
    needs=_TABLES,
)
def price_erosion(evidence: Evidence) -> float:
    """Return the share of its price that a generation loses in a year (364 days), of those launched and replaced."""
    lives = evidence.part(_lives)
    lives = lives.filter(lives["end"] > lives["begin"])
    if lives.is_empty():
        return float("nan")
    years = (lives["end"] - lives["begin"]).to_numpy() / YEAR_DAYS
    falls = np.log(lives["last"].to_numpy() / lives["first"].to_numpy())
    return float(1.0 - np.exp(falls.sum() / years.sum()))


@metric(
    "market.generation_days",
    unit="day",
    formula="mean of next launch - launch",
    better="lower",
    source="definition",
    needs=_TABLES,
)
def generation_days(evidence: Evidence) -> dict[str, float]:
    """Return the mean time from the launch of a generation to that of the next, in all or of one firm."""
    import polars as pl

    lives = evidence.part(_lives).unique(["firm", "generation"], maintain_order=True)
    lives = lives.with_columns(days=pl.col("replaced") - pl.col("launched"))
    sums = sums_by("firm", lives, "days").select("firm", "days", "rows").iter_rows()
    of_firms = {f"firm.{slug(firm)}": ratio(days, rows) for firm, days, rows in sums}
    return {"": ratio(total(lives, "days"), lives.height), **of_firms}
