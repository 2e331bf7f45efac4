"""Value at risk and expected shortfall against laws of which both are known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.study.resilience.risk import (
    LEVELS,
    expected_shortfall,
    figures,
    quantile_interval,
    shortfall_interval,
    value_at_risk,
)

losses = st.lists(st.floats(0, 1e6), min_size=1, max_size=60).map(np.array)


def test_of_an_exponential_loss_the_shortfall_is_the_mean_above_value_at_risk() -> None:
    """VaR = -ln(1 - level), and by lack of memory ES = VaR + 1."""
    drawn = np.random.default_rng(1).exponential(size=200_000)
    assert value_at_risk(drawn, 0.95) == pytest.approx(-math.log(0.05), rel=0.02)
    assert expected_shortfall(drawn, 0.95) == pytest.approx(1 - math.log(0.05), rel=0.02)


@given(losses, st.sampled_from(LEVELS))
def test_the_shortfall_lies_between_value_at_risk_and_the_worst_loss(found: np.ndarray, level: float) -> None:
    slack = 1e-9 * (1 + found.max())
    assert value_at_risk(found, level) - slack <= expected_shortfall(found, level) <= found.max() + slack


@given(losses, st.sampled_from(LEVELS), st.floats(0, 100))
def test_both_move_with_scale_and_shift(found: np.ndarray, level: float, more: float) -> None:
    for figure in (value_at_risk, expected_shortfall):
        assert figure(2 * found + more, level) == pytest.approx(2 * figure(found, level) + more, rel=1e-9, abs=1e-9)


def test_intervals_of_quantiles_hold_the_truth_as_often_as_they_say() -> None:
    rng = np.random.default_rng(2)
    ends = [quantile_interval(rng.exponential(size=200), 0.9) for _ in range(1000)]
    held = np.mean([low <= -math.log(0.1) <= high for low, high in ends])
    assert 0.94 <= held <= 0.99


def test_too_few_losses_leave_an_end_open() -> None:
    assert math.isnan(quantile_interval(np.arange(50.0), 0.99)[1])


def test_the_bootstrap_is_repeatable_and_holds_the_estimate() -> None:
    drawn = np.random.default_rng(3).exponential(size=300)
    low, high = shortfall_interval(drawn, 0.9, seed=1)
    assert (low, high) == shortfall_interval(drawn, 0.9, seed=1)
    assert low < expected_shortfall(drawn, 0.9) < high


def test_without_spread_all_figures_are_the_loss() -> None:
    assert {figure.value for figure in figures(np.full(100, 3.0), seed=1)} == {3.0}
