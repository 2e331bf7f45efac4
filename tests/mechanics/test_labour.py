"""Labour: Wright's curve, bounded hiring and release, idle hands that are paid, overtime."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.mechanics.labour import (
    experience_factor,
    labour_cost,
    mean_experience_factor,
    next_staff,
    pay_per_day,
)
from gpnde.mechanics.learning import carried_experience


@given(st.floats(1.0, 1e9), st.floats(0.0, 0.9))
def test_each_doubling_of_output_saves_the_learning_rate(units: float, rate: float) -> None:
    before, after = experience_factor(np.array([units, 2.0 * units]), 1.0, rate)
    assert after == pytest.approx((1.0 - rate) * before)


def test_the_learning_curve_is_a_line_in_logarithms() -> None:
    units = np.geomspace(1e3, 1e6, 20)
    slope = np.polyfit(np.log(units), np.log(experience_factor(units, 1e3, 0.2)), 1)[0]
    assert slope == pytest.approx(np.log2(0.8))


@pytest.mark.parametrize("rate", [0.0, 0.2, 0.5, 0.7])
@pytest.mark.parametrize(("units", "more"), [(0.0, 50.0), (30.0, 300.0), (400.0, 1e4)])
def test_mean_experience_is_the_mean_over_what_is_made(rate: float, units: float, more: float) -> None:
    made = units + (np.arange(200_000) + 0.5) / 200_000 * more
    mean = float(experience_factor(made, 100.0, rate).mean())
    assert float(mean_experience_factor(units, more, 100.0, rate)) == pytest.approx(mean, rel=1e-5)


def test_experience_below_the_reference_saves_nothing() -> None:
    assert experience_factor(np.array([0.0, 500.0, 1000.0]), 1000.0, 0.2).tolist() == [1.0, 1.0, 1.0]


def test_labour_costs_more_again_after_a_change_of_generation() -> None:
    before = experience_factor(8000.0, 1000.0, 0.2)
    assert before == pytest.approx(0.8**3)
    assert experience_factor(carried_experience(8000.0, 0.5), 1000.0, 0.2) == pytest.approx(0.8**2)


@given(st.floats(0.01, 10.0), st.floats(0.1, 1e3), st.floats(0.2, 5.0), st.floats(0.1, 10.0))
def test_a_dearer_currency_costs_as_much_as_a_higher_wage(
    days: float, wage: float, rate: float, productivity: float
) -> None:
    dearer = labour_cost(days, wage, rate, productivity)
    assert dearer == pytest.approx(float(labour_cost(days, wage * rate, 1.0, productivity)))
    assert dearer * productivity == pytest.approx(days * wage * rate)


@given(st.floats(0.0, 1e4), st.floats(0.0, 1e4), st.floats(0.1, 1e3), st.floats(1.0, 182.0))
def test_staff_moves_towards_what_is_wanted_within_its_bounds(
    staff: float, wanted: float, normal: float, days: float
) -> None:
    after = float(next_staff(staff, wanted, normal, days, 0.3, 0.2))
    assert min(staff, wanted) - 1e-9 <= after <= max(staff, wanted) + 1e-9
    assert after - staff <= 0.3 * days / 91.0 * max(staff, normal) + 1e-6
    assert staff - after <= 0.2 * days / 91.0 * staff + 1e-6


def test_a_site_without_staff_hires_by_its_normal_size() -> None:
    assert float(next_staff(0.0, 100.0, 100.0, 91.0, 0.3, 0.2)) == pytest.approx(30.0)


@given(st.floats(0.0, 1e3), st.floats(0.0, 1e3), st.floats(0.0, 100.0), st.floats(0.0, 2.0))
def test_idle_hands_are_paid_and_overtime_is_dearer(staff: float, needed: float, wage: float, premium: float) -> None:
    paid = float(pay_per_day(staff, needed, wage, premium))
    assert paid >= wage * staff
    assert paid == pytest.approx(wage * (staff + (1.0 + premium) * max(0.0, needed - staff)))
