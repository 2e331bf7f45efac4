"""What the study of claims reads off runs beside their metrics."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import NamedTuple

import polars as pl

from gpnde.scenario import load_scenario
from gpnde.vocabulary import LADDER, YEAR_DAYS
from studies.local import Local
from studies.measures import on_day

SMALL_ECONOMY = ("small-open-economy", "small economy")
"""The preset and its country whose local firms are looked at."""
EARLY_DAY = 728.0
"""Day whose leader is compared with that of the last day."""
HOSTS = ("west", "south")
"""Regions of `studies/claims/gradient.yaml` in which no firm is at home."""


class Seen(NamedTuple):
    """What a study keeps of one run."""

    metrics: Mapping[str, float]
    tables: Mapping[str, pl.DataFrame]


Reading = Callable[[Seen], float]


@cache
def local_firms() -> frozenset[str]:
    """Return the firms of the small economy that no other firm owns."""
    preset, country = SMALL_ECONOMY
    return frozenset(Local(load_scenario(preset), country).firms)


def _concentration_in_hosts(seen: Seen) -> float:
    """Return the mean concentration inside the regions abroad that have sites."""
    found = [seen.metrics[name] for name in (f"space.hhi.sites.{host}" for host in HOSTS) if name in seen.metrics]
    return sum(found) / len(found) if found else math.nan


def _value_added_outside(seen: Seen) -> float:
    """Return the share of value added outside tier 0, by shares of profit and profit per value added."""
    of_all, of_own = (seen.metrics[f"finance.profit_per_value_added{tier}"] for tier in ("", ".tier.0"))
    return 1.0 - seen.metrics["finance.profit_share.tier.0"] * of_all / of_own


def _brands_given_up(seen: Seen) -> float:
    """Return how many own brands were given up, as a share of those that were begun."""
    brands = seen.tables["upgrades"].filter(pl.col("function") == "strategic_marketing")
    begun, ended = (brands.filter(pl.col("kind") == kind).height for kind in ("upgrade", "downgrade"))
    return ended / begun if begun else math.nan


def _effort(seen: Seen) -> float:
    """Return the mean effort of local firms of the small economy that are in the network."""
    rows = seen.tables["learners"].filter(pl.col("firm").is_in(local_firms()) & (pl.col("present") == 1))
    return float(rows["effort"].to_numpy().mean())


def _capability(seen: Seen) -> float:
    """Return the mean capability over the ladder of those firms on the last day."""
    present = on_day(seen.tables["learners"], last=True).filter(pl.col("present") == 1)
    rows = on_day(seen.tables["knowledge"], last=True).join(present, on="firm", how="semi")
    known = rows.filter(pl.col("firm").is_in(local_firms()) & pl.col("function").is_in(LADDER))
    return float(known["capability"].to_numpy().mean())


def _profit(is_local: bool, seen: Seen) -> float:
    """Return the profit of local firms of the small economy, or of all others, in the whole run (million)."""
    local = pl.col("firm").is_in(local_firms())
    rows = seen.tables["accounts"].filter((pl.col("item") == "profit") & (local if is_local else ~local))
    return float(rows["amount"].to_numpy().sum()) / 1e6


def _profit_less_spending(seen: Seen) -> float:
    """Return the profit of all firms less what the subsidy cost (million)."""
    spending = seen.metrics.get("policy.effort-subsidy.cost", 0.0) / 1e6
    return _profit(True, seen) + _profit(False, seen) - spending


def _growth_of_sales(seen: Seen) -> float:
    """Return what local firms of the small economy sold in the last year over what they sold in the first."""
    sales = seen.tables["accounts"].filter((pl.col("item") == "sales") & pl.col("firm").is_in(local_firms()))
    day, amount = (sales[column].to_numpy() for column in ("day", "amount"))
    return float(amount[day > day.max() - YEAR_DAYS].sum() / amount[day <= YEAR_DAYS].sum())


def _share_of_first(seen: Seen, day: float) -> float:
    """Return the share of cluster a in capacity by a day."""
    plants = seen.tables["plants"].filter((pl.col("day") <= day) & (pl.col("open") == 1))
    now = on_day(plants, last=True)
    of_first = now.filter(pl.col("cluster") == "a")
    return float(of_first["capacity"].to_numpy().sum() / now["capacity"].to_numpy().sum())


def _leader_persists(seen: Seen) -> float:
    """Return whether the cluster that led early leads on the last day: 1 or 0, and a half where nobody led."""
    early, final = (_share_of_first(seen, day) - 0.5 for day in (EARLY_DAY, math.inf))
    return (1.0 + math.copysign(1.0, early * final)) / 2.0 if early * final else 0.5


READINGS: Mapping[str, Reading] = {
    "concentration inside host regions": _concentration_in_hosts,
    "share of value added outside tier 0": _value_added_outside,
    "share of own brands given up": _brands_given_up,
    "effort of local firms": _effort,
    "capability of local firms": _capability,
    "profit of local firms (million)": partial(_profit, True),
    "profit of other firms (million)": partial(_profit, False),
    "profit of all less spending (million)": _profit_less_spending,
    "growth of sales of local firms": _growth_of_sales,
    "share of cluster a": partial(_share_of_first, day=math.inf),
    "the early leader leads": _leader_persists,
}
"""Measures that no single metric gives, by name."""
