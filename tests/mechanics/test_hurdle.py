"""The hurdle of Dixit and Pindyck, and the volatility of worth behind it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.mechanics.hurdle import hurdle, income_pattern, value_volatility


def test_hurdle_of_the_textbook() -> None:
    assert float(hurdle(0.2, 0.08, 0.08)) == pytest.approx(1.640, abs=5e-4)
    assert float(hurdle(0.0, 0.08, 0.08)) == pytest.approx(1.0, abs=1e-4)


@given(volatility=st.floats(0.01, 2.0), interest=st.floats(0.01, 0.3), more=st.floats(0.0, 0.2))
def test_beta_is_a_root_of_the_fundamental_quadratic(volatility: float, interest: float, more: float) -> None:
    payout = interest + more
    factor = float(hurdle(volatility, interest, payout))
    beta = factor / (factor - 1.0)
    left = volatility**2 / 2.0 * beta * (beta - 1.0) + (interest - payout) * beta - interest
    assert left == pytest.approx(0.0, abs=1e-6 * beta**2)
    assert beta > 1.0


@given(volatility=st.floats(0.01, 1.0))
def test_more_volatile_worth_makes_firms_wait_longer(volatility: float) -> None:
    assert hurdle(volatility + 0.1, 0.08, 0.08) > hurdle(volatility, 0.08, 0.08)


def test_worth_of_a_returning_income_varies_as_its_discounted_sum() -> None:
    persistence, discount, noise = 0.6, 0.95, np.random.default_rng(5).standard_normal(200_000)
    income, shock = 1.0, 0.3 * np.sqrt(1.0 - persistence**2)
    # The worth of all that follows moves by this share of its mean per quarter.
    moves = shock * noise / (1.0 - persistence * discount) * (1.0 - discount) / income
    assert 2.0 * moves.std() == pytest.approx(float(value_volatility(0.3, persistence, discount)), rel=0.01)


def test_patterns_of_a_simulated_autoregression_are_found_again() -> None:
    rng, income = np.random.default_rng(2), np.zeros((20_000, 1))
    for quarter in range(1, len(income)):
        income[quarter] = 0.7 * income[quarter - 1] + rng.standard_normal()
    variation, persistence = income_pattern(income + 10.0)
    assert persistence[0] == pytest.approx(0.7, abs=0.02)
    assert variation[0] == pytest.approx(0.1 / np.sqrt(1 - 0.49), rel=0.05)


def test_firms_that_earn_nothing_have_no_variation() -> None:
    variation, persistence = income_pattern(np.array([[0.0, -1.0, 2.0]] * 4))
    assert variation.tolist() == [np.inf, np.inf, 0.0]
    assert persistence.tolist() == [0.0, 0.0, 0.0]
