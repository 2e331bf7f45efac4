"""The number of replications grows in fixed steps until the mean is known well enough."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.study.precision import collect, is_precise, points_to_continue, relative_half_width, steps


@given(st.integers(2, 50), st.integers(2, 2000))
def test_steps_grow_from_the_least_to_the_most(least: int, most: int) -> None:
    counts = list(steps(least, most))
    assert counts[-1] == most
    assert counts[0] == min(least, most)
    assert counts == sorted(set(counts))
    assert all(after <= math.ceil(1.5 * before) for before, after in zip(counts, counts[1:], strict=False))


def test_half_width_is_that_of_students_t() -> None:
    # Two values at distance 2 around 10: t(0.975, 1) = 12.7062, deviation sqrt(2), over sqrt(2) replications.
    assert relative_half_width([9.0, 11.0]) == pytest.approx(1.27062, abs=1e-5)


@given(st.lists(st.floats(1.0, 2.0), min_size=2, max_size=30), st.sampled_from([-3.0, 0.5, 1e6]))
def test_half_width_has_no_unit_and_no_sign(values: list[float], factor: float) -> None:
    scaled = relative_half_width([factor * value for value in values])
    assert scaled == pytest.approx(relative_half_width(values), rel=1e-6, abs=1e-12)


def test_equal_values_are_precise_and_a_mean_of_zero_never_is() -> None:
    assert relative_half_width([0.1, 0.1, 0.1]) == 0.0
    assert relative_half_width([-1.0, 1.0]) == math.inf


def test_one_value_is_not_precise_but_none_at_all_asks_for_no_more() -> None:
    assert not is_precise([1.0], 0.5)
    assert is_precise([], 0.5)


def test_all_arms_of_a_point_go_on_with_the_one_that_needs_it() -> None:
    values = {(0, "a"): [1.0, 1.0], (0, "b"): [1.0, 9.0], (1, "a"): [5.0, 5.0], (1, "b"): [2.0, 2.0]}
    assert points_to_continue(values, 0.05) == [0]


def test_values_are_gathered_by_point_and_arm() -> None:
    runs = [("k1", "a", 0), ("k2", "a", 0), ("k1", "b", 0), ("k3", "b", 1)]
    assert collect(runs, {"k1": 1.0, "k2": 2.0}) == {(0, "a"): [1.0, 2.0], (0, "b"): [1.0], (1, "b"): []}
