"""Effort: survival, horizon, discounting, and the best level against closed forms and against plain search."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.mechanics.effort import (
    Prospects,
    best_effort,
    best_of,
    discounted_days,
    hurdle,
    planning_days,
    survival_chance,
)

LEVELS = np.linspace(0.0, 1.0, 21)
shares = st.floats(0.0, 1.0)
money = st.floats(0.0, 100.0)


USUAL = Prospects(
    score=0.45,
    score_gain=0.001,
    margin=10.0,
    margin_gain=0.005,
    cost=3.0,
    threshold=0.5,
    spread=0.1,
    horizon_days=364.0,
    protected_days=0.0,
    discount=0.0005,
    budget=100.0,
    hurdle=1.0,
)
"""A firm near the threshold that gains from effort."""


def effort(**changes: float) -> float:
    """Return the best effort of the usual firm with some of its prospects changed."""
    return float(best_effort(LEVELS, USUAL._replace(**changes)))


@given(st.floats(-2.0, 2.0), shares, st.floats(0.1, 1.0))
def test_survival_and_its_mirror_sum_to_one(score: float, threshold: float, spread: float) -> None:
    mirrored = survival_chance(2.0 * threshold - score, threshold, spread)
    assert float(survival_chance(score, threshold, spread) + mirrored) == pytest.approx(1.0)


def test_survival_is_logistic_and_never_overflows() -> None:
    scores = np.array([0.5, 0.6, 1e300, -1e300])
    expected = [0.5, 1.0 / (1.0 + math.exp(-1.0)), 1.0, 0.0]
    assert survival_chance(scores, 0.5, 0.1) == pytest.approx(np.array(expected))


@pytest.mark.parametrize(("commitment", "expected"), [(0.0, 182.0), (91.0, 273.0), (-400.0, 182.0)])
def test_commitment_lengthens_the_horizon(commitment: float, expected: float) -> None:
    assert float(planning_days(commitment, 182.0)) == expected


@given(st.floats(0.0, 0.1), st.floats(0.0, 500.0), st.floats(0.0, 500.0))
def test_discounted_days_of_two_spans_add_up(rate: float, first: float, second: float) -> None:
    together = discounted_days(rate, 0.0, first) + discounted_days(rate, first, first + second)
    assert float(discounted_days(rate, 0.0, first + second)) == pytest.approx(float(together), rel=1e-9, abs=1e-9)


def test_discounted_days_reach_their_limits() -> None:
    found = discounted_days(np.array([0.0, 5e-324, 1e-15, 0.01]), 0.0, np.array([7.5, 7.5, 7.5, 1e9]))
    assert found == pytest.approx(np.array([7.5, 7.5, 7.5, 100.0]), rel=1e-9)


def test_hurdle_rises_with_volatility() -> None:
    assert hurdle(np.array([0.0, 0.2, 1.0]), 0.5) == pytest.approx(np.array([1.0, 1.1, 1.5]))


def test_equal_payoffs_go_to_the_lower_level() -> None:
    assert best_of(LEVELS, np.zeros((3, len(LEVELS)))).tolist() == [0.0, 0.0, 0.0]


@given(st.floats(0.0, 0.9), st.floats(1.0, 3.0))
def test_subsidy_of_the_spillover_share_brings_the_social_optimum(spillover: float, value: float) -> None:
    """V-21: with logarithmic returns V ln(1 + e) private effort is (1 - s) V / c - 1, the planner's V / c - 1."""
    cost = 1.0
    grid = np.linspace(0.0, 2.0, 2_001)
    step = grid[1] - grid[0]
    private = best_of(grid, (1.0 - spillover) * value * np.log1p(grid) - cost * grid)
    subsidised = best_of(grid, (1.0 - spillover) * value * np.log1p(grid) - cost * (1.0 - spillover) * grid)
    social = best_of(grid, value * np.log1p(grid) - cost * grid)
    assert float(private) == pytest.approx(max(0.0, (1.0 - spillover) * value / cost - 1.0), abs=step)
    assert float(social) == pytest.approx(value / cost - 1.0, abs=step)
    assert float(subsidised) == pytest.approx(float(social), abs=step)


def test_planner_gains_most_from_a_subsidy_of_the_spillover_share() -> None:
    """V-21: among all subsidies on a grid, the one that maximises social value equals the spillover share."""
    spillover, value, cost = 0.4, 2.5, 1.0
    grid, subsidies = np.linspace(0.0, 6.0, 12_001), np.linspace(0.0, 0.9, 91)
    gains = (1.0 - spillover) * value * np.log1p(grid)
    chosen = best_of(grid, gains - cost * (1.0 - subsidies[:, np.newaxis]) * grid)
    best = best_of(subsidies, value * np.log1p(chosen) - cost * chosen)
    assert float(best) == pytest.approx(spillover, abs=subsidies[1])


