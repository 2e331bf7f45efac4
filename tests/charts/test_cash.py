"""Rows behind the chart of cash and exits."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from gpnde.charts.cash import MOST_PARTS, cash_and_exits, cash_rows, credit_rows, exit_rows
from gpnde.results.run import Run
from tests.charts.said import heading_of

Rows = Callable[..., pl.DataFrame]


def test_of_many_days_the_last_balance_of_each_part_is_kept(rows: Rows) -> None:
    days = range(1, 2 * MOST_PARTS + 1)
    found = cash_rows(rows("tiers", *[{"day": day, "cash": day} for day in days]))
    assert found.height == MOST_PARTS
    assert found["cash"].to_list() == found["day"].to_list() == list(range(2, 2 * MOST_PARTS + 1, 2))


def test_firms_that_owe_money_are_counted_while_they_are_there(rows: Rows) -> None:
    firms = rows(
        "firms",
        {"day": 7, "firm": "a", "tier": 1, "active": 1, "cash": -1},
        {"day": 7, "firm": "b", "tier": 1, "active": 1, "cash": 0},
        {"day": 7, "firm": "c", "tier": 1, "active": 0, "cash": -5},
    )
    assert credit_rows(firms).rows() == [("1", 7.0, 2, 1)]


def test_exits_are_counted_by_quarter_and_tier(rows: Rows) -> None:
    failed = {"kind": "firm_failed", "cause": "finance"}
    events = rows(
        "events",
        failed | {"day": 91, "firm": "a"},
        failed | {"day": 92, "firm": "a"},
        failed | {"day": 100, "firm": "b"},
        {"day": 100, "kind": "link_dropped", "firm": "b"},
    )
    found = exit_rows(events, {"a": 1, "b": 2}, 364)
    assert found.select("tier", "start", "end", "count").rows() == [
        ("1", 0.0, 91.0, 1),
        ("1", 91.0, 182.0, 1),
        ("2", 91.0, 182.0, 1),
    ]


def test_the_subtitle_counts_exits(full_run: Run) -> None:
    assert heading_of(cash_and_exits(full_run).to_dict()).startswith("1 firm left the network")
