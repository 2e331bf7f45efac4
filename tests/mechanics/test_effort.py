"""Effort: discounting, and the level of effort that pays best within a firm's means."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.mechanics.effort import best_effort, best_of, discounted_days

LEVELS = np.linspace(0.0, 1.0, 1001)

positive = st.floats(0.1, 100.0)


def chosen(worth: float, cost: float, budget: float = np.inf, hurdle: float = 1.0) -> float:
    """Return the effort of a firm to which effort e is worth e times *worth*."""
    return float(
        best_effort(LEVELS, worth * LEVELS[None, :], np.array([cost]), np.array([budget]), np.array([hurdle]))[0]
    )


@pytest.mark.parametrize("rate", [0.0, 1e-12, 0.001, 0.1])
def test_a_time_in_two_parts_is_worth_as_much_as_in_one(rate: float) -> None:
    parts = discounted_days(rate, 0.0, 100.0) + discounted_days(rate, 100.0, 364.0)
    assert float(parts) == pytest.approx(float(discounted_days(rate, 0.0, 364.0)))


def test_without_discounting_days_count_in_full() -> None:
    assert discounted_days(0.0, 10.0, 30.0) == 20.0
    assert discounted_days(0.01, 0.0, 1e5) == pytest.approx(100.0)


@given(worth=positive, cost=positive, hurdle=st.floats(1.0, 5.0))
def test_effort_is_where_its_last_step_is_worth_its_cost(worth: float, cost: float, hurdle: float) -> None:
    closed_form = min(1.0, worth / (2.0 * hurdle * cost))
    assert chosen(worth, cost, hurdle=hurdle) == pytest.approx(closed_form, abs=0.001)


@given(worth=positive, cost=positive, budget=positive)
def test_no_firm_spends_more_than_its_budget(worth: float, cost: float, budget: float) -> None:
    effort = chosen(worth, cost, budget)
    assert cost * effort**2 <= budget
    assert effort == pytest.approx(min(1.0, worth / (2.0 * cost), np.sqrt(budget / cost)), abs=0.0011)


def test_a_firm_without_means_still_can_make_no_effort() -> None:
    assert chosen(10.0, 1.0, budget=-5.0) == 0.0


def test_equal_worth_goes_to_the_lower_effort() -> None:
    assert chosen(0.0, 0.0) == 0.0
    assert best_of(np.array([0.0, 0.5, 1.0]), np.array([[2.0, 2.0, 2.0], [1.0, 3.0, 3.0]])).tolist() == [0.0, 0.5]


@given(scale=st.floats(0.01, 100.0))
def test_money_in_other_units_changes_no_effort(scale: float) -> None:
    assert chosen(3.0 * scale, 4.0 * scale, 2.0 * scale) == chosen(3.0, 4.0, 2.0)
