"""Draws are keyed by names: adding, removing or reordering others leaves them as they were."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gpnde import simulate
from gpnde.results import Run
from gpnde.scenario import Scenario, load_scenario

Rows = dict[str, list[dict[str, Any]]]

NOISE = "normal(mean=100, cv=0.2)"
ROAD = "gamma(mean=7, cv=0.4)"

CHAIN: dict[str, Any] = {
    "name": "luck",
    "clock": {"days": 364},
    "products": {"unit": {}},
    "firms": [{"name": "shop", "tier": 0}, {"name": "maker", "tier": 1}],
    "sites": [
        {"name": "A", "firm": "shop", "product": "unit"},
        {"name": "B", "firm": "maker", "product": "unit", "processing": "gamma(mean=2, cv=0.5)"},
    ],
    "links": [
        {"buyer": "A", "supplier": "B", "lead_time": ROAD},
        {"buyer": "B", "supplier": "outside", "product": "unit", "lead_time": ROAD},
    ],
    "markets": [
        {"name": "m", "product": "unit", "served_by": ["A"], "demand": {"law": NOISE, "every_days": 1}},
        {
            "name": "n",
            "product": "unit",
            "served_by": ["A"],
            "demand": {"law": "poisson(mean=3)", "arrivals": "poisson", "arrivals_per_day": 0.5},
        },
    ],
    "components": [
        {"use": "disruption.site-outage", "mean_up_days": 60, "mean_down_days": 5},
        {"use": "disruption.link-outage", "mean_up_days": 60, "mean_down_days": 5, "down_law": "lognormal"},
    ],
    "provenance": [{"path": "*", "mark": "assumption"}],
}


def stranger(name: str) -> Rows:
    """Return the rows of a firm that has nothing to do with the others, with a site, a link and a market."""
    return {
        "firms": [{"name": name, "tier": 0}],
        "sites": [{"name": name, "firm": name, "product": "other"}],
        "links": [{"buyer": name, "supplier": "outside", "product": "other", "lead_time": ROAD}],
        "markets": [{"name": name, "product": "other", "served_by": [name], "demand": {"law": NOISE, "every_days": 1}}],
    }


def with_stranger(first: bool, name: str) -> Scenario:
    rows = stranger(name)
    products: list[tuple[str, dict[str, Any]]] = [("unit", {}), ("other", {})]
    given: dict[str, Any] = {**CHAIN, "products": dict(products[::-1] if first else products)}
    for table, more in rows.items():
        given[table] = [*more, *given[table]] if first else [*given[table], *more]
    return Scenario.model_validate(given)


def shuffled(scenario: Scenario, seed: int) -> Scenario:
    """Return a scenario with the rows of every table, and the keys of every mapping of names, in another order."""
    rng = random.Random(seed)

    def mixed(rows: Collection[Any]) -> list[Any]:
        return rng.sample(list(rows), len(rows))

    tables = ("countries", "regions", "clusters", "firms", "sites", "links", "peers", "markets", "components")
    products = {
        name: product.model_copy(update={"made_of": dict(mixed(product.made_of.items()))})
        for name, product in mixed(scenario.products.items())
    }
    changed: dict[str, Any] = {table: tuple(mixed(getattr(scenario, table))) for table in tables}
    return scenario.model_copy(update={**changed, "products": products})


def assert_equal_tables(one: Run, other: Run) -> None:
    assert one.tables.keys() == other.tables.keys()
    differ = [name for name, table in one.tables.items() if not table.equals(other.tables[name])]
    assert not differ


def demands(run: Run, market: str) -> bytes:
    rows = run.table("markets").filter(pl.col("market") == market)
    return rows["demanded"].to_numpy().tobytes()


def lead_times(run: Run, buyer: str) -> list[tuple[float, float]]:
    """Return when goods left and when they arrived on the way to a site."""
    rows = run.table("orders").filter((pl.col("buyer") == buyer) & (pl.col("status") == "received"))
    return list(zip(rows["shipped_day"].to_list(), rows["received_day"].to_list(), strict=True))


def outages(run: Run, sites: Iterable[str]) -> pl.DataFrame:
    events = run.table("events").filter(pl.col("site").is_in(list(sites)))
    assert len(events) > 8
    return events


def assert_same_draws(one: Run, other: Run) -> None:
    for market in ("m", "n"):
        assert demands(one, market) == demands(other, market)
    for buyer in ("A", "B"):
        assert len(lead_times(one, buyer)) > 40
        assert lead_times(one, buyer) == lead_times(other, buyer)
    assert outages(one, "AB").equals(outages(other, "AB"))


@pytest.fixture(scope="module")
def alone() -> Run:
    return simulate(Scenario.model_validate(CHAIN), seed=5)


@pytest.mark.parametrize("name", ["AAA", "Aa", "zzz"])
@pytest.mark.parametrize("first", [True, False])
def test_unrelated_firm_leaves_the_draws_of_all_others(alone: Run, first: bool, name: str) -> None:
    assert_same_draws(alone, simulate(with_stranger(first, name), seed=5))


def test_every_name_has_its_own_draws(alone: Run) -> None:
    crowd = simulate(with_stranger(True, "AAA"), seed=5)
    assert demands(crowd, "AAA") != demands(crowd, "m")
    assert len({tuple(lead_times(crowd, buyer)) for buyer in ("A", "B", "AAA")}) == 3
    assert demands(alone, "m") != demands(simulate(Scenario.model_validate(CHAIN), seed=6), "m")


@settings(deadline=None, max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32))
def test_order_of_rows_changes_no_byte_of_any_table(alone: Run, seed: int) -> None:
    assert_equal_tables(alone, simulate(shuffled(Scenario.model_validate(CHAIN), seed), seed=5))


@pytest.mark.parametrize(
    "name", ["beer-game", "serial-chain", "hdd-southeast-asia", "small-open-economy", "taiwan-oem-pc"]
)
def test_order_of_rows_changes_no_byte_of_a_preset(name: str) -> None:
    scenario = load_scenario(name)
    shorter = scenario.model_copy(update={"clock": scenario.clock.model_copy(update={"days": 364.0})})
    assert_equal_tables(simulate(shorter, seed=2), simulate(shuffled(shorter, 8), seed=2))


def crowd(firms: Iterable[str]) -> dict[str, Any]:
    """Return a scenario in which suppliers compete, learn, upgrade and are replaced, each like the others."""
    makers = list(firms)
    clusters = [{"name": f"valley-{k}", "country": f"land-{k}", "latitude": k, "longitude": 0} for k in range(2)]
    return {
        "name": "crowd",
        "clock": {"days": 1092, "tick_days": 7},
        "products": {"unit": {"made_of": {"part": 1}}, "part": {}},
        "countries": [{"name": "land-0"}, {"name": "land-1"}],
        "clusters": clusters,
        "firms": [
            {"name": "brand", "role": "brand-leader", "tier": 0},
            *({"name": name, "tier": 1, "home": f"valley-{k % 2}"} for k, name in enumerate(makers)),
        ],
        "sites": [
            {"name": "hub", "firm": "brand", "product": "unit", "cluster": "valley-0"},
            *(
                {
                    "name": f"plant {name}",
                    "firm": name,
                    "product": "part",
                    "cluster": f"valley-{k % 2}",
                    "yield_rate": "beta(mean=0.9, sd=0.05)",
                    "capacity_per_day": 8,
                }
                for k, name in enumerate(makers)
            ),
            {"name": "spare", "firm": makers[0], "product": "part", "cluster": "valley-1", "capacity_per_day": 8},
        ],
        "links": [
            {"buyer": "hub", "supplier": f"plant {name}", "lead_time": "gamma(mean=10, cv=0.9)", "promise_days": 9}
            for name in makers[:3]
        ],
        "peers": [{"first": one, "second": other} for one, other in zip(makers, makers[1:], strict=False)],
        "markets": [{"name": "m", "product": "unit", "served_by": ["hub"], "demand": {"law": NOISE}}],
        "selection": {"threshold": 0.9, "strikes": 1, "price_breaker_probability": 0.5},
        "finance": {},
        "location": {"utilisation": 0.3},
        "knowledge": {"upgrading": {"award_chance": 0.5}, "specialisation": {}},
        "components": [
            {"use": "disruption.site-outage", "mean_up_days": 200, "mean_down_days": 30},
            {"use": "disruption.cluster-outage", "mean_up_days": 400, "mean_down_days": 30},
            {"use": "diffusion.peer-network", "mode": "barter", "degree": 2, "rewiring": 0.5, "cross_border": 0.5},
            {"use": "diffusion.labour-mobility"},
            {"use": "policy.supplier-development", "seats": 2, "noise": 0.2},
            {"use": "policy.skills-centre", "seats": 2},
        ],
        "provenance": [{"path": "*", "mark": "assumption"}],
    }


MAKERS = ("delta", "alpha", "gamma", "beta", "omega", "kappa")


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("finance", "kind"), [({}, "firm_failed"), (None, "site_expanded")])
@settings(deadline=None, max_examples=3)
@given(seed=st.integers(0, 2**32))
def test_order_of_rows_decides_between_no_equals(finance: dict[str, Any] | None, kind: str, seed: int) -> None:
    scenario = Scenario.model_validate({**crowd(MAKERS), "finance": finance})
    run = simulate(scenario, seed=3)
    assert {"bid_awarded", "link_opened", "link_dropped", kind} <= set(run.table("events")["kind"].to_list())
    assert len(run.table("upgrades"))
    assert_equal_tables(run, simulate(shuffled(scenario, seed), seed=3))
