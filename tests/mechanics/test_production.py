"""Production: what materials allow, and what is left of a batch."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.mechanics.production import good_units, startable

quantities = st.floats(0.0, 1e6)
needs = st.floats(1e-3, 1e3)
rates = st.floats(0.0, 1.0)


@given(quantities, needs)
def test_starting_all_that_is_possible_uses_the_stock_up(stock: float, per_unit: float) -> None:
    assert startable(stock, per_unit) * per_unit == pytest.approx(stock, rel=1e-12)


@given(st.lists(st.tuples(quantities, needs), min_size=1, max_size=6))
def test_scarcest_input_sets_the_limit(inputs: list[tuple[float, float]]) -> None:
    units = min(startable(stock, per_unit) for stock, per_unit in inputs)
    left = [stock - units * per_unit for stock, per_unit in inputs]
    assert min(left) == pytest.approx(0.0, abs=1e-6)
    assert all(rest >= -1e-6 for rest in left)


@given(quantities, rates, quantities)
def test_batch_yields_neither_less_than_nothing_nor_more_than_was_started(
    started: float, rate: float, loss: float
) -> None:
    assert 0.0 <= good_units(started, rate, loss) <= started


@given(quantities, quantities, rates, quantities)
def test_larger_batch_yields_more_by_the_yield_rate_at_most(
    started: float, more: float, rate: float, loss: float
) -> None:
    gain = good_units(started + more, rate, loss) - good_units(started, rate, loss)
    assert -1e-6 <= gain <= rate * more + 1e-6


@pytest.mark.parametrize(
    ("started", "rate", "loss", "expected"),
    [(100.0, 0.9, 5.0, 85.0), (100.0, 1.0, 0.0, 100.0), (5.0, 1.0, 5.0, 0.0), (5.0, 1.0, 6.0, 0.0)],
)
def test_share_is_taken_before_the_loss(started: float, rate: float, loss: float, expected: float) -> None:
    assert good_units(started, rate, loss) == expected
