"""Quantity discounts come off the invoices of large orders."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gpnde.engine.kernel.orders import cancel_unshipped
from gpnde.engine.money.discounts import discounted_units
from gpnde.engine.run import BALANCE, Simulation
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import ACCOUNTS
from gpnde.world.layout import State

Network = Callable[..., Scenario]
Start = Callable[..., Simulation]
Reach = Callable[[Simulation, float], State]

_PLAIN = {"settle_days": 7, "payment_days": 0, "interest_per_year": 0, "spread_per_year": 0, "fixed_cost_share": 0}


@pytest.fixture(scope="module")
def wholesale(network: Network) -> Callable[..., Scenario]:
    """Return a maker of a shop that sells 10 a day at 9 and buys 70 at once at 6 from a depot that has all of it."""

    def make(breaks: dict[float, float], **depot: Any) -> Scenario:
        lots = {"policy": "r-Q", "reorder_point": 20, "quantity": 70, "review_days": 1}
        return network(
            {
                "shop": {"stock": 30, "ordering": lots, "price": 9},
                "depot": {"stock": 5000, "ordering": {"policy": "base-stock", "level": 0}, "price": 6, **depot},
            },
            [{"buyer": "shop", "supplier": "depot", "lead_time": 1, "price_breaks": breaks}],
            firms={"shop": {"cash": 1000}, "depot": {"cash": 1000}},
            finance=_PLAIN,
            clock={"days": 140},
        )

    return make


def _paid(simulation: Simulation, reach: Reach) -> tuple[float, float]:
    """Return what the shop has been charged by day 140, and the units that this was for."""
    reach(simulation, 139)
    units = float(simulation.world.money["invoiced_units"][0])
    return -float(simulation.world.entries[[*ACCOUNTS].index("purchases"), 0]), units


def test_all_units_of_a_large_order_are_cheaper(wholesale: Callable[..., Scenario], start: Start, reach: Reach) -> None:
    for breaks, price in (({}, 6.0), ({71: 0.5}, 6.0), ({70: 0.1}, 5.4), ({50: 0.1, 60: 0.25}, 4.5)):
        expense, units = _paid(start(wholesale(breaks)), reach)
        assert units >= 1000
        assert expense == pytest.approx(price * units)


def test_discounts_are_no_leak_of_money(wholesale: Callable[..., Scenario], start: Start) -> None:
    simulation = start(wholesale({70: 0.1}))
    simulation.observe(None, debug=True)
    simulation.finish()
    assert max(simulation.balances().values()) <= BALANCE


def test_a_discount_waits_for_the_goods_and_goes_with_what_is_cancelled(
    wholesale: Callable[..., Scenario], start: Start
) -> None:
    world = start(wholesale({50: 0.2})).world
    line, source = world.state.lines[0], world.state.sources[0]
    line.placed, line.shipped, source.rebate = 100.0, 0.0, 20.0
    assert discounted_units(world, np.zeros(len(world.state.lines)))[0] == 0.0
    line.shipped = 25.0
    assert discounted_units(world, world.state.lines["shipped"].copy())[0] == pytest.approx(5.0)
    world.money["invoiced_units"][0] = 25.0
    # Half of the 75 that are left are cancelled: half of what is left of the discount goes with them.
    line.placed, line.cancelled = 62.5, 37.5
    discounted_units(world, np.zeros(len(world.state.lines)))
    assert world.state.sources["rebate"][0] == pytest.approx(7.5)


def test_what_is_cancelled_in_the_flow_counts_as_cancelled(wholesale: Callable[..., Scenario], start: Start) -> None:
    world = start(wholesale({50: 0.2})).world
    world.state.lines["placed"][0], world.state.sources["rebate"][0] = 100.0, 20.0
    cancel_unshipped(world.state, 0, 0)
    discounted_units(world, np.zeros(len(world.state.lines)))
    assert world.state.sources["rebate"][0] == 0.0
