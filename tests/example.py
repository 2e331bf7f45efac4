"""A made-up run, for documentation, charts and reports: its shapes are real, its numbers are not.

No simulation stands behind it. Every table is filled with curves and noise that look like those of a network of drive
makers in which plants fail and suppliers are dropped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gpnde.results.columns import LATER
from gpnde.results.evidence import Evidence
from gpnde.results.metric import sums_by
from gpnde.results.register import all_metrics, metrics_table
from gpnde.results.run import Run
from gpnde.results.series import count_dropouts
from gpnde.results.tables import empty_table, make_table
from tests.example_knowledge import knowledge_tables

if TYPE_CHECKING:
    import polars as pl

_CLUSTERS = {
    "Bangkok": ("Asia", "Thailand"),
    "Penang": ("Asia", "Malaysia"),
    "Singapore": ("Asia", "Singapore"),
    "Wuxi": ("Asia", "China"),
    "Bloomington": ("America", "United States"),
    "Londonderry": ("Europe", "United Kingdom"),
}
_PRODUCTS = ("drive", "head-stack", "disc", "motor")
_CAUSES = ("score", "finance", "buffer-role", "contract-end")
_EVERY = 7.0


def example_run(sites: int = 40, days: int = 728, seed: int = 1, knowledge: bool = True) -> Run:
    """Return a made-up run of a network with so many *sites* over so many *days*, with *knowledge* or without.

    >>> run = example_run(sites=12, days=91)
    >>> run.sites["site"].n_unique(), run.markets["market"].unique().sort().to_list()
    (12, ['America', 'Asia'])
    """
    rng = np.random.default_rng(seed)
    scenario = _scenario(sites, days)
    tables = {
        "firms": _firms(scenario, rng),
        "sites": _sites(scenario, rng),
        "tiers": empty_table("tiers"),
        "links": _links(scenario, rng),
        "markets": _markets(scenario, rng),
        "orders": empty_table("orders"),
        "sales": empty_table("sales"),
        "events": _events(scenario, rng),
        **{name: empty_table(name) for name in (*sorted(LATER), "knowledge", "learners", "upgrades", "policies")},
    }
    if knowledge:
        tables |= knowledge_tables(scenario, np.random.default_rng(seed))
    tables["tiers"] = _tiers(tables["sites"], tables["events"])
    dropouts = count_dropouts(tables["events"])
    tables["metrics"] = metrics_table(all_metrics(Evidence(scenario, tables, _statistics(scenario, rng), dropouts)))
    return Run(
        scenario=scenario,
        seed=seed,
        replication=0,
        tables=tables,
        conservation={"goods": 2.1e-16, "cash": 3.4e-15},
        counts=_counts(scenario, tables),
        dropouts=dropouts,
        components=[_COMPONENT],
        software={"gpnde": "example"},
        seconds={"build": 0.21, "simulate": 1.48},
        notes=("This run is made up: it shows what a report looks like.",),
        provenance={"chapter": 14, "derived": 6, "literature": 9, "assumption": 122},
    )


_COMPONENT: dict[str, Any] = {
    "name": "disruption.site-outage",
    "distribution": "gpnde",
    "version": "example",
    "parameters": {"mean_up_days": 730, "mean_down_days": 14},
}


def _tier_of(index: int, count: int) -> int:
    """Return the tier of a firm by its place: one flagship, a tenth lead suppliers, a third below, the rest last."""
    return 0 if index == 0 else int(1 + np.searchsorted([0.1 * count, 0.4 * count], index, side="right"))


def _scenario(count: int, days: int) -> dict[str, Any]:
    flagship_sites = min(8, count // 2)
    firms = [_firm(index, count - flagship_sites + 1) for index in range(count - flagship_sites + 1)]
    owners = ["flagship"] * flagship_sites + [firm["name"] for firm in firms[1:]]
    tiers = {firm["name"]: firm["tier"] for firm in firms}
    return {
        "name": "example",
        "title": "A made-up network of drive makers",
        "clock": {"start": "1990-01-01", "days": days, "tick_days": 1.0},
        "products": {name: {"complexity": 0.2 + 0.2 * rank, "value_added": 2.0} for rank, name in enumerate(_PRODUCTS)},
        "regions": [{"name": region} for region in ("Asia", "America", "Europe")],
        "clusters": [{"name": name, "region": at[0], "country": at[1]} for name, at in _CLUSTERS.items()],
        "firms": firms,
        "sites": [_site(index, owner, tiers[owner]) for index, owner in enumerate(owners)],
        "markets": [
            {
                **{"name": name, "product": "drive", "region": name},
                **{"served_by": {f"site-{index}": 1.0}, "demand": {"law": 100.0}},
            }
            for index, name in enumerate(("Asia", "America"))
        ],
        "targets": _TARGETS,
    }


_TARGETS = [
    {"measure": "space.share.employment.asia", "value": 0.7, "day": 0, "mark": "chapter", "source": "a survey"},
    {"measure": "space.share.employment.asia", "value": 0.85, "mark": "chapter", "source": "a survey"},
    {"measure": "space.hhi.sites.asia", "value": 0.289, "mark": "derived"},
    {"measure": "space.hhi.employment.asia", "value": 0.333, "mark": "derived"},
    {"measure": "flow.fill_rate", "value": 0.95, "mark": "assumption"},
    {"measure": "selection.win_rate", "value": 0.25, "mark": "literature"},
]


def _firm(index: int, count: int) -> dict[str, Any]:
    tier = _tier_of(index, count)
    role = ("brand-leader", "lead-supplier", "supplier", "price-breaker")[tier]
    return {"name": "flagship" if index == 0 else f"firm-{index}", "role": role, "tier": tier}


def _site(index: int, owner: str, tier: int) -> dict[str, Any]:
    return {
        "name": f"site-{index}",
        "firm": owner,
        "product": _PRODUCTS[tier],
        "cluster": list(_CLUSTERS)[index % 7 % len(_CLUSTERS)],
        "function": "assembly_test" if tier == 0 else "component_mfg",
        "opens_day": 0.0 if index % 5 else 28.0,
        "closes_day": None,
        "employment": 500.0 * (1 + index % 4),
    }


def _days(scenario: dict[str, Any]) -> NDArray[np.float64]:
    return np.arange(_EVERY, scenario["clock"]["days"] + 1e-9, _EVERY)


def _grid(scenario: dict[str, Any], names: list[str]) -> tuple[NDArray[np.float64], list[str]]:
    """Return days and names of a table with a row per day and name."""
    days = _days(scenario)
    return np.repeat(days, len(names)), names * len(days)


def _wave(day: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Return a level that grows, swings and is noisy, around 1."""
    noise = 1 + 0.08 * rng.standard_normal(len(day))
    return np.asarray((0.8 + 0.0005 * day) * (1 + 0.12 * np.sin(day / 45.0)) * noise)


