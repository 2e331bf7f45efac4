"""Bertrand prices of a logit market against closed forms and brute force; generations of products."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.mechanics.demand import bass_cumulative
from gpnde.mechanics.rivalry import (
    bertrand_prices,
    best_markup,
    brand_appeal,
    crowded_sensitivity,
    design_capability,
    logit_shares,
    mean_quality,
    outside_utility,
    outside_utility_at,
    own_markup,
    reach_of_brand,
    settled_quality,
    time_to_market,
)

Floats = npt.NDArray[np.float64]

brands = st.lists(st.tuples(st.floats(0, 20), st.floats(0.05, 20), st.floats(-5, 60)), min_size=1, max_size=7).map(
    np.array
)
"""Cost, price sensitivity and appeal at a price of 0 of each brand; cost is in units of 1/sensitivity."""


def columns(market: Floats) -> tuple[Floats, Floats, Floats]:
    return market[:, 0] / market[:, 1], market[:, 1], market[:, 2]


@given(brands, st.floats(-5, 5))
def test_every_seller_has_the_markup_that_its_share_makes_best(market: Floats, outside: float) -> None:
    cost, sensitivity, appeal = columns(market)
    price = bertrand_prices(cost, sensitivity, appeal, outside)
    share = logit_shares(appeal - sensitivity * price, outside)
    np.testing.assert_allclose((price - cost) * sensitivity * (1.0 - share), 1.0, rtol=1e-9)


@pytest.mark.parametrize("outside", [-20.0, 0.0, 3.0])
def test_no_seller_gains_by_another_price(outside: float) -> None:
    cost, sensitivity, appeal = np.array([1.0, 1.2, 0.7]), np.array([4.0, 5.0, 3.0]), np.array([7.0, 9.0, 4.0])
    best = bertrand_prices(cost, sensitivity, appeal, outside)
    for seller in range(3):
        tried = np.tile(best, (401, 1))
        tried[:, seller] *= np.linspace(0.8, 1.2, 401)
        profit = [
            (prices[seller] - cost[seller]) * logit_shares(appeal - sensitivity * prices, outside)[seller]
            for prices in tried
        ]
        assert int(np.argmax(profit)) == 200


def test_equal_costs_give_equal_markups() -> None:
    price = bertrand_prices(np.full(4, 2.0), np.full(4, 3.0), np.full(4, 8.0), 0.0)
    assert np.ptp(price) <= 1e-12
    assert (price[0] - 2.0) * 3.0 == pytest.approx(1.0 / (1.0 - logit_shares(8.0 - 3.0 * price, 0.0)[0]))


def test_covered_market_of_equals_has_the_textbook_markup() -> None:
    """Without an outside good n equals have shares of 1/n: markup n / (alpha (n - 1))."""
    for count in (2, 3, 10):
        price = bertrand_prices(np.ones(count), np.full(count, 4.0), np.full(count, 100.0), -200.0)
        np.testing.assert_allclose(price - 1.0, count / (4.0 * (count - 1)), rtol=1e-9)


def test_markup_of_a_monopolist_solves_its_own_condition() -> None:
    price = float(bertrand_prices(np.array([1.0]), np.array([2.0]), np.array([6.0]), 0.0)[0])
    odds = math.exp(6.0 - 2.0 * price)
    assert price == pytest.approx(1.0 + (1.0 + odds) / 2.0, rel=1e-12)


def test_many_sellers_keep_the_markup_of_the_small() -> None:
    price = bertrand_prices(np.ones(10_000), np.full(10_000, 5.0), np.full(10_000, 9.0), 0.0)
    np.testing.assert_allclose(price - 1.0, 1.0 / 5.0, rtol=2e-4)


def test_brand_that_nobody_considers_changes_no_price_of_others() -> None:
    cost, sensitivity = np.ones(3), np.full(3, 4.0)
    alone = bertrand_prices(cost[:2], sensitivity[:2], np.array([6.0, 7.0]), 0.0)
    joined = bertrand_prices(cost, sensitivity, np.array([6.0, 7.0, -np.inf]), 0.0)
    np.testing.assert_allclose(joined, [*alone, 1.0 + 1.0 / 4.0], rtol=1e-12)


def test_money_of_another_unit_changes_prices_alone() -> None:
    cost, sensitivity, appeal = np.array([1.0, 1.5]), np.array([4.0, 5.0]), np.array([7.0, 9.0])
    price = bertrand_prices(cost, sensitivity, appeal, 0.5)
    np.testing.assert_allclose(bertrand_prices(10 * cost, sensitivity / 10, appeal, 0.5), 10 * price, rtol=1e-12)


@given(brands, st.floats(0.001, 0.99))
def test_outside_utility_brings_about_the_share_that_it_was_asked_for(market: Floats, share: float) -> None:
    cost, sensitivity, appeal = columns(market)
    outside = outside_utility(cost, sensitivity, appeal, share)
    price = bertrand_prices(cost, sensitivity, appeal, outside)
    inside = logit_shares(appeal - sensitivity * price, outside)
    assert 1.0 - inside.sum() == pytest.approx(share, rel=1e-6)
    assert outside_utility_at(appeal - sensitivity * price, share) == pytest.approx(outside, abs=1e-6)


@given(st.floats(-50, 1000))
def test_own_markup_solves_its_equation(lead: float) -> None:
    markup = own_markup(lead)
    assert markup >= 1.0
    if markup > 1.0 + 1e-9:
        assert math.log1p(-1.0 / markup) + markup == pytest.approx(lead, abs=1e-6)


def test_shares_are_those_of_the_odds() -> None:
    np.testing.assert_allclose(
        logit_shares(np.log([1.0, 2.0, 0.0 + 1e-300]), math.log(3.0)), [1 / 6, 1 / 3, 0], atol=1e-9
    )
    assert logit_shares(np.zeros(0), 0.0).tolist() == []


def test_utilities_beyond_the_range_of_exponentials_are_harmless() -> None:
    assert logit_shares(np.array([2000.0, 2000.0]), -2000.0).tolist() == [0.5, 0.5]


def test_larger_share_has_the_larger_markup() -> None:
    assert best_markup(4.0, np.array([0.0, 0.5, 0.75])).tolist() == [0.25, 0.5, 1.0]


def test_ability_shortens_the_time_to_market_at_a_constant_rate() -> None:
    assert time_to_market(800.0, 1.5, 0.0) == 800.0
    assert time_to_market(800.0, 1.5, 0.8) == pytest.approx(800.0 * math.exp(-1.2))
    assert time_to_market(800.0, 0.0, 0.8) == 800.0


def test_designers_count_by_their_share_of_the_value() -> None:
    assert design_capability(0.9, 0.1, 0.0) == 0.9
    assert design_capability(0.9, 0.1, 1.0) == pytest.approx(0.1)
    assert design_capability(0.9, 0.1, 0.25) == pytest.approx(0.7)


def test_crowding_raises_sensitivity_by_its_share_at_full_availability() -> None:
    assert crowded_sensitivity(4.0, 0.5, np.array([0.0, 0.5, 1.0])).tolist() == [4.0, 5.0, 6.0]


def test_new_generation_takes_over_as_buyers_come_to_consider_it() -> None:
    appeal = brand_appeal(1.0, 0.0, 1.0, np.array([0.0, 0.5, 1.0]), 2.0)
    np.testing.assert_allclose(np.exp(appeal), [1.0, 0.5 * (1.0 + math.exp(2.0)), math.exp(2.0)])


def test_launch_loses_no_buyer_of_the_former_generation() -> None:
    """What considered a brand on the last day of a generation considers it on the first day of the next."""
    reach = reach_of_brand(0.3, 0.6)
    mean = mean_quality(0.8, 0.5, 0.3, 0.6)
    assert reach_of_brand(reach, 0.0) == pytest.approx(float(reach))
    assert mean_quality(2.0, mean, reach, 0.0) == pytest.approx(float(mean))


def test_equal_generations_settle_at_the_closed_form() -> None:
    availability, lost, former = 0.7, 0.15, 0.0
    for _ in range(200):
        former = float(mean_quality(0.9, former, 1.0, availability)) - lost
    assert settled_quality(0.9, lost, availability) == pytest.approx(former, rel=1e-12)


def test_availability_of_a_generation_is_the_diffusion_of_bass() -> None:
    p, q = 0.01, 0.1
    age = np.array([0.0, 5.0, 50.0])
    decay = np.exp(-(p + q) * age)
    np.testing.assert_allclose(bass_cumulative(age, p, q), (1 - decay) / (1 + q / p * decay))
