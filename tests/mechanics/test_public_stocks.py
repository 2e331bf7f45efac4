"""Public stocks relax to where growth and decay balance, at half lives and in steps of any length."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.mechanics.public_stocks import funded_share, public_stock, steady_stock

SHARES, RATES, YEARS = st.floats(0.0, 1.0), st.floats(0.0, 10.0), st.floats(0.0, 50.0)


def test_a_stock_without_growth_halves_in_its_half_life() -> None:
    assert public_stock(0.8, 0.0, 0.2, np.log(2.0) / 0.2) == pytest.approx(0.4)


def test_a_stock_without_decay_closes_half_of_its_gap_in_the_half_life_of_growth() -> None:
    assert public_stock(0.2, 0.3, 0.0, np.log(2.0) / 0.3) == pytest.approx(0.6)


@given(SHARES, st.floats(0.1, 10.0), RATES)
def test_in_the_long_run_growth_and_decay_balance(stock: float, growth: float, decay: float) -> None:
    rest = float(steady_stock(growth, decay))
    assert growth * (1.0 - rest) == pytest.approx(decay * rest)
    assert public_stock(stock, growth, decay, 1000.0) == pytest.approx(rest)
    assert public_stock(rest, growth, decay, 3.0) == pytest.approx(rest)


@given(SHARES, RATES, RATES, YEARS, SHARES)
def test_a_step_in_two_parts_gives_the_same(
    stock: float, growth: float, decay: float, years: float, part: float
) -> None:
    half = public_stock(stock, growth, decay, part * years)
    whole = public_stock(stock, growth, decay, years)
    assert public_stock(half, growth, decay, years - part * years) == pytest.approx(float(whole), abs=1e-9)


@given(SHARES, RATES, RATES, YEARS)
def test_a_stock_stays_between_0_and_1(stock: float, growth: float, decay: float, years: float) -> None:
    assert -1e-15 <= public_stock(stock, growth, decay, years) <= 1.0 + 1e-15


def test_the_slope_is_that_of_the_equation() -> None:
    stock, growth, decay, years = 0.3, 0.4, 0.1, 1e-6
    slope = (float(public_stock(stock, growth, decay, years)) - stock) / years
    assert slope == pytest.approx(growth * (1.0 - stock) - decay * stock, rel=1e-5)


@given(SHARES, YEARS)
def test_a_stock_that_nothing_moves_keeps_its_last_digit(stock: float, years: float) -> None:
    assert public_stock(stock, 0.0, 0.0, years) == stock


@given(st.floats(0.0, 1e9), st.floats(1.0, 1e9))
def test_money_beyond_the_full_budget_adds_nothing(budget: float, full: float) -> None:
    assert funded_share(budget, full) == pytest.approx(min(budget, full) / full)
