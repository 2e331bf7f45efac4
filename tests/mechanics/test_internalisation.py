"""Internalisation: absorptive capacity, gap responses, the exact step, and catching up with the frontier."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.mechanics.internalisation import (
    absorptive_capacity,
    capability,
    exponential_gap_response,
    internalise,
    logistic_gap_response,
    mean_capability,
    teacher_gap,
)

levels = st.floats(0.0, 1.0)
rates = st.floats(0.0, 10.0)
days = st.floats(0.0, 1000.0)


@given(levels, levels, levels, st.floats(0.01, 10.0), levels, levels)
def test_absorptive_capacity_is_a_share(
    prior: float, effort: float, support: float, sensitivity: float, base_prior: float, base_effort: float
) -> None:
    share = float(absorptive_capacity(prior, effort, support, sensitivity, base_prior, base_effort))
    ability = (base_prior + prior) * (base_effort + effort + support)
    assert 0.0 <= share <= 1.0
    assert share == pytest.approx(1.0 - np.exp(-sensitivity * ability), abs=1e-15)


@given(levels, levels, levels, st.floats(0.1, 0.5))
def test_more_knowledge_makes_effort_worth_more_at_low_ability(
    prior: float, effort: float, support: float, more: float
) -> None:
    def per_effort(known: float) -> float:
        gain = absorptive_capacity(known, np.array([effort, effort + more]), support, 1e-3, 0.1, 0.1)
        return float(gain[1] - gain[0])

    assert per_effort(prior + 0.5) >= per_effort(prior)


def test_nothing_is_absorbed_without_any_knowledge_or_without_any_effort() -> None:
    assert float(absorptive_capacity(0.0, 1.0, 1.0, 5.0, 0.0, 0.1)) == 0.0
    assert float(absorptive_capacity(1.0, 0.0, 0.0, 5.0, 0.1, 0.0)) == 0.0


def test_support_counts_like_effort() -> None:
    assert absorptive_capacity(0.3, 0.2, 0.5, 2.0, 0.1, 0.1) == absorptive_capacity(0.3, 0.5, 0.2, 2.0, 0.1, 0.1)


@given(st.floats(0.05, 2.0))
def test_exponential_response_halves_over_equal_distances(tolerance: float) -> None:
    gap = np.arange(6) * tolerance * np.log(2.0)
    assert exponential_gap_response(gap, tolerance) == pytest.approx(0.5 ** np.arange(6))


@given(levels, levels)
def test_both_responses_fall_from_one_as_the_gap_widens(near: float, far: float) -> None:
    gap = np.array([0.0, *sorted([near, far]), 1.0])
    for response in (exponential_gap_response(gap, 0.5), logistic_gap_response(gap)):
        assert response[0] == 1.0
        assert (np.diff(response) <= 0.0).all()
        assert (response >= 0.0).all()


@given(levels, rates, rates, days)
def test_no_more_leaves_than_waits(waiting: float, rate: float, staleness: float, elapsed: float) -> None:
    internalised, stale = internalise(waiting, rate, staleness, elapsed)
    assert internalised >= 0.0
    assert stale >= 0.0
    assert waiting - internalised - stale >= 0.0
    assert internalised + stale == pytest.approx(waiting * (1.0 - np.exp(-(rate + staleness) * elapsed)), abs=1e-12)


@given(levels, rates, rates, st.floats(0.0, 100.0))
def test_one_long_step_equals_two_short_ones(waiting: float, rate: float, staleness: float, elapsed: float) -> None:
    whole = internalise(waiting, rate, staleness, 2.0 * elapsed)
    first = internalise(waiting, rate, staleness, elapsed)
    second = internalise(waiting - first[0] - first[1], rate, staleness, elapsed)
    assert whole == pytest.approx((first[0] + second[0], first[1] + second[1]), abs=1e-12)


@given(levels, st.floats(0.001, 1.0), st.floats(0.001, 1.0), days)
def test_what_leaves_is_split_as_the_rates(waiting: float, rate: float, staleness: float, elapsed: float) -> None:
    internalised, stale = internalise(waiting, rate, staleness, elapsed)
    assert internalised * staleness == pytest.approx(stale * rate, abs=1e-13)


def test_without_rates_everything_keeps_waiting() -> None:
    internalised, stale = internalise(np.array([1.0, 1.0, 1.0]), np.array([0.0, 0.1, 0.0]), np.zeros(3), 1e6)
    assert internalised.tolist() == [0.0, 1.0, 0.0]
    assert stale.tolist() == [0.0, 0.0, 0.0]


def test_step_broadcasts_rates_per_firm_over_channels_and_kinds() -> None:
    waiting = np.ones((2, 2, 5, 8))
    internalised, stale = internalise(waiting, np.full((2, 5, 8), 0.02), 0.01, 28.0)
    assert internalised.shape == stale.shape == waiting.shape


@given(levels, levels, levels)
def test_capability_lies_between_the_two_kinds(codified: float, tacit: float, weight: float) -> None:
    level = float(capability(codified, tacit, weight))
    assert min(codified, tacit) - 1e-12 <= level <= max(codified, tacit) + 1e-12


def test_capability_needs_both_kinds_unless_one_has_no_weight() -> None:
    codified, tacit = np.array([0.0, 0.8, 0.0, 0.8]), np.array([0.8, 0.0, 0.8, 0.0])
    assert capability(codified, tacit, np.array([0.5, 0.5, 0.0, 1.0])).tolist() == [0.0, 0.0, 0.8, 0.8]


def test_mean_counts_only_active_functions() -> None:
    level = np.array([[0.2, 0.4, 0.9], [0.2, 0.4, 0.9]])
    active = np.array([[True, True, False], [False, False, False]])
    assert mean_capability(level, active) == pytest.approx([0.3, 0.0])


def test_distance_is_to_the_mean_of_those_who_taught_what_waits() -> None:
    receipts, level = np.array([0.02, 0.06]), np.array([0.9, 0.5])
    taught, waiting = float(receipts @ level), float(receipts.sum())
    assert teacher_gap(taught, waiting, 0.2) == pytest.approx(0.25 * 0.9 + 0.75 * 0.5 - 0.2)


@given(levels, st.floats(0.0, 0.9))
def test_teachers_at_the_own_level_or_below_are_at_no_distance(own: float, less: float) -> None:
    waiting = np.array([0.0, 1e-300, 0.3])
    assert teacher_gap(waiting * own * less, waiting, own) == pytest.approx(np.zeros(3), abs=1e-12)


def catch_up(learning: float, growth: float, own_growth: float, start: float, years: float, step: float) -> float:
    """Return the level relative to the frontier, by small steps of the logistic response (rates per year)."""
    level = start
    for _ in range(round(years / step)):
        gap = 1.0 - level
        internalised, _ = internalise(gap, learning * logistic_gap_response(gap), 0.0, step)
        level = float((level + internalised) * np.exp((own_growth - growth) * step))
    return level


@pytest.mark.parametrize("start", [0.05, 0.3, 0.9])
def test_logistic_catching_up_follows_its_closed_form(start: float) -> None:
    """V-19; the steps are of first order, and of this size they stay within 0.1 %."""
    learning, growth, own_growth, years = 0.12, 0.03, 0.01, 40.0
    limit = 1.0 - (growth - own_growth) / learning
    exact = limit / (1.0 + (limit / start - 1.0) * np.exp(-(learning + own_growth - growth) * years))
    assert catch_up(learning, growth, own_growth, start, years, 0.005) == pytest.approx(exact, rel=1e-3)


def test_error_of_catching_up_shrinks_with_the_step() -> None:
    """V-19: half the step, half the error."""
    exact = 0.75 / (1.0 + (0.75 / 0.3 - 1.0) * np.exp(-0.09 * 40.0))
    errors = [abs(catch_up(0.12, 0.03, 0.0, 0.3, 40.0, step) - exact) for step in (0.4, 0.2, 0.1)]
    assert errors[0] / errors[1] == pytest.approx(2.0, rel=0.1)
    assert errors[1] / errors[2] == pytest.approx(2.0, rel=0.1)


def test_slow_learner_falls_behind_for_good() -> None:
    """V-19, the trap: where learning is slower than the frontier moves away, the level goes to 0."""
    after = [catch_up(0.02, 0.04, 0.01, 0.5, years, 0.02) for years in (100.0, 200.0, 400.0)]
    assert after[0] > after[1] > after[2]
    assert after[2] < 0.02
    assert catch_up(0.04, 0.04, 0.01, 0.01, 1000.0, 0.05) == pytest.approx(0.25, rel=0.01)
