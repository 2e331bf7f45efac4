"""Decomposition: the parts add up to the whole, and each part is what it says."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.results.decomposition import Floats, decompose_change, theil

GONE = math.nan


def arrays(*values: list[float]) -> list[Floats]:
    return [np.array(one, dtype=np.float64) for one in values]


def test_a_rise_at_constant_shares_is_within() -> None:
    parts = decompose_change(*arrays([0.5, 0.5], [0.2, 0.4], [0.5, 0.5], [0.4, 0.4]))
    assert parts == pytest.approx((0.1, 0, 0, 0, 0))


def test_a_shift_to_the_better_firm_is_between() -> None:
    parts = decompose_change(*arrays([0.5, 0.5], [0.2, 0.4], [0.25, 0.75], [0.2, 0.4]))
    assert parts == pytest.approx((0, 0.05, 0, 0, 0))


def test_a_shift_to_the_firm_that_rises_is_cross() -> None:
    parts = decompose_change(*arrays([0.5, 0.5], [0.3, 0.3], [0.25, 0.75], [0.3, 0.5]))
    assert parts == pytest.approx((0.1, 0, 0.05, 0, 0))


def test_entry_above_the_mean_and_exit_below_it_both_raise_it() -> None:
    parts = decompose_change(*arrays([0.5, 0.5, 0.0], [0.2, 0.4, GONE], [0.0, 0.5, 0.5], [GONE, 0.4, 0.8]))
    assert parts == pytest.approx((0, 0, 0, 0.5 * (0.8 - 0.3), 0.5 * (0.3 - 0.2)))


values = st.lists(st.tuples(*[st.floats(0.01, 1)] * 4, st.booleans(), st.booleans()), min_size=1, max_size=20)


@given(values)
def test_the_parts_add_up_to_the_change_of_the_mean(rows: list[tuple[float, ...]]) -> None:
    share_then, value_then, share_now, value_now, then, now = np.array(rows, dtype=np.float64).T
    if not then.any() or not now.any():
        return
    share_then, share_now = share_then * then / (share_then @ then), share_now * now / (share_now @ now)
    parts = decompose_change(
        share_then, np.where(then > 0, value_then, np.nan), share_now, np.where(now > 0, value_now, np.nan)
    )
    assert parts.total == pytest.approx(share_now @ value_now - share_then @ value_then, abs=1e-12)


def test_equal_firms_are_not_unequal() -> None:
    assert theil(np.full(4, 0.3), np.array([0, 0, 1, 1])) == pytest.approx((0, 0, 0), abs=1e-15)


def test_one_firm_that_knows_everything_has_the_largest_index() -> None:
    assert theil(np.array([0.0, 0.0, 0.0, 1.0]), np.zeros(4, dtype=np.int64)).total == pytest.approx(math.log(4))


def test_differences_between_groups_alone_are_between() -> None:
    found = theil(np.array([1.0, 1.0, 3.0, 3.0]), np.array([0, 0, 1, 1]))
    assert found.between == pytest.approx(found.total)
    assert found.total == pytest.approx(0.25 * math.log(0.5) + 0.75 * math.log(1.5))


@given(st.lists(st.tuples(st.floats(0.001, 100), st.integers(0, 5)), min_size=1, max_size=30))
def test_between_and_within_add_up_and_are_not_negative(rows: list[tuple[float, int]]) -> None:
    found = theil(np.array([value for value, _ in rows]), np.array([group for _, group in rows]))
    assert found.between + found.within == pytest.approx(found.total, abs=1e-12)
    assert min(found) >= -1e-12


@pytest.mark.parametrize("known", [[], [0.0, 0.0], [-1.0, 3.0]])
def test_without_anything_to_share_there_is_no_index(known: list[float]) -> None:
    assert math.isnan(theil(np.array(known), np.zeros(len(known), dtype=np.int64)).total)
