"""Rows behind the charts of learning: fates add up to what was transferred, levels to the suppliers that are there."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import polars as pl

from gpnde.charts.learning import INTERNALISED, STALE, WAITING, level_rows, receipt_rows, receipts_over_time
from gpnde.charts.theme import MOST_ROWS
from gpnde.results.history import RUNGS
from gpnde.results.run import Run

Rows = Callable[..., pl.DataFrame]


def test_the_fates_of_a_channel_add_up_to_what_all_firms_received(rows: Rows) -> None:
    one = {"day": 91, "transferred_formal_tacit": 4, "internalised_formal_tacit": 1, "stale_formal_tacit": 0.5}
    other = {"day": 91, "transferred_formal_tacit": 2, "internalised_formal_tacit": 2}
    found = receipt_rows(rows("learners", {"day": 0}, one, other))
    chosen = found.filter((found["channel"] == "formal, tacit") & (found["day"] == 91))
    assert dict(chosen.select("fate", "amount").iter_rows()) == {INTERNALISED: 3, WAITING: 2.5, STALE: 0.5}
    assert found["amount"].sum() == 6


def test_a_record_every_day_is_thinned_and_keeps_the_end(rows: Rows) -> None:
    learners = rows("learners", *[{"day": day, "transferred_informal_tacit": day} for day in range(3640)])
    found = receipt_rows(learners)
    assert found.height <= MOST_ROWS
    assert found["day"].max() == 3639


def test_where_nothing_was_transferred_the_chart_says_so(run: Run) -> None:
    learners = run.learners.with_columns(pl.selectors.matches("^(transferred|internalised|stale)_") * 0.0)
    spec = receipts_over_time(dataclasses.replace(run, tables=run.tables | {"learners": learners})).to_dict()
    assert spec["description"].endswith("Nothing was transferred.")


def test_levels_add_up_to_the_suppliers_of_each_day(run: Run) -> None:
    assert run.history is not None
    found = level_rows(run.history)
    assert found.height == RUNGS * len(run.history.days)
    per_day = found.group_by("day").agg(pl.col("suppliers").sum())["suppliers"]
    assert set(per_day) == {float(run.history.suppliers.sum())}


def test_levels_are_named_by_their_rung(run: Run) -> None:
    assert run.history is not None
    names = level_rows(run.history).select("level", "name").unique().sort("level").rows()
    assert names[0] == (0, "0 Sales and distribution")
    assert names[-1] == (5, "5 System integration")
