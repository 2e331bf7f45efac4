"""The bullwhip effect: variance of orders over variance of demand, for the rules whose ratio is known.

The closed forms let orders be negative. Here the standard deviation of demand is a thousandth of its mean, so that no
order comes near 0. A horizon of 50,000 periods makes the start-up, in which a moving average knows fewer periods than
its window, weigh less than a thousandth of the ratio.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl
import pytest

from gpnde.results import Run
from gpnde.scenario import Scenario

from .chains import ORDER_BEFORE_ARRIVALS, chain, metric, replicate

PERIODS = 50_000
WARM_UP = 1_000
"""Periods that are left out where a start-up grows from stage to stage."""

START_UP = 1e-3
"""Share of a ratio by which the start-up of one stage may move it."""


def stage(**rule: Any) -> Mapping[str, Any]:
    """Return a stage that orders every period, without safety stock."""
    return {"ordering": {"review_days": 1, "safety_factor": 0, **rule}}


def averaging(window: int, **rule: Any) -> Mapping[str, Any]:
    """Return a stage that foresees demand by a moving average."""
    return stage(forecast={"method": "moving-average", "window": window}, **rule)


def demanded(autocorrelation: float = 0.0) -> Mapping[str, Any]:
    return {"law": "normal(mean=1000, sd=1)", "autocorrelation": autocorrelation}


def single(rule: Mapping[str, Any], autocorrelation: float = 0.0) -> Scenario:
    """Return one stage that waits three periods for its goods."""
    clock = {"days": PERIODS, "steps": ORDER_BEFORE_ARRIVALS}
    return chain([rule], [3], demanded(autocorrelation), clock)


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("window", "periods", "autocorrelation"), [(5, 4, 0.0), (5, 4, 0.5), (10, 2, 0.7), (4, 6, -0.5)]
)
def test_moving_average_amplifies_as_chen_drezner_ryan_and_simchi_levi_say(
    window: int, periods: int, autocorrelation: float
) -> None:
    ratio = periods / window
    expected = 1 + (2 * ratio + 2 * ratio**2) * (1 - autocorrelation**window)
    scenario = single(averaging(window, protection_days=periods), autocorrelation)
    measured = replicate(scenario, metric("flow.bullwhip"))
    assert measured.agrees(expected, within=0.002, bias=START_UP * expected)


def test_level_covers_lead_time_and_one_review_where_no_protection_is_given() -> None:
    """Three periods on the way and one until the next review make L = 4."""
    ratio = (3 + 1) / 5
    expected = 1 + 2 * ratio + 2 * ratio**2
    measured = replicate(single(averaging(5)), metric("flow.bullwhip"))
    assert measured.agrees(expected, within=0.002, bias=START_UP * expected)


@pytest.mark.parametrize(("weight", "periods"), [(0.2, 4), (0.6, 2)])
def test_exponential_smoothing_amplifies_as_chen_ryan_and_simchi_levi_say(weight: float, periods: int) -> None:
    smoothing = {"method": "exponential-smoothing", "alpha": weight}
    reach = periods * weight
    expected = 1 + 2 * reach + 2 * reach**2 / (2 - weight)
    measured = replicate(single(stage(forecast=smoothing, protection_days=periods)), metric("flow.bullwhip"))
    assert measured.agrees(expected, within=0.002)


@pytest.mark.parametrize("weight", [0.2, 0.7])
def test_smoothed_orders_vary_less_than_demand(weight: float) -> None:
    """The order is a·D + (1 - a)·(last order), whose variance is a / (2 - a) that of demand."""
    rule = stage(policy="smoothed", smoothing=weight, forecast={"method": "fixed", "mean": 1000})
    measured = replicate(single(rule), metric("flow.bullwhip"))
    assert measured.agrees(weight / (2 - weight), within=0.005)


def test_constant_level_passes_demand_on_unchanged() -> None:
    rule = {"ordering": {"policy": "base-stock", "level": 4000, "review_days": 1}}
    measured = replicate(single(rule), metric("flow.bullwhip"), runs=2)
    assert measured.value == pytest.approx(1, abs=1e-4)


PERIODS_COVERED = (2, 3, 2, 4)


def four_stages(windows: Sequence[int]) -> Scenario:
    """Return four stages, each of which sees no more than the orders of the stage below it."""
    stages = [averaging(p, protection_days=periods) for p, periods in zip(windows, PERIODS_COVERED, strict=True)]
    clock = {"days": PERIODS, "steps": ORDER_BEFORE_ARRIVALS}
    record = {"every_days": PERIODS, "orders": True, "entities": False}
    return chain(stages, [1] * len(stages), demanded(), clock, record=record)


def amplification(run: Run) -> float:
    """Return the variance of the orders of the last stage over that of demand, after the start-up."""
    settled = pl.col("placed_day") >= WARM_UP
    last = run.orders.filter(settled & (pl.col("supplier") == "outside"))["quantity"].to_numpy()
    return float(last.var() / run.sales.filter(settled)["quantity"].to_numpy().var())


def product_of_stages(windows: Sequence[int]) -> float:
    """Return the product of the ratios that each stage would have by itself (Chen et al., 2000)."""
    ratios = [periods / p for p, periods in zip(windows, PERIODS_COVERED, strict=True)]
    return math.prod(1 + 2 * ratio + 2 * ratio**2 for ratio in ratios)


def filtered(windows: Sequence[int]) -> float:
    """Return the exact ratio: each stage orders (1 + L/p) of today's demand less L/p of that of p periods ago."""
    response = np.ones(1)
    for p, periods in zip(windows, PERIODS_COVERED, strict=True):
        step = np.zeros(p + 1)
        step[0], step[p] = 1 + periods / p, -periods / p
        response = np.convolve(response, step)
    return float(response @ response)


@pytest.mark.thorough
def test_stages_multiply_the_effect_where_no_window_meets_the_echo_of_another() -> None:
    """Orders of stage k are correlated over sums and differences of the windows below; these windows are none."""
    windows = (3, 5, 11, 23)
    assert filtered(windows) == pytest.approx(product_of_stages(windows))
    assert replicate(four_stages(windows), amplification).agrees(product_of_stages(windows), within=0.005)


@pytest.mark.thorough
def test_stages_with_one_window_do_worse_than_the_product() -> None:
    windows = (5, 5, 5, 5)
    measured = replicate(four_stages(windows), amplification)
    assert measured.agrees(filtered(windows), within=0.005)
    assert measured.value > 2 * product_of_stages(windows)
