"""Tables without the warm-up."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from gpnde.results.columns import TABLES
from gpnde.results.evidence import Evidence
from gpnde.results.tables import empty_table
from gpnde.results.warm_up import FLOWS, measured, measured_from
from gpnde.results.windows import first_window, last_window

Rows = Callable[..., pl.DataFrame]


def test_flows_are_the_columns_that_tell_of_the_time_since_the_previous_row() -> None:
    told = {
        table: tuple(name for name, column in columns.items() if "since the previous row." in column.doc)
        for table, columns in TABLES.items()
    }
    assert {table: names for table, names in told.items() if names} == dict(FLOWS)


@pytest.mark.parametrize(("warm_up", "tick", "start"), [(0, 1, 0), (10, 1, 10), (10, 4, 12), (0.3, 0.1, 0.3)])
def test_metrics_count_from_a_whole_tick(warm_up: float, tick: float, start: float) -> None:
    scenario = {"clock": {"days": 100, "tick_days": tick, "warm_up_days": warm_up}}
    assert measured_from(scenario) == pytest.approx(start)
    assert Evidence(scenario, {}).measured_days == pytest.approx(100 - start)


def test_a_run_without_a_warm_up_has_the_tables_that_it_had(rows: Rows) -> None:
    tables = {"markets": rows("markets", {"day": 0}, {"day": 7})}
    assert measured(tables, 0.0) is tables
    assert measured_from({"clock": {"days": 7}}) == 0.0


def test_orders_count_by_the_day_on_which_they_were_placed(rows: Rows) -> None:
    tables = {"orders": rows("orders", {"placed_day": 6}, {"placed_day": 7}), "links": empty_table("links")}
    after = measured(tables, 7.0)
    assert after["orders"]["placed_day"].to_list() == [7]
    assert after["links"] is tables["links"]


def test_balances_count_from_the_first_day_and_income_from_the_next_statement(rows: Rows) -> None:
    both = [{"day": day, "statement": kind} for day in (0, 91, 182) for kind in ("balance", "income")]
    after = measured({"accounts": rows("accounts", *both)}, 91.0)["accounts"]
    assert after.select("day", "statement").rows() == [(91, "balance"), (182, "balance"), (182, "income")]


def test_the_first_and_the_last_year_are_those_after_the_warm_up(rows: Rows) -> None:
    table = rows("firms", *[{"day": day} for day in range(0, 101, 20)])
    assert first_window(table, 100, 20)["day"].to_list() == [40, 60]
    assert last_window(table, 100, 20)["day"].to_list() == [80, 100]
