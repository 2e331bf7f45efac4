"""Metrics of space: how concentrated capacity, employment and sites are over clusters, in all and by region.

They are taken over the sites that are open on a day. Capacity is what plant is worth when new, where products state it;
employment is the staff of that day where making takes labour, else as the scenario gives it. Where a brand leader owns
more than five sites, alone or through firms that it holds at least half of, they are taken over its own sites: the
figures published of a company describe that company. The correlation of complexity and concentration always covers all
sites.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gpnde.ownership import INDEPENDENT, share_held
from gpnde.results.evidence import Evidence, horizon_of
from gpnde.results.metric import Metric, firms_of, is_open, metric, ratio
from gpnde.results.names import slug
from gpnde.vocabulary import BRAND_LEADER

if TYPE_CHECKING:
    import polars as pl

OWN_SITES = 5
"""A brand leader with more sites of its own than this is described by its own sites alone."""

_FEWEST_PRODUCTS = 3


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
"""What is distributed over clusters: value of plant, persons, sites."""


class Described(NamedTuple):
    """The sites that are open on a day, and those of them that the metrics are taken over."""

    everywhere: list[Place]
    places: list[Place]
    """All, or the brand leader's own."""


def _at_end(evidence: Evidence) -> Described:
    return _on_day(evidence.scenario, evidence.horizon, evidence.tables)


def _on_day(scenario: Mapping[str, Any], day: float, tables: Mapping[str, pl.DataFrame]) -> Described:
    everywhere = places(scenario, min(day, horizon_of(scenario)), tables)
    return Described(everywhere, _described(scenario, everywhere))


@metric("space.hhi", unit="1", formula="Σ s²", better="neither", source="Hirschman (1964)")
def concentration(evidence: Evidence) -> dict[str, float]:
    """Return the concentration over clusters of capacity, employment or sites, in all or in a region.

    That of a function (space.hhi.function.<function>) is taken by sites.
    """
    described = evidence.part(_at_end).places
    found = {}
    for measure in MEASURES if described else ():
        found[measure] = hhi(_weights(described, measure).values())
        for region, inside in _regions(described, measure).items():
            found[f"{measure}.{slug(region)}"] = hhi(inside.values())
    return found | _of_functions(described)


def _of_functions(described: Sequence[Place]) -> dict[str, float]:
    doing: dict[str, list[Place]] = {}
    for place in described:
        doing.setdefault(place.function, []).append(place)
    return {f"function.{name}": hhi(_weights(found, "sites").values()) for name, found in doing.items()}


@metric("space.entropy", unit="1", formula="-Σ s ln s", better="neither", source="Shannon (1948)")
def dispersion(evidence: Evidence) -> dict[str, float]:
    """Return the dispersion over clusters of capacity, employment or sites."""
    described = evidence.part(_at_end).places
    measures = MEASURES if described else ()
    return {measure: entropy(_weights(described, measure).values()) for measure in measures}


@metric("space.share", unit="1", formula="part / whole", better="neither", source="definition")
def regional_shares(evidence: Evidence) -> dict[str, float]:
    """Return the share of a region in the whole (….<region>), or of a cluster in its region (….<cluster>.<region>)."""
    described = evidence.part(_at_end).places
    found = {}
    for measure in MEASURES:
        whole = sum(_weights(described, measure).values())
        for region, inside in _regions(described, measure).items():
            total = sum(inside.values())
            found[f"{measure}.{slug(region)}"] = ratio(total, whole)
            of_clusters = {cluster: ratio(weight, total) for cluster, weight in inside.items()}
            found |= {f"{measure}.{slug(name)}.{slug(region)}": share for name, share in of_clusters.items()}
    return found


@metric("space.countries", unit="1", formula="count", better="neither", source="definition")
def countries(evidence: Evidence) -> dict[str, float]:
    """Return the countries with at least one site."""
    described = evidence.part(_at_end).places
    return {"": float(len({place.country for place in described} - {""}))} if described else {}


@metric("space.sites", unit="1", formula="count", better="neither", source="definition")
def sites(evidence: Evidence) -> dict[str, float]:
    """Return the sites that the metrics of space are taken over: all, or a brand leader's own if more than five."""
    described = evidence.part(_at_end).places
    return {"": float(len(described))} if described else {}


@metric(
    "space.complexity_correlation",
    unit="1",
    formula="corr(rank complexity, rank HHI)",
    better="neither",
    source="Spearman (1904)",
)
def correlation_with_complexity(evidence: Evidence) -> dict[str, float]:
    """Return the rank correlation of a product's complexity and the concentration of its sites over clusters.

    It is that of Spearman, over products made at two sites or more.
    """
    found = evidence.part(_at_end)
    return {"": complexity_correlation(evidence.scenario, found.everywhere)} if found.places else {}


_OF_ANY_DAY = (concentration, dispersion, regional_shares, countries, sites, correlation_with_complexity)


