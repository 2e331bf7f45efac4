"""A committed service time: demand is known at once and due later (Graves and Willems, 2000)."""

from __future__ import annotations

from statistics import NormalDist

import polars as pl
import pytest

from gpnde.engine import simulate
from gpnde.results.run import Run

from .chains import described

DAYS = 100
AT_ONCE = ["demand", "order", "receive", "supply"]
"""Steps in which what is ordered for a demand can be begun in the same instant."""


def made_to_order(processing: float, service: float, steps: list[str], **market: object) -> Run:
    """Return the run of a site without stock that makes what a market asks for every day."""
    rule = {"policy": "base-stock", "level": 0, "review_days": 1}
    site = {"name": "A", "firm": "shop", "product": "unit", "stock": 0, "processing": processing, "ordering": rule}
    sold = {"name": "m", "product": "unit", "served_by": ["A"], "service_days": service, "demand": {"law": 1}}
    return simulate(
        described(
            {
                "clock": {"days": DAYS, "steps": steps},
                "firms": [{"name": "shop"}],
                "sites": [site],
                "links": [{"buyer": "A", "supplier": "outside", "product": "unit", "lead_time": 0}],
                "markets": [{**sold, **market}],
                "record": {"every_days": 10},
            }
        )
    )


def waits(run: Run) -> set[float]:
    """Return how long the customers waited who have got what they asked for (days)."""
    got = run.sales.filter(pl.col("status") == "received")
    return set((got["received_day"] - got["placed_day"]).to_list())


@pytest.mark.parametrize(
    ("processing", "service", "wait", "fill"), [(5, 5, 5, 1.0), (5, 8, 8, 1.0), (5, 2, 5, 0.0), (0, 0, 0, 1.0)]
)
def test_a_customer_waits_for_the_longer_of_service_and_making(
    processing: float, service: float, wait: float, fill: float
) -> None:
    run = made_to_order(processing, service, AT_ONCE)
    assert waits(run) == {wait}
    assert run.metric("flow.fill_rate") == fill


def test_steps_that_see_the_demand_of_an_instant_last_cost_a_day() -> None:
    run = made_to_order(5, 6, ["receive", "demand", "supply", "order"])
    assert waits(run) == {6}
    assert run.metric("flow.fill_rate") == 1.0


def test_demand_that_is_not_yet_due_at_the_end_counts_neither_as_asked_nor_as_owed() -> None:
    run = made_to_order(5, 5, AT_ONCE)
    assert run.markets["demanded"].sum() == run.markets["filled"].sum() == DAYS - 5
    assert run.markets["backlog"].max() == 0.0


def test_impatient_customers_are_served_in_time_or_not_at_all() -> None:
    in_time = made_to_order(5, 5, AT_ONCE, backorders=False)
    assert (in_time.metric("flow.fill_rate"), in_time.metric("flow.lost_sales")) == (1.0, 0.0)
    too_late = made_to_order(5, 4, AT_ONCE, backorders=False)
    assert too_late.markets["filled"][: DAYS // 2].sum() < too_late.markets["demanded"][: DAYS // 2].sum()


@pytest.mark.parametrize("service", [0, 2, 4, 8])
def test_safety_stock_covers_what_is_not_known_when_it_has_to_be_ordered(service: int) -> None:
    """Of lead time and review only what exceeds the service time has to be covered (Graves and Willems, 2000)."""
    factor, lead, days = 1.0, 5, 4000
    forecast = {"method": "fixed", "mean": 100, "sd": 20}
    rule = {"policy": "order-up-to", "review_days": 1, "safety_factor": factor, "forecast": forecast}
    shop = {"name": "A", "firm": "shop", "product": "unit", "ordering": rule}
    demand = {"law": "normal(mean=100, sd=20)"}
    sold = {"name": "m", "product": "unit", "served_by": ["A"], "service_days": service, "demand": demand}
    run = simulate(
        described(
            {
                "clock": {"days": days, "steps": ["order", "receive", "demand", "supply"]},
                "firms": [{"name": "shop"}],
                "sites": [shop],
                "links": [{"buyer": "A", "supplier": "outside", "product": "unit", "lead_time": lead}],
                "markets": [sold],
                "record": {"every_days": days, "orders": False},
            }
        )
    )
    uncovered = max(0, lead + 1 - service)
    expected = NormalDist().cdf(factor) if uncovered else 1.0
    # Backlogs last, so that neighbouring days are not independent.
    assert run.metric("flow.full_service") == pytest.approx(expected, abs=0.03)
