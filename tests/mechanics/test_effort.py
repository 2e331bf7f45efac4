"""Effort: survival, horizon, annuity, and the best level against closed forms and against plain search."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.mechanics.effort import annuity, best_effort, best_of, hurdle, planning_periods, survival_chance

LEVELS = np.linspace(0.0, 1.0, 21)
shares = st.floats(0.0, 1.0)
money = st.floats(0.0, 100.0)


def effort(**changes: object) -> float:
    """Return the best effort of one firm that gains from effort, with some of its circumstances changed."""
    usual = {"score": 0.45, "score_gain": 0.3, "margin": 10.0, "margin_gain": 2.0, "cost": 3.0, "threshold": 0.5}
    usual |= {"spread": 0.1, "periods": 8.0, "discount": 0.98, "subsidy": 0.0, "budget": 100.0, "hurdle": 1.0}
    return float(best_effort(LEVELS, **(usual | changes)))  # type: ignore[arg-type]


@given(st.floats(-2.0, 2.0), shares, st.floats(0.1, 1.0))
def test_survival_and_its_mirror_sum_to_one(score: float, threshold: float, spread: float) -> None:
    mirrored = survival_chance(2.0 * threshold - score, threshold, spread)
    assert float(survival_chance(score, threshold, spread) + mirrored) == pytest.approx(1.0)


def test_survival_is_logistic_and_never_overflows() -> None:
    scores = np.array([0.5, 0.6, 1e300, -1e300])
    expected = [0.5, 1.0 / (1.0 + math.exp(-1.0)), 1.0, 0.0]
    assert survival_chance(scores, 0.5, 0.1) == pytest.approx(np.array(expected))


@pytest.mark.parametrize(
    ("commitment", "base", "expected"), [(0.0, 182.0, 2.0), (91.0, 182.0, 3.0), (-400.0, 182.0, 2.0), (0.0, 10.0, 1.0)]
)
def test_commitment_lengthens_the_horizon(commitment: float, base: float, expected: float) -> None:
    assert float(planning_periods(commitment, base, 91.0)) == pytest.approx(expected)


@given(st.floats(0.0, 1.0), st.integers(1, 40))
def test_annuity_is_the_sum_of_discounted_periods(discount: float, periods: int) -> None:
    summed = math.fsum(discount**t for t in range(1, periods + 1))
    assert float(annuity(discount, float(periods))) == pytest.approx(summed, rel=1e-9, abs=1e-300)


def test_annuity_reaches_its_limits() -> None:
    found = annuity(np.array([1.0, 1.0 - 1e-12, 0.0, 0.9]), np.array([7.5, 7.5, 3.0, np.inf]))
    assert found == pytest.approx(np.array([7.5, 7.5, 0.0, 9.0]), rel=1e-9)


@given(st.floats(0.1, 0.99), st.floats(1.0, 20.0), st.floats(0.0, 5.0))
def test_annuity_of_a_fractional_horizon_splits_in_two(discount: float, first: float, second: float) -> None:
    together = annuity(discount, first) + discount**first * annuity(discount, second)
    assert float(annuity(discount, first + second)) == pytest.approx(float(together))


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


@given(shares, shares, money, money, money, st.floats(1.0, 12.0), st.floats(-1.0, 1.0), money, st.floats(1.0, 2.0))
def test_no_affordable_level_is_worth_more(
    score: float,
    gain: float,
    margin: float,
    more: float,
    cost: float,
    ahead: float,
    aid: float,
    cash: float,
    bar: float,
) -> None:
    chosen = float(best_effort(LEVELS, score, gain, margin, more, cost, 0.5, 0.1, ahead, 0.97, aid, cash, bar))

    def worth(level: float) -> float:
        stay = float(survival_chance(score + gain * level, 0.5, 0.1))
        net = stay * (margin + more * level) - cost * level**2 * (1.0 - aid) * bar
        return float(annuity(0.97, ahead)) * net

    affordable = [level for level in LEVELS.tolist() if level == 0.0 or cost * level**2 * (1.0 - aid) <= cash]
    assert chosen in affordable
    assert worth(chosen) >= max(worth(level) for level in affordable) - 1e-9


def test_linear_margin_against_quadratic_cost_has_its_closed_form() -> None:
    """A firm that is sure to stay chooses e = margin gain / (2 cost)."""
    grid = np.linspace(0.0, 2.0, 2_001)
    gains = np.array([0.5, 1.0, 3.0])
    chosen = best_effort(grid, 50.0, 0.0, 1.0, gains, 1.0, 0.5, 0.1, 4.0, 1.0, 0.0, np.inf, 1.0)
    assert chosen == pytest.approx(gains / 2.0, abs=grid[1])


def test_effort_peaks_where_the_firm_may_be_saved() -> None:
    """Pressure moves those near the threshold; the safe and the hopeless have little to gain."""
    safe, near, hopeless = (effort(score=score, margin_gain=0.0) for score in (1.5, 0.45, -1.0))
    assert near > safe == hopeless == 0.0


@pytest.mark.parametrize(
    "change",
    [{"budget": 0.0}, {"budget": -5.0}, {"hurdle": 1e6}, {"subsidy": -1e6}, {"cost": 1e6}],
)
def test_effort_stops_when_it_cannot_be_paid_or_is_not_worth_it(change: dict[str, float]) -> None:
    assert effort() > 0.0
    assert effort(**change) == 0.0


@pytest.mark.parametrize("change", [{"subsidy": 0.6}, {"margin": 30.0}, {"margin_gain": 6.0}, {"cost": 1.5}])
def test_effort_rises_with_aid_and_stakes(change: dict[str, float]) -> None:
    costly = {"cost": 6.0, "score_gain": 0.1}
    assert effort(**(costly | change)) > effort(**costly)


def test_effort_without_gain_is_none() -> None:
    assert effort(score_gain=0.0, margin_gain=0.0, cost=0.0) == 0.0


@pytest.mark.parametrize("periods", [1.0, 2.5, 40.0])
def test_horizon_scales_gains_and_costs_alike(periods: float) -> None:
    assert effort(periods=periods) == effort()


def test_firms_choose_each_for_itself() -> None:
    scores = np.array([1.5, 0.45, -1.0])
    together = best_effort(LEVELS, scores, 0.3, 10.0, 0.0, 3.0, 0.5, 0.1, 8.0, 0.98, 0.0, 100.0, 1.0)
    assert together.tolist() == [effort(score=float(score), margin_gain=0.0) for score in scores]
