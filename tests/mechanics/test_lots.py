"""Lots: the orders that a minimum, a multiple and a maximum leave, and the nearest of them to a need."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gpnde.mechanics.lots import largest_lot, least_lot, lot_above, lot_below

_LOTS = st.tuples(
    st.sampled_from([0.0, 1.0, 7.5, 40.0]),
    st.sampled_from([0.0, 1.0, 0.1, 2.5, 12.0]),
    st.sampled_from([math.inf, 48.0, 500.0]),
)


def _is_order(quantity: float, minimum: float, multiple: float, maximum: float) -> bool:
    """Return whether a supplier takes an order of that quantity."""
    within = minimum * (1 - 1e-9) <= quantity <= maximum * (1 + 1e-9)
    times = quantity / multiple if multiple > 0 else 0.0
    return within and abs(times - round(times)) <= 1e-9 * max(1.0, times)


@given(quantity=st.floats(1e-3, 1e4), lots=_LOTS)
def test_a_need_is_covered_by_the_smallest_order_that_does(quantity: float, lots: tuple[float, float, float]) -> None:
    minimum, multiple, maximum = lots
    order = lot_above(quantity, *lots)
    assert _is_order(order, *lots)
    if order < quantity * (1 - 1e-9):
        assert order == largest_lot(multiple, maximum)
    elif multiple > 0:
        assert order == least_lot(minimum, multiple) or order - multiple < quantity
    else:
        assert order in (quantity, minimum)


@given(quantity=st.floats(1e-3, 1e4), lots=_LOTS)
def test_a_part_is_filled_by_the_largest_order_that_fits(quantity: float, lots: tuple[float, float, float]) -> None:
    order = lot_below(quantity, *lots)
    assert order <= quantity * (1 + 1e-9)
    assert order == 0.0 or _is_order(order, *lots)
    assume(order > 0.0)
    assert lot_above(order, *lots) == pytest.approx(order)


def test_an_order_stays_as_it_is_where_any_quantity_is_taken() -> None:
    for quantity in (0.3, 7.0, 1e12):
        assert lot_above(quantity, 0.0, 0.0, math.inf) == quantity == lot_below(quantity, 0.0, 0.0, math.inf)


def test_whole_lots_are_found_in_spite_of_rounding() -> None:
    assert lot_above(0.1 + 0.2, 0.0, 0.1, math.inf) == pytest.approx(0.3)
    assert lot_below(1.1 - 0.8, 0.0, 0.1, math.inf) == pytest.approx(0.3)
    assert lot_above(1e20, 0.0, 3.0, math.inf) == pytest.approx(1e20)
