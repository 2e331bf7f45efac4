"""Metrics of selection: who drops out, why, how long relations last and who wins the bids."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from gpnde.results.metric import (
    Metric,
    MetricDoc,
    by_tier,
    firms_of,
    horizon_of,
    measured,
    quotient,
    ratio,
    sites_of,
    sums_by,
    total,
)
from gpnde.results.names import slug
from gpnde.vocabulary import OUTSIDE

if TYPE_CHECKING:
    import polars as pl

BID_PLACED = "bid_placed"
BID_AWARDED = "bid_awarded"
PRICE_BREAKER = "price-breaker"

DOC = {
    "selection.dropouts": MetricDoc("1", "Drop-outs of sites, links and firms, in all or by cause.", "count", "lower"),
    "selection.tenure": MetricDoc(
        "day",
        "How long a supply relation lasts; one that still holds counts up to the end.",
        "mean(closed - opened)",
        "neither",
    ),
    "selection.tenure.ended": MetricDoc(
        "day", "How long relations lasted that ended.", "mean(closed - opened)", "neither"
    ),
    "selection.reentries": MetricDoc(
        "1",
        "Relations that began after an earlier one of the same supplier, buyer and product had ended.",
        "count",
        "neither",
    ),
    "selection.win_rate": MetricDoc(
        "1", "Share of bids that won, in all or by tier of the bidder.", "won / placed", "neither"
    ),
    "selection.price_breaker_share": MetricDoc(
        "1",
        "Share of the quantity ordered from other firms that went to price breakers.",
        "Σ q price breakers / Σ q",
        "neither",
    ),
}
"""Meaning of the metrics of this module, by prefix."""


def selection_metrics(
    scenario: Mapping[str, Any], tables: Mapping[str, pl.DataFrame], dropouts: Mapping[str, int]
) -> list[Metric]:
    """Return the metrics of selection; *dropouts* are counts by cause."""
    links = tables["links"]
    metrics: list[Metric] = [
        *_dropouts(dropouts),
        *_tenure(links, horizon_of(scenario)),
        Metric("selection.reentries", float(reentries(links)), "1"),
        *_win_rates(scenario, tables["events"]),
        Metric("selection.price_breaker_share", price_breaker_share(scenario, links), "1"),
    ]
    return measured(metrics)


def _dropouts(counts: Mapping[str, int]) -> Iterator[Metric]:
    yield Metric("selection.dropouts", float(sum(counts.values())), "1")
    for cause, count in counts.items():
        yield Metric(f"selection.dropouts.{slug(cause)}", float(count), "1")


def _tenure(links: pl.DataFrame, horizon: float) -> Iterator[Metric]:
    import polars as pl

    inside = links.filter(pl.col("supplier") != OUTSIDE)
    days = inside.select("closed_day", lasted=pl.col("closed_day").fill_null(horizon) - pl.col("opened_day"))
    ended = days.filter(pl.col("closed_day").is_not_null())
    yield Metric("selection.tenure", ratio(total(days, "lasted"), days.height), "day")
    yield Metric("selection.tenure.ended", ratio(total(ended, "lasted"), ended.height), "day")


def reentries(links: pl.DataFrame) -> int:
    """Return how many relations began after an earlier one of the same parties and product had ended."""
    import polars as pl

    parties = ["supplier", "buyer", "product"]
    first_end = links.group_by(parties).agg(pl.col("closed_day").min().alias("first_end"))
    both = links.join(first_end, on=parties)
    return both.filter(pl.col("opened_day") >= pl.col("first_end")).height


def _win_rates(scenario: Mapping[str, Any], events: pl.DataFrame) -> Iterator[Metric]:
    import polars as pl

    tiers = {name: int(firm.get("tier", 1)) for name, firm in firms_of(scenario).items()}
    bids = events.filter(pl.col("kind").is_in([BID_PLACED, BID_AWARDED])).select(
        tier=pl.col("firm").replace_strict(tiers, default=None, return_dtype=pl.Int64),
        placed=(pl.col("kind") == BID_PLACED).cast(pl.Int64),
        won=(pl.col("kind") == BID_AWARDED).cast(pl.Int64),
    )
    yield Metric("selection.win_rate", ratio(total(bids, "won"), total(bids, "placed")), "1")
    sums = sums_by("tier", bids.drop_nulls("tier"), "won", "placed")
    yield from by_tier("selection.win_rate", "1", sums.with_columns(quotient("won", "placed")))


def price_breaker_share(scenario: Mapping[str, Any], links: pl.DataFrame) -> float:
    """Return the share of the quantity ordered between firms that went to price breakers; NaN without such a role."""
    import polars as pl

    sites, firms = sites_of(scenario), firms_of(scenario)
    breakers = [site for site, row in sites.items() if firms[row["firm"]].get("role") == PRICE_BREAKER]
    if not breakers:
        return math.nan
    owner = {name: site["firm"] for name, site in sites.items()}
    bought = links.with_columns(
        sold_by=pl.col("supplier").replace_strict(owner, default=None, return_dtype=pl.String),
        bought_by=pl.col("buyer").replace_strict(owner, default=None, return_dtype=pl.String),
    ).filter(pl.col("sold_by") != pl.col("bought_by"))
    return ratio(total(bought.filter(pl.col("supplier").is_in(breakers)), "ordered"), total(bought, "ordered"))
