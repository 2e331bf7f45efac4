"""Statistics that the flow keeps: sums of reviews, instants served, and costs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gpnde.engine.recording.statistics import cost_rates, costs, statistics
from gpnde.engine.run import Simulation
from gpnde.results.metrics import costs as costs_measured
from gpnde.scenario.schema import Scenario
from tests.results.measuring import measured

Network = Callable[..., Scenario]
Start = Callable[..., Simulation]
Shop = Callable[..., Simulation]

_COSTS = {"holding_cost": 2, "pipeline_cost": 3, "stockout_cost": 5, "shortage_cost": 7, "order_cost": 11}


@pytest.fixture(scope="session")
def shop(network: Network, start: Start) -> Shop:
    """Return a finished run of a shop that reviews every second day and starts with too little."""

    def run(tick_days: float = 1, **fields: Any) -> Simulation:
        rule = {"policy": "base-stock", "level": 20, "review_days": 2}
        simulation = start(
            network(
                {"shop": {"stock": 5, "ordering": rule, **fields}},
                [{"buyer": "shop", "lead_time": 1}],
                {"market": {"served_by": ["shop"], "demand": {"law": 10, "every_days": 1}, "lead_time": 2}},
                clock={"days": 4, "tick_days": tick_days},
            )
        )
        simulation.finish()
        return simulation

    return run


def _by_name(simulation: Simulation) -> dict[str, float]:
    world = simulation.world
    return measured(costs_measured, world.scenario.model_dump(), {}, statistics=statistics(world))


def test_every_cost_has_its_rate(network: Network) -> None:
    rates = cost_rates(network({"shop": _COSTS, "free": {}}))
    assert {name: values.tolist() for name, values in rates.items()} == {k: [v, 0] for k, v in _COSTS.items()}


def test_costs_are_rates_by_what_they_are_paid_for(shop: Shop) -> None:
    simulation = shop(**_COSTS)
    state = simulation.world.state
    site = state.sites[0]
    assert (site.short, site.shortage, state.inputs[0].orders) == (5.0, 5.0, 2)
    by_kind = costs(simulation.world.scenario, state.sites, state.inputs)
    found = {name: float(amount[0]) for name, amount in by_kind.items()}
    assert found == {
        "holding": 2 * site.held,
        "pipeline": 3 * site.pipeline,
        "stockout": 5 * 5.0,
        "shortage": 7 * 5.0,
        "ordering": 11 * 2.0,
    }


def test_costs_per_day_do_not_depend_on_the_tick(shop: Shop) -> None:
    world = shop(**_COSTS).world
    world.state.sites["held"] = 8.0
    clock = world.scenario.clock.model_copy(update={"tick_days": 0.25})
    finer = world.scenario.model_copy(update={"clock": clock})
    assert costs(finer, world.state.sites, world.state.inputs)["holding"].tolist() == [2 * 8 * 0.25]


def test_the_total_is_the_sum_of_all_costs_and_is_spread_over_the_days(shop: Shop) -> None:
    metrics = _by_name(shop(**_COSTS))
    total = sum(metrics[f"cost.{kind}"] for kind in ("holding", "pipeline", "stockout", "shortage", "ordering"))
    assert metrics["cost.total"] == pytest.approx(total)
    assert metrics["cost.per_day"] == pytest.approx(total / 4)


def test_there_are_no_costs_where_nothing_costs(shop: Shop) -> None:
    assert _by_name(shop()) == {}


def test_instants_with_claims_and_those_served_are_told(shop: Shop) -> None:
    found = statistics(shop().world)
    assert (found["claimed"].tolist(), found["served"].tolist()) == ([4], [3])


def test_the_sums_of_reviews_are_there_for_every_site(shop: Shop) -> None:
    simulation = shop()
    sums, site = statistics(simulation.world), simulation.world.state.sites[0]
    assert {len(values) for values in sums.values()} == {1}
    assert sums["orders_n"][0] == sums["demand_n"][0] == site.reviews
    assert (sums["orders_sum"][0], sums["demand_sumsq"][0]) == (site.order_sum, site.demand_squares)
