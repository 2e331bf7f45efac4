"""Demand: the Bass curve against its own equation, and shares that behave as shares."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate

from gpnde.mechanics.demand import (
    bass_cumulative,
    bass_peak_time,
    bass_rate,
    price_response,
    rescale_bass,
)

innovation = st.floats(0.001, 0.1)
imitation = st.floats(0.0, 1.0)


@given(innovation, imitation, st.floats(0.0, 50.0))
def test_bass_rate_obeys_the_equation_it_solves(p: float, q: float, time: float) -> None:
    share = float(bass_cumulative(time, p, q))
    assert float(bass_rate(time, p, q)) == pytest.approx((p + q * share) * (1.0 - share), rel=1e-9, abs=1e-12)


def test_bass_cumulative_is_the_integral_of_the_rate() -> None:
    time = np.linspace(0.0, 20.0, 20_001)
    integral = integrate.trapezoid(bass_rate(time, 0.03, 0.38), time)
    assert integral == pytest.approx(float(bass_cumulative(20.0, 0.03, 0.38)), rel=1e-8)


def test_no_customer_buys_before_launch() -> None:
    assert bass_cumulative(np.array([-5.0, 0.0]), 0.03, 0.38).tolist() == [0.0, 0.0]
    assert bass_rate(np.array([-5.0, 0.0]), 0.03, 0.38) == pytest.approx([0.0, 0.03])


@given(innovation, imitation)
def test_no_moment_sells_more_than_the_peak(p: float, q: float) -> None:
    peak = float(bass_peak_time(p, q))
    time = np.linspace(0.0, 4.0 * peak + 1.0, 500)
    assert float(bass_rate(peak, p, q)) >= bass_rate(time, p, q).max() * (1.0 - 1e-12)


@given(innovation, imitation, st.floats(90.0, 1456.0), st.floats(0.5, 0.99))
def test_rescaled_curve_sells_the_share_inside_the_life_cycle(p: float, q: float, days: float, share: float) -> None:
    p_day, q_day = rescale_bass(p, q, days, share)
    assert float(bass_cumulative(days, p_day, q_day)) == pytest.approx(share)
    assert q_day / p_day == pytest.approx(q / p)


def test_half_year_life_cycle_peaks_after_83_days() -> None:
    p_day, q_day = rescale_bass(0.03, 0.38, 182)
    assert (p_day, q_day) == pytest.approx((0.00224, 0.0283), rel=0.002)
    assert float(bass_peak_time(p_day, q_day)) == pytest.approx(83.0, abs=0.5)


@given(st.floats(0.1, 10.0), st.floats(0.0, 8.0))
def test_elasticity_is_the_slope_of_log_demand_on_log_price(ratio: float, elasticity: float) -> None:
    response = float(price_response(ratio * 50.0, 50.0, elasticity))
    assert np.log(response) == pytest.approx(-elasticity * np.log(ratio), abs=1e-9)
