"""Sourcing: late bids, the best bid, and volumes that neither vanish nor exceed a cap."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from gpnde.mechanics.sourcing import (
    allocation_shares,
    bid_score,
    choose_bid,
    fill_to_cap,
    is_late,
    price_breaker_award,
    response_hours,
)

EQUAL = (1.0, 1.0, 1.0, 1.0)

scores = st.lists(st.floats(0.0, 1.0), min_size=1, max_size=12).map(np.array)


def test_response_is_lognormal_around_its_median() -> None:
    noise = stats.norm.ppf((np.arange(2001) + 0.5) / 2001)
    hours = response_hours(36.0, 0.5, 0.0, 0.8, noise)
    assert np.median(hours) == pytest.approx(36.0)
    assert np.log(hours).std() == pytest.approx(0.5, rel=0.01)
    assert is_late(hours, 24.0).mean() == pytest.approx(1.0 - stats.lognorm(0.5, scale=36.0).cdf(24.0), abs=0.001)


@given(st.floats(0.0, 1.0), st.floats(-3.0, 3.0))
def test_coordination_shortens_the_response_by_a_factor(coordination: float, noise: float) -> None:
    slow, fast = response_hours(36.0, 0.5, np.array([0.0, coordination]), 0.8, noise)
    assert fast / slow == pytest.approx(np.exp(-0.8 * coordination))


@given(st.floats(0.0, 1.0), st.floats(0.0, 2.0), st.floats(-3.0, 3.0))
def test_digital_exchange_shortens_the_response_by_a_factor(digital: float, effect: float, noise: float) -> None:
    slow, fast = response_hours(36.0, 0.5, 0.3, 0.8, noise, np.array([0.0, digital]), effect)
    assert fast / slow == pytest.approx(np.exp(-effect * digital))


def test_answer_on_the_deadline_is_not_late() -> None:
    assert is_late(np.array([23.9, 24.0, 24.1]), 24.0).tolist() == [False, False, True]


def test_bid_that_is_best_in_everything_scores_one() -> None:
    assert float(bid_score(100.0, 100.0, 10.0, 10.0, 1.0, 1.0, EQUAL)) == pytest.approx(1.0)


def test_best_lead_time_of_nothing_still_gives_marks() -> None:
    assert bid_score(5.0, 5.0, np.array([0.0, 3.0]), 0.0, 1.0, 1.0, EQUAL) == pytest.approx([1.0, 0.75])


@pytest.mark.parametrize("position", range(4))
def test_bid_weights_stand_in_the_order_of_the_marks(position: int) -> None:
    weights = (4.0, 3.0, 2.0, 1.0)
    price, lead, reliability, quality = np.where(np.arange(4) == position, [200.0, 20.0, 0.5, 0.5], [100, 10, 1, 1])
    loss = 1.0 - float(bid_score(price, 100.0, lead, 10.0, reliability, quality, weights))
    assert loss == pytest.approx(0.5 * weights[position] / sum(weights))


@given(scores, st.data())
def test_chosen_bid_is_on_time_and_no_worse_than_any_other(marks: NDArray[np.float64], data: st.DataObject) -> None:
    on_time = np.array(data.draw(st.lists(st.booleans(), min_size=len(marks), max_size=len(marks))))
    chosen = choose_bid(marks, on_time)
    if not on_time.any():
        assert chosen == -1
        return
    equals = np.flatnonzero(on_time & (marks == marks[on_time].max()))
    assert chosen == equals[0]


@given(scores, st.floats(0.0, 50.0))
def test_shares_sum_to_one_and_follow_the_scores(marks: NDArray[np.float64], beta: float) -> None:
    shares = allocation_shares(np.full(len(marks), 1.0 / len(marks)), marks, beta)
    assert shares.sum() == pytest.approx(1.0)
    assert (np.diff(shares[np.argsort(marks, kind="stable")]) >= -1e-12).all()


def test_log_odds_of_two_suppliers_rise_by_beta_times_their_difference() -> None:
    first, second = allocation_shares(np.array([0.9, 0.1]), np.array([0.1, -0.2]), 6.0)
    assert np.log(first / second) == pytest.approx(np.log(9.0) + 6.0 * 0.3)


def test_shares_come_back_when_scores_do() -> None:
    shares, risen = np.array([0.7, 0.2, 0.1]), np.array([-0.3, 0.2, 0.0])
    there = allocation_shares(shares, risen, 3.0)
    assert allocation_shares(there, -risen, 3.0) == pytest.approx(shares)


suppliers = st.lists(
    st.tuples(st.floats(0.0, 1.0), st.one_of(st.just(np.inf), st.floats(0.0, 1e4)), st.integers(0, 3)),
    min_size=1,
    max_size=10,
)


@given(st.floats(0.0, 1e5), suppliers)
def test_volumes_sum_to_the_total_if_the_caps_allow(total: float, given_: list[tuple[float, float, int]]) -> None:
    shares, caps, ranks = (np.array(column) for column in zip(*given_, strict=True))
    volume = fill_to_cap(total, shares, caps, ranks)
    assert volume.sum() == pytest.approx(min(total, caps.sum()), rel=1e-9, abs=1e-9)
    assert (volume >= 0.0).all()
    assert (volume <= caps * (1.0 + 1e-9)).all()


@given(st.floats(0.0, 1e5), suppliers)
def test_lower_rank_gets_only_what_the_better_ranks_cannot_take(
    total: float, given_: list[tuple[float, float, int]]
) -> None:
    shares, caps, ranks = (np.array(column) for column in zip(*given_, strict=True))
    volume = fill_to_cap(total, shares, caps, ranks)
    used = ranks[volume > 1e-6 * max(total, 1.0)]
    if len(used):
        better = ranks < used.max()
        assert volume[better] == pytest.approx(caps[better], rel=1e-9)


def test_overflow_inside_a_rank_goes_by_share_to_those_with_room() -> None:
    volume = fill_to_cap(100.0, np.array([0.5, 0.3, 0.2]), np.array([10.0, 90.0, 90.0]), np.zeros(3, dtype=np.int64))
    assert volume == pytest.approx([10.0, 54.0, 36.0])


def test_suppliers_without_a_share_take_equal_parts_when_no_other_can() -> None:
    volume = fill_to_cap(30.0, np.array([1.0, 0.0, 0.0]), np.array([10.0, 50.0, 50.0]), np.zeros(3, dtype=np.int64))
    assert volume == pytest.approx([10.0, 10.0, 10.0])


@given(scores, st.floats(0.0, 1.0), st.data())
def test_price_breaker_gains_what_the_others_give_up(
    marks: NDArray[np.float64], awarded: float, data: st.DataObject
) -> None:
    shares = allocation_shares(np.full(len(marks), 1.0 / len(marks)), marks, 3.0)
    lowest = data.draw(st.integers(0, len(shares) - 1))
    after = price_breaker_award(shares, lowest, awarded)
    assert after.sum() == pytest.approx(1.0)
    assert after[lowest] == pytest.approx(shares[lowest] + awarded * (1.0 - shares[lowest]))
    others = np.arange(len(shares)) != lowest
    assert after[others] == pytest.approx(shares[others] * (1.0 - awarded))
