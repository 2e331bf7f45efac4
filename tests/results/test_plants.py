"""Metrics of plants, against sums of their table."""

from __future__ import annotations

import polars as pl
import pytest

from gpnde.engine.simulate import simulate
from gpnde.errors import ResultsError

from ..plants import works

LINES = {"a": {"setup_days": 0.5, "setup_cost": 3}, "b": {"setup_days": 0.5, "setup_cost": 4}}


def test_shares_of_time_are_those_of_the_table_for_all_and_by_plant() -> None:
    run = simulate(works(LINES, rule="run-out", minimum_run_days=2, demand=30))
    busy, setup, idle = run.tables["plant_lines"].select(pl.sum("busy_days", "setup_days", "idle_days")).row(0)
    assert busy + setup + idle == pytest.approx(280)
    for name in ("", ".works"):
        assert run.metric(f"plants.utilisation{name}") == pytest.approx(busy / 280)
        assert run.metric(f"plants.setup_share{name}") == pytest.approx(setup / 280)


def test_change_overs_cost_what_their_lines_say() -> None:
    run = simulate(works(LINES, rule="run-out", minimum_run_days=2, demand=30))
    counts = dict(run.tables["plant_lines"].group_by("site").agg(pl.col("changeovers").sum()).iter_rows())
    assert run.metric("plants.changeovers") == counts["a"] + counts["b"]
    assert run.metric("plants.setup_cost") == pytest.approx(3 * counts["a"] + 4 * counts["b"])


def test_a_run_without_plants_has_no_such_metrics() -> None:
    run = simulate(works({"a": {}}, is_shared=False, days=28))
    with pytest.raises(ResultsError):
        run.metric("plants.utilisation")
