"""How long firms expect to keep their places, and how leads wane."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.mechanics.expectations import chance_beaten, expected_days, hazard_per_day, waning
from gpnde.mechanics.scorecard import expected_reviews_to_dismissal


def test_half_of_the_reviews_fail_at_the_threshold() -> None:
    per_day = float(hazard_per_day(0.5, 0.5, 0.08, 2, 91.0))
    assert 1.0 - np.exp(-91.0 * per_day) == pytest.approx(1.0 / expected_reviews_to_dismissal(0.5, 2))


@given(score=st.floats(0.0, 0.9), more=st.floats(0.001, 0.1))
def test_better_scores_are_safer(score: float, more: float) -> None:
    assert hazard_per_day(score + more, 0.5, 0.08, 2, 91.0) <= hazard_per_day(score, 0.5, 0.08, 2, 91.0)


def test_days_kept_are_those_of_a_simulated_dismissal() -> None:
    lost = 100.0 + np.random.default_rng(3).exponential(1.0 / 0.004, 200_000)
    until = np.minimum(lost, 728.0)
    worth = -np.expm1(-0.0003 * until) / 0.0003
    assert float(expected_days(0.004, 0.0003, 100.0, 728.0)) == pytest.approx(worth.mean(), rel=0.003)


def test_protection_beyond_the_horizon_counts_up_to_it() -> None:
    assert float(expected_days(5.0, 0.0, 1000.0, 364.0)) == 364.0


def test_a_lead_that_lasts_is_worth_all() -> None:
    assert float(waning(0.0, 0.0002, 1456.0)) == 1.0
    assert float(waning(0.01, 0.0, 10_000.0)) == pytest.approx(0.01, rel=1e-6)


def test_a_locked_place_is_lost_in_the_share_of_cases_in_which_a_bid_beats_it() -> None:
    bids = 0.6 + 0.08 * np.random.default_rng(5).standard_normal(200_000)
    assert float(chance_beaten(0.5, 0.6, 0.2, 0.08)) == pytest.approx((bids > 0.5 + 0.2 * 0.5).mean(), abs=0.005)
    per_day = [float(hazard_per_day(0.5, 0.5, 0.08, 2, 91.0, each)) for each in (1.0, 0.4)]
    lost = -np.expm1(-91.0 * np.array(per_day))
    assert lost[1] == pytest.approx(0.4 * lost[0])