def worth(level: float, firm: Prospects) -> float:
    """Return the net present value of a level of effort of one firm, day by day instead of by segments."""
    days = (np.arange(3640) + 0.5) * float(firm.horizon_days) / 3640
    chance = survival_chance(firm.score + firm.score_gain * level * days, firm.threshold, firm.spread)
    stays = np.where(days <= firm.protected_days, 1.0, chance)
    net = stays * (firm.margin + firm.margin_gain * level * days) - firm.cost * level**2 * firm.hurdle
    return float((np.exp(-firm.discount * days) * net).mean() * firm.horizon_days)


@given(shares, st.floats(0.0, 0.002), money, money, st.floats(91.0, 1092.0), money)
def test_no_affordable_level_is_worth_more(
    score: float, gain: float, margin: float, cost: float, horizon: float, budget: float
) -> None:
    firm = USUAL._replace(score=score, score_gain=gain, margin=margin, cost=cost, horizon_days=horizon, budget=budget)
    chosen = float(best_effort(LEVELS, firm))
    affordable = [level for level in LEVELS.tolist() if level == 0.0 or cost * level**2 <= budget]
    assert chosen in affordable
    best = max(worth(level, firm) for level in affordable)
    # Eight segments stand for the days: the survival chance bends between their middles, by up to 2 % of all income.
    assert worth(chosen, firm) >= best - 0.02 * (margin + 0.005 * horizon) * horizon


def test_linear_margin_against_quadratic_cost_has_its_closed_form() -> None:
    """A firm that is sure to stay gains on average half the horizon's rise: e = gain horizon / (4 cost)."""
    grid = np.linspace(0.0, 2.0, 2_001)
    gains = np.array([0.5, 1.0, 3.0])
    firm = USUAL._replace(score=50.0, score_gain=0.0, margin_gain=gains, cost=1.0, horizon_days=2.0, discount=0.0)
    assert best_effort(grid, firm._replace(budget=np.inf)) == pytest.approx(gains / 2.0, abs=grid[1])


def test_effort_peaks_where_the_firm_may_be_saved() -> None:
    """Pressure moves those near the threshold; the safe and the hopeless have little to gain."""
    safe, near, hopeless = (effort(score=score, margin_gain=0.0) for score in (1.5, 0.45, -1.0))
    assert near > safe == hopeless == 0.0


@pytest.mark.parametrize("change", [{"budget": 0.0}, {"budget": -5.0}, {"hurdle": 1e6}, {"cost": 1e6}])
def test_effort_stops_when_it_cannot_be_paid_or_is_not_worth_it(change: dict[str, float]) -> None:
    assert effort() > 0.0
    assert effort(**change) == 0.0


@pytest.mark.parametrize("change", [{"margin": 60.0}, {"margin_gain": 0.03}, {"cost": 6.0}, {"horizon_days": 728.0}])
def test_effort_rises_with_stakes_and_horizon_and_falls_with_cost(change: dict[str, float]) -> None:
    dear = {"cost": 12.0}
    assert effort(**(dear | change)) > effort(**dear)


def test_protection_takes_the_pressure_away() -> None:
    """Whoever cannot be dropped before the end of the horizon gains nothing from a better score."""
    pressed = effort(margin_gain=0.0)
    assert pressed > 0.0
    assert effort(margin_gain=0.0, protected_days=364.0) == 0.0
    assert effort(margin_gain=0.0, protected_days=200.0) <= pressed


def test_effort_without_gain_is_none() -> None:
    assert effort(score_gain=0.0, margin_gain=0.0, cost=0.0) == 0.0


def test_firms_choose_each_for_itself() -> None:
    scores = np.array([1.5, 0.45, -1.0])
    together = best_effort(LEVELS, USUAL._replace(score=scores, margin_gain=0.0))
    assert together.tolist() == [effort(score=float(score), margin_gain=0.0) for score in scores]


@pytest.mark.parametrize(("cost", "chosen"), [(0.13, 0.0), (0.12, 1.0), (0.0, 1.0)])
def test_the_horizon_is_weighed_at_the_middles_of_eight_parts(cost: float, chosen: float) -> None:
    """A firm that is saved after 93 % of the horizon expects to earn in its last eighth, whose middle is at 94 %."""
    saved = {"score": 0.0, "threshold": 1.0, "spread": 1e-4, "score_gain": 1.0 / (0.93 * USUAL.horizon_days)}
    firm = USUAL._replace(margin=1.0, margin_gain=0.0, discount=0.0, cost=cost, **saved)
    assert float(best_effort(np.array([0.0, 1.0]), firm)) == chosen
