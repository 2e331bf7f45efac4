"""Location: firms that run short of capacity grow, where it suits them best."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import polars as pl
import pytest

from gpnde.engine.capacity.expansion import Expansion
from gpnde.engine.capacity.outages import Outages
from gpnde.engine.capacity.sites import Sites
from gpnde.engine.clock import Phase
from gpnde.engine.run import Simulation
from gpnde.engine.simulate import simulate
from gpnde.scenario import Scenario
from gpnde.world.new_sites import NewSite

from ...clocks import at
from ...places import two_places

Network = Callable[..., Scenario]
Start = Callable[..., Simulation]

EAST, WEST = range(2)

NEUTRAL = {"agglomeration": 0, "coordination": 0, "market_distance": 0}


@pytest.fixture
def twins(network: Network) -> Callable[..., Scenario]:
    """Return a maker of a firm with two plants in two clusters, which meets a demand of 20 a day."""

    def made(
        location: Mapping[str, Any] | None = None,
        capacity: tuple[float | None, float | None] = (11, 11),
        clusters: tuple[Mapping[str, Any], Mapping[str, Any]] = ({}, {}),
        **changes: Any,
    ) -> Scenario:
        names = "east", "west"
        sites = {
            name: {"firm": "maker", "cluster": f"{name}-end", "capacity_per_day": each}
            for name, each in zip(names, capacity, strict=True)
        }
        market = {"world": {"served_by": list(names), "region": "east", "demand": {"law": 20, "every_days": 1}}}
        return network(
            **{
                "sites": sites,
                "markets": market,
                "regions": [{"name": "east"}, {"name": "west"}],
                "clusters": [
                    {"name": f"{name}-end", "region": name, **more} for name, more in zip(names, clusters, strict=True)
                ],
                "products": {"unit": {"complexity": 0.5}},
                "clock": {"days": 400},
                "location": {"review_days": 91, **NEUTRAL, **(location or {})},
                **changes,
            }
        )

    return made


def capacities(simulation: Simulation) -> list[float]:
    simulation.observe(None, debug=True)
    simulation.finish()
    return [float(each) for each in simulation.world.state.sites["capacity"]]


def test_firm_grows_where_it_uses_its_capacity(start: Start, twins: Network) -> None:
    grown = capacities(start(twins()))
    assert sum(grown) > 22
    assert min(grown) >= 11


def test_firm_with_capacity_to_spare_does_not_grow(start: Start, twins: Network) -> None:
    assert capacities(start(twins(capacity=(40, 40)))) == [40, 40]


def test_a_plant_that_was_down_is_no_capacity_to_spare(start: Start, twins: Network) -> None:
    simulation = start(twins({"utilisation": 0.7}, clock={"days": 91}))
    at(
        simulation.timeline,
        10,
        Phase.SHOCKS,
        lambda: simulation.part(Outages).fail_sites(np.array([WEST]), 70.0, "none", "test"),
    )
    # East works all the time and west 21 days, both as much as they can: 61 % of the capacity of two plants.
    assert sum(capacities(simulation)) > 22


def test_a_plant_that_is_down_at_the_review_neither_grows_nor_counts(start: Start, twins: Network) -> None:
    simulation = start(twins({"utilisation": 0.5, "step": 0.5}, clock={"days": 91}))
    at(
        simulation.timeline,
        80,
        Phase.SHOCKS,
        lambda: simulation.part(Outages).fail_sites(np.array([WEST]), 30.0, "none", "test"),
    )
    # Half of both would be 11: east alone grows, by half of its own.
    assert capacities(simulation) == [11 + 5.5, 11]


def test_plants_without_a_limit_do_not_grow(start: Start, twins: Network) -> None:
    assert capacities(start(twins(capacity=(None, None)))) == [np.inf, np.inf]


def test_step_is_a_share_of_the_firm_and_noted_as_an_event(start: Start, twins: Network) -> None:
    simulation = start(twins({"step": 0.5, "utilisation": 0.5}, clock={"days": 100}))
    grown = capacities(simulation)
    assert sorted(grown) == [11, 22]
    events = simulation.journal.columns()
    noted = [
        (kind, value) for kind, value in zip(events["kind"], events["value"], strict=True) if kind == "site_expanded"
    ]
    assert noted == [("site_expanded", 11.0)]


def test_growth_is_counted_per_day_whatever_the_tick(start: Start, twins: Network) -> None:
    simulation = start(twins({"step": 0.5, "utilisation": 0.5}, clock={"days": 100, "tick_days": 0.5}))
    assert sorted(capacities(simulation)) == [5.5, 11]


def test_no_firm_grows_before_the_first_review(start: Start, twins: Network) -> None:
    assert capacities(start(twins(clock={"days": 90}))) == [11, 11]


@pytest.mark.parametrize(("spread", "always"), [(10.0, False), (1e-3, True)])
def test_the_better_place_is_taken_the_surer_the_less_only_the_firm_knows(
    start: Start, twins: Network, spread: float, always: bool
) -> None:
    wages = {"wage_per_day": 10}, {"wage_per_day": 20}
    rules: dict[str, Any] = {"clock": {"days": 100}, "products": {"unit": {"labour_days": 1}}}
    scenario = twins({"utilisation": 0.5, "spread": spread}, clusters=wages, **rules)
    grown = Counter(int(np.argmax(capacities(start(scenario, seed=seed)))) for seed in range(12))
    assert (grown[WEST] == 0) is always
    assert grown[EAST] > 0


def test_capacity_that_is_being_built_is_not_ordered_again() -> None:
    rules = {"opens_sites": False, "review_days": 91, "step": 1.0}
    run = simulate(two_places(rules, demand=118.0, clock={"days": 460}), seed=1)
    grown = run.tables["events"].filter(pl.col("kind") == "site_expanded")
    assert grown["day"].to_list() == [91.0 + 182.0]


def test_new_capacity_works_as_far_as_components_let_the_old_one(start: Start, twins: Network) -> None:
    simulation = start(twins())
    expansion, world = simulation.part(Expansion), simulation.world
    world.plants["capacity_factor"][EAST] = 0.5
    expansion.add(EAST, 4.0)
    assert world.state.sites["capacity"][EAST] == 11.0 + 2.0
    world.plants["capacity_factor"][WEST], world.plants["idle_capacity"][WEST] = 0.0, 11.0
    world.state.sites["capacity"][WEST] = 0.0
    expansion.add(WEST, 4.0)
    assert (world.state.sites["capacity"][WEST], world.plants["idle_capacity"][WEST]) == (0.0, 15.0)
    assert world.whole_capacity.tolist() == [26.0, 15.0]


def test_a_site_that_is_built_counts_its_work_from_its_first_day(start: Start, twins: Callable[..., Scenario]) -> None:
    simulation = start(twins())
    simulation.advance(50)
    simulation.part(Sites).build([NewSite("annex", EAST, 0, WEST, 5.0)])
    simulation.advance(80)
    simulation.part(Outages).count_work()
    assert simulation.world.plants["worked"].tolist() == [80.0, 80.0, 30.0]


def test_a_plant_that_is_full_grows_although_its_firm_has_another_that_is_idle(start: Start, twins: Network) -> None:
    assert capacities(start(twins(capacity=(11, 100)))) == [pytest.approx(11 * 1.2), 100.0]