@metric("space.start", unit="1", formula="as at the end", better="neither", source="as at the end")
def at_start(evidence: Evidence) -> dict[str, float]:
    """Return the same metrics on day 0: space.start.hhi.capacity and so on."""
    found = space_at(evidence.scenario, 0, evidence.tables)
    return {each.name.removeprefix("space."): each.value for each in found}


def space_at(scenario: Mapping[str, Any], day: float, tables: Mapping[str, pl.DataFrame]) -> list[Metric]:
    """Return the metrics of space over the sites that are open on a *day* and whose firms are there."""
    evidence = Evidence(scenario, tables, parts={_at_end: _on_day(scenario, day, tables)})
    return [found for kind in _OF_ANY_DAY for found in kind.values(evidence)]


def places(scenario: Mapping[str, Any], day: float, tables: Mapping[str, pl.DataFrame]) -> list[Place]:
    """Return the sites that lie in a cluster, are open on a *day* and whose firms are there."""
    countries, observed = countries_of_clusters(scenario), _observed(tables.get("plants"), day)
    gone = firms_waiting(scenario) if day <= 0 else firms_gone(tables["firms"], day)
    clusters = {cluster["name"]: cluster for cluster in scenario.get("clusters") or ()}
    return [
        _place(site, observed.get(site["name"]), clusters[site["cluster"]], countries)
        for site in scenario["sites"]
        if site.get("cluster") in clusters and is_open(site, day) and site["firm"] not in gone
    ]


def _observed(plants: pl.DataFrame | None, day: float) -> dict[str, tuple[float, float]]:
    """Return value of plant and staff of each site whose product takes labour, by its last row up to a day."""
    import polars as pl

    if plants is None or plants.is_empty():
        return {}
    last = plants.filter(pl.col("day") <= day).unique("site", keep="last", maintain_order=True)
    return {site: (value, staff) for site, value, staff in last.select("site", "plant_value", "employees").iter_rows()}


def countries_of_clusters(scenario: Mapping[str, Any]) -> dict[str, str]:
    """Return the country of each cluster, its own or that of its region; empty where neither states one."""
    of_region = {region["name"]: region.get("country") for region in scenario.get("regions") or ()}
    clusters = scenario.get("clusters") or ()
    return {
        cluster["name"]: cluster.get("country") or of_region.get(cluster.get("region")) or "" for cluster in clusters
    }


def _place(
    site: Mapping[str, Any],
    observed: tuple[float, float] | None,
    cluster: Mapping[str, Any],
    countries: Mapping[str, str],
) -> Place:
    capacity, employment = observed or (0.0, float(site.get("employment") or 0))
    return Place(
        firm=site["firm"],
        product=site["product"],
        function=site.get("function") or "component_mfg",
        cluster=cluster["name"],
        region=cluster.get("region") or "",
        country=countries[cluster["name"]],
        capacity=capacity,
        employment=employment,
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


def _share_held(firm: Mapping[str, Any]) -> float:
    """Return the share that the owner holds of a firm."""
    return share_held(firm.get("node_type", INDEPENDENT), firm.get("equity_share"))


def _ultimate_owner(firm: str, firms: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the firm at the end of the chain of owners that hold at least half."""
    seen = [firm]
    while _share_held(firms[seen[-1]]) >= 0.5:
        owner = firms[seen[-1]].get("owner") or ""
        # Firms may own each other in a circle.
        if owner not in firms or owner in seen:
            break
        seen.append(owner)
    return seen[-1]


def _regions(described: Sequence[Place], measure: str) -> dict[str, dict[str, float]]:
    """Return the sum of a measure in each cluster of each region, in alphabetical order."""
    names = sorted({place.region for place in described} - {""})
    return {name: _weights([place for place in described if place.region == name], measure) for name in names}


def _weights(described: Sequence[Place], measure: str) -> dict[str, float]:
    """Return the sum of a measure in each cluster, clusters in alphabetical order."""
    sums = dict.fromkeys(sorted({place.cluster for place in described}), 0.0)
    for place in described:
        sums[place.cluster] += getattr(place, measure)
    return sums


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


def products_over_clusters(everywhere: Sequence[Place]) -> dict[str, dict[str, float]]:
    """Return the number of sites in each cluster, clusters in alphabetical order, for each product of several sites."""
    made: dict[str, list[Place]] = {}
    for place in everywhere:
        made.setdefault(place.product, []).append(place)
    return {product: _weights(found, "sites") for product, found in made.items() if len(found) > 1}


def complexity_of(scenario: Mapping[str, Any], product: str) -> float:
    """Return how hard a product is to make, from 0 to 1."""
    return float(scenario["products"][product].get("complexity", 0.5))


def complexity_correlation(scenario: Mapping[str, Any], everywhere: Sequence[Place]) -> float:
    """Return the rank correlation of complexity and concentration over products; NaN below three products."""
    several = products_over_clusters(everywhere)
    if len(several) < _FEWEST_PRODUCTS:
        return math.nan
    complexity = [complexity_of(scenario, product) for product in several]
    return spearman(complexity, [hhi(sites_in.values()) for sites_in in several.values()])


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
