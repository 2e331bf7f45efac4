"""The newsvendor: how much to stock for one period of uncertain demand.

A unit costs 4, sells for 10, and is worth 2 once the day is over. A unit left over then costs 4 - 2 = 2, one short
10 - 4 = 6, and the best stock Q* has F(Q*) = (10 - 4) / (10 - 2) = 6 / (2 + 6).
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from scipy.stats import norm

from gpnde.engine import simulate
from gpnde.scenario import Scenario

from .chains import chain, metric, replicate

PRICE, COST, SALVAGE = 10.0, 4.0, 2.0
LEFT_OVER, SHORT = COST - SALVAGE, PRICE - COST
CRITICAL_RATIO = (PRICE - COST) / (PRICE - SALVAGE)
MEAN, DEVIATION = 100.0, 20.0
DAYS = 50_000
BEST = MEAN + DEVIATION * float(norm.ppf(CRITICAL_RATIO))

WAITING = {"stockout_cost": SHORT}
"""Whoever finds nothing waits for a day at this cost."""

LOST = {"shortage_cost": SHORT}
"""Whoever finds nothing is gone."""


def stall(stock: float, shortage: Mapping[str, float]) -> Scenario:
    """Return a site that begins every day with *stock*: what was sold is ordered in the evening and there at dawn."""
    ordering = {"policy": "base-stock", "level": stock, "review_days": 1}
    demand = {"law": f"normal(mean={MEAN}, sd={DEVIATION})"}
    stage = {"ordering": ordering, "holding_cost": LEFT_OVER, **shortage}
    return chain([stage], [1], demand, {"days": DAYS}, backorders=shortage is WAITING)


def expected_cost(stock: float) -> float:
    """Return the expected cost of a day with normal demand: units left over and units short at their cost each."""
    z = (stock - MEAN) / DEVIATION
    units_short = DEVIATION * float(norm.pdf(z) - z * norm.sf(z))
    return LEFT_OVER * (stock - MEAN + units_short) + SHORT * units_short


@pytest.mark.sampled(3)
@pytest.mark.parametrize("shortage", [WAITING, LOST], ids=["waiting", "lost"])
@pytest.mark.parametrize("distance", [-20.0, 0.0, 15.0])
def test_cost_of_a_day_is_that_of_normal_demand(distance: float, shortage: Mapping[str, float]) -> None:
    measured = replicate(stall(BEST + distance, shortage), metric("cost.per_day"))
    assert measured.agrees(expected_cost(BEST + distance), within=0.005)


@pytest.mark.parametrize("shortage", [WAITING, LOST], ids=["waiting", "lost"])
def test_profit_is_highest_at_the_critical_ratio(shortage: Mapping[str, float]) -> None:
    """A fifth of a standard deviation off costs ten standard errors of the difference at equal demand, or more."""
    stocks = [BEST + step * DEVIATION / 5 for step in range(-4, 5)]
    costs = {stock: simulate(stall(stock, shortage)).metric("cost.per_day") for stock in stocks}
    assert min(stocks, key=costs.__getitem__) == BEST


def test_best_stock_meets_demand_on_as_many_days_as_the_critical_ratio_says() -> None:
    measured = replicate(stall(BEST, WAITING), metric("flow.full_service"))
    assert measured.agrees(CRITICAL_RATIO, within=0.005)
