"""Rows behind the chart of costs."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from gpnde.charts.costs import MOST_PARTS, MOST_SITES, costs_by_kind, period_rows, site_rows
from gpnde.charts.flow import service_over_time
from gpnde.engine.simulate import simulate
from gpnde.results.run import Run
from gpnde.scenario import load_scenario

Rows = Callable[..., pl.DataFrame]


@pytest.fixture(scope="module")
def priced() -> Run:
    """Return a run with costs and a warm-up."""
    return simulate(load_scenario("beer-game", {"costs": {}, "clock.warm_up_days": 35}))


def row(day: float, kind: str, amount: float, site: str = "shop", firm: str = "shops") -> dict[str, object]:
    return {"day": day, "site": site, "firm": firm, "kind": kind, "amount": amount}


def test_costs_of_a_period_are_spread_over_its_days(rows: Rows) -> None:
    table = rows("costs", row(7, "holding", 14), row(21, "ordering", 3), row(21, "holding", 28))
    found = period_rows(table).select("kind", "start", "end", "amount", "per_day").rows()
    assert found == [("holding", 0, 7, 14, 2), ("holding", 7, 21, 28, 2), ("ordering", 7, 21, 3, 3 / 14)]


def test_many_periods_are_drawn_as_few(rows: Rows) -> None:
    table = rows("costs", *[row(day, "holding", 1) for day in range(1, 10 * MOST_PARTS + 1)])
    found = period_rows(table)
    assert len(found) == MOST_PARTS
    assert found["amount"].to_list() == [10] * MOST_PARTS


def test_sites_that_cost_most_come_first_and_the_rest_are_one(rows: Rows) -> None:
    table = rows("costs", *[row(7, "holding", cost, f"site-{cost}") for cost in range(1, MOST_SITES + 3)])
    found = site_rows(table)
    assert found["who"].to_list()[0] == f"site-{MOST_SITES + 2}"
    assert found.select("who", "site", "amount").rows()[-1] == ("2 others", "", 1 + 2)


def test_what_a_firm_bears_as_a_whole_stands_under_its_name(rows: Rows) -> None:
    found = site_rows(rows("costs", row(7, "production", 5, site="")))
    assert found.select("who", "site").rows() == [("shops", "")]


def test_the_drawn_costs_are_those_of_the_run(priced: Run) -> None:
    drawn = costs_by_kind(priced).to_dict()
    amounts = [each["amount"] for data in drawn["datasets"].values() for each in data if "per_day" in each]
    assert sum(amounts) == pytest.approx(float(priced.costs["amount"].sum()))
    assert "holding 46, stockout 40 (money)" in drawn["title"]["subtitle"]


def test_the_warm_up_is_a_band(priced: Run) -> None:
    for chart in (costs_by_kind(priced), service_over_time(priced)):
        assert "{'from': 0.0, 'to': 35.0" in str(chart.to_dict()["datasets"])
    assert "'from'" not in str(service_over_time(simulate("beer-game")).to_dict()["datasets"])