def _firms(scenario: dict[str, Any], rng: np.random.Generator) -> pl.DataFrame:
    rows = {firm["name"]: firm for firm in scenario["firms"]}
    day, firm = _grid(scenario, list(rows))
    level = _wave(day, rng)
    last = f"firm-{len(rows) - 1}"
    return make_table(
        "firms",
        {
            "day": day,
            "firm": firm,
            "tier": [rows[name]["tier"] for name in firm],
            "role": [rows[name]["role"] for name in firm],
            "active": np.array([name != last for name in firm]) | (day < 0.7 * scenario["clock"]["days"]),
            "cash": 900 * level,
            "receivable": 300 * level,
            "payable": 200 * level,
            "revenue": 100 * level,
            "expense": 93 * level,
        },
    )


def _sites(scenario: dict[str, Any], rng: np.random.Generator) -> pl.DataFrame:
    rows = {site["name"]: site for site in scenario["sites"]}
    tiers = {firm["name"]: firm["tier"] for firm in scenario["firms"]}
    day, site = _grid(scenario, list(rows))
    level, short = _wave(day, rng), rng.random(len(day)) < 0.06
    flow = 700 * level
    return make_table(
        "sites",
        {
            "day": day,
            "site": site,
            "firm": [rows[name]["firm"] for name in site],
            "cluster": [rows[name]["cluster"] for name in site],
            "product": [rows[name]["product"] for name in site],
            "tier": [tiers[rows[name]["firm"]] for name in site],
            "up": ~short,
            "on_hand": np.where(short, 0, 1800 * (2 - level)),
            "inputs": 900 * level,
            "in_production": 300 * level,
            "backlog": np.where(short, 500 * level, 0),
            "on_order": 1000 * level,
            "demanded": flow,
            "shipped": np.where(short, 0.6, 1.0) * flow,
            "produced": np.where(short, 0.4, 1.03) * flow,
            "ordered": 1.02 * flow,
        },
    )


