"""Which place a firm takes: the logit of landed costs, by draws that hang on names."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest

from gpnde.engine.capacity.place_costs import NEW
from gpnde.engine.capacity.siting import Siting
from gpnde.engine.run import Simulation
from gpnde.mechanics.location import GUMBEL_DEVIATION
from gpnde.scenario import Scenario

from ...learners import begun
from ...places import HQ, NORTH, PLANT, SOUTH, given, two_places, with_row

NONE = np.zeros(0, dtype=np.int64)


def siting(scenario: Scenario, seed: int = 1) -> tuple[Simulation, Siting]:
    simulation = begun(scenario, seed=seed)
    assert scenario.location is not None
    return simulation, Siting(simulation.context, scenario.location)


def test_a_firm_may_go_where_it_does_not_make_the_product_yet() -> None:
    _, places = siting(two_places())
    options = places.options(PLANT, np.array([PLANT]))
    assert options.sites.tolist() == [PLANT, NEW]
    assert options.clusters.tolist() == [NORTH, SOUTH]


@pytest.mark.parametrize("role", ["supplier", "price-breaker", "capacity-buffer"])
def test_firms_of_lower_tiers_grow_where_they_are(role: str) -> None:
    _, places = siting(two_places(firms=with_row("firms", "lead", role=role, tier=2)))
    assert places.options(PLANT, np.array([PLANT])).sites.tolist() == [PLANT]


def test_without_the_rule_no_firm_opens_sites() -> None:
    _, places = siting(two_places({"opens_sites": False}))
    assert places.options(PLANT, np.array([PLANT])).sites.tolist() == [PLANT]


def test_places_are_taken_as_often_as_the_logit_says() -> None:
    simulation, places = siting(two_places({"spread": 0.2}))
    options, value = places.options(HQ, np.array([HQ])), places.value_added(HQ)
    taken = [places.best(HQ, options, np.array([10.0, 10.5]), review) for review in range(4000)]
    odds = 1.0 / (1.0 + math.exp(-GUMBEL_DEVIATION / 0.2 * 0.5 / value))
    assert simulation.world.plants["value_added"][HQ] == value == 5.0
    assert taken.count(0) / 4000 == pytest.approx(odds, abs=4 * math.sqrt(odds * (1 - odds) / 4000))


def _choices(clusters: Sequence[str]) -> list[str]:
    more = {"name": "east", "region": "lower", "country": "S", "wage_per_day": 10}
    rows = {row["name"]: row for row in (*given()["clusters"], more)}
    simulation, places = siting(two_places(clusters=[rows[name] for name in clusters]))
    options = places.options(PLANT, NONE)
    names = [simulation.world.names.clusters[number] for number in options.clusters.tolist()]
    return [names[places.best(PLANT, options, np.full(len(names), 10.0), review)] for review in range(50)]


def test_the_order_of_clusters_changes_no_choice() -> None:
    chosen = _choices(["north", "south", "east"])
    assert chosen == _choices(["east", "south", "north"])
    assert len(set(chosen)) == 2


def test_where_nothing_is_added_costs_are_still_compared() -> None:
    products = given()["products"]
    products["set"]["value_added"] = 0.0
    _, places = siting(two_places(products=products))
    assert places.value_added(HQ) == pytest.approx(1e-3 * 20.0)
