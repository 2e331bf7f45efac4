"""What charts share: tables that are missing, parts of time, names of tiers."""

from __future__ import annotations

import dataclasses

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.charts.parts import at_day, last_day, part_of, table_of, tier_names, widths
from gpnde.results.run import Run
from gpnde.results.tables import empty_table


def test_a_table_that_is_missing_has_no_rows(run: Run) -> None:
    assert table_of(dataclasses.replace(run, tables={}), "sites").equals(empty_table("sites"))


@pytest.mark.parametrize("day, expected", [(0, 7), (7, 7), (13.9, 7), (14, 14), (99, 14)])
def test_the_last_record_that_is_not_after_the_day_counts(day: float, expected: float) -> None:
    assert at_day(pl.DataFrame({"day": [7.0, 14.0]}), day)["day"].to_list() == [expected]


def test_no_record_at_all_stays_none() -> None:
    assert at_day(empty_table("sites"), 5).is_empty()


def test_the_last_day_of_a_run_is_that_of_its_records(run: Run) -> None:
    early = {name: run.tables[name].filter(pl.col("day") <= 70) for name in ("tiers", "markets")}
    assert last_day(dataclasses.replace(run, tables=early)) == 70
    assert last_day(dataclasses.replace(run, tables={})) == 0


@given(st.integers(1, 500), st.integers(1, 60))
def test_there_are_never_more_parts_than_wanted_and_none_is_skipped(days: int, most: int) -> None:
    table = pl.DataFrame({"day": [7.0 * day for day in range(days)]})
    parts = table.with_columns(part_of(table["day"], most))["part"].to_list()
    assert parts == sorted(parts)
    assert set(parts) == set(range(parts[-1] + 1)) and parts[-1] < most


def test_only_deep_tiers_are_put_together() -> None:
    tiers = pl.DataFrame({"tier": [0, 6, 7, 8]})
    assert tiers.select(tier_names(tiers["tier"]))["tier"].to_list() == ["0", "6", "7 and up", "7 and up"]
    assert tiers.head(3).select(tier_names(tiers["tier"].head(3)))["tier"].to_list() == ["0", "6", "7"]


def test_lines_of_nothing_are_thin() -> None:
    assert widths(pl.Series([0.0, 0.0]), 0.5, 5).to_list() == [0.5, 0.5]
    assert widths(pl.Series([], dtype=pl.Float64), 0.5, 5).to_list() == []
