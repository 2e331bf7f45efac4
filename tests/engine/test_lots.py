"""Lots and choices of suppliers in whole runs: all that is ordered is in lots, and nothing is lost or made up."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gpnde.engine.clock import Phase
from gpnde.engine.run import BALANCE, Simulation
from gpnde.engine.simulate import simulate
from gpnde.engine.trade.links import Links
from gpnde.plugin import Component
from gpnde.scenario.as_data import as_data
from gpnde.scenario.check import check_scenario
from gpnde.scenario.files import scenario_with
from gpnde.scenario.lots import lots_of
from gpnde.scenario.schema import Scenario
from gpnde.world.allocation import open_orders
from gpnde.world.layout import State

from ..clocks import every
from ..thorough import often

Network = Callable[..., Scenario]
Start = Callable[..., Simulation]
Check = Callable[[State], None]

_FEW = settings(max_examples=often(13, 40), deadline=None, suppress_health_check=[HealthCheck.too_slow])
_LOTS: tuple[dict[str, Any], ...] = (
    {},
    {"minimum_order": 40},
    {"order_multiple": 12, "price_breaks": {24: 0.1, 100: 0.3}},
    {"whole_units": True, "maximum_order": 60.5},
    {"minimum_order": 10, "order_multiple": 7, "maximum_order": 30},
)
_CHOICES = ("shares", "shares", "first", "available", "cheapest", "fastest", "random")


def _give_rule(site: dict[str, Any], made_of: dict[str, float], draw: st.DrawFn) -> None:
    """Give one input of a site a rule of its own, for every review or every second one."""
    days = draw(st.sampled_from([1, 2])) * site["ordering"].get("review_days", 7)
    rule = {"policy": "s-S", "reorder_point": 30, "level": 90, "supplier_choice": draw(st.sampled_from(_CHOICES))}
    site["ordering_of"] = {draw(st.sampled_from(sorted(made_of))): {**rule, "review_days": days}}


@st.composite
def _with_lots(draw: st.DrawFn, networks: st.SearchStrategy[Scenario]) -> Scenario:
    """Return a network whose suppliers take orders in lots, and whose buyers choose between them."""
    data = as_data(draw(networks))
    for link in data["links"]:
        link.update(draw(st.sampled_from(_LOTS)))
    for site in data["sites"]:
        site["ordering"] = {**site.get("ordering", {}), "supplier_choice": draw(st.sampled_from(_CHOICES))}
        if draw(st.booleans()):
            _give_rule(site, data["products"][site["product"]].get("made_of", {site["product"]: 1}), draw)
    scenario = Scenario.model_validate(data)
    check_scenario(scenario)
    return scenario


@_FEW
@given(data=st.data())
def test_goods_and_cash_balance_with_lots_whatever_goes_wrong(
    data: st.DataObject,
    networks: st.SearchStrategy[Scenario],
    mishaps: st.SearchStrategy[Component],
    start: Start,
    check: Check,
) -> None:
    simulation = start(data.draw(_with_lots(networks)), data.draw(mishaps))
    every(simulation.timeline, 10, Phase.RECORD, lambda: check(simulation.world.state), 0)
    simulation.observe(None, debug=True)
    simulation.finish()
    assert max(simulation.balances().values()) <= BALANCE
    assert (simulation.world.state.sources["rebate"] >= 0).all()


@_FEW
@given(data=st.data())
def test_all_open_orders_are_in_lots(data: st.DataObject, networks: st.SearchStrategy[Scenario], start: Start) -> None:
    scenario = data.draw(_with_lots(networks))
    simulation = start(scenario)
    simulation.observe(None, debug=False)
    orders, lines = open_orders(simulation.world.state)
    for quantity, number in zip(np.abs(orders["quantity"]), lines, strict=True):
        # Opening shipments, taken-back parts of orders and new suppliers have no lots of these links.
        if number < len(scenario.links) and not scenario.links[number].in_transit:
            _check_lot(float(quantity), scenario, int(number))


def _check_lot(quantity: float, scenario: Scenario, number: int) -> None:
    link = scenario.links[number]
    minimum, multiple, maximum, _ = lots_of(scenario.products["screw"], link)
    assert minimum * (1 - 1e-9) <= quantity <= maximum * (1 + 1e-9)
    times = quantity / multiple if multiple else 0.0
    assert abs(times - round(times)) < 1e-6


@pytest.mark.parametrize(
    "lots", [{"minimum_order": 0}, {"minimum_order": 0, "order_multiple": 1}, {"minimum_order": 1}]
)
def test_lots_that_every_order_meets_change_nothing_at_all(lots: dict[str, Any], network: Network) -> None:
    daily = {"policy": "base-stock", "level": 60, "review_days": 1}
    sites = {name: {"stock": 60, "ordering": daily} for name in ("shop", "depot")}
    links = [{"buyer": "shop", "supplier": "depot", "lead_time": "uniform(low=1, high=5)"}]
    market = {"market": {"served_by": ["shop"], "demand": {"law": "poisson(mean=7)", "every_days": 1}}}
    free = network(sites, links, market, record={"orders": True})
    bound = network(sites, [{**links[0], **lots}], market, record={"orders": True})
    assert simulate(bound).fingerprint == simulate(free).fingerprint


def test_a_new_supplier_takes_orders_in_the_lots_of_the_product(network: Network, start: Start) -> None:
    usual = {"policy": "base-stock", "level": 60, "review_days": 1}
    scenario = network(
        {name: {"stock": 60, "ordering": usual} for name in ("shop", "one", "two")},
        [{"buyer": "shop", "supplier": "one", "minimum_order": 5}],
        products={"unit": {"order_multiple": 40}},
    )
    simulation = start(scenario)
    number = simulation.part(Links).open(0, 2, 0.5, 1.0)
    assert simulation.world.state.sources["multiple"][number] == 40
    assert simulation.world.state.sources["minimum"][number] == 0
    assert math.isinf(simulation.world.state.sources["maximum"][number])


def test_lots_and_choices_are_written_and_read_again(network: Network) -> None:
    links = [{"buyer": "shop", "supplier": "depot", "price_breaks": {100: 0.05}, "whole_units": True}]
    scenario = network({"shop": {}, "depot": {}}, links)
    assert scenario_with(as_data(scenario), {}) == scenario
