"""Metrics of selection: drop-outs by cause, duration of relationships, and winners of bids."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from gpnde.results.evidence import Evidence
from gpnde.results.metric import by_tier, firms_of, metric, quotient, ratio, sites_of, sums_by, total
from gpnde.results.names import slug
from gpnde.vocabulary import OUTSIDE

if TYPE_CHECKING:
    import polars as pl

BID_PLACED = "bid_placed"
BID_AWARDED = "bid_awarded"
PRICE_BREAKER = "price-breaker"


@metric("selection.dropouts", unit="1", formula="count", better="lower", source="definition")
def dropouts(evidence: Evidence) -> dict[str, float]:
    """Return outages and drop-outs in all, or by cause: ``outage`` counts the outages, the others the drop-outs."""
    of_causes = {slug(cause): float(count) for cause, count in evidence.dropouts.items()}
    return {"": float(sum(evidence.dropouts.values())), **of_causes}


def _durations(evidence: Evidence) -> pl.DataFrame:
    """Return how long each relation inside the model lasted, and when it ended: closed_day, lasted (days)."""
    import polars as pl

    inside = evidence.tables["links"].filter(pl.col("supplier") != OUTSIDE)
    ended = pl.col("closed_day").fill_null(evidence.horizon)
    return inside.select("closed_day", lasted=ended - pl.col("opened_day"))


@metric("selection.tenure", unit="day", formula="mean(closed - opened)", better="neither", source="definition")
def tenure(evidence: Evidence) -> float:
    """Return how long a supply relation lasts; one that still holds counts up to the end."""
    days = evidence.part(_durations)
    return ratio(total(days, "lasted"), days.height)


@metric("selection.tenure.ended", unit="day", formula="mean(closed - opened)", better="neither", source="definition")
def tenure_ended(evidence: Evidence) -> float:
    """Return how long relations lasted that ended."""
    ended = evidence.part(_durations).drop_nulls("closed_day")
    return ratio(total(ended, "lasted"), ended.height)


@metric("selection.reentries", unit="1", formula="count", better="neither", source="definition")
def reentries(evidence: Evidence) -> float:
    """Return the relations that began after an earlier one of the same supplier, buyer and product had ended."""
    import polars as pl

    links = evidence.tables["links"]
    parties = ["supplier", "buyer", "product"]
    first_end = links.group_by(parties).agg(pl.col("closed_day").min().alias("first_end"))
    both = links.join(first_end, on=parties)
    return both.filter(pl.col("opened_day") >= pl.col("first_end")).height


@metric("selection.win_rate", unit="1", formula="won / placed", better="neither", source="definition")
def win_rate(evidence: Evidence) -> dict[str, float]:
    """Return the share of bids that won, in all or by tier of the bidder."""
    import polars as pl

    tiers = {name: int(firm.get("tier", 1)) for name, firm in firms_of(evidence.scenario).items()}
    events = evidence.tables["events"].filter(pl.col("kind").is_in([BID_PLACED, BID_AWARDED]))
    bids = events.select(
        tier=pl.col("firm").replace_strict(tiers, default=None, return_dtype=pl.Int64),
        placed=(pl.col("kind") == BID_PLACED).cast(pl.Int64),
        won=(pl.col("kind") == BID_AWARDED).cast(pl.Int64),
    )
    sums = sums_by("tier", bids.drop_nulls("tier"), "won", "placed")
    whole = ratio(total(bids, "won"), total(bids, "placed"))
    return {"": whole, **by_tier(sums.with_columns(quotient("won", "placed")))}


@metric(
    "selection.price_breaker_share",
    unit="1",
    formula="Σ q price breakers / Σ q",
    better="neither",
    source="definition",
)
def price_breaker_share(evidence: Evidence) -> float:
    """Return the share of the quantity ordered from other firms that went to price breakers."""
    import polars as pl

    sites, firms = sites_of(evidence.scenario), firms_of(evidence.scenario)
    breakers = [site for site, row in sites.items() if firms[row["firm"]].get("role") == PRICE_BREAKER]
    if not breakers:
        return math.nan
    owner = {name: site["firm"] for name, site in sites.items()}
    bought = (
        evidence.tables["links"]
        .with_columns(
            sold_by=pl.col("supplier").replace_strict(owner, default=None, return_dtype=pl.String),
            bought_by=pl.col("buyer").replace_strict(owner, default=None, return_dtype=pl.String),
        )
        .filter(pl.col("sold_by") != pl.col("bought_by"))
    )
    return ratio(total(bought.filter(pl.col("supplier").is_in(breakers)), "ordered"), total(bought, "ordered"))
