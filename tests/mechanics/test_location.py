"""Location and make-or-buy: the gradient of complexity, logit choice, and the sides of the comparison."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from gpnde.mechanics.location import (
    choice_probabilities,
    choose,
    location_utility,
    make_or_buy_gain,
    outsourced_share,
)

shares = st.floats(0.0, 1.0)
utilities = arrays.arrays(np.float64, (3, 4), elements=st.floats(-1e3, 1e3))
unit_draws = st.floats(0.0, 1.0, exclude_max=True)


def utility(**changes: float) -> float:
    """Return the utility of a cluster with every pull at work, with some of its figures changed."""
    usual = {"cost": 1.0, "sites_in_cluster": 9.0, "cluster_knowledge": 0.5, "distance_km": 800.0, "market_size": 2.0}
    usual |= {"complexity": 0.5, "agglomeration": 0.1, "knowledge_pull": 0.8, "distance_cost": 0.001}
    return float(location_utility(**(usual | {"market_pull": 0.3} | changes)))


def test_utility_at_a_known_point() -> None:
    assert utility() == pytest.approx(-1.0 + 0.15 * np.log(10.0) + 0.2 - 0.8 + 0.3)


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        ({"cost": 1.5}, -0.5),
        ({"distance_km": 900.0}, -0.1),
        ({"cluster_knowledge": 1.0}, 0.2),
        ({"market_size": 3.0}, 0.15),
        ({"sites_in_cluster": 0.0}, -0.15 * np.log(10.0)),
    ],
)
def test_each_figure_pulls_with_its_weight(change: dict[str, float], difference: float) -> None:
    assert utility(**change) - utility() == pytest.approx(difference)


@given(shares, shares)
def test_complex_functions_prefer_knowledge_and_simple_ones_the_market(one: float, other: float) -> None:
    simple, demanding = sorted((one, other))
    knowing = {"cluster_knowledge": 1.0, "sites_in_cluster": 50.0, "market_size": 0.0}
    selling = {"cluster_knowledge": 0.0, "sites_in_cluster": 0.0, "market_size": 2.0}
    leaning = [utility(complexity=x, **knowing) - utility(complexity=x, **selling) for x in (simple, demanding)]
    assert leaning[1] >= leaning[0] - 1e-12


def test_market_does_not_draw_the_most_complex_nor_knowledge_the_simplest() -> None:
    assert utility(complexity=1.0, market_size=9.0) == utility(complexity=1.0)
    assert utility(complexity=0.0, cluster_knowledge=0.9) == utility(complexity=0.0)


@given(utilities, st.floats(-100.0, 100.0))
def test_choice_sums_to_one_and_ignores_a_common_shift(values: NDArray[np.float64], shift: float) -> None:
    chances = choice_probabilities(values)
    assert chances.sum(axis=-1) == pytest.approx(np.ones(3))
    assert choice_probabilities(values + shift) == pytest.approx(chances, abs=1e-9)


@given(st.floats(-20.0, 20.0), st.floats(-20.0, 20.0))
def test_log_odds_are_the_difference_in_utility(one: float, other: float) -> None:
    first, second = choice_probabilities(np.array([one, other]))
    assert np.log(first / second) == pytest.approx(one - other, abs=1e-9)


def test_choice_survives_extreme_utilities() -> None:
    chances = choice_probabilities(np.array([[1e308, -1e308 / 2, 0.0], [-np.inf, -1e300, -np.inf]]))
    assert chances.tolist() == [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]


@given(arrays.arrays(np.float64, 5, elements=st.sampled_from([0.0, 1e-9, 0.1, 0.3, 1.0])), unit_draws)
def test_choice_falls_where_the_draw_lies(weights: NDArray[np.float64], draw: float) -> None:
    weights[2] += 0.2
    chances = weights / weights.sum()
    chosen = int(choose(chances, draw))
    assert chances[chosen] > 0.0
    assert chances[:chosen].sum() - 1e-12 <= draw <= chances[: chosen + 1].sum() + 1e-12


def test_last_draw_below_one_stays_within_the_alternatives() -> None:
    assert choose(np.full(10, 0.1), np.nextafter(1.0, 0.0)) == 9
    assert choose(np.array([0.5, 0.5, 0.0]), np.nextafter(1.0, 0.0)) == 1


def test_each_row_has_its_own_draw() -> None:
    chances = np.array([[0.5, 0.5], [0.5, 0.5], [1.0, 0.0]])
    chosen = choose(chances, np.array([0.2, 0.7, 0.7]))
    assert chosen.tolist() == [0, 1, 0]
    assert chosen.dtype == np.int64


def test_choices_are_as_frequent_as_their_probabilities() -> None:
    draws = (np.arange(10_000) + 0.5) / 10_000
    frequency = np.bincount(choose(np.array([0.2, 0.0, 0.5, 0.3]), draws), minlength=4) / len(draws)
    assert frequency == pytest.approx(np.array([0.2, 0.0, 0.5, 0.3]), abs=1e-3)


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
