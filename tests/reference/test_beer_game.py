"""The beer distribution game under the benchmark rule of Sterman (1989), week by week."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import pvariance
from typing import Any

import polars as pl
import pytest

from gpnde.engine import simulate
from gpnde.results.run import Run
from gpnde.scenario import load_scenario

STAGES = ("retailer", "wholesaler", "distributor", "factory")
COLUMNS = {
    "incoming": "demanded",
    "received": "produced",
    "shipped": "shipped",
    "stock": "on_hand",
    "backlog": "backlog",
}
"""Column of the table of sites for each row of the published week table; a stage makes beer by receiving it."""

FIRST_WEEK_OF_THE_RULE = 5
STOCK_COST, BACKLOG_COST = 0.5, 1.0


@pytest.fixture(scope="module")
def game() -> Run:
    return simulate("beer-game")


@pytest.fixture(scope="module")
def benchmark(shared_data: Path) -> Mapping[str, Any]:
    published = json.loads((shared_data / "beer_game" / "benchmark.json").read_text(encoding="utf-8"))
    table: Mapping[str, Any] = published["benchmark_36w"]
    return table


def by_week(run: Run, column: str) -> list[list[float]]:
    """Return a column of the table of sites by week and stage; a row tells of the week before."""
    weeks = run.sites.filter(pl.col("day") > 0)
    by_stage = [weeks.filter(pl.col("site") == stage)[column].to_list() for stage in STAGES]
    return [list(week) for week in zip(*by_stage, strict=True)]


def orders_by_week(run: Run) -> list[list[float]]:
    """Return what every stage ordered: first what is under way from the start, then what the rule asked for.

    Of the opening orders the two weeks before the game are left out, at the factory all three.
    """
    links = load_scenario("beer-game").links
    opening = [(*link.in_transit, *link.in_mail)[-(FIRST_WEEK_OF_THE_RULE - 1) :] for link in links]
    assert [link.buyer for link in links] == list(STAGES)
    before = [list(week) for week in zip(*opening, strict=True)]
    return before + by_week(run, "ordered")[FIRST_WEEK_OF_THE_RULE - 1 :]


def week_table(benchmark: Mapping[str, Any], row: str) -> list[Sequence[float]]:
    return [week[row] for week in benchmark["weeks"]]


@pytest.mark.parametrize("row", COLUMNS)
def test_every_week_is_as_in_the_benchmark(game: Run, benchmark: Mapping[str, Any], row: str) -> None:
    assert by_week(game, COLUMNS[row]) == week_table(benchmark, row)


def test_every_order_is_as_in_the_benchmark(game: Run, benchmark: Mapping[str, Any]) -> None:
    orders = orders_by_week(game)
    assert orders == week_table(benchmark, "orders")
    summary = benchmark["summary"]
    for position, stage in enumerate(STAGES):
        own = [week[position] for week in orders]
        assert max(own) == summary["peak_order"][stage]
        assert own.index(max(own)) + 1 == summary["peak_order_week"][stage]


def test_no_stage_orders_before_the_rule_begins(game: Run) -> None:
    assert by_week(game, "ordered")[: FIRST_WEEK_OF_THE_RULE - 1] == [[0.0] * 4] * (FIRST_WEEK_OF_THE_RULE - 1)


def test_customers_buy_as_in_the_benchmark(game: Run, benchmark: Mapping[str, Any]) -> None:
    weeks = game.markets.filter(pl.col("day") > 0)
    assert weeks["demanded"].to_list() == week_table(benchmark, "demand")


def test_stages_and_team_have_the_published_costs(game: Run, benchmark: Mapping[str, Any]) -> None:
    weekly = zip(by_week(game, "on_hand"), by_week(game, "backlog"), strict=True)
    costs = [[STOCK_COST * s + BACKLOG_COST * b for s, b in zip(*week, strict=True)] for week in weekly]
    by_stage = dict(zip(STAGES, map(sum, zip(*costs, strict=True)), strict=True))
    assert by_stage == benchmark["summary"]["cost"] == {**dict.fromkeys(STAGES, 54.0), "retailer": 46, "wholesaler": 50}
    assert game.metric("cost.total") == pytest.approx(204.0, rel=1e-12)
    assert game.metric("cost.holding") == pytest.approx(STOCK_COST * sum(map(sum, by_week(game, "on_hand"))))
    assert game.metric("cost.stockout") == pytest.approx(BACKLOG_COST * sum(map(sum, by_week(game, "backlog"))))


def test_orders_vary_more_than_demand_as_in_the_benchmark(game: Run, benchmark: Mapping[str, Any]) -> None:
    demand = pvariance([float(week["demand"]) for week in benchmark["weeks"]])
    orders = zip(*orders_by_week(game), strict=True)
    ratios = {stage: pvariance(own) / demand for stage, own in zip(STAGES, orders, strict=True)}
    assert ratios == pytest.approx(benchmark["summary"]["order_variance_over_demand_variance"], rel=1e-12)


def test_largest_backlogs_are_as_in_the_benchmark(game: Run, benchmark: Mapping[str, Any]) -> None:
    largest = [max(own) for own in zip(*by_week(game, "backlog"), strict=True)]
    assert dict(zip(STAGES, largest, strict=True)) == benchmark["summary"]["max_backlog"]


def test_weeks_before_the_first_order_enter_no_ratio_of_variances(game: Run) -> None:
    # A stage that looked back over five weeks at its first review would seem to damp what it passes on.
    for tier in (1, 2, 3):
        assert game.metric(f"flow.bullwhip.tier.{tier}") >= 1.0
