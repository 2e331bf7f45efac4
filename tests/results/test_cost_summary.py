"""Costs as a person reads them."""

from __future__ import annotations

import pytest

from gpnde.charts.report import report
from gpnde.engine.simulate import simulate
from gpnde.results.cost_summary import TOTAL, cost_rows
from gpnde.results.run import Run
from gpnde.results.summary import WIDTH, summary
from gpnde.scenario import load_scenario


@pytest.fixture(scope="module")
def priced() -> Run:
    """Return a run with costs and a warm-up."""
    return simulate(load_scenario("beer-game", {"costs": {"capital_per_year": 0.2}, "clock.warm_up_days": 35}))


def test_shares_add_up_and_the_largest_kind_comes_first(priced: Run) -> None:
    rows = cost_rows(priced)
    *kinds, total = rows
    assert [row.kind for row in rows] == ["holding", "stockout", "capital", TOTAL]
    assert sum(row.share for row in kinds) == pytest.approx(1.0)
    assert sum(row.amount for row in kinds) == pytest.approx(total.amount) == priced.metric("cost.total")
    assert total.per_day == pytest.approx(priced.metric("cost.per_day"))


def test_nothing_is_said_of_costs_where_nothing_costs_anything() -> None:
    run = simulate(load_scenario("serial-chain", {"clock.days": 28}))
    assert cost_rows(run) == []
    assert "Costs (money)" not in summary(run) and "<h2>Costs</h2>" not in report(run)


def test_costs_and_the_warm_up_are_told_in_print(priced: Run) -> None:
    text = summary(priced)
    assert "Warm-up: metrics leave out day 0 to day 35." in text
    assert [line.split()[0] for line in text.splitlines() if line.endswith("%")][-4:] == [
        "holding", "stockout", "capital", "total",
    ]  # fmt: skip
    assert max(map(len, text.splitlines())) <= WIDTH


def test_costs_and_the_warm_up_are_told_in_the_report(priced: Run) -> None:
    page = report(priced)
    assert "<h2>Costs</h2>" in page and 'id="costs"' in page
    assert "Warm-up: metrics leave out day 0 to day 35." in page


def test_a_run_without_a_block_on_costs_tells_what_its_rates_come_to() -> None:
    assert [row.kind for row in cost_rows(simulate("beer-game"))] == ["holding", "stockout", TOTAL]
