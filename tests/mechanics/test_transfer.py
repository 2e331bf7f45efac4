"""Transfer: the exact step toward the teachers, what ties carry, and three closed forms of diffusion."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.mechanics.learning import retention
from gpnde.mechanics.transfer import (
    codified_carrying,
    contact_share,
    distance_decay,
    effective_days,
    open_gap,
    openness,
    reach,
    shared_hours,
    tacit_carrying,
    visit_frequency,
)

levels = st.floats(0.0, 1.0)
rates = st.floats(0.0, 10.0)
days = st.floats(0.0, 1000.0)
distances = st.floats(0.0, 20_000.0)


@given(rates, days)
def test_closing_never_exceeds_the_days_nor_the_mean_life_of_a_gap(rate: float, elapsed: float) -> None:
    worth = float(effective_days(rate, elapsed))
    assert 0.0 <= worth <= elapsed
    assert worth * rate <= 1.0 + 1e-15


def test_closing_is_continuous_where_the_rate_vanishes() -> None:
    rate = np.array([0.0, 5e-324, 1e-300, 1e-12, 1e-6])
    assert effective_days(rate, 28.0) == pytest.approx(28.0 * (1.0 - rate * 14.0), rel=1e-9)
    assert effective_days(rate, 0.0).tolist() == [0.0] * 5


@given(levels, levels, levels)
def test_gap_is_open_only_for_what_is_neither_known_nor_waiting(source: float, own: float, waiting: float) -> None:
    gap = float(open_gap(source, own, waiting))
    assert gap >= 0.0
    assert own + waiting + gap == pytest.approx(max(source, own + waiting))


@given(levels, levels, st.floats(0.0, 0.5), days)
def test_two_nodes_close_their_gap_exponentially(source: float, start: float, rate: float, elapsed: float) -> None:
    """V-20: whatever the number of steps; and the source loses nothing."""
    gap = float(open_gap(source, start, 0.0))
    for steps in (1, 7):
        waiting = 0.0
        for _ in range(steps):
            waiting += rate * float(open_gap(source, start, waiting) * effective_days(rate, elapsed / steps))
        assert gap - waiting == pytest.approx(gap * np.exp(-rate * elapsed), abs=1e-12)
        assert start + waiting <= max(source, start) + 1e-15


@given(st.lists(st.tuples(levels, st.floats(0.0, 5.0)), min_size=1, max_size=6), levels, days)
def test_learner_never_passes_the_best_of_several_teachers(
    teachers: list[tuple[float, float]], own: float, elapsed: float
) -> None:
    source, rate = np.array(teachers).T
    gap = open_gap(source, own, 0.0)
    total = float(rate[gap > 0.0].sum())
    receipts = float((rate * gap * effective_days(total, elapsed)).sum())
    assert receipts >= 0.0
    assert own + receipts <= max(source.max(), own) + 1e-14


@given(distances, st.floats(1.0, 5000.0))
def test_spillover_halves_with_every_halving_distance(distance: float, halving: float) -> None:
    near, far = distance_decay(np.array([distance, distance + halving]), halving)
    assert far == pytest.approx(near / 2.0)


def test_distance_ranges_from_none_to_infinite() -> None:
    assert distance_decay(np.array([0.0, np.inf, 100.0]), np.array([300.0, 300.0, np.inf])).tolist() == [1.0, 0.0, 1.0]


def test_digital_means_raise_what_is_codified_as_far_as_access_goes() -> None:
    assert codified_carrying(0.4, 0.5, np.array([0.0, 1.0, 2.0]), 1.0) == pytest.approx([0.4, 0.6, 0.8])
    assert codified_carrying(0.4, 0.5, 1.0, np.array([0.0, 0.25])) == pytest.approx([0.0, 0.15])


@given(levels, levels, levels, levels, levels)
def test_trust_needs_contact_and_the_other_ways_do_not(
    trust: float, contact: float, co_location: float, peer: float, secondment: float
) -> None:
    far = float(tacit_carrying(trust, contact, co_location, peer, secondment))
    assert far == pytest.approx(trust * contact + co_location + peer + secondment)
    assert far <= float(tacit_carrying(trust, 1.0, co_location, peer, secondment))


@given(distances, st.floats(0.5, 30.0), st.floats(500.0, 10_000.0), st.floats(1.0, 364.0))
def test_visits_are_as_many_as_the_days_away_from_home_allow(
    distance: float, stay: float, km_per_day: float, days_away: float
) -> None:
    """A visit takes its stay and the way there and back."""
    visits = days_away / (stay + 2.0 * distance / km_per_day)
    next_door, halving = days_away / stay, stay * km_per_day / 2.0
    assert float(visit_frequency(distance, halving)) == pytest.approx(visits / next_door)


def test_far_partners_still_visit_where_a_spillover_is_gone() -> None:
    assert float(visit_frequency(12_000.0, 12_000.0)) == 0.5
    assert float(distance_decay(12_000.0, 300.0)) < 1e-11


@given(st.floats(0.0, 12.0), st.floats(0.1, 24.0))
def test_partners_meet_in_the_hours_in_which_both_are_awake(apart: float, day: float) -> None:
    share = float(shared_hours(apart, day))
    assert share * day == pytest.approx(max(day - apart, 0.0))


@given(st.integers(0, 5), st.integers(0, 3), levels)
def test_reach_ends_one_step_above_the_level_and_the_extra_steps(level: int, extra: int, leak: float) -> None:
    open_steps = reach(np.arange(12.0), float(level), float(extra), leak)
    assert open_steps[: level + extra + 2].tolist() == [1.0] * (level + extra + 2)
    assert (open_steps[level + extra + 2 :] == leak).all()


def test_learner_without_any_rung_is_shown_the_first() -> None:
    assert reach(np.array([0.0, 1.0]), -1.0, 0.0, 0.2).tolist() == [1.0, 0.2]


@given(levels, st.floats(30.0, 3000.0), st.floats(-1e-4, 1e-4))
def test_openness_is_linear_near_the_reference_life(sensitivity: float, reference: float, change: float) -> None:
    factor = float(openness(sensitivity, reference, reference / (1.0 + change)))
    assert factor == pytest.approx(1.0 + sensitivity * change, abs=1e-8)


@given(st.floats(0.0, 3.0), st.floats(1.0, 1e5), st.floats(1.0, 1e5))
def test_shorter_lives_make_networks_more_open(sensitivity: float, one: float, other: float) -> None:
    short, long = openness(sensitivity, 364.0, np.array(sorted([one, other])))
    assert short >= long > 0.0


def test_product_without_a_life_cycle_counts_as_the_reference() -> None:
    assert openness(np.array([0.0, 0.5, 2.0]), 364.0, np.inf).tolist() == [1.0, 1.0, 1.0]


@given(st.floats(0.001, 0.999), st.floats(0.0, 0.5), st.floats(0.0, 60.0))
def test_odds_of_knowing_grow_exponentially_with_contacts(share: float, rate: float, elapsed: float) -> None:
    """V-15."""
    after = contact_share(share, rate, elapsed)
    ignorant = contact_share(1.0 - share, -rate, elapsed)
    assert np.log(after / ignorant) == pytest.approx(np.log(share / (1.0 - share)) + rate * elapsed, abs=1e-9)


def test_contacts_solve_the_logistic_equation() -> None:
    """V-15, against a fine integration of dx = rate x (1 - x)."""
    time = np.linspace(0.0, 100.0, 100_001)
    path = contact_share(0.01, 0.1, time)
    slope = np.gradient(path, time)[1:-1]
    assert slope == pytest.approx((0.1 * path * (1.0 - path))[1:-1], rel=1e-6)


def test_no_firm_learns_what_none_knows_even_in_a_very_long_time() -> None:
    assert contact_share(np.array([0.0, 1e-3, 1.0]), 1.0, 1e4).tolist() == [0.0, 1.0, 1.0]


def follow_frontier(learning: float, growth: float, start: float, days: float, step: float) -> float:
    """Return the level relative to a frontier that moves, in steps of transfer and drift (rates per day)."""
    level = start
    for _ in range(round(days / step)):
        level += learning * float(open_gap(1.0, level, 0.0) * effective_days(learning, step))
        level *= float(retention(0.0, growth, step))
    return level


@pytest.mark.parametrize("start", [0.05, 0.5, 1.0])
def test_technology_in_use_follows_the_frontier_at_a_distance(start: float) -> None:
    """V-18 (Nelson and Phelps, 1966), with steps of 28 days.

    A step first learns and then drifts, each exactly, so that the error is of first order in the step: at most the
    share g dt of the level, here 0.4 %.
    """
    learning, growth, step = 0.05 / 28.0, 0.05 / 364.0, 28.0
    limit = learning / (learning + growth)
    for elapsed in (280.0, 2800.0, 28_000.0):
        exact = limit + (start - limit) * np.exp(-(learning + growth) * elapsed)
        assert follow_frontier(learning, growth, start, elapsed, step) == pytest.approx(exact, rel=growth * step)


def test_distance_to_the_frontier_is_exact_as_steps_get_short() -> None:
    """V-18: a tenth of the step, a tenth of the error."""
    learning, growth = 0.05 / 28.0, 0.05 / 364.0
    limit = learning / (learning + growth)
    errors = [abs(follow_frontier(learning, growth, 0.5, 14_000.0, step) - limit) for step in (28.0, 2.8)]
    assert errors[0] / errors[1] == pytest.approx(10.0, rel=0.05)
