"""Metrics of finance: exits of firms, and the distribution of profit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gpnde.results.evidence import Evidence
from gpnde.results.metric import by_tier, metric, quotient, ratio, sums_by, total, value_added_of
from gpnde.results.metrics.countries import homes_of_firms
from gpnde.results.names import slug
from gpnde.vocabulary import STOCK_COSTS, YEAR_DAYS

if TYPE_CHECKING:
    import polars as pl


@metric("finance.exit_hazard", unit="1/year", formula="exits / Σ years", better="lower", source="definition")
def exit_hazard(evidence: Evidence) -> dict[str, float]:
    """Return the firms that leave the network per firm-year (364 days) in it, in all or by tier."""
    lives = firm_lives(evidence.tables["firms"])
    sums = sums_by("tier", lives, "exits", "years").with_columns(quotient("exits", "years"))
    return {"": ratio(total(lives, "exits"), total(lives, "years")), **by_tier(sums)}


def firm_lives(firms: pl.DataFrame) -> pl.DataFrame:
    """Return how many years each firm was in the network and whether it left: firm, tier, years, exits.

    A firm that left is taken to have been in the network up to the first record that shows it gone; one that waits has
    not been there yet.
    """
    import polars as pl

    day, active = pl.col("day"), pl.col("active") == 1
    came = day.filter(active).min()
    gone = day.filter(~active & (day > came)).min()
    return firms.group_by("firm", "tier", maintain_order=True).agg(
        years=((pl.coalesce(gone, day.max()) - came) / YEAR_DAYS).fill_null(0.0),
        exits=gone.is_not_null().cast(pl.Int64),
    )


def _profits(evidence: Evidence) -> pl.DataFrame:
    """Return the profit of the firms of each tier (money): tier, profit."""
    import polars as pl

    profit = pl.col("revenue") - pl.col("expense")
    return sums_by("tier", evidence.tables["firms"].with_columns(profit=profit), "profit")


@metric("finance.profit_share", unit="1", formula="Σ (revenue - expense)", better="neither", source="definition")
def profit_share(evidence: Evidence) -> dict[str, float]:
    """Return the share of a tier in the profit of all; left out where all together make none."""
    import polars as pl

    profits = evidence.part(_profits)
    whole = total(profits, "profit")
    return by_tier(profits.with_columns(value=pl.col("profit") / whole)) if whole > 0 else {}


@metric(
    "finance.profit_per_value_added",
    unit="1",
    formula="profit / Σ value added",
    better="higher",
    source="definition",
)
def profit_per_value_added(evidence: Evidence) -> dict[str, float]:
    """Return the profit over the cost that the firms' own sites added, in all or by tier."""
    both = evidence.part(_profits).join(_value_added(evidence), on="tier")
    whole = ratio(total(both, "profit"), total(both, "added"))
    return {"": whole, **by_tier(both.with_columns(quotient("profit", "added")))}


_OPERATING = (
    "sales", "purchases", "production", "labour", "upkeep", "freight", "duties", "depreciation", "stocks", *STOCK_COSTS,
)  # fmt: skip
"""Items of income statements that running a business brings and takes."""


@metric(
    "finance.operating_margin",
    unit="1",
    formula="operating income / Σ sales",
    better="higher",
    source="definition",
    needs=("accounts",),
)
def operating_margin(evidence: Evidence) -> dict[str, float]:
    """Return what firms earn before learning, interest and write-offs over their sales, in all or by tier."""
    import polars as pl

    rows = evidence.tables["accounts"].filter(pl.col("statement") == "income")
    income = rows.filter(pl.col("item").is_in(_OPERATING)).with_columns(earned=pl.col("amount"))
    sales = rows.filter(pl.col("item") == "sales").with_columns(sold=pl.col("amount"))
    both = sums_by("tier", income, "earned").join(sums_by("tier", sales, "sold"), on="tier")
    whole = ratio(total(both, "earned"), total(both, "sold"))
    return {"": whole, **by_tier(both.with_columns(quotient("earned", "sold")))}


@metric(
    "finance.dividends",
    unit="money",
    formula="Σ dividends received",
    better="neither",
    source="definition",
    needs=("accounts",),
)
def dividends(evidence: Evidence) -> dict[str, float]:
    """Return what owners got of the profits of firms that they own; left out where they got nothing."""
    import polars as pl

    rows = evidence.tables["accounts"]
    got = rows.filter((pl.col("statement") == "income") & (pl.col("item") == "dividends") & (pl.col("amount") > 0))
    return {"": total(got, "amount")} if got.height else {}


@metric(
    "finance.payouts",
    unit="money",
    formula="Σ dividends paid less Σ dividends received",
    better="neither",
    source="definition",
    needs=("accounts",),
)
def payouts(evidence: Evidence) -> dict[str, float]:
    """Return what owners outside the network got; left out where firms pay out profits to each other alone."""
    import polars as pl

    if not (evidence.scenario.get("finance") or {}).get("payout_per_year"):
        return {}
    rows = evidence.tables["accounts"].filter((pl.col("statement") == "income") & (pl.col("item") == "dividends"))
    return {"": -total(rows, "amount")}


@metric(
    "finance.taxes",
    unit="money",
    formula="Σ taxes on profit",
    better="neither",
    source="definition",
    needs=("accounts",),
)
def taxes(evidence: Evidence) -> dict[str, float]:
    """Return the taxes that firms paid on their profit, in all and by the country that levies them.

    Left out where no country levies any.
    """
    import polars as pl

    levying = [each["name"] for each in evidence.scenario.get("countries") or () if each.get("profit_tax")]
    rows = evidence.tables["accounts"].filter((pl.col("statement") == "income") & (pl.col("item") == "taxes"))
    country = pl.col("firm").replace_strict(homes_of_firms(evidence), default="")
    paid = rows.with_columns(country=country, paid=-pl.col("amount"))
    sums = dict(sums_by("country", paid, "paid").select("country", "paid").iter_rows())
    return {"": total(paid, "paid"), **{slug(name): sums.get(name, 0.0) for name in levying}} if levying else {}


def _value_added(evidence: Evidence) -> pl.DataFrame:
    """Return the cost that the sites of each tier added to what they produced (money): tier, added."""
    import polars as pl

    cost = pl.col("site").replace_strict(
        value_added_of(evidence.scenario, evidence.tables), default=0.0, return_dtype=pl.Float64
    )
    return sums_by("tier", evidence.tables["sites"].with_columns(added=pl.col("produced") * cost), "added")
