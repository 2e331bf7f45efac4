"""Location: firms that run short of capacity grow, where it suits them best."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from gpnde.engine.capacity.expansion import Expansion
from gpnde.engine.capacity.outages import Outages
from gpnde.engine.capacity.sites import Sites
from gpnde.engine.clock import Phase
from gpnde.engine.run import Simulation
from gpnde.scenario import Scenario
from gpnde.world.new_sites import NewSite

from ...clocks import at

Network = Callable[..., Scenario]
Start = Callable[..., Simulation]

EAST, WEST = range(2)

NEUTRAL = {"wage_weight": 0, "agglomeration": 0, "knowledge_pull": 0, "distance_cost": 0, "market_pull": 0}


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


def utility(start: Start, scenario: Scenario) -> list[float]:
    """Return the utilities of both plants to a firm that looks on day 0."""
    return [float(each) for each in start(scenario).part(Expansion).utility(np.array([EAST, WEST]))]


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
    wages = {"wage_per_day": 50}, {"wage_per_day": 10}
    rules = {"wage_weight": 100, "utilisation": 0.5, "step": 0.5}
    simulation = start(twins(rules, clusters=wages, clock={"days": 91}))
    at(
        simulation.timeline,
        80,
        Phase.SHOCKS,
        lambda: simulation.part(Outages).fail_sites(np.array([WEST]), 30.0, "none", "test"),
    )
    # West is the better place by far, and half of both would be 11: east alone grows, by half of its own.
    assert capacities(simulation) == [11 + 5.5, 11]


def test_a_buyer_that_is_not_open_yet_does_not_count(start: Start, twins: Network) -> None:
    places = {"latitude": 0.0, "longitude": 0.0}, {"latitude": 0.0, "longitude": 90.0}
    plain = twins({"distance_cost": 1}, clusters=places).model_dump()
    plain["firms"] += ({"name": "shop"},)
    store = {"name": "store", "firm": "shop", "product": "unit", "cluster": "east-end", "opens_day": 50}
    plain["sites"] += (store,)
    plain["links"] = [{"buyer": "store", "supplier": name} for name in ("east", "west")]
    here, there = utility(start, Scenario.model_validate(plain))
    assert here == there


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


@pytest.mark.parametrize(
    ("location", "clusters"),
    [
        ({"wage_weight": 1}, ({"wage_per_day": 10}, {"wage_per_day": 50})),
        ({"market_pull": 1}, ({}, {})),
    ],
)
def test_low_wages_and_the_market_make_a_place_better(
    start: Start, twins: Network, location: dict[str, Any], clusters: Any
) -> None:
    here, there = utility(start, twins(location, clusters=clusters))
    assert here > there


def test_the_knowledge_of_the_neighbours_makes_a_place_better(start: Start, twins: Network) -> None:
    plain = twins({"knowledge_pull": 1}, knowledge={}).model_dump()
    for name, level in (("east", 0.8), ("west", 0.1)):
        plain["firms"] += ({"name": f"{name}-school", "knowledge": {"component_mfg": level}},)
        school = {"name": f"{name}-shop", "firm": f"{name}-school", "product": "unit", "cluster": f"{name}-end"}
        plain["sites"] += (school,)
    here, there = utility(start, Scenario.model_validate(plain))
    assert here > there


def test_company_of_other_plants_draws(start: Start, twins: Network) -> None:
    plain = twins({"agglomeration": 1}).model_dump()
    plain["firms"] += ({"name": "neighbour"},)
    plain["sites"] += ({"name": "next-door", "firm": "neighbour", "product": "unit", "cluster": "west-end"},)
    here, there = utility(start, Scenario.model_validate(plain))
    assert there > here


def test_distance_to_buyers_repels(start: Start, twins: Network) -> None:
    places = {"latitude": 0.0, "longitude": 0.0}, {"latitude": 0.0, "longitude": 90.0}
    plain = twins({"distance_cost": 1}, clusters=places).model_dump()
    plain["firms"] += ({"name": "shop"},)
    plain["sites"] += ({"name": "store", "firm": "shop", "product": "unit", "cluster": "east-end"},)
    plain["links"] = [{"buyer": "store", "supplier": name} for name in ("east", "west")]
    here, there = utility(start, Scenario.model_validate(plain))
    assert here - there == pytest.approx(10.0, rel=0.01)


def test_wages_of_nothing_do_not_matter(start: Start, twins: Network) -> None:
    free = {"wage_per_day": 0}, {"wage_per_day": 0}
    here, there = utility(start, twins({"wage_weight": 1}, clusters=free))
    assert here == there


@pytest.mark.parametrize(("weight", "always"), [(0, False), (100, True)])
def test_choice_is_a_draw_by_utility(start: Start, twins: Network, weight: float, always: bool) -> None:
    wages = {"wage_per_day": 10}, {"wage_per_day": 20}
    scenario = twins({"wage_weight": weight, "utilisation": 0.5}, clusters=wages, clock={"days": 100})
    grown = Counter(int(np.argmax(capacities(start(scenario, seed=seed)))) for seed in range(12))
    assert (grown[WEST] == 0) is always
    assert grown[EAST] > 0


def test_a_plant_that_was_built_is_a_place_to_grow(start: Start, twins: Callable[..., Scenario]) -> None:
    rules = {"wage_weight": 1, "market_pull": 1}
    simulation = start(twins(rules, clusters=({"wage_per_day": 2}, {"wage_per_day": 6})))
    before = simulation.part(Expansion).utility(np.array([EAST, WEST]))
    simulation.advance(50)
    built = simulation.part(Sites).build([NewSite("annex", EAST, 0, WEST, 5.0)])
    after = simulation.part(Expansion).utility(np.array([EAST, WEST, built]))
    np.testing.assert_array_equal(after, [*before, before[WEST]])
    simulation.advance(80)
    simulation.part(Outages).count_work()
    assert simulation.world.plants["worked"].tolist() == [80.0, 80.0, 30.0]


def test_a_plant_that_is_full_grows_although_its_firm_has_another_that_is_idle(start: Start, twins: Network) -> None:
    assert capacities(start(twins(capacity=(11, 100)))) == [pytest.approx(11 * 1.2), 100.0]
