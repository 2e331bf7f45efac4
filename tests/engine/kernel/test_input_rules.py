"""Inputs of a site with ordering rules of their own."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from gpnde.engine.kernel.replenishment import review
from gpnde.scenario.schema import Scenario
from gpnde.world.build import build_world
from gpnde.world.layout import State

Network = Callable[..., Scenario]
Plant = Callable[..., State]


@pytest.fixture(scope="session")
def plant(network: Network) -> Plant:
    """Return a maker of states with a plant that makes a car of 4 wheels, 3 days away, and 2 lamps, 1 day away."""

    def make(rules: Mapping[str, Any], ordering: Mapping[str, Any] | None = None) -> State:
        usual = {"policy": "base-stock", "level": 20, "review_days": 1}
        site = {"product": "car", "stock": 0, "ordering": ordering or usual, "ordering_of": dict(rules)}
        links = [
            {"buyer": "plant", "product": "wheel", "lead_time": 3},
            {"buyer": "plant", "product": "lamp", "lead_time": 1},
        ]
        products = {"car": {"made_of": {"wheel": 4, "lamp": 2}}, "wheel": {}, "lamp": {}}
        return build_world(network({"plant": site}, links, products=products)).state

    return make


def _reviewed(state: State, demand: float = 0.0) -> tuple[float, float]:
    """Return the wheels and lamps that the plant orders at a review, after some demand that it could not meet."""
    state.sites[0].demanded += demand
    state.sites[0].backlog += demand
    before = state.lines["placed"][:2].copy()
    review(state, 0, int(state.sites[0].reviews) + 1)
    wheels, lamps = state.lines["placed"][:2] - before
    return float(wheels), float(lamps)


def test_an_input_without_a_rule_follows_that_of_its_site(plant: Plant) -> None:
    state = plant({"lamp": {"policy": "base-stock", "level": 5, "review_days": 1}})
    assert _reviewed(state) == (4 * 20, 2 * 5)


def test_a_rule_like_that_of_the_site_changes_nothing(plant: Plant) -> None:
    usual = {"policy": "base-stock", "level": 20, "review_days": 1}
    own, shared = plant({"lamp": usual, "wheel": usual}), plant({})
    for demand in (0.0, 3.0, 7.5, 0.0):
        assert _reviewed(own, demand) == _reviewed(shared, demand)


def test_policies_differ_by_input(plant: Plant) -> None:
    state = plant(
        {
            "wheel": {"policy": "r-Q", "reorder_point": 8, "quantity": 6, "review_days": 1},
            "lamp": {"policy": "s-S", "reorder_point": 2, "level": 30, "review_days": 1},
        }
    )
    # Two lots of 6 cars lift the position from 0 above 8.
    assert _reviewed(state) == (4 * 12, 2 * 30)
    assert _reviewed(state, 5.0) == (4 * 6, 0)


def test_an_input_is_ordered_at_some_reviews_only(plant: Plant) -> None:
    state = plant({"lamp": {"policy": "base-stock", "level": 20, "review_days": 3}})
    orders = [_reviewed(state, 1.0) for _ in range(7)]
    assert [wheels > 0 for wheels, _ in orders] == [True] * 7
    assert [lamps for _, lamps in orders] == [2 * 21, 0, 0, 2 * 3, 0, 0, 2 * 3]


def test_a_level_covers_the_lead_time_and_the_reviews_of_its_input(plant: Plant) -> None:
    forecast = {"method": "fixed", "mean": 10, "sd": 3}
    site = {"review_days": 1, "forecast": forecast, "safety_factor": 0}
    state = plant({"lamp": {"review_days": 4, "safety_factor": 2}}, site)
    # The site orders up to the level of the input with the longest lead time.
    wheels, lamps = _reviewed(state)
    assert wheels == pytest.approx(4 * 10 * (3 + 1))
    assert lamps == pytest.approx(2 * (10 * (1 + 4) + 2 * 3 * math.sqrt(5)))


def test_suppliers_are_chosen_by_input(network: Network) -> None:
    links = [
        {"buyer": "plant", "supplier": name, "price": price, "lead_time": 1}
        for name, price in (("left", 3), ("right", 2), ("bulb", 1), ("torch", 1))
    ]
    level = {"policy": "base-stock", "level": 10, "review_days": 1}
    goods = {"left": "wheel", "right": "wheel", "bulb": "lamp", "torch": "lamp"}
    sites = {"plant": {"product": "car", "stock": 0, "ordering": level}}
    sites["plant"]["ordering_of"] = {"wheel": {**level, "supplier_choice": "cheapest"}}
    sites |= {name: {"product": product, "stock": 0, "ordering": level} for name, product in goods.items()}
    products = {"car": {"made_of": {"wheel": 1, "lamp": 1}}, "wheel": {}, "lamp": {}}
    world = build_world(network(sites, links, products=products))
    world.quote()
    review(world.state, 0, 0)
    assert world.state.lines["placed"][:4].tolist() == [0, 10, 5, 5]
