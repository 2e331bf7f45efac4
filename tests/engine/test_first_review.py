"""The first review counts only where one whole period of demand lies behind it."""

from __future__ import annotations

import polars as pl
import pytest

from gpnde.engine import simulate
from gpnde.scenario import load_scenario


@pytest.mark.parametrize("steps", ["receive, demand, supply, order", "receive, order, demand, supply"])
@pytest.mark.parametrize("first_review_day", [0, 3, 28])
def test_constant_demand_gives_constant_weekly_orders(steps: str, first_review_day: int) -> None:
    ordering = {"policy": "order-up-to", "review_days": 7, "first_review_day": first_review_day}
    scenario = load_scenario(
        "single-site",
        {
            "clock.steps": f"[{steps}]",
            "markets.customers.demand.law": 10,
            "sites.shop.ordering": ordering,
            "sites.shop.stock": 1000,
        },
    )
    run = simulate(scenario)
    later = run.orders.filter(pl.col("placed_day") > run.orders["placed_day"].min())
    assert later.height > 20
    assert later["quantity"].to_list() == pytest.approx([70.0] * later.height)
