"""Those who design a product are its firm and the suppliers whose contracts say so, by the value that they add."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from gpnde.engine.markets.design import Designers, development_capability
from gpnde.scenario.schema import Scenario
from gpnde.world.build import build_world
from gpnde.world.world import World

Rivals = Callable[..., Scenario]


def abilities(scenario: Scenario) -> list[float]:
    return [float(able) for able in Designers(build_world(scenario)).abilities()]


def test_a_firm_whose_suppliers_make_to_its_blueprints_designs_alone(rivals: Rivals) -> None:
    scenario = rivals(makers={"alpha": 0.9, "beta": 0.6}, links={"beta": {"contract": "OEM"}})
    assert abilities(scenario) == pytest.approx([0.9, 0.6])


@pytest.mark.parametrize("contract", ["ODM", "OBM"])
def test_suppliers_who_design_count_by_their_share_of_the_value(rivals: Rivals, contract: str) -> None:
    scenario = rivals(makers={"alpha": 0.9, "beta": 0.6}, links={"beta": {"contract": contract, "price": 60}})
    assert abilities(scenario) == pytest.approx([0.9, 0.6 * 0.4 + 0.3 * 0.6])


def test_parts_that_the_product_does_not_contain_do_not_count(rivals: Rivals) -> None:
    scenario = rivals(makers={"alpha": 0.9}, links={"alpha": {"contract": "ODM", "price": 60}})
    other = scenario.sites[0].model_copy(update={"name": "other", "product": "tape"})
    tape = scenario.products["drive"].model_copy(update={"generations": None})
    grown = scenario.model_copy(
        update={
            "products": {**scenario.products, "tape": tape},
            "sites": (*scenario.sites, other),
            "links": (*scenario.links, scenario.links[0].model_copy(update={"buyer": "other", "price": 600.0})),
        }
    )
    assert abilities(grown) == pytest.approx(abilities(scenario))


def test_capability_is_that_of_the_moment_where_firms_learn(rivals: Rivals) -> None:
    scenario = rivals(makers={"alpha": 0.9, "beta": 0.6}, knowledge={})
    world: World = build_world(scenario)
    assert development_capability(world)[:2] == pytest.approx([0.9, 0.6])
    assert world.knowledge is not None
    world.knowledge.stock = np.full_like(world.knowledge.stock, 0.25)
    assert development_capability(world)[:2] == pytest.approx([0.25, 0.25])


def test_capability_without_rules_for_knowledge_is_that_of_day_0(rivals: Rivals) -> None:
    scenario = rivals(makers={"alpha": 0.9, "beta": 0.6})
    assert development_capability(build_world(scenario)).tolist() == [0.9, 0.6, 0.3]
