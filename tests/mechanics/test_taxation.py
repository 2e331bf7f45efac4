"""Taxes on profit and investments: neutral where cost is deducted as it is paid, a burden on what is deducted late."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.mechanics.capital import cost_of_use
from gpnde.mechanics.effort import best_effort
from gpnde.mechanics.taxation import deductions, tax_on_interest, taxed_cost_of_use

RATES, SHARES, YEARS, TAXES = st.floats(0.0, 0.001), st.floats(0.0, 1.0), st.floats(0.5, 15.0), st.floats(0.0, 0.95)
LIFE = 3640.0


@given(RATES, SHARES, YEARS)
def test_without_a_tax_plant_takes_what_it_does(rate: float, specific: float, years: float) -> None:
    terms = 100.0, LIFE, specific, 0.06, rate, years * 364.0
    assert taxed_cost_of_use(*terms, 0.0) == cost_of_use(*terms)


@given(SHARES, YEARS, TAXES)
def test_without_discounting_a_tax_is_neutral(specific: float, years: float, tax: float) -> None:
    terms = 100.0, LIFE, specific, 0.06, 0.0, years * 364.0
    assert taxed_cost_of_use(*terms, tax) == pytest.approx(float(cost_of_use(*terms)))


@given(RATES, SHARES, YEARS, TAXES)
def test_a_tax_never_makes_plant_cheaper(rate: float, specific: float, years: float, tax: float) -> None:
    terms = 100.0, LIFE, specific, 0.06, rate, years * 364.0
    assert taxed_cost_of_use(*terms, tax) >= float(cost_of_use(*terms)) - 1e-9


@given(RATES, SHARES, YEARS, TAXES)
def test_investing_after_tax_pays_where_it_pays_before_a_cost_that_is_raised(
    rate: float, specific: float, years: float, tax: float
) -> None:
    terms = 100.0, LIFE, specific, 0.0, rate, years * 364.0
    after = cost_of_use(*terms) - tax * 100.0 * deductions(LIFE, specific, rate, years * 364.0)
    assert taxed_cost_of_use(*terms, tax) == pytest.approx(float(after) / (1.0 - tax))


def test_what_is_kept_for_its_whole_life_bears_the_factor_of_hall_and_jorgenson() -> None:
    rate, tax = 0.08 / 364.0, 0.3
    allowances = (1.0 - np.exp(-rate * LIFE)) / (rate * LIFE)
    found = taxed_cost_of_use(100.0, LIFE, 0.0, 0.0, rate, LIFE, tax)
    assert found == pytest.approx(100.0 * (1.0 - tax * allowances) / (1.0 - tax))


@given(YEARS)
def test_all_is_written_off_by_the_end_of_life_and_no_more(years: float) -> None:
    assert deductions(LIFE, 0.0, 0.0, years * 364.0) == pytest.approx(min(1.0, years / 10.0))
    assert deductions(LIFE, 1.0, 0.0, years * 364.0) == pytest.approx(1.0)


@given(st.floats(0.0, 0.2), TAXES)
def test_interest_is_left_after_tax(interest: float, tax: float) -> None:
    earned = interest + float(tax_on_interest(interest, tax))
    assert earned * (1.0 - tax) == pytest.approx(interest)


@given(st.lists(st.floats(0.01, 10.0), min_size=3, max_size=3), st.floats(0.01, 20.0), st.sampled_from([0.25, 0.5]))
def test_effort_is_the_same_after_a_tax_since_its_cost_is_deducted(steps: list[float], cost: float, tax: float) -> None:
    levels, gains = np.array([0.0, 0.5, 1.0]), np.cumsum([0.0, *steps[:2]])[None]
    before, kept = np.array([cost]), 1.0 - tax
    free, hurdle = np.array([np.inf]), np.array([1.5])
    assert best_effort(levels, gains, before, free, hurdle) == best_effort(
        levels, kept * gains, kept * before, free, hurdle
    )
