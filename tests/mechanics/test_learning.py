"""Learning by doing and in pools, experience that settles, and knowledge that is lost."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from gpnde.mechanics.learning import (
    carried_experience,
    experience,
    gatekeeper_weights,
    learning_by_doing,
    pool_rate,
    retention,
)

levels = st.floats(0.0, 1.0)
rates = st.floats(0.0, 1.0)
days = st.floats(0.0, 1000.0)


@given(levels, levels, rates, st.floats(0.0, 5.0), days)
def test_doing_brings_no_firm_beyond_the_ceiling(
    stock: float, ceiling: float, rate: float, output: float, elapsed: float
) -> None:
    gain = float(learning_by_doing(stock, ceiling, rate, output, elapsed))
    assert gain >= 0.0
    assert stock + gain <= max(stock, ceiling) + 1e-15
    if stock < ceiling:
        left = (ceiling - stock) * np.exp(-rate * output * elapsed)
        assert ceiling - stock - gain == pytest.approx(left, abs=1e-15)


@given(levels, rates, st.floats(0.0, 500.0))
def test_doing_teaches_the_same_in_one_long_step_as_in_two(stock: float, rate: float, elapsed: float) -> None:
    first = learning_by_doing(stock, 1.0, rate, 0.5, elapsed)
    second = learning_by_doing(stock + first, 1.0, rate, 0.5, elapsed)
    assert first + second == pytest.approx(float(learning_by_doing(stock, 1.0, rate, 0.5, 2.0 * elapsed)), abs=1e-12)


def test_no_firm_learns_by_doing_nothing() -> None:
    assert learning_by_doing(0.1, 0.8, np.array([0.1, 0.0, 0.1]), np.array([0.0, 1.0, 1.0]), 28.0)[:2].sum() == 0.0


@given(rates, st.integers(1, 500), st.floats(0.0, 0.5))
def test_pool_rate_has_a_constant_elasticity(rate: float, members: int, agglomeration: float) -> None:
    one, many, double = pool_rate(rate, np.array([1.0, members, 2.0 * members]), agglomeration)
    assert one == rate
    assert double == pytest.approx(many * 2.0**agglomeration)


capacities = st.lists(st.tuples(levels, st.integers(-1, 3)), min_size=1, max_size=30)


@given(capacities, st.floats(0.0, 1e4))
def test_weights_of_a_pool_add_up_to_one(firms: list[tuple[float, int]], sharpness: float) -> None:
    absorptive = np.array([firm[0] for firm in firms])
    groups = np.array([firm[1] for firm in firms], dtype=np.int64)
    weights = gatekeeper_weights(absorptive, groups, 4, sharpness)
    assert (weights >= 0.0).all()
    assert (weights[groups < 0] == 0.0).all()
    for group in np.unique(groups[groups >= 0]):
        assert weights[groups == group].sum() == pytest.approx(1.0)


@given(levels, levels, st.floats(0.0, 50.0))
def test_odds_of_two_members_grow_with_what_they_can_absorb(one: float, other: float, sharpness: float) -> None:
    weights = gatekeeper_weights(np.array([one, other]), np.zeros(2, dtype=np.int64), 1, sharpness)
    assert np.log(weights[0] / weights[1]) == pytest.approx(sharpness * (one - other), abs=1e-9)


def test_gatekeeper_alone_speaks_for_the_pool_when_weights_are_sharp() -> None:
    absorptive, groups = np.array([0.9, 0.5, 0.5, 0.5]), np.array([0, 0, 1, 1])
    assert gatekeeper_weights(absorptive, groups, 2, 1e6).tolist() == [1.0, 0.0, 0.5, 0.5]
    assert gatekeeper_weights(absorptive, groups, 2, 0.0).tolist() == [0.5, 0.5, 0.5, 0.5]


def test_pools_may_be_empty() -> None:
    no_firm: NDArray[np.int64] = np.full(3, -1)
    assert gatekeeper_weights(np.ones(3), no_firm, 2, 5.0).tolist() == [0.0, 0.0, 0.0]
    assert gatekeeper_weights(np.ones(0), no_firm[:0], 0, 5.0).tolist() == []


@given(st.floats(0.0, 0.95), st.floats(0.0, 1000.0), st.floats(0.0, 1e5))
def test_experience_settles_at_what_output_replaces(retained: float, output: float, start: float) -> None:
    """V-17, and the way there: the distance to the steady state shrinks by the retained share in every period."""
    steady = output / (1.0 - retained)
    assert float(experience(steady, output, retained)) == pytest.approx(steady)
    stock: float | NDArray[np.float64] = start
    for _ in range(20):
        stock = experience(stock, output, retained)
    assert float(stock) - steady == pytest.approx((start - steady) * retained**20, abs=1e-7)


def test_full_retention_counts_all_output_and_none_only_the_last() -> None:
    stock: float | NDArray[np.float64] = 0.0
    for output in (3.0, 4.0, 5.0):
        stock = experience(stock, output, np.array([1.0, 0.0]))
    assert np.asarray(stock).tolist() == [12.0, 5.0]


def test_new_generation_begins_with_a_share_of_the_experience() -> None:
    assert carried_experience(np.array([0.0, 1000.0]), np.array([0.4, 0.25])).tolist() == [0.0, 250.0]


@given(rates, rates, st.floats(0.0, 100.0), st.floats(0.0, 100.0))
def test_retention_of_two_periods_is_the_product(forgetting: float, drift: float, one: float, other: float) -> None:
    whole = float(retention(forgetting, drift, one + other))
    assert 0.0 <= whole <= 1.0
    assert whole == pytest.approx(float(retention(forgetting, drift, one) * retention(forgetting, drift, other)))


def test_year_of_drift_leaves_what_the_rate_says() -> None:
    assert float(retention(0.0, 0.05 / 364.0, 364.0)) == pytest.approx(np.exp(-0.05))
    assert float(retention(0.0, 0.0, 364.0)) == 1.0
