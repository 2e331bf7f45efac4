"""What a unit would cost in another place: by the equations of what it costs where it is made."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gpnde.engine.capacity.place_costs import NEW, Options, PlaceCosts
from gpnde.engine.prospects.prospects import Prospects
from gpnde.engine.run import Simulation
from gpnde.engine.simulate import open_run
from gpnde.mechanics.labour import mean_experience_factor
from gpnde.scenario import Scenario

from ...learners import begun
from ...places import HQ, NORTH, PLANT, PLANT_COST, SOUTH, WITHOUT_PULLS, given, part, two_places

BOTH = Options(np.array([NEW, NEW]), np.array([NORTH, SOUTH]))

MATERIALS = 1.0
"""Price of what the plant buys outside for a unit (money)."""


def opened(scenario: Scenario, day: float = 0.0) -> tuple[Simulation, PlaceCosts]:
    simulation = begun(scenario)
    simulation.advance(day)
    assert scenario.location is not None
    return simulation, PlaceCosts(simulation.context, scenario.location)


def costs(scenario: Scenario, options: Options = BOTH, added: float = 100.0) -> list[float]:
    found: list[float] = opened(scenario)[1].of(PLANT, options, added).tolist()
    return found


def interest(simulation: Simulation, days: float = 2, price: float = 20) -> float:
    """Return what the buyer's goods cost while they are on the way."""
    return simulation.part(Prospects).outlook[0] * days * price


def test_a_unit_costs_elsewhere_what_it_costs_here_but_for_wages_and_new_plant() -> None:
    scenario = two_places(WITHOUT_PULLS, products=part(learning_rate=0.2))
    simulation, places = opened(scenario)
    factory, labour = simulation.world.factories[PLANT], scenario.labour
    ahead = labour.normal_load * 100.0 * simulation.part(Prospects).outlook[1]
    saved = float(mean_experience_factor(0.0, ahead, factory["reference_units"], 0.2))
    held = factory["holding_rate"] * PLANT_COST / (labour.normal_load * 100.0)
    wages = np.array([40.0, 10.0]) * 0.2 * (saved + labour.standing_share)
    assert places.of(PLANT, BOTH, 100.0) == pytest.approx(MATERIALS + wages + held + interest(simulation))


def test_the_cost_of_a_site_that_is_there_is_its_cost_at_normal_load() -> None:
    simulation, places = opened(two_places({"agglomeration": 0.3, "coordination": 1}))
    here = Options(np.array([NEW]), np.array([NORTH]))
    cost = float(simulation.world.plants["unit_cost"][PLANT])
    assert places.of(PLANT, here, 120.0)[0] == pytest.approx(cost + interest(simulation))


def test_more_at_a_plant_that_is_there_takes_less_plant_than_a_new_one() -> None:
    _, places = opened(two_places(WITHOUT_PULLS))
    options = Options(np.array([PLANT, NEW]), np.array([NORTH, NORTH]))
    there, new = places.plant(PLANT, options, 20.0).tolist()
    assert there < new == pytest.approx(PLANT_COST * 0.2**0.65)


def test_only_the_first_site_in_a_cluster_costs_entry() -> None:
    _, places = opened(two_places({"entry_share": 0.5}))
    assert places.is_entry(PLANT, BOTH).tolist() == [False, True]
    near, far = places.plant(PLANT, BOTH, 100.0).tolist()
    assert far == pytest.approx(1.5 * near) and near == pytest.approx(PLANT_COST)


def test_distance_to_home_costs_a_share_of_what_is_added() -> None:
    simulation, places = opened(two_places({**WITHOUT_PULLS, "coordination": 0.5}))
    here, there = places.of(PLANT, BOTH, 100.0).tolist()
    plain = costs(two_places(WITHOUT_PULLS))
    assert here == pytest.approx(plain[NORTH])
    made = plain[SOUTH] - MATERIALS - interest(simulation)
    assert there == pytest.approx(plain[SOUTH] + made * 0.5 * 0.3)


def test_freight_and_interest_on_the_way_to_buyers_count() -> None:
    far = {"buyer": "hq", "supplier": "abroad", "lead_time": 40, "freight": 3, "price": 20, "share": 0.1}
    sites = given()["sites"]
    abroad = {"name": "abroad", "firm": "other", "product": "part", "cluster": "south", "capacity_per_day": 50}
    near = {"buyer": "hq", "supplier": "plant", "lead_time": 2, "freight": 1, "price": 20, "share": 0.9}
    firms = [*given()["firms"], {"name": "other", "tier": 2, "cash": 1e6}]
    scenario = two_places(WITHOUT_PULLS, sites=[*sites, abroad], links=[near, far], firms=firms)
    simulation, places = opened(scenario)
    delivered = places.of(PLANT, BOTH, 100.0) - np.array(costs(two_places(WITHOUT_PULLS)))
    assert delivered == pytest.approx(np.array([1, 3 + interest(simulation, 40) - interest(simulation)]))


def test_a_duty_on_what_the_place_sends_counts() -> None:
    sites = given()["sites"]
    office: dict[str, Any] = {"name": "yard", "firm": "flagship", "product": "part", "cluster": "south"}
    office["capacity_per_day"] = 1
    tariff = {"use": "policy.trade-tariff", "countries": ["N"], "group": "all", "duties": [{"rate": 0.5}]}
    plain = two_places(WITHOUT_PULLS, sites=[*sites, office])
    levied = two_places(WITHOUT_PULLS, sites=[*sites, office], components=[tariff])
    before, after = np.array(costs(plain)), np.array(costs_with_components(levied))
    assert after - before == pytest.approx(np.array([0.5 * MATERIALS, 0.5 * 20]))


def costs_with_components(scenario: Scenario) -> list[float]:
    run = open_run(scenario)
    run.advance(0)
    simulation = run.simulation
    assert scenario.location is not None
    found: list[float] = PlaceCosts(simulation.context, scenario.location).of(PLANT, BOTH, 100.0).tolist()
    return found


def test_a_new_site_begins_with_what_those_around_it_know_of_older_ones() -> None:
    firms = given()["firms"]
    knows = {"role": "supplier", "tier": 2, "home": "south", "knowledge": {"component_mfg": 0.8}}
    scenario = two_places(
        {"carried_experience": 0.5},
        firms=[*firms, {"name": "school", **knows}],
        knowledge={"frontier_drift_per_year": 0},
    )
    simulation, places = opened(scenario, 364)
    known = float(simulation.world.factories["experience"][PLANT])
    around = places.experience(PLANT, Options(np.array([PLANT, NEW]), np.array([NORTH, SOUTH])))
    assert known > 0.0
    assert around[0] == known and around[1] == pytest.approx(0.5 * 0.8 * known, rel=0.2)


def test_what_is_paid_for_plant_already_can_not_be_avoided() -> None:
    simulation, places = opened(two_places(WITHOUT_PULLS))
    factory, cost = simulation.world.factories[PLANT], simulation.world.plants["unit_cost"][PLANT]
    plant = simulation.world.scenario.products["part"].plant
    assert plant is not None
    sunk = (factory["holding_rate"] - plant.upkeep_per_year / 364) * factory["plant_value"] / factory["normal_units"]
    assert places.avoidable(np.array([PLANT]))[0] == pytest.approx(cost - sunk + interest(simulation))


def test_where_making_costs_a_sum_of_money_places_differ_in_distance_alone() -> None:
    _, places = opened(two_places(WITHOUT_PULLS))
    here, there = places.of(HQ, BOTH, 100.0).tolist()
    assert here == there == pytest.approx(5.0 + 20.0, rel=0.01)
