"""Prices and costs: Wright's slope, erosion per week, markup and fixed cost."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.mechanics.pricing import commodity_price, cost_plus_price, learning_exponent, unit_cost


def test_commodity_loses_the_same_share_each_week() -> None:
    price = commodity_price(100.0, 0.005, np.arange(0.0, 70.0, 7.0))
    assert price[0] == 100.0
    assert price[1:] / price[:-1] == pytest.approx(np.exp(-0.005))


@given(st.floats(1.0, 1e6), st.floats(0.0, 0.4))
def test_markup_is_a_share_of_cost(cost: float, markup: float) -> None:
    assert float(cost_plus_price(cost, markup)) / cost - 1.0 == pytest.approx(markup, abs=1e-12)


@given(st.floats(0.05, 0.3), st.floats(1.0, 1e6))
def test_each_doubling_of_output_saves_the_learning_rate(rate: float, units: float) -> None:
    before, after = unit_cost(10.0, np.array([units, 2.0 * units]), 1.0, rate)
    assert after / before == pytest.approx(1.0 - rate)


def test_cost_falls_on_a_straight_line_in_logarithms() -> None:
    units = np.geomspace(1e3, 1e7, 50)
    slope = np.polyfit(np.log(units), np.log(unit_cost(10.0, units, 1e3, 0.2)), 1)[0]
    assert slope == pytest.approx(-float(learning_exponent(0.2)), rel=1e-10)


def test_experience_below_the_reference_does_not_raise_cost() -> None:
    assert unit_cost(10.0, np.array([0.0, 500.0, 1000.0]), 1000.0, 0.2).tolist() == [10.0, 10.0, 10.0]


def test_productivity_divides_labour_and_volume_divides_the_fixed_cost() -> None:
    assert float(unit_cost(10.0, 1.0, 1.0, 0.2, 2.0, 600.0, 200.0)) == pytest.approx(5.0 + 3.0)


def test_period_without_volume_charges_no_fixed_cost() -> None:
    assert unit_cost(10.0, 1.0, 1.0, 0.2, 1.0, 600.0, np.array([0.0, 300.0])).tolist() == [10.0, 12.0]
