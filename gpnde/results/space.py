"""Metrics of space: how concentrated capacity, employment and sites are over clusters, in all and by region.

They are taken over the sites that are open on a day. Where a brand leader owns more than five sites, alone or through
firms that it holds at least half of, they are taken over its own sites: the figures published of a company describe
that company. The correlation of complexity and concentration always covers all sites.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gpnde.results.metric import Metric, MetricDoc, firms_of, horizon_of, is_open, measured
from gpnde.results.names import slug
from gpnde.vocabulary import BRAND_LEADER

if TYPE_CHECKING:
    import polars as pl

OWN_SITES = 5
"""A brand leader with more sites of its own than this is described by its own sites alone."""

_FEWEST_PRODUCTS = 3

DOC = {
    "space.hhi": MetricDoc(
        "1",
        "Concentration over clusters of capacity (floor area), employment or sites, in all or inside a region; "
        "of a function (space.hhi.function.<function>), by sites.",
        "Σ s²",
        "neither",
    ),
    "space.entropy": MetricDoc(
        "1", "Dispersion over clusters of capacity (floor area), employment or sites.", "-Σ s ln s", "neither"
    ),
    "space.share": MetricDoc(
        "1",
        "Share of a region in the whole (….<region>), or of a cluster in its region (….<cluster>.<region>).",
        "part / whole",
        "neither",
    ),
    "space.countries": MetricDoc("1", "Countries with at least one site.", "count", "neither"),
    "space.sites": MetricDoc(
        "1",
        "Sites that the metrics of space are taken over: all, or a brand leader's own if it has more than five.",
        "count",
        "neither",
    ),
    "space.complexity_correlation": MetricDoc(
        "1",
        "Rank correlation (Spearman) of a product's complexity and the concentration of its sites over clusters, "
        "over products made at two sites or more.",
        "corr(rank complexity, rank HHI)",
        "neither",
    ),
    "space.start": MetricDoc(
        "1", "The same metrics on day 0: space.start.hhi.capacity and so on.", "as at the end", "neither"
    ),
}
"""Meaning of the metrics of this module, by prefix."""


class Place(NamedTuple):
    """An open site with what it weighs and where it lies."""

    firm: str
    product: str
    function: str
    cluster: str
    region: str
    country: str
    capacity: float
    employment: float
    sites: float = 1.0


MEASURES = ("capacity", "employment", "sites")
"""What is distributed over clusters: floor area, persons, sites."""


def space_metrics(scenario: Mapping[str, Any], horizon_days: float, gone: Collection[str] = ()) -> list[Metric]:
    """Return the metrics of space at the end, and on day 0 under ``space.start``; *gone* names firms that have left."""
    start = [
        metric._replace(name=metric.name.replace("space.", "space.start.", 1))
        for metric in space_at(scenario, 0, firms_waiting(scenario))
    ]
    return space_at(scenario, horizon_days, gone) + start


def space_at(scenario: Mapping[str, Any], day: float, gone: Collection[str] = ()) -> list[Metric]:
    """Return the metrics of space over the sites that are open on a *day* and whose firm is not *gone*."""
    everywhere = places(scenario, min(day, horizon_of(scenario)), gone)
    described = _described(scenario, everywhere)
    if not described:
        return []
    metrics = [
        *(metric for measure in MEASURES for metric in _distribution(described, measure)),
        *_functions(described),
        Metric("space.countries", float(len({place.country for place in described} - {""})), "1"),
        Metric("space.sites", float(len(described)), "1"),
        Metric("space.complexity_correlation", complexity_correlation(scenario, everywhere), "1"),
    ]
    return measured(metrics)


def places(scenario: Mapping[str, Any], day: float, gone: Collection[str] = ()) -> list[Place]:
    """Return the sites that lie in a cluster, are open on a *day* and whose firm is not *gone*."""
    countries = countries_of_clusters(scenario)
    clusters = {cluster["name"]: cluster for cluster in scenario.get("clusters") or ()}
    return [
        _place(site, clusters[site["cluster"]], countries)
        for site in scenario["sites"]
        if site.get("cluster") in clusters and is_open(site, day) and site["firm"] not in gone
    ]


def countries_of_clusters(scenario: Mapping[str, Any]) -> dict[str, str]:
    """Return the country of each cluster, its own or that of its region; empty where neither states one."""
    of_region = {region["name"]: region.get("country") for region in scenario.get("regions") or ()}
    clusters = scenario.get("clusters") or ()
    return {
        cluster["name"]: cluster.get("country") or of_region.get(cluster.get("region")) or "" for cluster in clusters
    }


def _place(site: Mapping[str, Any], cluster: Mapping[str, Any], countries: Mapping[str, str]) -> Place:
    return Place(
        firm=site["firm"],
        product=site["product"],
        function=site.get("function") or "component_mfg",
        cluster=cluster["name"],
        region=cluster.get("region") or "",
        country=countries[cluster["name"]],
        capacity=float(site.get("floor_area") or 0),
        employment=float(site.get("employment") or 0),
    )


def firms_waiting(scenario: Mapping[str, Any]) -> set[str]:
    """Return the firms that are not there at the start, since they enter later."""
    return {name for name, firm in firms_of(scenario).items() if firm.get("enters") == "endogenously"}


def firms_gone(firms: pl.DataFrame, day: float) -> set[str]:
    """Return the firms that have left by a *day*, or have not entered yet: by the last row of each up to then."""
    import polars as pl

    last = firms.filter(pl.col("day") <= day).group_by("firm", maintain_order=True).last()
    return set(last.filter(pl.col("active") == 0)["firm"])


def _described(scenario: Mapping[str, Any], everywhere: Sequence[Place]) -> list[Place]:
    """Return the brand leader's own places where it has enough of them, else all."""
    firms = firms_of(scenario)
    owners = Counter(_ultimate_owner(site["firm"], firms) for site in scenario["sites"])
    leaders = [name for name, firm in firms.items() if firm.get("role") == BRAND_LEADER]
    largest = max(leaders, key=lambda name: owners[name], default=None)
    if largest is None or owners[largest] <= OWN_SITES:
        return list(everywhere)
    return [place for place in everywhere if _ultimate_owner(place.firm, firms) == largest]


