"""Prices and costs: Wright's slope, erosion per week, markup and fixed cost."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.mechanics.pricing import commodity_price, cost_plus_price


def test_commodity_loses_the_same_share_each_week() -> None:
    price = commodity_price(100.0, 0.005, np.arange(0.0, 70.0, 7.0))
    assert price[0] == 100.0
    assert price[1:] / price[:-1] == pytest.approx(np.exp(-0.005))


@given(st.floats(1.0, 1e6), st.floats(0.0, 0.4))
def test_markup_is_a_share_of_cost(cost: float, markup: float) -> None:
    assert float(cost_plus_price(cost, markup)) / cost - 1.0 == pytest.approx(markup, abs=1e-12)