def _tiers(sites: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    summed = ("up", "on_hand", "backlog", "demanded", "shipped")
    tiers = [
        sums_by("day", part, *summed).with_columns(tier=pl.lit(tier)).drop("rows")
        for (tier,), part in sites.partition_by("tier", as_dict=True).items()
    ]
    rows = pl.concat(tiers).sort("day", "tier").rename({"up": "sites_up"})
    columns = {column: rows[column].to_numpy() for column in rows.columns}
    still = np.zeros(rows.height, dtype=np.int64)
    return make_table(
        "tiers", {**columns, "in_transit": 2 * columns["shipped"], "cash": columns["on_hand"], "dropouts": still}
    )


def _links(scenario: dict[str, Any], rng: np.random.Generator) -> pl.DataFrame:
    """Give every site three suppliers in the tier above it in number, or outside goods in the last tier."""
    tiers = {firm["name"]: firm["tier"] for firm in scenario["firms"]}
    members: dict[int, list[str]] = {}
    for site in scenario["sites"]:
        members.setdefault(tiers[site["firm"]], []).append(site["name"])
    pairs = [
        (str(supplier), buyer)
        for tier, buyers in sorted(members.items())
        for buyer in buyers
        for supplier in rng.choice(members.get(tier + 1, ["outside"]), 3 if tier + 1 in members else 1)
    ]
    return _links_table(scenario, dict.fromkeys(pairs), rng)


def _links_table(
    scenario: dict[str, Any], pairs: dict[tuple[str, str], None], rng: np.random.Generator
) -> pl.DataFrame:
    products = {site["name"]: site["product"] for site in scenario["sites"]}
    count, days = len(pairs), scenario["clock"]["days"]
    ended = rng.random(count) < 0.2
    quantity = rng.uniform(10_000, 90_000, count)
    return make_table(
        "links",
        {
            "link": np.arange(count),
            "supplier": [supplier for supplier, _ in pairs],
            "buyer": [buyer for _, buyer in pairs],
            "product": [products.get(supplier, "raw material") for supplier, _ in pairs],
            "contract": ["OEM"] * count,
            "status": np.where(ended, "ended", "active").tolist(),
            "share": rng.uniform(0.2, 0.5, count),
            "opened_day": np.zeros(count),
            "closed_day": np.where(ended, rng.integers(91, days + 1, count), np.nan),
            "orders": np.full(count, int(days // _EVERY)),
            "ordered": quantity,
            "shipped": 0.99 * quantity,
            "received": 0.97 * quantity,
            "in_transit": 0.02 * quantity,
            "on_time_share": rng.uniform(0.7, 1.0, count),
            "mean_delivery_days": rng.gamma(9, 1, count),
            "score": rng.uniform(0.4, 0.95, count),
            "price": np.full(count, 3.0),
        },
    )


def _markets(scenario: dict[str, Any], rng: np.random.Generator) -> pl.DataFrame:
    day, market = _grid(scenario, [market["name"] for market in scenario["markets"]])
    demanded = 7000 * _wave(day, rng)
    filled = demanded * np.clip(1.01 - 0.06 * rng.exponential(0.6, len(day)), 0, 1)
    return make_table(
        "markets",
        {
            "day": day,
            "market": market,
            "product": ["drive"] * len(day),
            "region": market,
            "demanded": demanded,
            "filled": filled,
            "shipped": filled,
            "delivered": filled,
            "lost": np.zeros(len(day)),
            "backlog": demanded - filled,
            "price": np.full(len(day), 5.0),
        },
    )


def _events(scenario: dict[str, Any], rng: np.random.Generator) -> pl.DataFrame:
    rows = [*_outages(scenario, rng), *_drops(scenario, rng)]
    day, kind, cause, site = zip(*sorted(rows), strict=True)
    owner = {row["name"]: row["firm"] for row in scenario["sites"]}
    blank = [""] * len(rows)
    component = ["disruption.site-outage" if name.startswith("site_") else "engine" for name in kind]
    firm = [owner[name] for name in site]
    return make_table(
        "events",
        {
            "day": day,
            "kind": kind,
            "cause": cause,
            "firm": firm,
            "site": site,
            "buyer": blank,
            "component": component,
            "value": np.full(len(rows), np.nan),
        },
    )


_Event = tuple[float, str, str, str]


def _outages(scenario: dict[str, Any], rng: np.random.Generator) -> list[_Event]:
    days, sites = scenario["clock"]["days"], scenario["sites"]
    starts = rng.integers(14, days, max(2, len(sites) * days // 900))
    rows: list[_Event] = []
    for start in starts.tolist():
        site = sites[int(rng.integers(len(sites)))]["name"]
        back = start + float(rng.integers(3, 30))
        rows += [(start, "site_failed", "outage", site), (back, "site_recovered", "", site)]
    return [row for row in rows if row[0] <= days]


def _drops(scenario: dict[str, Any], rng: np.random.Generator) -> list[_Event]:
    reviews = np.arange(91.0, scenario["clock"]["days"] + 1, 91.0)
    rows: list[_Event] = []
    for day in np.repeat(reviews, 1 + len(scenario["sites"]) // 15).tolist():
        site = scenario["sites"][int(rng.integers(len(scenario["sites"])))]["name"]
        rows.append((day, "link_dropped", str(rng.choice(_CAUSES, p=[0.55, 0.15, 0.2, 0.1])), site))
        rows += [(day, "bid_placed", "", site), (day, "bid_placed", "", site), (day, "bid_awarded", "", site)]
    return rows


def _statistics(scenario: dict[str, Any], rng: np.random.Generator) -> dict[str, NDArray[Any]]:
    tiers = {firm["name"]: firm["tier"] for firm in scenario["firms"]}
    tier = np.array([tiers[site["firm"]] for site in scenario["sites"]])
    count = np.full(len(tier), 100)
    sums = 700.0 * count
    spread = 10_000 * (1 + rng.uniform(0.2, 0.4, len(tier)))
    orders, demand = spread * 1.6**tier, spread
    return {
        "tier": tier,
        "orders_n": count,
        "orders_sum": sums,
        "orders_sumsq": count * (700.0**2 + orders),
        "demand_n": count,
        "demand_sum": sums,
        "demand_sumsq": count * (700.0**2 + demand),
    }


def _counts(scenario: dict[str, Any], tables: dict[str, pl.DataFrame]) -> dict[str, int | float]:
    return {
        "days": scenario["clock"]["days"],
        "firms": len(scenario["firms"]),
        "sites": len(scenario["sites"]),
        "links": tables["links"].height,
        "orders": int(tables["links"]["orders"].sum()),
    }
