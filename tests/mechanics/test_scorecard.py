"""Scorecards: marks, strikes, protection by commitment, and the mean time to dismissal in closed form."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.mechanics.scorecard import (
    dismissal_hazard,
    dismissals,
    expected_reviews_to_dismissal,
    finance_gate,
    price_mark,
    quality_mark,
    relative_bar,
    response_mark,
    update_strikes,
    weighted_score,
)

marks = st.floats(0.0, 1.0)
score_weights = st.lists(st.floats(0.01, 10.0), min_size=4, max_size=4)


def test_finance_gate_needs_both_cash_and_low_debt() -> None:
    cash, debt = np.array([1.0, 1.0, 0.9]), np.array([0.8, 0.81, 0.1])
    assert finance_gate(cash, 1.0, debt, 0.8).tolist() == [True, False, False]


@given(marks, marks, marks, marks, score_weights)
def test_score_lies_between_the_worst_and_the_best_mark(
    delivery: float, quality: float, price: float, response: float, weight: list[float]
) -> None:
    score = float(weighted_score(delivery, quality, price, response, weight))
    given_ = (delivery, quality, price, response)
    assert min(given_) - 1e-12 <= score <= max(given_) + 1e-12


@pytest.mark.parametrize("position", range(4))
def test_weights_stand_in_the_order_of_the_marks(position: int) -> None:
    weights = (0.35, 0.30, 0.20, 0.15)
    delivery, quality, price, response = np.eye(4)[position]
    score = weighted_score(delivery, quality, price, response, weights)
    assert float(score) == pytest.approx(weights[position])


def test_good_review_clears_the_strikes() -> None:
    strikes = np.zeros(1, dtype=np.int64)
    for score, expected in [(0.4, 1), (0.49, 2), (0.5, 0), (0.1, 1)]:
        strikes = update_strikes(strikes, np.array([score]), 0.5)
        assert strikes.tolist() == [expected]


def test_commitment_protects_until_it_ends() -> None:
    until = np.array([90.0, 91.0, 92.0])
    assert dismissals(np.full(3, 2), 2, until, 91.0).tolist() == [True, True, False]


@given(st.floats(0.05, 0.95), st.integers(1, 4))
def test_expected_reviews_solve_the_chain_of_strikes(failure: float, allowed: int) -> None:
    chain = np.zeros((allowed, allowed))
    chain[:, 0] = 1.0 - failure
    chain[np.arange(allowed - 1), np.arange(1, allowed)] = failure
    waiting = np.linalg.solve(np.eye(allowed) - chain, np.ones(allowed))
    assert expected_reviews_to_dismissal(failure, allowed) == pytest.approx(waiting[0], rel=1e-6)


@pytest.mark.parametrize(("failure", "allowed", "expected"), [(0.3, 2, 14.444444), (1.0, 3, 3.0), (0.0, 1, math.inf)])
def test_expected_reviews_at_known_points(failure: float, allowed: int, expected: float) -> None:
    assert expected_reviews_to_dismissal(failure, allowed) == pytest.approx(expected)


def test_simulated_suppliers_last_as_long_as_the_closed_form_says() -> None:
    rng = np.random.default_rng(1)
    suppliers = 20_000
    strikes = np.zeros(suppliers, dtype=np.int64)
    lasted = np.zeros(suppliers)
    employed = np.ones(suppliers, dtype=bool)
    while employed.any():
        lasted += employed
        strikes = update_strikes(strikes, np.where(rng.random(suppliers) < 0.3, 0.0, 1.0), 0.5)
        employed &= ~dismissals(strikes, 2, 0.0, 1.0)
    assert lasted.mean() == pytest.approx(expected_reviews_to_dismissal(0.3, 2), rel=0.03)


@given(st.floats(0.01, 1.0), st.integers(1, 4))
def test_hazard_is_one_over_the_mean_time_to_dismissal(failure: float, strikes: int) -> None:
    assert float(dismissal_hazard(failure, strikes)) == pytest.approx(
        1.0 / expected_reviews_to_dismissal(failure, strikes)
    )


def test_quality_is_read_between_no_capability_and_the_frontier() -> None:
    assert quality_mark(np.array([0.7, 0.8, 0.9]), 0.7, 0.9).tolist() == pytest.approx([0.0, 0.5, 1.0])
    assert quality_mark(0.6, 0.7, 0.9) == 0.0
    assert quality_mark(0.4, 1.0, 1.0) == 1.0


def test_response_is_the_chance_to_answer_in_time() -> None:
    drawn = 30.0 * np.exp(0.6 * np.random.default_rng(1).standard_normal(200_000))
    assert float(response_mark(30.0, 24.0, 0.6)) == pytest.approx((drawn <= 24.0).mean(), abs=0.005)
    assert response_mark(np.array([23.0, 24.0, 25.0]), 24.0, 0.0).tolist() == [1.0, 1.0, 0.0]


def test_price_is_marked_against_the_best() -> None:
    assert price_mark(np.array([8.0, 10.0, 12.5]), 10.0).tolist() == pytest.approx([1.0, 1.0, 0.8])
    assert price_mark(5.0, np.inf) == 1.0


def test_hazard_of_each_supplier_goes_by_the_strikes_of_its_buyer() -> None:
    failure, strikes = np.array([0.3, 0.3, 0.6]), np.array([1, 3, 2])
    alone = [float(dismissal_hazard(f, k)) for f, k in zip(failure.tolist(), strikes.tolist(), strict=True)]
    assert dismissal_hazard(failure, strikes).tolist() == pytest.approx(alone)


@given(st.lists(marks, min_size=2, max_size=9), marks)
def test_relative_bar_lies_deviations_below_the_mean(scores: list[float], threshold: float) -> None:
    given_scores = np.array(scores)
    bar = relative_bar(threshold, len(scores), given_scores.sum(), (given_scores**2).sum())
    assert float(bar) == pytest.approx(given_scores.mean() - (1.75 - threshold) * given_scores.std(), abs=1e-6)


@given(marks, st.integers(1, 50))
def test_nobody_is_behind_its_equals(score: float, count: int) -> None:
    scores = np.full(count, score)
    assert relative_bar(1.0, count, scores.sum(), (scores**2).sum()) < score
