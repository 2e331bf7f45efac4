"""Payments are booked twice: what leaves one account enters another, or is counted as leaving the network."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpnde.engine.money import payments
from gpnde.engine.run import Simulation
from gpnde.world.layout import State
from gpnde.world.world import World

Trade = Callable[..., Simulation]
Reach = Callable[[Simulation, float], State]
SHOP, DEPOT = 0, 1
OUTSIDE = -1


@pytest.fixture
def world(trade: Trade) -> World:
    """Return a shop and its depot with 1000 each, on day 0."""
    return trade().world


def _booked(world: World) -> dict[str, list[float]]:
    """Return what was booked for each firm since day 0."""
    cash = world.firms["cash"] - world.firms["opening"]
    return {"cash": cash.tolist(), **{name: world.firms[name].tolist() for name in ("revenue", "expense")}}


def test_what_is_spent_is_an_expense_that_leaves_the_network(world: World) -> None:
    payments.spend(world, np.array([10.0, 4.0]), "labour")
    assert _booked(world) == {"cash": [-10.0, -4.0], "revenue": [0.0, 0.0], "expense": [10.0, 4.0]}
    assert (world.flows.inflow, world.flows.outflow) == (0.0, 14.0)


def test_what_is_received_is_no_revenue(world: World) -> None:
    payments.receive(world, np.array([10.0, 4.0]), "transfers")
    assert _booked(world) == {"cash": [10.0, 4.0], "revenue": [0.0, 0.0], "expense": [0.0, 0.0]}
    assert (world.flows.inflow, world.flows.outflow) == (14.0, 0.0)


def test_what_one_firm_pays_another_is_its_revenue(world: World) -> None:
    payments.pay(world, np.array([10.0, 0.0]), DEPOT, "components")
    assert _booked(world) == {"cash": [-10.0, 10.0], "revenue": [0.0, 10.0], "expense": [10.0, 0.0]}
    assert world.flows.inflow == world.flows.outflow


def test_what_is_paid_to_the_outside_is_gone(world: World) -> None:
    payments.pay(world, np.array([10.0, 4.0]), OUTSIDE, "components")
    assert _booked(world) == {"cash": [-10.0, -4.0], "revenue": [0.0, 0.0], "expense": [10.0, 4.0]}
    assert (world.flows.inflow, world.flows.outflow) == (0.0, 14.0)


def test_firms_that_are_gone_neither_pay_nor_invest(world: World) -> None:
    world.firms["active"][SHOP] = 0
    payments.pay(world, np.array([10.0, 4.0]), OUTSIDE, "components")
    payments.invest(world, np.array([10.0, 4.0]), "learning")
    assert _booked(world) == {"cash": [0.0, -8.0], "revenue": [0.0, 0.0], "expense": [0.0, 8.0]}


_AMOUNTS = st.tuples(st.floats(0, 1e6), st.floats(0, 1e6))


@settings(max_examples=50, deadline=None)
@given(booked=st.lists(st.tuples(st.sampled_from(["spend", "receive", "invest", "pay"]), _AMOUNTS, st.integers(-1, 1))))
def test_whatever_is_booked_leaves_cash_and_accounts_in_balance(
    booked: list[tuple[str, tuple[float, float], int]], trade: Trade
) -> None:
    simulation = trade()
    for name, amounts, to in booked:
        more = (to,) if name == "pay" else ()
        getattr(payments, name)(simulation.world, np.array(amounts), *more, "components")
    balances = simulation.balances()
    assert max(balances["cash"], balances["accounts"]) < 1e-12


def test_money_that_no_account_tells_of_is_found(trade: Trade) -> None:
    simulation = trade()
    simulation.world.firms["cash"][SHOP] += 1.0
    simulation.world.flows.inflow += 1.0
    assert simulation.balances()["accounts"] > 1e-4


def test_amounts_are_added_up_by_firm_and_those_of_no_firm_left_out(world: World) -> None:
    firm = np.array([DEPOT, OUTSIDE, DEPOT, SHOP])
    assert payments.per_firm(world, firm, np.array([1.0, 2.0, 4.0, 8.0])).tolist() == [8.0, 5.0]


def test_sellers_and_buyers_are_firms_or_the_outside(world: World) -> None:
    lines = world.state.lines
    seller, buyer = world.parties
    assert seller[lines["market"] >= 0].tolist() == [SHOP]
    assert buyer[lines["market"] >= 0].tolist() == [OUTSIDE]
    assert (seller[0], buyer[0]) == (DEPOT, SHOP)
    assert (seller[lines["supplier"] < 0].tolist(), buyer[lines["supplier"] < 0].tolist()) == ([OUTSIDE], [DEPOT])
