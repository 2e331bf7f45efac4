"""Closed forms of bargaining over prices of supplies."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.mechanics.bargaining import (
    fixed_cost_weight,
    offer,
    package_price,
    replacement_cost,
    split_price,
    worth_of_input,
)

_MONEY = st.floats(0.1, 100.0)
_SHARE = st.floats(0.0, 1.0)


@pytest.mark.parametrize(
    ("load", "weight"), [(0.0, 0.0), (0.5, 0.0), (0.675, 0.5), (0.85, 1.0), (1.06, 1.6), (2.0, 1.6)]
)
def test_offers_take_in_fixed_cost_with_the_load(load: float, weight: float) -> None:
    assert fixed_cost_weight(load, 0.5, 0.35, 1.6) == pytest.approx(weight)
    assert offer(8.0, 2.0, weight) == pytest.approx(8.0 + 2.0 * weight)


@given(own=_MONEY, bought=_MONEY, margin=_SHARE)
def test_a_margin_on_the_package_is_a_larger_one_on_own_work_the_more_is_bought(
    own: float, bought: float, margin: float
) -> None:
    profit = float(package_price(own + bought, margin)) - own - bought
    assert profit == pytest.approx(margin * own * (1.0 + bought / own), abs=1e-9)


def test_one_approved_supplier_among_equals_earns_its_weight_of_the_cost_of_switching() -> None:
    asked, switching, weight = 10.0, 0.08, 0.25
    rivals = np.full((1, 3), asked * (1.0 + switching))
    outside = replacement_cost(rivals, np.full((1, 3), np.inf), np.ones(1), np.array([100.0]))
    assert split_price(asked, outside, weight, 8.0)[0] == pytest.approx(asked + weight * switching * asked)


@given(asked=_MONEY, outside=_MONEY, cost_share=_SHARE)
def test_the_split_has_both_limits(asked: float, outside: float, cost_share: float) -> None:
    cost = asked * cost_share
    gains = outside > asked
    assert split_price(asked, outside, 0.0, cost) == pytest.approx(asked if gains else max(cost, outside))
    assert split_price(asked, outside, 1.0, cost) == pytest.approx(max(cost, outside))


@given(asked=_MONEY, outside=_MONEY, weight=_SHARE, cost_share=_SHARE)
def test_nobody_sells_below_variable_cost_nor_pays_more_than_elsewhere_unless_forced(
    asked: float, outside: float, weight: float, cost_share: float
) -> None:
    cost = asked * cost_share
    price = float(split_price(asked, outside, weight, cost))
    assert price >= cost - 1e-12
    assert price <= max(outside, cost) + 1e-9


def test_replacement_goes_from_the_cheapest_rival_to_the_next_as_room_ends() -> None:
    offers, room = np.array([[12.0, 9.0, 10.0]]), np.array([[np.inf, 4.0, 2.0]])
    found = replacement_cost(offers, room, np.array([8.0]), np.array([50.0]))
    assert found[0] == pytest.approx((4 * 9 + 2 * 10 + 2 * 12) / 8)


def test_buyers_without_rivals_lose_what_the_input_is_worth() -> None:
    none = replacement_cost(np.zeros((2, 0)), np.zeros((2, 0)), np.array([5.0, 1.0]), np.array([20.0, 30.0]))
    np.testing.assert_allclose(none, [20.0, 30.0])
    full = replacement_cost(np.array([[9.0]]), np.array([[0.0]]), np.array([5.0]), np.array([20.0]))
    assert full[0] == pytest.approx(20.0)


def test_nobody_buys_for_more_than_it_is_worth() -> None:
    assert replacement_cost(np.array([[30.0]]), np.array([[np.inf]]), np.ones(1), np.array([20.0]))[0] == 20.0


@given(
    offers=st.lists(_MONEY, min_size=1, max_size=6), room=st.floats(0.0, 10.0), more=st.floats(0.0, 10.0), worth=_MONEY
)
def test_outside_options_fall_with_the_room_of_rivals(
    offers: list[float], room: float, more: float, worth: float
) -> None:
    asked, volume = np.array([offers]), np.array([7.0])
    tight = replacement_cost(asked, np.full_like(asked, room), volume, np.array([worth]))
    wide = replacement_cost(asked, np.full_like(asked, room + more), volume, np.array([worth]))
    assert wide[0] <= tight[0] + 1e-9


@given(scale=st.floats(0.01, 100.0))
def test_money_in_other_units_scales_outside_options(scale: float) -> None:
    offers, room, volume = np.array([[9.0, 8.0, 11.0]]), np.array([[3.0, 2.0, 1.0]]), np.array([7.0])
    plain = replacement_cost(offers, room, volume, np.array([20.0]))
    np.testing.assert_allclose(replacement_cost(offers * scale, room, volume, np.array([20.0]) * scale), plain * scale)


def test_inputs_share_what_their_buyer_has_left() -> None:
    first, second, other, output = 4.0, 2.0, 8.0, 20.0
    factor = float(worth_of_input(output, other, first + second))
    assert factor * first + factor * second + other == pytest.approx(output)
    assert worth_of_input(output_price=5.0, other_cost=8.0, materials=6.0) == 1.0
