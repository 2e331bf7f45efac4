"""Metrics of flow: service to markets, stocks and orders along the tiers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gpnde.results.evidence import Evidence
from gpnde.results.metric import by_tier, metric, quotient, ratio, sites_of, sums_by, total
from gpnde.results.names import slug

if TYPE_CHECKING:
    import polars as pl

ROUNDING = 1e-9
"""Share of demand below which a backlog counts as none."""


def _per_market(evidence: Evidence) -> pl.DataFrame:
    return sums_by("market", evidence.tables["markets"], "demanded", "filled", "lost")


@metric(
    "flow.fill_rate",
    unit="1",
    formula="Σ f / Σ d",
    better="higher",
    source="Silver, Pyke and Thomas (2017), measure P2",
)
def fill_rate(evidence: Evidence) -> dict[str, float]:
    """Return the share of demand filled from stock when due, in all or one market."""
    sums = evidence.part(_per_market)
    rows = sums.select("market", "demanded", "filled").iter_rows()
    of_markets = {slug(name): ratio(filled, demanded) for name, demanded, filled in rows}
    return {"": ratio(total(sums, "filled"), total(sums, "demanded")), **of_markets}


@metric("flow.lost_sales", unit="1", formula="Σ lost / Σ d", better="lower", source="definition")
def lost_sales(evidence: Evidence) -> float:
    """Return the share of demand that was lost."""
    sums = evidence.part(_per_market)
    return ratio(total(sums, "lost"), total(sums, "demanded"))


@metric("flow.otif.sales", unit="1", formula="on time / due", better="higher", source="definition")
def sales_on_time(evidence: Evidence) -> float:
    """Return the order lines of markets delivered whole by the promised day, of those due in the run."""
    import polars as pl

    due = evidence.tables["sales"].filter(pl.col("promised_day") < evidence.horizon)
    on_time = due.filter(pl.col("received_day") <= pl.col("promised_day"))
    return ratio(on_time.height, due.height)


@metric("flow.otif.links", unit="1", formula="Σ n · on-time share / Σ n", better="higher", source="definition")
def links_on_time(evidence: Evidence) -> float:
    """Return the order lines between sites received whole by the promised day."""
    import polars as pl

    rated = evidence.tables["links"].filter(pl.col("on_time_share").is_not_null())
    on_time = rated.select(on_time=pl.col("orders") * pl.col("on_time_share"))
    return ratio(total(on_time, "on_time"), total(rated, "orders"))


@metric(
    "flow.service_share", unit="1", formula="records without backlog / records", better="higher", source="definition"
)
def service_share(evidence: Evidence) -> float:
    """Return the share of the records of open sites that show no backlog."""
    import polars as pl

    rows = while_open(evidence.scenario, evidence.tables["sites"])
    served = rows.filter(pl.col("backlog") <= ROUNDING * pl.max_horizontal(pl.col("demanded"), pl.lit(1.0)))
    return ratio(served.height, rows.height)


def while_open(scenario: Mapping[str, Any], rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of the table of sites that lie between the opening and the closing of their site."""
    import polars as pl

    sites = sites_of(scenario)
    late = {name: float(site["opens_day"]) for name, site in sites.items() if site.get("opens_day")}
    early = {name: float(site["closes_day"]) for name, site in sites.items() if site.get("closes_day") is not None}
    if not late and not early:
        return rows
    opens = pl.col("site").replace_strict(late, default=0.0, return_dtype=pl.Float64)
    closes = pl.col("site").replace_strict(early, default=math.inf, return_dtype=pl.Float64)
    return rows.filter((pl.col("day") >= opens) & (pl.col("day") <= closes))


@metric(
    "flow.full_service",
    unit="1",
    formula="instants served in full / instants with claims",
    better="higher",
    source="Silver, Pyke and Thomas (2017), ready rate",
    shows_undefined=True,
)
def full_service(evidence: Evidence) -> dict[str, float]:
    """Return the share of the instants with claims at which a site met all of them at once (ready rate)."""
    if "claimed" not in evidence.statistics:
        return {}
    claimed, served = (float(evidence.statistics[name].sum()) for name in ("claimed", "served"))
    return {"": ratio(served, claimed)}


