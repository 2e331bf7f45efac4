"""Rows behind the chart of a firm's statements."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from gpnde.charts.statements import (
    KINDS,
    MOST_PARTS,
    balance_rows,
    income_rows,
    largest_firm,
    part_length,
    stacked,
    statements_of_firm,
)
from gpnde.errors import ResultsError
from gpnde.results.run import Run
from gpnde.results.statements import INCOME, periods
from tests.charts.said import heading_of

Rows = Callable[..., pl.DataFrame]

INCOME_ROW = {"statement": "income", "firm": "one"}
BALANCE_ROW = {"statement": "balance", "firm": "one"}


def test_every_item_of_an_income_statement_has_one_kind() -> None:
    items = [item for kind in KINDS.values() for item in kind]
    assert sorted(items) == sorted(INCOME)


def test_items_of_a_kind_are_added_up_over_a_period(rows: Rows) -> None:
    table = rows(
        "accounts",
        BALANCE_ROW | {"day": 0, "item": "cash", "amount": 7},
        INCOME_ROW | {"day": 91, "item": "freight", "amount": -1},
        INCOME_ROW | {"day": 182, "item": "purchases", "amount": -5},
        INCOME_ROW | {"day": 273, "item": "purchases", "amount": -9},
    )
    found = income_rows(table, periods(table["day"], 182.0))
    assert found.select("kind", "start", "end", "middle", "amount").rows() == [
        ("materials", 0.0, 182.0, 91.0, -6.0),
        ("materials", 182.0, 273.0, 227.5, -9.0),
    ]


def test_balance_is_that_of_the_end_of_each_period(rows: Rows) -> None:
    days = {0: 5, 91: 6, 182: 7}
    table = rows(
        "accounts", *[BALANCE_ROW | {"day": day, "item": "cash", "amount": held} for day, held in days.items()]
    )
    assert balance_rows(table, periods(table["day"], 182.0))["amount"].to_list() == [5.0, 7.0]


def test_what_is_owed_goes_down_from_nothing(rows: Rows) -> None:
    table = rows(
        "accounts",
        BALANCE_ROW | {"day": 0, "item": "cash", "amount": 5},
        BALANCE_ROW | {"day": 91, "item": "cash", "amount": 5},
        BALANCE_ROW | {"day": 91, "item": "payable", "amount": -2},
        BALANCE_ROW | {"day": 91, "item": "debt", "amount": -3},
    )
    found = stacked(balance_rows(table, periods(table["day"], 91.0)), ("payable", "debt")).sort("day", "place")
    assert found.select("day", "kind", "low", "high").rows() == [
        (0.0, "payable", 0.0, 0.0),
        (0.0, "debt", 0.0, 0.0),
        (91.0, "payable", 0.0, -2.0),
        (91.0, "debt", -2.0, -5.0),
    ]


def test_firm_that_sold_most_is_shown_where_none_is_named(rows: Rows) -> None:
    sold = INCOME_ROW | {"item": "sales"}
    table = rows(
        "accounts",
        sold | {"firm": "small", "amount": 5},
        sold | {"firm": "large", "amount": 4},
        sold | {"firm": "large", "amount": 4},
        INCOME_ROW | {"firm": "rich", "item": "transfers", "amount": 99},
    )
    assert largest_firm(table) == "large"


@pytest.mark.parametrize("days", [1, 1092, 1093, 36_400, 1_000_000])
def test_long_runs_are_drawn_in_few_bars(days: float) -> None:
    assert days / part_length(days) <= MOST_PARTS


def test_subtitle_names_firm_profit_and_equity(full_run: Run) -> None:
    said = heading_of(statements_of_firm(full_run, firm="flagship").to_dict())
    assert said.startswith("flagship made 240 ") and said.endswith(
        "flagship, by quarter, in money; equity 140 at the end"
    )


def test_firm_without_entries_is_drawn(full_run: Run) -> None:
    said = heading_of(statements_of_firm(full_run, firm="firm-2").to_dict())
    assert said.startswith("firm-2 made 0, ") and said.endswith("firm-2, by quarter, in money; equity 0 at the end")


def test_unknown_firm_is_refused_with_the_nearest_name(full_run: Run) -> None:
    with pytest.raises(ResultsError, match=r"firm 'flagshipp': unknown; did you mean 'flagship'"):
        statements_of_firm(full_run, firm="flagshipp")
