"""Why markets went short: their site was out, its firm had left, or it had not got the goods."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from gpnde.results.metrics.resilience import outages
from gpnde.results.series import DROPOUT_SUFFIXES
from gpnde.study.resilience.pairs import Course, Floats, without_rounding
from gpnde.vocabulary import OUTAGE

if TYPE_CHECKING:
    import polars as pl

    from gpnde.scenario.schema import Scenario

SUPPLY = "supply"
"""The cause where a serving site is at work and has not got the goods, as they did not reach it."""

_CLOSED = "site_closed"
_FIRM_FAILED = "firm_failed"


class Gap(NamedTuple):
    """A time in which a site does not serve its markets (days), and why."""

    begin: float
    end: float
    cause: str


def gaps_by_site(events: pl.DataFrame, sites: Mapping[str, str]) -> dict[str, list[Gap]]:
    """Return when each of some *sites*, which have firms, did not work, and the cause by the journal of the run."""
    import polars as pl

    found: dict[str, list[Gap]] = {site: [] for site in sites}
    for outage in outages(events):
        if outage.site in found:
            found[outage.site].append(Gap(outage.failed, outage.recovered, OUTAGE))
    left = events.filter(pl.col("kind").is_in([_CLOSED, _FIRM_FAILED])).select("day", "kind", "cause", "firm", "site")
    for day, kind, cause, firm, site in left.iter_rows():
        hit = [site] if kind == _CLOSED else [name for name, owner in sites.items() if owner == firm]
        for name in hit:
            if name in found and cause:
                found[name].append(Gap(day, np.inf, cause))
    return found


def served_by(scenario: Scenario) -> list[dict[str, float]]:
    """Return, market by market, the serving sites with their shares of its demand."""
    found = []
    for market in scenario.markets:
        shares = market.shares()
        whole = sum(shares.values()) or 1.0
        found.append({site: share / whole for site, share in shares.items()})
    return found


def shortfall_by_cause(
    without: Course, outage: Course, events: tuple[pl.DataFrame, pl.DataFrame], scenario: Scenario, order: Sequence[str]
) -> dict[str, Floats]:
    """Return how many units more each market missed when due than without the outage, by cause; shape (markets,) each.

    *events* are those of the run without and of the run with the outage; *order* names the markets as the courses have
    them. While sites that serve a market do not work, what it misses is put down to that, up to their share of its
    demand; the rest is for want of goods, which may be below 0 where markets later get more than without the outage.
    """
    firms = {site.name: site.firm for site in scenario.sites}
    markets = dict(zip((market.name for market in scenario.markets), served_by(scenario), strict=True))
    serving = {site: firms[site] for name in order for site in markets[name]}
    shares = [markets[name] for name in order]
    both = zip((without, outage), events, strict=True)
    before, after = (_down(course, gaps_by_site(found, serving), shares) for course, found in both)
    left = outage.short - without.short
    parts: dict[str, Floats] = {}
    for cause in sorted(after):
        more = np.maximum(after[cause] - before.get(cause, 0.0), 0.0) * outage.demanded
        part = np.minimum(np.maximum(left, 0.0), more)
        parts[cause], left = part.sum(axis=0), left - part
    return {cause: without_rounding(units, without) for cause, units in {**parts, SUPPLY: left.sum(axis=0)}.items()}


def _down(
    course: Course, gaps: Mapping[str, Sequence[Gap]], shares: Sequence[Mapping[str, float]]
) -> dict[str, Floats]:
    """Return the share of each market's demand whose site was out in each record, by cause."""
    found: dict[str, Floats] = {}
    length = np.maximum(course.ends - course.starts, 1e-12)
    for market, sites in enumerate(shares):
        for site, share in sites.items():
            for gap in gaps[site]:
                whole = found.setdefault(gap.cause, np.zeros_like(course.demanded))
                inside = np.minimum(course.ends, gap.end) - np.maximum(course.starts, gap.begin)
                whole[:, market] += share * np.clip(inside / length, 0.0, 1.0)
    return {cause: np.minimum(share, 1.0) for cause, share in found.items()}


def dropouts(events: pl.DataFrame, day: float) -> Counter[str]:
    """Return how many links and firms dropped out after a *day*, by cause, as the journal of the run counts them.

    Outages are no drop-outs: they are temporary.
    """
    import polars as pl

    ends = pl.any_horizontal(pl.col("kind").str.ends_with(suffix) for suffix in DROPOUT_SUFFIXES)
    later = events.filter((pl.col("day") >= day) & (pl.col("cause") != "") & (pl.col("cause") != OUTAGE) & ends)
    return Counter(later["cause"].to_list())
