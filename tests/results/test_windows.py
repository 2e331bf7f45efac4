"""Windows: the first and the last year, which never overlap."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from gpnde.results.windows import first_window, last_window, sums_in_order

Rows = Callable[..., pl.DataFrame]


@pytest.mark.parametrize(("horizon", "first", "last"), [(100, [20, 40], [60, 80, 100]), (40, [20], [40])])
def test_a_short_run_is_cut_in_two(rows: Rows, horizon: int, first: list[int], last: list[int]) -> None:
    table = rows("firms", *[{"day": day} for day in range(0, horizon + 1, 20)])
    assert first_window(table, horizon)["day"].to_list() == first
    assert last_window(table, horizon)["day"].to_list() == last


def test_of_a_long_run_one_year_is_taken(rows: Rows) -> None:
    table = rows("firms", *[{"day": 91.0 * quarter} for quarter in range(41)])
    assert first_window(table, 3640)["day"].to_list() == [91, 182, 273, 364]
    assert last_window(table, 3640)["day"].to_list() == [3367, 3458, 3549, 3640]


def test_a_run_recorded_only_at_its_end_has_no_first_part(rows: Rows) -> None:
    table = rows("firms", {"day": 100})
    assert first_window(table, 100).is_empty()
    assert sums_in_order(first_window(table, 100), "firm", "revenue", ["a"]).tolist() == [0.0]
