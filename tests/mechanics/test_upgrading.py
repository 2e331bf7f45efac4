"""Upgrading: levels, what may be added or lapses, contracts, own brands and the dip of a shift."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from gpnde.mechanics.upgrading import (
    can_add,
    contract_for,
    functional_level,
    lapsed,
    own_brand_survival,
    relative_scale,
    sequential_only,
    shift_cost,
    shift_success,
    transition_dip,
)

FIRMS, FUNCTIONS = 5, 8
LADDER = np.arange(6)
some_functions = arrays.arrays(np.bool_, (FIRMS, FUNCTIONS))
capabilities = arrays.arrays(np.float64, (FIRMS, FUNCTIONS), elements=st.floats(0.0, 1.2))
shares = st.floats(0.0, 1.0)


def firm_with(*columns: int) -> NDArray[np.bool_]:
    active = np.zeros((1, FUNCTIONS), dtype=bool)
    active[0, list(columns)] = True
    return active


@pytest.mark.parametrize(("columns", "level"), [((), -1), ((0,), 0), ((1, 4), 4), ((5,), 5), ((6, 7), -1), ((2, 7), 2)])
def test_level_is_the_highest_rung_and_ignores_side_capabilities(columns: tuple[int, ...], level: int) -> None:
    found = functional_level(firm_with(*columns))
    assert found.tolist() == [level]
    assert found.dtype == np.int64


@given(some_functions)
def test_every_rung_above_the_level_is_inactive(active: NDArray[np.bool_]) -> None:
    for row, level in zip(active, functional_level(active), strict=True):
        assert level == -1 or row[level]
        assert not row[level + 1 : 6].any()


def test_adding_needs_capability_cash_and_a_function_not_yet_held() -> None:
    capability = np.array([[0.4, 0.39, 0.4], [0.4, 0.9, 0.9]])
    active = np.array([[False, False, True], [False, False, False]])
    cost = np.array([1.0, 1.0, 3.0])
    allowed = can_add(capability, np.full(3, 0.4), active, np.array([1.0, 2.0]), cost)
    assert allowed.tolist() == [[True, False, False], [True, True, False]]


def test_cash_belongs_to_firms_even_with_as_many_firms_as_functions() -> None:
    nothing_held = np.zeros((2, 2), dtype=bool)
    allowed = can_add(np.ones((2, 2)), 0.5, nothing_held, np.array([10.0, 0.0]), np.array([5.0, 5.0]))
    assert allowed.tolist() == [[True, True], [False, False]]


@given(capabilities, some_functions, shares, st.floats(0.0, 0.3))
def test_no_function_can_be_added_and_lapse_at_once(
    capability: NDArray[np.float64], active: NDArray[np.bool_], threshold: float, margin: float
) -> None:
    may_add = can_add(capability, threshold, active, 1.0, 1.0)
    gone = lapsed(capability, threshold, active, margin)
    assert not (may_add & active).any()
    assert not (gone & ~active).any()
    assert not can_add(capability, threshold, active & ~gone, 1.0, 1.0)[gone].any()


def test_lapse_begins_below_the_margin() -> None:
    capability = np.array([[0.31, 0.29, 0.29]])
    assert lapsed(capability, 0.4, np.array([[True, True, False]]), 0.1).tolist() == [[False, True, False]]


@given(some_functions, some_functions)
def test_sequential_firms_climb_one_rung_at_a_time(candidates: NDArray[np.bool_], active: NDArray[np.bool_]) -> None:
    kept = sequential_only(candidates, active, LADDER)
    assert not (kept & ~candidates).any()
    assert (kept[:, 6:] == candidates[:, 6:]).all()
    rows, columns = np.nonzero(kept[:, :6])
    assert (columns == functional_level(active)[rows] + 1).all()


def test_sequential_firm_without_functions_starts_at_the_bottom() -> None:
    everything = np.ones((1, FUNCTIONS), dtype=bool)
    kept = sequential_only(everything, firm_with(), LADDER)
    assert np.flatnonzero(kept).tolist() == [0, 6, 7]


def test_ladder_names_its_columns_from_the_lowest() -> None:
    kept = sequential_only(np.ones((1, 4), dtype=bool), np.array([[False, False, False, True]]), np.array([3, 1, 0]))
    assert kept.tolist() == [[False, True, True, False]]


@pytest.mark.parametrize(
    ("columns", "contract"),
    [((1, 2), 0), ((3,), 0), ((6,), 0), ((4,), 1), ((4, 6), 2), ((4, 6, 7), 3), ((7,), 3), ((), 0)],
)
def test_contract_follows_from_the_functions(columns: tuple[int, ...], contract: int) -> None:
    needed = np.zeros((4, 8), dtype=bool)
    needed[[1, 2, 2, 3], [4, 4, 6, 7]] = True
    assert contract_for(firm_with(*columns), needed).tolist() == [contract]


def test_no_contract_is_earned_where_each_asks_for_more() -> None:
    assert contract_for(firm_with(1), np.ones((2, 8), dtype=bool)).tolist() == [-1]


@given(st.floats(0.0, 1.5), st.floats(0.0, 1.5), st.floats(0.0, 10.0))
def test_brand_survival_is_a_chance_and_certain_for_the_better_brand(own: float, rival: float, harsh: float) -> None:
    chance = float(own_brand_survival(own, rival, harsh))
    assert 0.0 <= chance <= 1.0
    if own >= rival:
        assert chance == 1.0


@pytest.mark.parametrize(
    ("own", "rival", "harshness", "expected"),
    [(0.4, 0.8, 3.0, 0.125), (0.0, 0.0, 2.0, 1.0), (0.0, 0.5, 2.0, 0.0), (0.1, 0.5, 0.0, 1.0), (1.0, 5e-324, 2.0, 1.0)],
)
def test_brand_survival_at_known_points(own: float, rival: float, harshness: float, expected: float) -> None:
    assert float(own_brand_survival(own, rival, harshness)) == pytest.approx(expected)


@given(shares, shares, st.floats(-5.0, 5.0), st.floats(-5.0, 5.0), st.floats(-5.0, 5.0))
def test_log_odds_of_a_shift_are_linear(
    capability: float, density: float, base: float, by_capability: float, by_linkage: float
) -> None:
    chance = float(shift_success(capability, density, base, by_capability, by_linkage))
    expected = base + by_capability * capability + by_linkage * density
    assert np.log(chance / (1.0 - chance)) == pytest.approx(expected, abs=1e-6)


def test_shift_success_survives_extreme_odds() -> None:
    assert shift_success(1.0, 0.0, np.array([-1e300, 1e300]), 1.0, 1.0).tolist() == [0.0, 1.0]


@given(st.floats(-100.0, 1e4), st.floats(0.0, 1e3), shares)
def test_dip_stays_between_its_depth_and_full_productivity(age: float, length: float, depth: float) -> None:
    factor = float(transition_dip(age, length, depth))
    assert 1.0 - depth <= factor <= 1.0
    if not 0.0 <= age < length:
        assert factor == 1.0


def test_dip_rises_evenly() -> None:
    factors = transition_dip(np.array([0.0, 25.0, 50.0, 75.0, 100.0, np.inf]), 100.0, 0.4)
    assert factors == pytest.approx(np.array([0.6, 0.7, 0.8, 0.9, 1.0, 1.0]))


@given(st.floats(0.0, 1e6), st.floats(0.0, 60.0), st.floats(0.0, 1e6), st.floats(0.0, 5.0))
def test_a_shift_costs_months_of_cost_and_years_of_sales(
    cost: float, months: float, sales: float, years: float
) -> None:
    assert shift_cost(cost, months, sales, years) == pytest.approx(cost * months + sales * years)


@given(st.lists(st.floats(0.1, 100.0), min_size=1, max_size=6), st.floats(0.1, 10.0))
def test_scales_of_all_makers_are_one_on_average_and_have_no_unit(made: list[float], factor: float) -> None:
    output = np.array(made)[:, None]
    scale = relative_scale(output, output > 0.0)
    assert scale.mean() == pytest.approx(1.0)
    assert relative_scale(factor * output, output > 0.0) == pytest.approx(scale)
