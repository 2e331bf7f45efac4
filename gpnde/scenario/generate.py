"""Make up a network of any size: tiers of firms in industrial clusters, each firm with three suppliers below it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gpnde.errors import ScenarioError
from gpnde.numerics.seeds import checked_seed
from gpnde.scenario.law import Law, fixed
from gpnde.scenario.markets import Demand, Market
from gpnde.scenario.network import Cluster, Firm, Link, Product, Region, Site
from gpnde.scenario.rules import Finance, Record, Selection
from gpnde.scenario.schema import ComponentUse, Provenance, Scenario
from gpnde.vocabulary import Role

FEWEST_FIRMS = 5
MOST_FIRMS = 100_000
MOST_TIERS = 1000

SUPPLIERS_PER_FIRM = 3

FOUR_TIERS = (0.01, 0.09, 0.30, 0.60)
"""Shares of firms in four tiers: flagships, lead suppliers and two tiers below."""

TIER_GROWTH = 3
"""How many times larger each tier is than the one above it, for any other number of tiers."""

LEAD_TIMES = {
    "cluster": Law.model_validate("gamma(mean=3, cv=0.3)"),
    "region": Law.model_validate("gamma(mean=10, cv=0.3)"),
    "world": Law.model_validate("gamma(mean=30, cv=0.3)"),
}
"""Transport time (days) inside a cluster, inside a region and between regions."""

CLUSTERS = (
    Cluster(name="Bangkok", region="Asia", country="Thailand", latitude=13.8, longitude=100.5, wage_per_day=12),
    Cluster(name="Penang", region="Asia", country="Malaysia", latitude=5.4, longitude=100.3, wage_per_day=18),
    Cluster(name="Singapore", region="Asia", country="Singapore", latitude=1.3, longitude=103.8, wage_per_day=60),
    Cluster(name="Hsinchu", region="Asia", country="Taiwan", latitude=24.8, longitude=121.0, wage_per_day=45),
    Cluster(name="Shenzhen", region="Asia", country="China", latitude=22.5, longitude=114.1, wage_per_day=8),
    Cluster(name="Seoul", region="Asia", country="Korea", latitude=37.6, longitude=127.0, wage_per_day=55),
    Cluster(name="Bangalore", region="Asia", country="India", latitude=13.0, longitude=77.6, wage_per_day=9),
    Cluster(name="Dublin", region="Europe", country="Ireland", latitude=53.3, longitude=-6.3, wage_per_day=90),
    Cluster(name="Budapest", region="Europe", country="Hungary", latitude=47.5, longitude=19.0, wage_per_day=30),
    Cluster(name="Guadalajara", region="America", country="Mexico", latitude=20.7, longitude=-103.3, wage_per_day=20),
    Cluster(name="San Jose", region="America", country="Costa Rica", latitude=9.9, longitude=-84.1, wage_per_day=22),
    Cluster(name="Silicon Valley", region="America", country="USA", latitude=37.4, longitude=-122.0, wage_per_day=140),
)
"""Places where firms settle unless told otherwise; the wages are assumptions that only keep the order."""

_FLAGSHIP_SALES = "normal(mean=100, cv=0.15)"
_FLAGSHIP_MEAN = 100.0
_OPEN_MARKET_MEAN = 30.0
_DEMAND_CV = 0.15
_SPARE_CAPACITY = 1.3
_LABOUR_SHARE = 0.6
_VALUE_ADDED = 10.0
_LOWEST_TIER_ROLES: tuple[Role, ...] = ("supplier", "price-breaker", "capacity-buffer")
_LOWEST_TIER_CHANCES = (0.5, 0.2, 0.3)
_ORDERS_KEPT_UP_TO = 1000
_ENTITIES_KEPT_UP_TO = 2000


class _Plan(NamedTuple):
    """The network as arrays: one entry per firm, except *buyer* and *supplier*, which have one per link."""

    sizes: tuple[int, ...]
    tier: NDArray[np.int64]
    place: NDArray[np.int64]
    lowest_role: NDArray[np.int64]
    buyer: NDArray[np.int64]
    supplier: NDArray[np.int64]
    load: NDArray[np.float64]
    names: list[str]


def generate(name: str, firms: int, tiers: int = 4, seed: int = 1, clusters: Sequence[Cluster] = CLUSTERS) -> Scenario:
    """Return a made-up scenario with one site per firm; the same arguments give an equal scenario.

    Flagships sell to markets of their own and buy from lead suppliers, and so on down the tiers; the products of one
    tier are substitutes. A supplier that no buyer happened to choose sells to an open market of its tier, so that it
    stays in business and can be asked for a quotation.

    >>> scenario = generate("small", firms=20)
    >>> len(scenario.sites), scenario.firms[0].role
    (20, 'brand-leader')

    Raises
    ------
    GpndeError
        The number of firms, tiers or clusters, or the seed, is out of bounds.
    """
    _check(name, firms, tiers, seed, clusters)
    plan = _draw(tier_sizes(firms, tiers), len(clusters), np.random.default_rng(seed))
    return Scenario(
        name=name,
        title=f"Generated network of {firms:,} firms in {tiers} tiers",
        description=f"Drawn with seed {seed}; every number is an assumption.",
        products=_products(tiers),
        regions=tuple(Region(name=region) for region in dict.fromkeys(c.region for c in clusters) if region),
        clusters=tuple(clusters),
        firms=_firms(plan),
        sites=_sites(plan, clusters),
        links=_links(plan, clusters),
        markets=_flagship_markets(plan, clusters) + _open_markets(plan),
        selection=Selection(),
        finance=Finance(),
        components=(_outages(),),
        record=Record(orders=firms <= _ORDERS_KEPT_UP_TO, entities=firms <= _ENTITIES_KEPT_UP_TO),
        provenance=_provenance(seed),
    )


def _check(name: str, firms: int, tiers: int, seed: int, clusters: Sequence[Cluster]) -> None:
    if not name:
        raise ScenarioError(where="name", expected="'': give the scenario a name")
    if not FEWEST_FIRMS <= firms <= MOST_FIRMS:
        raise ScenarioError(where="firms", given=str(firms), expected=f"must be from {FEWEST_FIRMS} to {MOST_FIRMS:,}")
    if not 2 <= tiers <= firms:
        raise ScenarioError(where="tiers", given=str(tiers), expected=f"must be from 2 to the number of firms, {firms}")
    if tiers > MOST_TIERS:
        raise ScenarioError(where="tiers", given=str(tiers), expected=f"must be at most {MOST_TIERS:,}")
    checked_seed("seed", seed)
    if not clusters:
        raise ScenarioError(where="clusters", expected="none given: give at least one")


def tier_sizes(firms: int, tiers: int) -> tuple[int, ...]:
    """Return the number of firms in each tier: at least 1 flagship and, as far as they go, 3 in each tier below.

    >>> tier_sizes(1000, 4)
    (10, 90, 300, 600)
    >>> tier_sizes(5, 4)
    (1, 1, 2, 1)
    """
    shares = FOUR_TIERS if tiers == len(FOUR_TIERS) else _growing(tiers)
    fewest = min(SUPPLIERS_PER_FIRM, (firms - 1) // (tiers - 1))
    sizes = [max(fewest, round(firms * share / sum(shares))) for share in shares]
    sizes[0] = max(1, round(firms * shares[0] / sum(shares)))
    sizes[-1] = firms - sum(sizes[:-1])
    while sizes[-1] < fewest:
        largest = sizes.index(max(sizes[:-1]))
        sizes[largest] -= 1
        sizes[-1] += 1
    return tuple(sizes)


def _growing(tiers: int) -> tuple[float, ...]:
    # Tiers far above the last one get a firm or three anyway, and powers of so many tiers leave the floats.
    least = max(0, tiers - 600)
    return tuple(float(TIER_GROWTH ** (tier - least)) if tier >= least else 0.0 for tier in range(tiers))


def _draw(sizes: tuple[int, ...], clusters: int, rng: np.random.Generator) -> _Plan:
    firms = sum(sizes)
    tier = np.repeat(np.arange(len(sizes)), sizes)
    place = rng.integers(0, clusters, firms)
    lowest_role = rng.choice(len(_LOWEST_TIER_ROLES), size=firms, p=_LOWEST_TIER_CHANCES)
    buyer, supplier = _draw_links(sizes, rng)
    load = _expected_loads(sizes, buyer, supplier)
    return _Plan(sizes, tier, place, lowest_role, buyer, supplier, load, _names(sizes))


def _names(sizes: tuple[int, ...]) -> list[str]:
    flagships = [f"flagship-{number}" for number in range(1, sizes[0] + 1)]
    return flagships + [f"tier-{t}-{n}" for t, size in enumerate(sizes[1:], start=1) for n in range(1, size + 1)]


def _draw_links(sizes: tuple[int, ...], rng: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return buyer and supplier of every link, as numbers of firms, tier after tier."""
    starts = np.concatenate(([0], np.cumsum(sizes)))
    buyers, suppliers = [], []
    for tier, size in enumerate(sizes[:-1]):
        chosen = _distinct(size, sizes[tier + 1], rng)
        buyers.append(np.repeat(starts[tier] + np.arange(size), chosen.shape[1]))
        suppliers.append(starts[tier + 1] + chosen.ravel())
    return np.concatenate(buyers), np.concatenate(suppliers)


