"""Metrics of flow: service to markets, stocks and orders along the tiers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gpnde.results.metric import (
    Metric,
    MetricDoc,
    by_tier,
    horizon_of,
    measured,
    quotient,
    ratio,
    sites_of,
    sums_by,
    total,
)
from gpnde.results.names import slug

if TYPE_CHECKING:
    import polars as pl

ROUNDING = 1e-9
"""Share of demand below which a backlog counts as none."""

DOC = {
    "flow.fill_rate": MetricDoc(
        "1", "Share of demand filled from stock when due, in all or one market.", "Σ f / Σ d", "higher"
    ),
    "flow.lost_sales": MetricDoc("1", "Share of demand that was lost.", "Σ lost / Σ d", "lower"),
    "flow.otif.sales": MetricDoc(
        "1",
        "Order lines of markets delivered whole by the promised day, of those due in the run.",
        "on time / due",
        "higher",
    ),
    "flow.otif.links": MetricDoc(
        "1", "Order lines between sites received whole by the promised day.", "Σ n · on-time share / Σ n", "higher"
    ),
    "flow.service_share": MetricDoc(
        "1", "Share of the records of open sites that show no backlog.", "records without backlog / records", "higher"
    ),
    "flow.full_service": MetricDoc(
        "1",
        "Share of the instants with claims at which a site met all of them at once (ready rate).",
        "instants served in full / instants with claims",
        "higher",
    ),
    "flow.pipeline": MetricDoc(
        "unit", "Goods on the way between sites, mean over time; in all or one tier.", "mean", "neither"
    ),
    "flow.cover": MetricDoc(
        "day",
        "How long finished stock lasts at mean demand, in all or one tier.",
        "mean stock / mean demand per day",
        "neither",
    ),
    "flow.bullwhip": MetricDoc(
        "1",
        "Variance of orders over variance of demand per review period, mean over the sites of all or one tier "
        "(Chen, Drezner, Ryan and Simchi-Levi, 2000).",
        "Var(q) / Var(D)",
        "lower",
    ),
}
"""Meaning of the metrics of this module, by prefix."""


def flow_metrics(
    scenario: Mapping[str, Any], tables: Mapping[str, pl.DataFrame], statistics: Mapping[str, NDArray[Any]]
) -> list[Metric]:
    """Return the metrics of flow; *statistics* holds sums of orders and demand per site, see `bullwhip_ratios`."""
    metrics: list[Metric] = [
        *_service(tables["markets"]),
        Metric("flow.otif.sales", sales_on_time(tables["sales"], horizon_of(scenario)), "1"),
        Metric("flow.otif.links", links_on_time(tables["links"]), "1"),
        Metric("flow.service_share", service_share(scenario, tables["sites"]), "1"),
        *_pipeline(tables["tiers"]),
        *_cover(tables["tiers"], horizon_of(scenario)),
        *_bullwhip(statistics),
    ]
    return measured(metrics)


def _service(markets: pl.DataFrame) -> Iterator[Metric]:
    sums = sums_by("market", markets, "demanded", "filled", "lost")
    demanded = total(sums, "demanded")
    yield Metric("flow.fill_rate", ratio(total(sums, "filled"), demanded), "1")
    for name, asked, filled in sums.select("market", "demanded", "filled").iter_rows():
        yield Metric(f"flow.fill_rate.{slug(name)}", ratio(filled, asked), "1")
    yield Metric("flow.lost_sales", ratio(total(sums, "lost"), demanded), "1")


def sales_on_time(sales: pl.DataFrame, horizon: float) -> float:
    """Return the share of market order lines received whole by the promised day, of those promised within the run."""
    import polars as pl

    due = sales.filter(pl.col("promised_day") < horizon)
    on_time = due.filter(pl.col("received_day") <= pl.col("promised_day"))
    return ratio(on_time.height, due.height)


def links_on_time(links: pl.DataFrame) -> float:
    """Return the share of order lines between sites that came whole by the promised day, weighted by lines placed."""
    import polars as pl

    rated = links.filter(pl.col("on_time_share").is_not_null())
    on_time = rated.select(on_time=pl.col("orders") * pl.col("on_time_share"))
    return ratio(total(on_time, "on_time"), total(rated, "orders"))


def service_share(scenario: Mapping[str, Any], sites: pl.DataFrame) -> float:
    """Return the share of the records of open sites that show no backlog."""
    import polars as pl

    rows = while_open(scenario, sites)
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


def _pipeline(tiers: pl.DataFrame) -> Iterator[Metric]:
    import polars as pl

    means = sums_by("tier", tiers, "in_transit").select("tier", value=pl.col("in_transit") / pl.col("rows"))
    yield Metric("flow.pipeline", total(means, "value") if means.height else math.nan, "unit")
    yield from by_tier("flow.pipeline", "unit", means)


def _cover(tiers: pl.DataFrame, horizon: float) -> Iterator[Metric]:
    import polars as pl

    sums = sums_by("tier", tiers, "on_hand", "demanded")
    sums = sums.with_columns(pl.col("on_hand") / pl.col("rows"), pl.col("demanded") / horizon)
    yield Metric("flow.cover", ratio(total(sums, "on_hand"), total(sums, "demanded")), "day")
    yield from by_tier("flow.cover", "day", sums.with_columns(quotient("on_hand", "demanded")))


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


def _bullwhip(statistics: Mapping[str, NDArray[Any]]) -> Iterator[Metric]:
    if not statistics:
        return
    ratios, tiers = bullwhip_ratios(statistics), np.asarray(statistics["tier"])
    known = np.isfinite(ratios)
    if known.any():
        yield Metric("flow.bullwhip", float(ratios[known].mean()), "1")
    for tier in np.unique(tiers[known]):
        yield Metric(f"flow.bullwhip.tier.{int(tier)}", float(ratios[known & (tiers == tier)].mean()), "1")
