"""Rows behind the chart of drop-outs: each falls in its quarter, and none is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import polars as pl
import pytest

from gpnde.charts.dropouts import MOST_PARTS, dropout_rows, dropouts_by_cause
from gpnde.results.run import Run

Rows = Callable[..., pl.DataFrame]


def drop(day: float, cause: str = "score") -> dict[str, object]:
    return {"day": day, "kind": "link_dropped", "cause": cause}


@pytest.mark.parametrize("quarter", range(1, 41))
def test_a_scorecard_belongs_to_the_quarter_that_it_closes(rows: Rows, quarter: int) -> None:
    found = dropout_rows(rows("events", drop(91.0 * quarter)), 3640.0)
    assert found.select("start", "end").row(0) == (91.0 * (quarter - 1), 91.0 * quarter)


def test_dropouts_are_counted_by_cause_and_quarter(rows: Rows) -> None:
    events = rows("events", drop(0), drop(91), drop(92), drop(92, "finance"), {"day": 5, "kind": "bid_placed"})
    assert dropout_rows(events, 182.0).select("cause", "start", "count").rows() == [
        ("finance", 91.0, 1),
        ("score", 0.0, 2),
        ("score", 91.0, 1),
    ]


def test_the_last_part_ends_with_the_run(rows: Rows) -> None:
    assert dropout_rows(rows("events", drop(100)), 100.0).select("start", "end").row(0) == (91.0, 100.0)


def test_a_long_run_has_longer_parts_and_keeps_every_dropout(rows: Rows) -> None:
    events = rows("events", *[drop(day) for day in range(0, 36_401, 91)])
    found = dropout_rows(events, 36_400.0)
    assert found["start"].n_unique() <= MOST_PARTS
    assert found["count"].sum() == events.height


def test_outages_have_a_panel_of_their_own(run: Run) -> None:
    panels = dropouts_by_cause(run).to_dict()["vconcat"]
    assert [panel["encoding"]["y"]["title"] for panel in panels] == [
        "Dismissals and exits (number)",
        "Outages (number)",
    ]


def test_dismissal_for_an_outage_is_no_outage(rows: Rows, run: Run) -> None:
    events = rows("events", {**drop(5, "outage")}, {"day": 9, "kind": "site_failed", "cause": "outage"})
    told = replace(run, tables={**run.tables, "events": events})
    assert "1 dismissals and exits (outage 1); 1 outages" in dropouts_by_cause(told).to_dict()["description"]
