"""Ordering rules: where they lift the position, and how much they amplify demand, in closed form."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from gpnde.mechanics.ordering import (
    fixed_quantity_order,
    order_to_level,
    order_up_to_level,
    reorder_to_level,
    smoothed_deviation,
    smoothed_forecast,
    smoothed_order,
    smoothed_variance,
)
from gpnde.numerics.compiled import compiled

quantities = st.floats(0.0, 1e6)
positions = st.floats(-1e6, 1e6)
weights = st.floats(0.01, 1.0)
lead_times = st.integers(1, 12)

MEAN = 1000.0
"""Mean demand in the responses below: high enough that no order is cut off at nothing."""


def variance_ratio(next_order: Callable[[float], float]) -> float:
    """Return the variance of orders over that of independent demand, from the orders that one unit more sets off.

    A linear rule turns demand into a weighted sum of past demands; one extra unit at one instant shows the weights.
    """
    orders = np.array([next_order(demand) for demand in [MEAN + 1.0] + [MEAN] * 3000])
    return float(((orders - MEAN) ** 2).sum())


@given(quantities, quantities, st.floats(0.01, 50.0), st.floats(0.0, 50.0), st.floats(0.001, 0.999))
def test_level_is_the_quantile_of_demand_over_periods_whose_number_varies(
    forecast: float, deviation: float, periods: float, variance: float, service: float
) -> None:
    level = order_up_to_level(forecast, deviation, periods, variance, float(stats.norm.ppf(service)))
    spread = math.sqrt(periods * deviation**2 + variance * forecast**2)
    assert level == pytest.approx(forecast * periods + spread * stats.norm.ppf(service), rel=1e-12, abs=1e-6)


def test_stock_at_the_level_meets_normal_demand_as_often_as_promised() -> None:
    level = order_up_to_level(100.0, 15.0, 4.0, 0.0, 1.65)
    assert stats.norm(400.0, 30.0).cdf(level) == pytest.approx(stats.norm.cdf(1.65), rel=1e-12)


def test_variance_of_the_level_is_that_of_demand_over_a_random_number_of_periods() -> None:
    """The level at z = 1 less that at z = 0 is the deviation of a sum of as many normal demands as a law draws."""
    draws = np.random.default_rng(1)
    periods = draws.integers(2, 7, 400_000)
    totals = 100.0 * periods + 15.0 * np.sqrt(periods) * draws.standard_normal(len(periods))
    moments = 100.0, 15.0, float(periods.mean()), float(periods.var())
    spread = order_up_to_level(*moments, 1.0) - order_up_to_level(*moments, 0.0)
    assert spread == pytest.approx(float(totals.std()), rel=0.005)


@given(st.lists(st.floats(0.0, 100.0), min_size=1, max_size=30), weights)
def test_smoothed_variance_is_that_of_the_weighted_values(values: list[float], weight: float) -> None:
    """With the smoothed mean it is the variance of a law that draws each value with its weight."""
    mean, variance = 10.0, 0.0
    law = {0: (10.0, (1.0 - weight) ** len(values))}
    for age, value in enumerate(reversed(values)):
        law[age + 1] = (value, weight * (1.0 - weight) ** age)
    for value in values:
        variance = smoothed_variance(variance, value - mean, weight)
        mean = smoothed_forecast(mean, value, weight)
    expected = sum(chance * (value - mean) ** 2 for value, chance in law.values())
    assert variance == pytest.approx(expected, rel=1e-9, abs=1e-6)


@given(positions, positions)
def test_order_brings_the_position_to_the_level_or_is_nothing(level: float, position: float) -> None:
    order = order_to_level(level, position)
    assert order >= 0.0
    assert position + order == pytest.approx(max(level, position), rel=1e-12, abs=1e-9)


@given(positions, positions, quantities)
def test_smoothed_order_of_full_weight_is_order_up_to(level: float, position: float, forecast: float) -> None:
    assert smoothed_order(level, position, forecast, 1.0) == pytest.approx(order_to_level(level, position), abs=1e-6)


@given(positions, positions, quantities, weights)
def test_smoothed_order_is_never_negative(level: float, position: float, forecast: float, weight: float) -> None:
    assert smoothed_order(level, position, forecast, weight) >= 0.0


@given(st.lists(st.floats(50.0, 150.0), min_size=1, max_size=30), weights)
def test_smoothed_order_averages_demand_and_the_order_before(demands: list[float], weight: float) -> None:
    level, forecast = 500.0, 100.0
    position, previous = level - forecast, forecast
    for demand in demands:
        position -= demand - previous
        order = smoothed_order(level, position, forecast, weight)
        assert order == pytest.approx(weight * demand + (1.0 - weight) * previous)
        previous = order


@pytest.mark.parametrize("weight", [0.05, 0.3, 0.5, 0.9, 1.0])
def test_smoothed_orders_vary_less_than_demand(weight: float) -> None:
    position = previous = 0.0

    def next_order(demand: float) -> float:
        nonlocal position, previous
        position += previous - demand
        previous = smoothed_order(0.0, position, MEAN, weight)
        return previous

    assert variance_ratio(next_order) == pytest.approx(weight / (2.0 - weight))


@given(lead_times, st.floats(0.05, 0.95))
def test_exponential_smoothing_amplifies_as_chen_et_al_say(lead_time: int, alpha: float) -> None:
    forecast = MEAN
    level = order_up_to_level(MEAN, 0.0, lead_time, 0.0, 0.0)
    position = level - MEAN
    # Orders are shifted up by far more than the rule would ever take back: the closed form lets goods be returned.
    shift = 1e4

    def next_order(demand: float) -> float:
        nonlocal forecast, position
        forecast = smoothed_forecast(forecast, demand, alpha)
        position -= demand - MEAN
        order = order_to_level(order_up_to_level(forecast, 0.0, lead_time, 0.0, 0.0) + shift, position) - shift
        position += order - MEAN
        return order

    ratio = 1.0 + 2.0 * lead_time * alpha + 2.0 * (lead_time * alpha) ** 2 / (2.0 - alpha)
    assert variance_ratio(next_order) == pytest.approx(ratio, rel=1e-6)


@given(st.integers(-100, 100), st.integers(1, 100), st.integers(-300, 300))
def test_reorder_to_level_waits_for_the_point_and_then_fills_up(reorder: int, gap: int, position: int) -> None:
    level = reorder + gap
    after = position + reorder_to_level(reorder, level, position)
    assert after == (level if position <= reorder else position)


@given(st.integers(-100, 100), st.integers(1, 50), st.integers(-300, 300))
def test_fixed_quantities_are_the_fewest_that_pass_the_reorder_point(
    reorder: int, quantity: int, position: int
) -> None:
    order = fixed_quantity_order(reorder, quantity, position)
    assert order % quantity == 0
    assert position + order > reorder
    assert order == 0 or position + order - quantity <= reorder


@given(st.integers(-20, 20), st.integers(1, 30), st.integers(0, 100))
def test_any_demand_keeps_the_position_uniform_on_its_range(reorder: int, quantity: int, demand: int) -> None:
    """The positions r + 1 … r + Q are only exchanged, and so stay equally likely whatever demand is."""
    held = range(reorder + 1, reorder + quantity + 1)
    left = [position - demand for position in held]
    assert sorted(position + fixed_quantity_order(reorder, quantity, position) for position in left) == list(held)


@given(quantities, quantities, weights)
def test_forecast_lies_between_what_was_foreseen_and_what_came(forecast: float, demand: float, weight: float) -> None:
    following = smoothed_forecast(forecast, demand, weight)
    tolerance = 1e-9 * (1.0 + max(forecast, demand))
    assert min(forecast, demand) - tolerance <= following <= max(forecast, demand) + tolerance


@given(st.floats(0.0, 1e3), st.floats(0.0, 1e3), weights, st.integers(1, 40))
def test_error_of_the_forecast_shrinks_by_the_same_factor_each_period(
    forecast: float, demand: float, weight: float, periods: int
) -> None:
    error = forecast - demand
    for _ in range(periods):
        forecast = smoothed_forecast(forecast, demand, weight)
    assert forecast - demand == pytest.approx(error * (1.0 - weight) ** periods, abs=1e-9)


@given(st.floats(0.0, 1e3), st.floats(-1e3, 1e3), weights, st.integers(1, 40))
def test_variance_of_errors_approaches_their_square(
    deviation: float, error: float, weight: float, periods: int
) -> None:
    expected = error**2 + (1.0 - weight) ** periods * (deviation**2 - error**2)
    for _ in range(periods):
        deviation = smoothed_deviation(deviation, error, weight)
    assert deviation**2 == pytest.approx(expected, rel=1e-9, abs=1e-6)


@compiled
def all_rules(
    level: float, position: float, forecast: float, deviation: float, weight: float, quantity: float
) -> tuple[float, float, float, float, float, float, float]:
    return (
        order_up_to_level(forecast, deviation, quantity, weight, weight),
        order_to_level(level, position),
        smoothed_order(level, position, forecast, weight),
        reorder_to_level(forecast, level, position),
        fixed_quantity_order(level, quantity, position),
        smoothed_forecast(forecast, level, weight),
        smoothed_deviation(deviation, position, weight),
    )


# The first call may compile, which takes longer than Hypothesis allows an example.
@settings(deadline=None)
@given(positions, positions, quantities, quantities, weights, st.floats(0.1, 1e3))
def test_compiled_rules_give_the_bits_of_interpreted_ones(
    level: float, position: float, forecast: float, deviation: float, weight: float, quantity: float
) -> None:
    arguments = (level, position, forecast, deviation, weight, quantity)
    interpreted = getattr(all_rules, "py_func", all_rules)
    assert all_rules(*arguments) == interpreted(*arguments)
