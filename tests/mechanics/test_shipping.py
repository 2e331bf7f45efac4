"""Shipping: short stock is shared out whole and fairly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.mechanics.shipping import fill_share, promised_on_time

quantities = st.floats(0.0, 1e9)
claims = st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=10)


@given(quantities, claims)
def test_stock_is_shared_out_whole_or_meets_every_claim(stock: float, claimed: list[float]) -> None:
    share = fill_share(stock, sum(claimed))
    assert 0.0 <= share <= 1.0
    assert sum(share * claim for claim in claimed) == pytest.approx(min(stock, sum(claimed)), rel=1e-9)


@given(quantities, quantities, st.floats(1e-6, 1e9))
def test_more_stock_never_fills_less(stock: float, more: float, claimed: float) -> None:
    assert fill_share(stock + more, claimed) >= fill_share(stock, claimed)


@given(st.floats(1e-3, 1e6), st.floats(1e-3, 1e6), st.floats(1e-3, 1e3))
def test_share_does_not_depend_on_the_unit_of_measure(stock: float, claimed: float, factor: float) -> None:
    assert fill_share(factor * stock, factor * claimed) == pytest.approx(fill_share(stock, claimed), rel=1e-12)


@pytest.mark.parametrize(
    ("stock", "claimed", "expected"), [(40.0, 40.0, 1.0), (0.0, 0.0, 1.0), (0.0, 5.0, 0.0), (-1e-12, 5.0, 0.0)]
)
def test_share_at_the_edges(stock: float, claimed: float, expected: float) -> None:
    assert fill_share(stock, claimed) == expected


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_order_is_on_time_on_the_promised_tick_and_before(received: int, promised: int) -> None:
    assert promised_on_time(received, promised) == (received - promised <= 0)
