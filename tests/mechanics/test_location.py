"""Location and make-or-buy: company, logit choice between places, moves, and the sides of the comparison."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.mechanics.location import (
    GUMBEL_DEVIATION,
    gumbel,
    make_or_buy_gain,
    moving_probability,
    outsourced_share,
    place_productivity,
    place_utility,
)

money = st.floats(-100.0, 100.0)
DRAWS = (np.arange(1000) + 0.5) / 1000


@given(st.floats(0.0, 1000.0), st.floats(0.0, 1000.0), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_company_raises_productivity_at_a_constant_elasticity(
    sites: float, usual: float, elasticity: float, complexity: float
) -> None:
    found = float(place_productivity(sites, usual, elasticity, complexity))
    assert np.log(found) == pytest.approx(
        elasticity * (1.0 + complexity) * (np.log1p(sites) - np.log1p(usual)), abs=1e-9
    )


def test_gumbel_has_the_moments_of_its_law() -> None:
    draws = (np.arange(1_000_000) + 0.5) / 1_000_000
    assert float(gumbel(draws).mean()) == pytest.approx(np.euler_gamma, abs=1e-4)
    assert float(gumbel(draws).std()) == pytest.approx(GUMBEL_DEVIATION, rel=1e-3)


def test_of_two_places_each_is_taken_as_often_as_the_logit_says() -> None:
    utility = place_utility(np.array([10.0, 10.3]), 4.0, 0.1)
    ahead = utility[0] + gumbel(DRAWS)[:, None] > utility[1] + gumbel(DRAWS)
    odds = 1.0 / (1.0 + np.exp(-GUMBEL_DEVIATION / 0.1 * 0.3 / 4.0))
    assert float(ahead.mean()) == pytest.approx(odds, abs=1e-3)


@given(money, money, st.floats(0.1, 100.0), st.floats(0.01, 10.0), st.floats(0.01, 1000.0))
def test_money_in_another_unit_changes_no_choice(
    one: float, other: float, value: float, spread: float, unit: float
) -> None:
    costs = np.array([one, other])
    assert place_utility(unit * costs, unit * value, spread) == pytest.approx(place_utility(costs, value, spread))


@given(money, money, st.floats(0.0, 50.0))
def test_at_most_half_of_plants_give_way_and_more_where_it_saves_more(
    here: float, there: float, severance: float
) -> None:
    chance, more = moving_probability(np.array([here, here + 1.0]), there, severance, 4.0, 0.1)
    assert 0.0 <= chance <= more <= 0.5


def test_a_quarter_gives_way_where_going_costs_what_staying_costs() -> None:
    assert float(moving_probability(10.0, 8.0, 2.0, 4.0, 0.1)) == 0.25


@pytest.mark.parametrize("position", range(6))
def test_costs_of_making_speak_for_buying_and_costs_of_buying_against(position: int) -> None:
    gain = float(make_or_buy_gain(*np.eye(6)[position]))
    assert gain == (1.0 if position < 3 else -1.0)


@given(st.floats(-10.0, 10.0), st.floats(0.0, 5.0))
def test_bought_and_made_shares_sum_to_one(gain: float, sensitivity: float) -> None:
    bought, made = outsourced_share(np.array([gain, -gain]), sensitivity)
    assert bought + made == pytest.approx(1.0)
    assert bought >= 0.5 - 1e-12 or gain <= 0.0


def test_outsourced_share_at_known_points() -> None:
    shares_bought = outsourced_share(np.array([0.0, np.log(3.0), 1e300, -1e300]), 1.0)
    assert shares_bought == pytest.approx(np.array([0.5, 0.75, 1.0, 0.0]))
