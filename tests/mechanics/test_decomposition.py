"""Decompositions: exact sums, each term alone, and inequality between and within groups."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from gpnde.mechanics.decomposition import Decomposition, theil, within_between_entry_exit

FIRMS = 6
EVERYBODY = np.ones(2, dtype=bool)
weights = arrays.arrays(np.float64, FIRMS, elements=st.floats(0.01, 100.0))
levels = arrays.arrays(np.float64, FIRMS, elements=st.floats(0.0, 1.2))
presence = arrays.arrays(np.bool_, FIRMS).filter(lambda there: bool(there.any()))
values_of_firms = arrays.arrays(np.float64, FIRMS, elements=st.one_of(st.just(0.0), st.floats(1e-6, 1e3)))
labels = arrays.arrays(np.int64, FIRMS, elements=st.integers(0, 3))


@given(weights, levels, weights, levels, presence, presence)
def test_terms_sum_to_the_change_of_the_mean(
    share_then: NDArray[np.float64],
    then: NDArray[np.float64],
    share_now: NDArray[np.float64],
    now: NDArray[np.float64],
    was: NDArray[np.bool_],
    is_now: NDArray[np.bool_],
) -> None:
    change = np.average(now[is_now], weights=share_now[is_now]) - np.average(then[was], weights=share_then[was])
    assert within_between_entry_exit(share_then, then, share_now, now, was, is_now).total == pytest.approx(
        float(change), abs=1e-12
    )


@given(weights, levels, weights, levels, presence, presence, st.floats(0.1, 10.0))
def test_only_the_proportions_of_shares_count(
    share_then: NDArray[np.float64],
    then: NDArray[np.float64],
    share_now: NDArray[np.float64],
    now: NDArray[np.float64],
    was: NDArray[np.bool_],
    is_now: NDArray[np.bool_],
    scale: float,
) -> None:
    plain = within_between_entry_exit(share_then, then, share_now, now, was, is_now)
    scaled = within_between_entry_exit(share_then * scale, then, share_now, now, was, is_now)
    assert scaled == pytest.approx(plain, abs=1e-12)


@pytest.mark.parametrize(
    ("share_now", "level_now", "expected"),
    [
        ([1.0, 1.0], [0.4, 0.8], Decomposition(0.2, 0.0, 0.0, 0.0, 0.0)),
        ([1.0, 3.0], [0.2, 0.6], Decomposition(0.0, 0.1, 0.0, 0.0, 0.0)),
        ([1.0, 3.0], [0.2, 0.8], Decomposition(0.1, 0.1, 0.05, 0.0, 0.0)),
    ],
)
def test_terms_of_firms_that_stay(share_now: list[float], level_now: list[float], expected: Decomposition) -> None:
    terms = within_between_entry_exit(
        np.array([1.0, 1.0]), np.array([0.2, 0.6]), np.array(share_now), np.array(level_now), EVERYBODY, EVERYBODY
    )
    assert terms == pytest.approx(expected)


def test_replacing_a_weak_firm_is_no_upgrading_within() -> None:
    share, was, is_now = np.ones(3), np.array([True, True, False]), np.array([True, False, True])
    level_then, level_now = np.array([0.6, 0.2, np.nan]), np.array([0.6, np.nan, 0.6])
    terms = within_between_entry_exit(share, level_then, share, level_now, was, is_now)
    assert terms == pytest.approx(Decomposition(0.0, 0.0, 0.0, 0.1, 0.1))


@pytest.mark.parametrize(("was", "is_now"), [(EVERYBODY, ~EVERYBODY), (~EVERYBODY, EVERYBODY)])
def test_nothing_is_compared_with_an_empty_period(was: NDArray[np.bool_], is_now: NDArray[np.bool_]) -> None:
    share, level = np.ones(2), np.array([0.3, 0.4])
    assert within_between_entry_exit(share, level, share, level, was, is_now) == (0.0, 0.0, 0.0, 0.0, 0.0)


def theil_by_definition(values: NDArray[np.float64]) -> float:
    relative = [value / values.mean() for value in values.tolist()]
    return math.fsum(ratio * math.log(ratio) for ratio in relative if ratio > 0.0) / len(relative)


@given(values_of_firms.filter(lambda values: values.sum() > 0.0), labels)
def test_parts_sum_to_the_index_of_all(values: NDArray[np.float64], groups: NDArray[np.int64]) -> None:
    total, between, within = theil(values, groups)
    assert total == between + within
    assert total == pytest.approx(theil_by_definition(values), abs=1e-12)
    assert -1e-12 <= min(between, within)
    assert total <= math.log(FIRMS) + 1e-12


@given(values_of_firms, labels, st.floats(0.01, 100.0))
def test_index_ignores_units_and_the_order_of_firms(
    values: NDArray[np.float64], groups: NDArray[np.int64], scale: float
) -> None:
    assert theil(values[::-1] * scale, groups[::-1]) == pytest.approx(theil(values, groups), abs=1e-12)


@given(values_of_firms)
def test_one_group_has_all_inequality_within_and_single_firms_all_between(values: NDArray[np.float64]) -> None:
    assert theil(values, np.zeros(FIRMS, dtype=np.int64)).between == pytest.approx(0.0, abs=1e-12)
    assert theil(values, np.arange(FIRMS)).within == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1.0, 1.0, 1.0, 1.0], (0.0, 0.0, 0.0)),
        ([4.0, 0.0, 0.0, 0.0], (math.log(4.0), math.log(2.0), math.log(2.0))),
        ([1.0, 0.0, 0.0, 1.0], (math.log(2.0), 0.0, math.log(2.0))),
        ([2.0, 2.0, 0.0, 0.0], (math.log(2.0), math.log(2.0), 0.0)),
        ([0.0, 0.0, 0.0, 0.0], (0.0, 0.0, 0.0)),
    ],
)
def test_theil_at_known_points(values: list[float], expected: tuple[float, float, float]) -> None:
    assert theil(np.array(values), np.array([7, 7, 3, 3])) == pytest.approx(expected)


def test_no_firms_are_not_unequal() -> None:
    assert theil(np.empty(0), np.empty(0, dtype=np.int64)) == (0.0, 0.0, 0.0)
