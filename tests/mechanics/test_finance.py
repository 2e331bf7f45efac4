"""Finance: settlement, insolvency, and ruin in closed form."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.mechanics.finance import (
    credit_loss,
    interest_rate,
    is_insolvent,
    leverage,
    months_of_cash,
    payout,
    profit_tax,
    ruin_probability,
    settle,
)

money = st.floats(-1e9, 1e9)


def test_interest_rises_with_leverage_and_never_below_the_base() -> None:
    assert interest_rate(0.08, 0.04, np.array([-1.0, 0.0, 0.5, 2.0])) == pytest.approx([0.08, 0.08, 0.10, 0.16])


@given(st.lists(st.tuples(money, money), min_size=2, max_size=10))
def test_payments_between_firms_keep_the_sum_of_cash(firms: list[tuple[float, float]]) -> None:
    cash, payments = np.array(firms).T
    receipts = np.roll(payments, 1)
    assert settle(cash, receipts, payments).sum() == pytest.approx(cash.sum(), rel=1e-9, abs=1e-3)


@given(money, st.floats(0.0, 0.99), st.floats(0.0, 0.99), money)
def test_a_tax_leaves_less_profit_and_no_debt(profit: float, rate: float, other: float, cash: float) -> None:
    low, high = (float(profit_tax(profit, each, cash)) for each in sorted((rate, other)))
    assert 0.0 <= low <= high <= max(0.0, cash)
    assert high <= max(rate, other) * max(0.0, profit)
    assert profit_tax(profit, rate, 1e10) == pytest.approx(rate * max(0.0, profit))


def test_firm_at_its_credit_limit_is_still_solvent() -> None:
    assert is_insolvent(np.array([10.0, -100.0, -100.01]), 100.0).tolist() == [False, False, True]


@given(st.floats(0.0, 1e9), st.floats(0.0, 1.0))
def test_loss_and_recovery_make_up_the_receivables(receivables: float, recovery: float) -> None:
    assert float(credit_loss(receivables, recovery)) + receivables * recovery == pytest.approx(receivables)


def test_months_of_cash_without_cost_depend_on_the_sign_of_cash() -> None:
    months = months_of_cash(np.array([600.0, -300.0, 5.0, -5.0]), np.array([200.0, 100.0, 0.0, 0.0]))
    assert months.tolist() == [3.0, -3.0, np.inf, -np.inf]


def test_debt_without_assets_is_infinite_leverage() -> None:
    assert leverage(np.array([50.0, 0.0, 1.0]), np.array([200.0, 0.0, 0.0])).tolist() == [0.25, 0.0, np.inf]


@given(st.floats(0.55, 0.95), st.integers(1, 10))
def test_ruin_probability_obeys_its_recursion(up: float, units: int) -> None:
    one_step = up * ruin_probability(up, units + 1) + (1.0 - up) * ruin_probability(up, units - 1)
    assert ruin_probability(up, units) == pytest.approx(one_step)


@pytest.mark.parametrize("up", [0.3, 0.5])
def test_ruin_is_certain_without_an_upward_drift(up: float) -> None:
    assert ruin_probability(up, 5) == 1.0


def test_simulated_firms_fail_as_often_as_the_closed_form_says() -> None:
    rng = np.random.default_rng(1)
    cash = np.full(20_000, 3.0)
    failed = np.zeros(len(cash), dtype=bool)
    for _ in range(500):
        rises = rng.random(len(cash)) < 0.6
        cash = settle(cash, np.where(rises, 1.0, 0.0), np.where(rises, 0.0, 1.0))
        failed |= is_insolvent(cash, -0.5)
    assert failed.mean() == pytest.approx(ruin_probability(0.6, 3), abs=0.01)


@given(st.floats(0.0, 1.0), st.floats(0.0, 1e6), st.floats(0.0, 1e6))
def test_four_quarters_pay_out_the_share_of_a_year_of_what_is_not_needed(
    share: float, needed: float, spare: float
) -> None:
    cash = needed + spare
    for _ in range(4):
        cash -= float(payout(cash, needed, share, 0.25))
    assert cash == pytest.approx(needed + (1.0 - share) * spare)


@given(money, st.floats(0.0, 1e6), st.floats(0.0, 1.0))
def test_nobody_pays_out_of_what_is_needed(cash: float, needed: float, share: float) -> None:
    assert 0.0 <= payout(cash, needed, share, 0.25) <= max(0.0, cash - needed)
