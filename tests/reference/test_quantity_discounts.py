"""All-units quantity discounts: example 3.6 of Snyder and Shen (2019), simulated at and around its published answer."""

from __future__ import annotations

import pytest

from gpnde.engine.simulate import open_run
from gpnde.scenario import Scenario

from ..theory.chains import ORDER_ON_DEMAND, chain

FIXED, RATE, DEMAND = 8.0, 0.3, 1300.0
"""Cost of an order, cost of holding as a share of the unit cost per year, and demand per year."""

UNIT_COSTS = {0.0: 0.75, 400.0: 0.72, 800.0: 0.68}
"""Cost of a unit by the quantity from which it holds."""

PUBLISHED = 800.0, 978.60
"""The best quantity, and what it costs per year."""

_TICKS = 1000
"""Ticks in a cycle of constant demand."""


def _unit_cost(quantity: float) -> float:
    return next(cost for least, cost in reversed(UNIT_COSTS.items()) if quantity >= least)


def _bought_in(quantity: float) -> Scenario:
    """Return ten cycles of a shop that buys *quantity* units at once; a day stands for a year."""
    step, price = quantity / _TICKS, UNIT_COSTS[0.0]
    site = {
        "holding_cost": RATE * _unit_cost(quantity),
        "order_cost": FIXED,
        "stock": step,
        "ordering": {"policy": "r-Q", "review_days": 0, "reorder_point": step / 2, "quantity": quantity},
    }
    breaks = {least: 1 - cost / price for least, cost in UNIT_COSTS.items() if least > 0}
    clock = {"days": 10 * quantity / DEMAND, "tick_days": step / DEMAND, "steps": ORDER_ON_DEMAND}
    return chain([site], [0], {"law": step}, clock, products={"unit": {"outside_cost": price, "price_breaks": breaks}})


def _cost_per_year(quantity: float) -> float:
    """Return what stock, orders and purchases cost per year, less what the steps of stock add."""
    run = open_run(_bought_in(quantity))
    run.advance()
    run.simulation.finish()
    site, line = run.simulation.world.state.sites[0], run.simulation.world.state.lines[0]
    rebate = float(run.simulation.world.state.sources["rebate"][0])
    years, orders = 10 * quantity / DEMAND, 10
    tick = quantity / _TICKS / DEMAND
    held = float(site.held) * tick / years - quantity / _TICKS / 2
    assert line.placed == pytest.approx(orders * quantity)
    bought = UNIT_COSTS[0.0] * (float(line.placed) - rebate)
    return (bought + orders * FIXED) / years + RATE * _unit_cost(quantity) * held


def test_the_published_quantity_costs_what_was_published() -> None:
    quantity, cost = PUBLISHED
    assert _cost_per_year(quantity) == pytest.approx(cost, rel=1e-6)


@pytest.mark.parametrize("quantity", [304.1, 400.0, 799.0, 801.0, 1000.0])
def test_other_quantities_cost_more(quantity: float) -> None:
    assert _cost_per_year(quantity) > PUBLISHED[1]
