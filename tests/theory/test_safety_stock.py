"""Safety stock: the level serves what z promises, whatever the tick, the order of steps and the luck of lead times."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import polars as pl
import pytest

from gpnde.engine.kernel.lead_times import level_of
from gpnde.engine.run import Simulation
from gpnde.engine.simulate import simulate
from gpnde.plugin.run_hooks import compile_hooks
from gpnde.scenario import Scenario, check_scenario
from gpnde.world.build import build_world

STEPS = ("receive", "demand", "supply", "order")


def shop(ordering: Mapping[str, Any], link: Mapping[str, Any], demand: Mapping[str, Any], **parts: Any) -> Scenario:
    """Return a shop that buys from a maker who never runs out."""
    scenario = Scenario.model_validate(
        {
            "name": "shop",
            "products": {"unit": {}},
            "firms": [{"name": "firm"}],
            "sites": [
                {"name": "shop", "firm": "firm", "product": "unit", "ordering": ordering},
                {"name": "maker", "firm": "firm", "product": "unit", "unlimited": True},
            ],
            "links": [{"buyer": "shop", "supplier": "maker", **link}],
            "markets": [{"name": "market", "product": "unit", "served_by": ["shop"], "demand": demand}],
            **parts,
        }
    )
    check_scenario(scenario)
    return scenario


@pytest.mark.parametrize("delay", [0, 2])
@pytest.mark.parametrize("steps", list(itertools.permutations(STEPS)))
def test_steady_demand_is_met_without_safety_stock_whatever_the_order_of_steps(
    steps: tuple[str, ...], delay: int
) -> None:
    """Where demand follows supply it is served a tick later; the first days tell of the opening only."""
    clock = {"days": 160, "steps": list(steps)}
    link = {"lead_time": 4, "order_delay_days": delay}
    scenario = shop({"review_days": 3, "safety_factor": 0}, link, {"law": 10}, clock=clock)
    sales = simulate(scenario).sales.filter((pl.col("placed_day") >= 60) & (pl.col("placed_day") < 150))
    waits = (sales["shipped_day"] - sales["placed_day"]).to_numpy()
    assert sales.height == 90
    assert waits.max() <= int(steps.index("supply") < steps.index("demand"))


@pytest.mark.parametrize("tick", [7.0, 1.0, 0.25])
def test_a_coarse_tick_costs_no_service(tick: float) -> None:
    """A lead time of 10 days is two ticks of a week; z = 1.65 promises at least 0.95 of customers."""
    rule = {"review_days": 7, "forecast": {"method": "fixed", "mean": 100, "sd": 53}}
    demand = {"law": "normal(mean=700, sd=53)", "every_days": 7}
    run = simulate(shop(rule, {"lead_time": 10}, demand, clock={"days": 3000, "tick_days": tick}))
    assert run.metric("flow.fill_rate") > 0.99


@pytest.mark.parametrize("alpha", [0, 0.02])
@pytest.mark.parametrize("lead_time", ["gamma(mean=30, cv=0.3)", "30"])
def test_service_is_what_the_safety_factor_promises(lead_time: str, alpha: float) -> None:
    """Z = 1.65 leaves no shortage in 0.95 of the cycles, so that more than 0.95 of demand is met; orders cross.

    The opening is over and the forecast settled after the first year.
    """
    rule = {"review_days": 7, "forecast": {"lead_time_alpha": alpha, "alpha": 0.05}}
    demand = {"law": "normal(mean=100, cv=0.2)", "every_days": 1}
    fills = [
        simulate(shop(rule, {"lead_time": lead_time}, demand, clock={"days": 1092}), seed=seed).metric("flow.fill_rate")
        for seed in (1, 2, 3)
    ]
    assert min(fills) > 0.95


def test_a_site_that_adapts_learns_the_lead_times_that_it_sees() -> None:
    """Whoever was told of 5 days, and gets goods after 20 or 40, comes to cover these."""
    rule = {"review_days": 1, "forecast": {"lead_time_alpha": 0.1}}
    law = "discrete(values=20 40, weights=0.5 0.5)"
    scenario = shop(rule, {"lead_time": law}, {"law": 100}, clock={"days": 1092})
    simulation = Simulation(build_world(scenario), compile_hooks(()), 1, 0)
    lines = simulation.world.state.lines
    lines["lead_mean"][0], lines["lead_variance"][0] = 5.0, 0.0
    simulation.finish()
    state = simulation.world.state
    assert state.lines["lead_mean"][0] == pytest.approx(30.0, abs=6.0)
    assert state.sites["level"][0] > 100 * 26


@pytest.mark.parametrize(
    ("links", "processing"),
    [
        ([{"lead_time": "gamma(mean=10, cv=0.5)"}], 0),
        (
            [{"lead_time": 4, "share": 0.3}, {"lead_time": "uniform(low=5, high=20)", "share": 0.7}],
            "uniform(low=0, high=3)",
        ),
    ],
)
def test_the_level_of_a_review_is_the_opening_level_while_nothing_has_been_learnt(
    links: list[dict[str, Any]], processing: Any
) -> None:
    makers = [{"name": f"maker-{number}", "firm": "firm", "product": "part"} for number in range(len(links))]
    plant = {"name": "plant", "firm": "firm", "product": "unit", "processing": processing}
    scenario = Scenario.model_validate(
        {
            "name": "plant",
            "products": {"unit": {"made_of": {"part": 2}}, "part": {}},
            "firms": [{"name": "firm"}],
            "sites": [plant, *makers],
            "links": [{"buyer": "plant", "supplier": f"maker-{number}", **link} for number, link in enumerate(links)],
            "markets": [{"name": "m", "product": "unit", "served_by": ["plant"], "demand": {"law": "poisson(mean=9)"}}],
        }
    )
    state = build_world(scenario).state
    for number in range(len(state.sites)):
        assert level_of(state, number) == pytest.approx(state.sites[number].level, rel=1e-12)
