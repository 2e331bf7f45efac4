"""What a place does to costs: company, distance from home and distance from markets, and nothing without a place."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gpnde.engine.money.costs import UnitCosts
from gpnde.engine.money.place_effects import SAME_REGION, PlaceEffects
from gpnde.engine.run import Simulation
from gpnde.scenario import Scenario

from ...learners import begun
from ...places import HQ, NORTH, PLANT, SOUTH, WITHOUT_PULLS, given, two_places, with_row

NOWHERE = -1


def opened(scenario: Scenario) -> tuple[Simulation, PlaceEffects]:
    simulation = begun(scenario)
    found = simulation.part(UnitCosts).places
    assert found is not None
    return simulation, found


def away(scenario: Scenario, site: int) -> list[float]:
    """Return what it costs that a site stands in the north, in the south, or nowhere."""
    clusters = np.array([NORTH, SOUTH, NOWHERE])
    found: list[float] = opened(scenario)[1].away(clusters, np.full(3, site)).tolist()
    return found


def test_company_is_counted_by_open_sites() -> None:
    simulation, places = opened(two_places())
    assert places.company().tolist() == [2, 0, 0]
    simulation.world.state.sites["shut"][PLANT] = 1
    assert places.company().tolist() == [1, 0, 0]


def test_company_raises_productivity_over_that_of_day_0() -> None:
    _, places = opened(two_places({"agglomeration": 0.2}))
    there = places.productivity(np.array([NORTH, SOUTH, NOWHERE]), 0.5)
    assert there == pytest.approx([1.0, (1 / 3) ** 0.3, 1.0])


def test_labour_takes_less_time_in_better_company() -> None:
    alone = with_row("sites", "plant", cluster="south")
    days = [
        float(opened(scenario)[0].world.factories["days_per_unit"][PLANT])
        for scenario in (two_places(WITHOUT_PULLS), two_places({**WITHOUT_PULLS, "agglomeration": 0.5}, sites=alone))
    ]
    # Two sites alone are each what is usual.
    assert days[0] == days[1] == pytest.approx(0.2)


def test_coordination_costs_with_distance_from_home_and_complexity() -> None:
    plain = two_places({**WITHOUT_PULLS, "coordination": 1})
    assert away(plain, PLANT) == pytest.approx([0.0, 0.3, 0.0])
    near = with_row("clusters", "south", region="upper")
    assert away(two_places({**WITHOUT_PULLS, "coordination": 1}, clusters=near), PLANT) == pytest.approx(
        [0.0, 0.3 * SAME_REGION, 0.0]
    )


def test_markets_of_other_regions_cost_those_who_sell_there() -> None:
    scenario = two_places({**WITHOUT_PULLS, "market_distance": 0.4})
    assert away(scenario, HQ) == pytest.approx([0.0, 0.4, 0.0])
    assert away(scenario, PLANT) == [0.0, 0.0, 0.0]


def test_sales_are_weighed_by_what_markets_want() -> None:
    more: dict[str, Any] = {"product": "set", "served_by": ["hq"]}
    south = {"name": "far", "region": "lower", "demand": {"law": 285, "every_days": 1}, **more}
    nowhere = {"name": "lost", "demand": {"law": 380, "every_days": 1}, **more}
    scenario = two_places({**WITHOUT_PULLS, "market_distance": 1}, markets=[*given()["markets"], south, nowhere])
    assert away(scenario, HQ) == pytest.approx([285 / 760, 95 / 760, 0.0])


def test_what_distance_costs_is_part_of_what_units_cost() -> None:
    far = with_row("firms", "lead", home="south")
    rules = {**WITHOUT_PULLS, "coordination": 1}
    near, abroad = (opened(scenario)[0].world for scenario in (two_places(rules), two_places(rules, firms=far)))
    bought = float(abroad.factories["bought_in"][PLANT])
    made = float(near.factories["labour_cost"][PLANT] + near.factories["fixed_cost"][PLANT])
    assert near.factories["bought_in"][PLANT] == 0.0
    assert bought == pytest.approx(0.3 * made)
    assert abroad.plants["unit_cost"][PLANT] - near.plants["unit_cost"][PLANT] == pytest.approx(bought)


def test_without_rules_for_location_places_are_alike() -> None:
    scenario = two_places().model_copy(update={"location": None})
    assert begun(scenario).part(UnitCosts).places is None
