"""Base stock under continuous review: one unit is ordered for each unit sold.

Customers come at random, one by one. Time runs in ticks, so that an arrival is seen up to a tick late; the tick is
short enough for the bias, which each test states, to be small beside what the test can tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from scipy.stats import poisson

from gpnde.scenario import Scenario

from .chains import ORDER_ON_DEMAND, chain, customers, fill_rate, metric, replicate

DAYS = 20_000
RECORD = {"every_days": 500, "orders": False, "entities": False}
RATE = 1.0
LEAD_TIME = 10.0
TICK = 0.01


def shop(level: int, lead_time: str, **costs: float) -> Scenario:
    """Return a shop that orders from outside what it sells."""
    stage = {"ordering": {"policy": "base-stock", "level": level, "review_days": 0}, **costs}
    return chain([stage], [lead_time], customers(RATE), {"days": DAYS, "tick_days": TICK}, record=RECORD)


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("law", "level"),
    [
        ("10", 8),
        ("10", 13),
        ("exponential(mean=10)", 13),
        ("lognormal(mean=10, cv=0.5)", 8),
        ("uniform(low=5, high=15)", 13),
        ("discrete(values=1 28, weights=0.6666666667 0.3333333333)", 8),
    ],
)
def test_fill_rate_depends_on_the_mean_lead_time_alone(law: str, level: int) -> None:
    """A customer is served if fewer than S units are on order, which are Poisson with mean λL (Palm).

    Rounding to ticks moves the time that units are on order by at most a tick, and the fill rate by λ times as much
    times the probability of S - 1.
    """
    on_order = poisson(RATE * LEAD_TIME)
    bias = RATE * TICK * float(on_order.pmf(level - 1))
    measured = replicate(shop(level, law), fill_rate)
    assert measured.agrees(float(on_order.cdf(level - 1)), within=0.03, bias=bias)


def test_backlog_is_what_is_on_order_beyond_the_level() -> None:
    """The mean backlog is E[(N - S)+] with N units on order; rounding moves it by at most λ ticks.

    In the first days less is on order, which takes away some 20 unit-days.
    """
    on_order, level = poisson(RATE * LEAD_TIME), 8
    expected = RATE * LEAD_TIME - level + sum((level - n) * float(on_order.pmf(n)) for n in range(level))
    measured = replicate(shop(level, "exponential(mean=10)", stockout_cost=1), metric("cost.per_day"))
    assert measured.agrees(expected, within=0.02, bias=RATE * TICK + 20 / DAYS)


def workshop(level: int, rate: float, tick: float) -> Scenario:
    """Return a workshop that makes unit after unit, each in a time of mean 1, and stocks what has no order."""
    stage: Mapping[str, Any] = {
        "ordering": {"policy": "base-stock", "level": level, "review_days": 0},
        "processing": "exponential(mean=1)",
        "servers": 1,
    }
    clock = {"days": DAYS, "tick_days": tick, "steps": ORDER_ON_DEMAND}
    return chain([stage], [0], customers(rate), clock, record=RECORD)


@pytest.mark.parametrize(("load", "level"), [(0.5, 2), (0.7, 3)])
def test_make_to_stock_queue_fills_all_but_the_load_to_the_power_of_the_level(load: float, level: int) -> None:
    """A customer is served if fewer than S units are in the M/M/1 queue of orders.

    Rounding up makes processing half a tick longer, which moves the load by at most λ ticks, and the fill rate by S
    times the load to the power of S - 1 times that.
    """
    tick = 0.002
    bias = load * tick * level * load ** (level - 1)
    measured = replicate(workshop(level, load, tick), fill_rate)
    assert measured.agrees(1 - load**level, within=0.01, bias=bias)