def _ultimate_owner(firm: str, firms: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the firm at the end of the chain of owners that hold at least half."""
    seen = [firm]
    while float(firms[seen[-1]].get("equity_share") or 0) >= 0.5:
        owner = firms[seen[-1]].get("owner") or ""
        if owner not in firms or owner in seen:
            break
        seen.append(owner)
    return seen[-1]


def _distribution(described: Sequence[Place], measure: str) -> Iterator[Metric]:
    """Yield concentration, dispersion and shares of one measure."""
    weights = _weights(described, measure)
    yield Metric(f"space.hhi.{measure}", hhi(weights.values()), "1")
    yield Metric(f"space.entropy.{measure}", entropy(weights.values()), "1")
    whole = sum(weights.values())
    for region in sorted({place.region for place in described} - {""}):
        inside = _weights([place for place in described if place.region == region], measure)
        yield from _region(measure, region, inside, whole)


def _region(measure: str, region: str, inside: Mapping[str, float], whole: float) -> Iterator[Metric]:
    total = sum(inside.values())
    yield Metric(f"space.hhi.{measure}.{slug(region)}", hhi(inside.values()), "1")
    yield Metric(f"space.share.{measure}.{slug(region)}", total / whole if whole else math.nan, "1")
    for cluster, weight in inside.items():
        share = weight / total if total else math.nan
        yield Metric(f"space.share.{measure}.{slug(cluster)}.{slug(region)}", share, "1")


def _weights(described: Sequence[Place], measure: str) -> dict[str, float]:
    """Return the sum of a measure in each cluster, clusters in alphabetical order."""
    sums = dict.fromkeys(sorted({place.cluster for place in described}), 0.0)
    for place in described:
        sums[place.cluster] += getattr(place, measure)
    return sums


def _functions(described: Sequence[Place]) -> Iterator[Metric]:
    for function in sorted({place.function for place in described}):
        doing = [place for place in described if place.function == function]
        yield Metric(f"space.hhi.function.{function}", hhi(_weights(doing, "sites").values()), "1")


def shares(weights: Collection[float]) -> NDArray[np.float64]:
    """Return each weight over the sum of all, without those that are 0; empty where all are 0."""
    positive = np.array([weight for weight in weights if weight > 0], dtype=float)
    return positive / positive.sum() if len(positive) else positive


def hhi(weights: Collection[float]) -> float:
    """Return the Herfindahl-Hirschman index of concentration: 1/n over n equal parts, 1 in one place.

    >>> hhi([1.0, 1.0, 2.0])
    0.375
    """
    parts = shares(weights)
    return float((parts**2).sum()) if len(parts) else math.nan


def entropy(weights: Collection[float]) -> float:
    """Return Shannon's entropy in natural units: ln n over n equal parts, 0 in one place.

    >>> entropy([3.0])
    0.0
    """
    parts = shares(weights)
    return float(-(parts * np.log(parts)).sum()) + 0.0 if len(parts) else math.nan


def complexity_correlation(scenario: Mapping[str, Any], everywhere: Sequence[Place]) -> float:
    """Return the rank correlation of complexity and concentration over products; NaN below three products."""
    made: dict[str, list[Place]] = {}
    for place in everywhere:
        made.setdefault(place.product, []).append(place)
    several = {product: found for product, found in made.items() if len(found) > 1}
    if len(several) < _FEWEST_PRODUCTS:
        return math.nan
    complexity = [float(scenario["products"][product].get("complexity", 0.5)) for product in several]
    return spearman(complexity, [hhi(_weights(found, "sites").values()) for found in several.values()])


def spearman(first: Sequence[float], second: Sequence[float]) -> float:
    """Return Spearman's rank correlation, ties at their mean rank; NaN where a side does not vary.

    >>> spearman([1, 2, 3], [10, 20, 15])
    0.5
    """
    one, two = _centred_ranks(first), _centred_ranks(second)
    scale = math.sqrt(float((one**2).sum() * (two**2).sum()))
    return float((one * two).sum()) / scale if scale else math.nan


def _centred_ranks(values: Sequence[float]) -> NDArray[np.float64]:
    _, place, count = np.unique(np.asarray(values, dtype=float), return_inverse=True, return_counts=True)
    ranks = (np.cumsum(count) - (count - 1) / 2)[place]
    return np.asarray(ranks - ranks.mean(), dtype=np.float64)