@metric("flow.pipeline", unit="unit", formula="mean", better="neither", source="definition")
def pipeline(evidence: Evidence) -> dict[str, float]:
    """Return the goods on the way between sites, mean over time; in all or one tier."""
    import polars as pl

    sums = sums_by("tier", evidence.tables["tiers"], "in_transit")
    means = sums.select("tier", value=pl.col("in_transit") / pl.col("rows"))
    return {"": total(means, "value") if means.height else math.nan, **by_tier(means)}


@metric("flow.cover", unit="day", formula="mean stock / mean demand per day", better="neither", source="definition")
def cover(evidence: Evidence) -> dict[str, float]:
    """Return how long finished stock lasts at mean demand, in all or one tier."""
    import polars as pl

    sums = sums_by("tier", evidence.tables["tiers"], "on_hand", "demanded")
    sums = sums.with_columns(pl.col("on_hand") / pl.col("rows"), pl.col("demanded") / evidence.measured_days)
    whole = ratio(total(sums, "on_hand"), total(sums, "demanded"))
    return {"": whole, **by_tier(sums.with_columns(quotient("on_hand", "demanded")))}


def bullwhip_ratios(statistics: Mapping[str, NDArray[Any]]) -> NDArray[np.float64]:
    """Return Var(q) / Var(D) of each site over its review periods; NaN where demand does not vary.

    *statistics* holds, per site, the number, sum and sum of squares of orders (``orders_n``, ``orders_sum``,
    ``orders_sumsq``) and of demand (``demand_n``, …), each in units per review period.

    >>> sums = {"orders_n": [2], "orders_sum": [4], "orders_sumsq": [16]}
    >>> sums |= {"demand_n": [2], "demand_sum": [4], "demand_sumsq": [10]}
    >>> bullwhip_ratios({key: np.array(value) for key, value in sums.items()}).tolist()
    [4.0]
    """
    demand, orders = _variance(statistics, "demand"), _variance(statistics, "orders")
    ratios = np.full(len(demand), np.nan)
    np.divide(orders, demand, out=ratios, where=demand > 0)
    return ratios


def _variance(statistics: Mapping[str, NDArray[Any]], kind: str) -> NDArray[np.float64]:
    """Return the sample variance per site; NaN for fewer than two periods, 0 where only rounding is left."""
    count, sums, squares = (np.asarray(statistics[f"{kind}_{part}"], dtype=float) for part in ("n", "sum", "sumsq"))
    enough = count >= 2
    mean = np.divide(sums, count, out=np.zeros(len(count)), where=enough)
    spread = squares - sums * mean
    spread[spread <= 1e-12 * squares] = 0
    variance = np.full(len(count), np.nan)
    np.divide(spread, count - 1, out=variance, where=enough)
    return variance


@metric(
    "flow.bullwhip",
    unit="1",
    formula="Var(q) / Var(D)",
    better="lower",
    source="Chen, Drezner, Ryan and Simchi-Levi (2000)",
)
def bullwhip(evidence: Evidence) -> dict[str, float]:
    """Return the variance of orders over that of demand per review period, mean over the sites of all or one tier."""
    if "orders_n" not in evidence.statistics:
        return {}
    ratios, tiers = bullwhip_ratios(evidence.statistics), np.asarray(evidence.statistics["tier"])
    known = np.isfinite(ratios)
    of_tiers = {tier: float(ratios[known & (tiers == tier)].mean()) for tier in np.unique(tiers[known]).tolist()}
    whole = {"": float(ratios[known].mean())} if known.any() else {}
    return {**whole, **{f"tier.{tier:.0f}": mean for tier, mean in of_tiers.items()}}
