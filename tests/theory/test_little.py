"""Little's law (Little, 1961): the mean number under way is the rate of entry times the mean time under way.

Counted up to the horizon it holds without any error of chance: the integral of the number under way is the sum of the
times that each unit was under way.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
import pytest

from gpnde.engine import simulate
from gpnde.results import Run
from gpnde.scenario import Scenario
from gpnde.scenario.law import fixed
from gpnde.scenario.markets import Demand

from .chains import ORDER_ON_DEMAND, chain, customers, replicate

DAYS = 10_000
LEDGERS = {"every_days": DAYS, "orders": True, "entities": False}


def unit_days(orders: pl.DataFrame, since: str) -> float:
    """Return the sum of the times from the day *since* to receipt or, if that is yet to come, the horizon."""
    return float((orders["quantity"] * (orders["received_day"].fill_null(DAYS) - orders[since])).sum())


def queue(rate: float, processing: str, **record: Any) -> Scenario:
    """Return a workshop with one server that makes to order; each unit on order costs 1 a day."""
    stage: Mapping[str, Any] = {
        "ordering": {"policy": "make-to-order", "review_days": 0},
        "processing": processing,
        "servers": 1,
        "stockout_cost": 1,
    }
    clock = {"days": DAYS, "tick_days": 0.01, "steps": ORDER_ON_DEMAND}
    return chain([stage], [0], customers(rate), clock, record={**LEDGERS, **record})


def in_turn(scenario: Scenario) -> Scenario:
    """Return a queue whose customers are never of one tick, where they would share an order and its last unit."""
    market = scenario.markets[0]
    demand = Demand(law=fixed(1), every_days=1.43)
    return scenario.model_copy(update={"markets": (market.model_copy(update={"demand": demand}),)})


def road(lead_time: str, demand: Mapping[str, Any]) -> Scenario:
    """Return a shop whose goods are on the road from an unlimited supplier, at a cost of 1 a unit and day."""
    shop = {"ordering": {"policy": "base-stock", "level": 8, "review_days": 0}}
    supplier = {"unlimited": True, "pipeline_cost": 1}
    clock = {"days": DAYS, "tick_days": 0.01, "steps": ORDER_ON_DEMAND}
    return chain([shop, supplier], [lead_time], demand, clock, record=LEDGERS)


@pytest.mark.parametrize("processing", ["exponential(mean=1)", "0.8", "lognormal(mean=1, cv=2)"])
def test_units_in_a_queue_are_the_sum_of_the_times_in_it(processing: str) -> None:
    run = simulate(in_turn(queue(0.7, processing)))
    assert run.metric("cost.stockout") == pytest.approx(unit_days(run.sales, "placed_day"), rel=1e-9)


def test_work_in_process_is_what_customers_wait_for() -> None:
    sites = simulate(queue(0.7, "exponential(mean=1)", every_days=3.14, entities=True)).sites
    in_work, waited_for = sites["in_production"].to_numpy(), sites["backlog"].to_numpy()
    assert in_work == pytest.approx(waited_for, abs=1e-9)
    assert in_work.max() > 5


def time_in_queue(run: Run) -> float:
    return float(unit_days(run.sales, "placed_day") / run.sales["quantity"].to_numpy().sum())


def test_time_in_an_exponential_queue_is_one_over_the_spare_rate() -> None:
    """Rounding makes processing half a tick longer, and the time in the queue by that over (1 - load)²."""
    load = 0.5
    measured = replicate(queue(load, "exponential(mean=1)"), time_in_queue)
    assert measured.agrees(1 / (1 - load), within=0.02, bias=0.01 / (1 - load) ** 2)


@pytest.mark.parametrize(
    ("lead_time", "demand"),
    [("4", customers(1)), ("exponential(mean=4)", {"law": 1, "every_days": 1})],
    ids=["random customers", "shipments that overtake each other"],
)
def test_units_on_the_road_are_the_sum_of_their_lead_times(lead_time: str, demand: Mapping[str, Any]) -> None:
    """Where shipments overtake each other all orders are of one unit, as the ledger closes the oldest order first."""
    run = simulate(road(lead_time, demand))
    assert run.metric("cost.pipeline") == pytest.approx(unit_days(run.orders, "shipped_day"), rel=1e-9)


@pytest.mark.parametrize("lead_time", ["4", "exponential(mean=4)", "uniform(low=1, high=7)"])
def test_pipeline_is_the_rate_times_the_lead_time(lead_time: str) -> None:
    """Rounding up adds at most a tick of 0.01 days; until the road is full, λE[L²]/2 ≤ 16 unit-days are missing."""
    measured = replicate(road(lead_time, customers(1)), lambda run: run.metric("cost.pipeline") / DAYS)
    assert measured.agrees(4.0, within=0.01, bias=0.01 + 16 / DAYS)


@pytest.mark.parametrize("processing", [0.5, 2.5, 6.0])
def test_work_in_process_without_chance_is_the_rate_times_the_time(processing: float) -> None:
    """One unit a day, each in work for so long side by side: after the first one is finished this is exact."""
    stage = {"ordering": {"policy": "base-stock", "level": 9, "review_days": 0}, "processing": processing}
    clock = {"days": 100, "tick_days": 0.5, "steps": ORDER_ON_DEMAND}
    scenario = chain([stage], [0], {"law": 1, "every_days": 1}, clock, record={"every_days": 0.5})
    settled = simulate(scenario).sites.filter((pl.col("day") > 10) & (pl.col("day") <= 100))
    assert settled["in_production"].to_numpy().mean() == pytest.approx(processing)
