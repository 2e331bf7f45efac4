"""A single server takes a time of its own for every batch, however many reach it at one instant."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from gpnde.engine import simulate
from gpnde.engine.kernel.batches import take_off_order, waiting_batches
from gpnde.scenario.schema import Scenario
from gpnde.world.build import build_world
from gpnde.world.layout import State

Network = Callable[..., Scenario]

ON_DEMAND = {"days": 60, "steps": ["receive", "demand", "order", "supply"]}
TO_ORDER = {"policy": "make-to-order", "review_days": 0}
ONCE = {"law": "series(values=1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0)", "every_days": 30}


def workshop(ordering: Mapping[str, Any], **site: Any) -> dict[str, Any]:
    return {"stock": 0, "servers": 1, "processing": 3, "ordering": ordering, **site}


@pytest.mark.parametrize("review", [0, 1])
def test_orders_of_several_markets_at_one_instant_are_batches_of_their_own(network: Network, review: int) -> None:
    markets = {name: {"served_by": ["shop"], "demand": ONCE} for name in ("a", "b", "c")}
    rule = {**TO_ORDER, "review_days": review}
    scenario = network({"shop": workshop(rule, rationing="first-come")}, markets=markets, clock=ON_DEMAND)
    stages = {day: run_backlog(scenario, day) for day in (2, 3, 6, 9)}
    assert stages == {2: 3.0, 3: 2.0, 6: 1.0, 9: 0.0}


def run_backlog(scenario: Scenario, days: int) -> float:
    """Return what is owed at the end of day *days*."""
    clock = scenario.clock.model_copy(update={"days": days + 0.5})
    run = simulate(scenario.model_copy(update={"clock": clock}))
    return float(run.sites.filter(run.sites["site"] == "shop")["backlog"][-1])


def test_customers_of_one_tick_take_a_time_each(network: Network) -> None:
    """Some 2 customers come a day, each of whom takes a day: after 30 days of them half of the work is left."""
    demand = {"law": 1, "arrivals": "poisson", "arrivals_per_day": 2.0}
    markets = {"m": {"served_by": ["shop"], "demand": demand}}
    scenario = network({"shop": workshop(TO_ORDER, processing=1)}, markets=markets, clock=ON_DEMAND)
    run = simulate(scenario)
    asked = float(run.sales["quantity"].sum())
    assert asked > 90
    assert float(run.sites["backlog"][-1]) == pytest.approx(asked - 60, abs=2)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_run_ends_whose_customers_bring_back_more_than_they_take(network: Network, seed: int) -> None:
    demand = {"law": "normal(mean=0.1, sd=12, truncated=false)", "every_days": 1}
    scenario = network(
        {"shop": workshop({}, processing=0, capacity_per_day=5)},
        [{"buyer": "shop", "lead_time": 1}],
        {"m": {"served_by": ["shop"], "demand": demand}},
        clock={"days": 30},
    )
    assert float(simulate(scenario, seed=seed).sites["day"][-1]) == 30.0


@pytest.mark.parametrize(("far", "owed"), [(2, [10.0, 5.0, 5.0, 0.0]), (4, [10.0, 5.0, 5.0, 0.0])])
def test_what_two_suppliers_bring_is_two_batches_at_one_instant_or_at_two(
    network: Network, far: int, owed: list[float]
) -> None:
    """Ten units are ordered on day 0, sent on day 1, and worked in 3 days each half."""
    rule = {"policy": "base-stock", "level": 0, "review_days": 30}
    names = {"near": 2, "far": far}
    demand = {"law": "series(values=10 0)", "every_days": 30}
    scenario = network(
        {"shop": workshop(rule), **{name: {"unlimited": True, "product": "part"} for name in names}},
        [{"buyer": "shop", "supplier": name, "share": 0.5, "lead_time": days} for name, days in names.items()],
        {"m": {"served_by": ["shop"], "demand": demand}},
        products={"unit": {"made_of": {"part": 1}}, "part": {}},
        clock={"days": 60},
    )
    assert [run_backlog(scenario, day) for day in (5, 6, 8, 9)] == owed


def waiting(state: State, batches: float, stock: float, on_order: float) -> float:
    material = state.inputs[0]
    material.batches, material.stock, material.on_order = batches, stock, on_order
    return waiting_batches(state, 0)


@pytest.mark.parametrize(
    ("batches", "stock", "on_order", "expected"),
    [(4, 40, 0, 4), (4, 10, 30, 1), (4, 20, 20, 2), (1, 5, 5, 1), (0, 12, 0, 1), (3, 0, 30, 1)],
)
def test_batches_are_of_equal_size(
    network: Network, batches: float, stock: float, on_order: float, expected: float
) -> None:
    state = build_world(network({"shop": workshop(TO_ORDER)})).state
    assert waiting(state, batches, stock, on_order) == expected


def test_goods_that_will_not_come_are_no_batches(network: Network) -> None:
    state = build_world(network({"shop": workshop(TO_ORDER)})).state
    waiting(state, 4, 10, 30)
    take_off_order(state, 0, 20.0)
    assert (state.inputs[0].batches, state.inputs[0].on_order) == (2.0, 10.0)


def test_lots_are_batches(network: Network) -> None:
    rule = {"policy": "r-Q", "reorder_point": 0, "quantity": 5, "review_days": 30}
    demand = {"law": "series(values=12 0)", "every_days": 30}
    markets = {"m": {"served_by": ["shop"], "demand": demand}}
    scenario = network({"shop": workshop(rule)}, markets=markets, clock={**ON_DEMAND, "days": 20})
    stages = [run_backlog(scenario, day) for day in (2, 3, 6, 9)]
    assert stages == [12.0, 7.0, 2.0, 0.0]
