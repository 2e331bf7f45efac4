"""Closed forms of the costs of stocks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.mechanics.costs import (
    economic_order_cost,
    economic_order_quantity,
    order_quantity_cost,
    pipeline_stock,
    rate_per_day,
)

POSITIVE = st.floats(0.01, 1000)


@given(POSITIVE, POSITIVE, POSITIVE, st.floats(0.1, 10))
def test_the_economic_order_quantity_costs_least(demand: float, fixed: float, holding: float, factor: float) -> None:
    best = economic_order_quantity(demand, fixed, holding)
    least = economic_order_cost(demand, fixed, holding)
    assert order_quantity_cost(best, demand, fixed, holding) == pytest.approx(least)
    other = order_quantity_cost(factor * best, demand, fixed, holding)
    assert other == pytest.approx(least * (factor + 1 / factor) / 2)


def test_goods_on_the_way_are_demand_by_lead_time() -> None:
    assert pipeline_stock(7.0, 0.0) == 0.0
    assert pipeline_stock(7.0, 5.0) == 35.0


def test_a_rate_that_is_given_goes_before_one_by_worth() -> None:
    found = rate_per_day(np.array([0.0, 2.0]), np.array([364.0, 364.0]), 0.25)
    assert found.tolist() == [0.25, 2.0]


def test_worth_costs_nothing_without_a_share() -> None:
    assert float(rate_per_day(0.0, 100.0, 0.0)) == 0.0