def _distinct(rows: int, choices: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return three different numbers below *choices* in every row, each set of three equally likely."""
    if choices <= SUPPLIERS_PER_FIRM:
        return np.tile(np.arange(choices), (rows, 1))
    chosen = rng.integers(0, choices, (rows, SUPPLIERS_PER_FIRM))
    while (again := _has_repeats(chosen)).any():
        chosen[again] = rng.integers(0, choices, (int(again.sum()), SUPPLIERS_PER_FIRM))
    return chosen


def _has_repeats(chosen: NDArray[np.int64]) -> NDArray[np.bool_]:
    ordered = np.sort(chosen, axis=1)
    repeats: NDArray[np.bool_] = (ordered[:, 1:] == ordered[:, :-1]).any(axis=1)
    return repeats


def _expected_loads(
    sizes: tuple[int, ...], buyer: NDArray[np.int64], supplier: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the units per day that every firm is expected to deliver, its buyers sharing their need equally."""
    load = np.zeros(sum(sizes))
    load[: sizes[0]] = _FLAGSHIP_MEAN
    suppliers_of = np.bincount(buyer, minlength=len(load))
    starts = np.concatenate(([0], np.cumsum(sizes)))
    for tier in range(1, len(sizes)):
        here = slice(starts[tier], starts[tier + 1])
        to_here = (supplier >= here.start) & (supplier < here.stop)
        needs = load[buyer[to_here]] / suppliers_of[buyer[to_here]]
        load[here] = np.bincount(supplier[to_here], weights=needs, minlength=len(load))[here]
        # The slice is a view, so that this writes into the loads themselves.
        load[here][load[here] == 0] = _OPEN_MARKET_MEAN
    return load


def _product_name(tier: int) -> str:
    return "final-product" if tier == 0 else f"tier-{tier}-part"


def _products(tiers: int) -> dict[str, Product]:
    """Return one product per tier, each made of one unit of the next; the lowest is raw."""
    above = {
        _product_name(tier): Product(made_of={_product_name(tier + 1): 1}, value_added=_VALUE_ADDED)
        for tier in range(tiers - 1)
    }
    return above | {_product_name(tiers - 1): Product(value_added=_VALUE_ADDED)}


def _role(tier: int, tiers: int, lowest_role: int) -> Role:
    if tier == 0:
        return "brand-leader"
    if tier == tiers - 1:
        return _LOWEST_TIER_ROLES[lowest_role]
    return "lead-supplier" if tier == 1 else "supplier"


def _firms(plan: _Plan) -> tuple[Firm, ...]:
    tiers = len(plan.sizes)
    return tuple(
        Firm(
            name=name,
            role=_role(tier, tiers, lowest_role),
            tier=tier,
            cash_months=6 if tier <= 1 else 2,
        )
        for name, tier, lowest_role in zip(plan.names, plan.tier.tolist(), plan.lowest_role.tolist(), strict=True)
    )


def _sites(plan: _Plan, clusters: Sequence[Cluster]) -> tuple[Site, ...]:
    products = [_product_name(tier) for tier in range(len(plan.sizes))]
    costs = _values_added(clusters)
    one_day = fixed(1)
    return tuple(
        Site(
            name=name,
            firm=name,
            product=products[tier],
            cluster=clusters[place].name,
            function="assembly_test" if tier == 0 else "component_mfg",
            capacity_per_day=fixed(_SPARE_CAPACITY * load),
            processing=one_day,
            employment=_employees(load, clusters[place]),
            value_added=costs[place],
        )
        for name, tier, place, load in zip(
            plan.names, plan.tier.tolist(), plan.place.tolist(), plan.load.tolist(), strict=True
        )
    )


def _values_added(clusters: Sequence[Cluster]) -> list[float]:
    """Return the cost added to a unit in each cluster: the labour share of it follows the wage, at half strength."""
    wages = np.array([cluster.wage_per_day for cluster in clusters])
    relative = np.sqrt(wages / wages.mean()) if wages.mean() > 0 else np.ones(len(wages))
    costs: list[float] = (_VALUE_ADDED * (1 - _LABOUR_SHARE + _LABOUR_SHARE * relative)).round(2).tolist()
    return costs


def _employees(load: float, cluster: Cluster) -> float:
    """Return how many people the labour share of the value added pays at the wage of the cluster."""
    return round(_LABOUR_SHARE * _VALUE_ADDED * load / cluster.wage_per_day, 1) if cluster.wage_per_day else 0.0


def _links(plan: _Plan, clusters: Sequence[Cluster]) -> tuple[Link, ...]:
    laws = _lead_times(clusters)
    from_flagship = plan.buyer < plan.sizes[0]
    rows = zip(
        plan.buyer.tolist(),
        plan.supplier.tolist(),
        plan.place[plan.buyer].tolist(),
        plan.place[plan.supplier].tolist(),
        from_flagship.tolist(),
        strict=True,
    )
    return tuple(
        Link(
            buyer=plan.names[buyer],
            supplier=plan.names[supplier],
            contract="OEM" if flagship else "arms-length",
            commitment_days=364 if flagship else 0,
            lead_time=laws[here][there],
        )
        for buyer, supplier, here, there, flagship in rows
    )


def _lead_times(clusters: Sequence[Cluster]) -> list[list[Law]]:
    return [[lead_time_between(here, there) for there in clusters] for here in clusters]


def lead_time_between(here: Cluster, there: Cluster) -> Law:
    """Return the transport time (days) by distance class: the same cluster, the same region, or further away.

    >>> lead_time_between(CLUSTERS[0], CLUSTERS[1]).mean
    10.0
    """
    if here.name == there.name:
        return LEAD_TIMES["cluster"]
    return LEAD_TIMES["region" if here.region and here.region == there.region else "world"]


def _flagship_markets(plan: _Plan, clusters: Sequence[Cluster]) -> tuple[Market, ...]:
    demand = Demand(law=Law.model_validate(_FLAGSHIP_SALES), every_days=1)
    return tuple(
        Market(
            name=f"market of {name}",
            product=_product_name(0),
            region=clusters[place].region,
            served_by=(name,),
            demand=demand,
        )
        for name, place in zip(plan.names[: plan.sizes[0]], plan.place.tolist(), strict=False)
    )


def _open_markets(plan: _Plan) -> tuple[Market, ...]:
    """Return one market for each tier in which some firms were chosen by no buyer."""
    chosen = np.bincount(plan.supplier, minlength=len(plan.names)) > 0
    left_out = [np.flatnonzero(~chosen & (plan.tier == tier)).tolist() for tier in range(1, len(plan.sizes))]
    return tuple(
        Market(
            name=f"open market of tier {tier}",
            product=_product_name(tier),
            served_by=tuple(plan.names[firm] for firm in firms),
            demand=Demand(law=Law(law="normal", mean=_OPEN_MARKET_MEAN * len(firms), cv=_DEMAND_CV), every_days=1),
        )
        for tier, firms in enumerate(left_out, start=1)
        if firms
    )


def _outages() -> ComponentUse:
    return ComponentUse.model_validate({"use": "disruption.site-outage", "mean_up_days": 730, "mean_down_days": 14})


def _provenance(seed: int) -> tuple[Provenance, ...]:
    tables = ("products", "clusters", "firms", "sites", "links", "markets", "components")
    source = f"made up by the generator with seed {seed}"
    return tuple(Provenance(path=f"{table}.*.*", mark="assumption", source=source) for table in tables)
