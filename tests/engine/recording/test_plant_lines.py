"""Rows of plants: periods, the end of the warm-up, and set-ups that are paid."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from gpnde.engine.simulate import open_run, restore, simulate
from gpnde.results.run import Run
from gpnde.vocabulary import ACCOUNTS

from ...plants import works

LINES = {"a": {"setup_days": 0.5, "setup_cost": 30}, "b": {"setup_days": 0.5, "setup_cost": 50}}
CYCLE: dict[str, Any] = {"rule": "cycle", "cycle_days": 7}


def test_rows_stand_at_months_at_the_end_of_the_warm_up_and_at_the_horizon() -> None:
    run = simulate(works(LINES, **CYCLE, days=100, clock={"days": 100, "warm_up_days": 40}))
    days = run.tables["plant_lines"]["day"].unique().sort().to_list()
    assert days == [28.0, 40.0, 56.0, 84.0, 100.0]
    after = run.tables["plant_lines"].filter(pl.col("day") > 40)
    assert run.metric("plants.changeovers") == after["changeovers"].sum()


def by_kind(run: Run) -> dict[str, float]:
    """Return the sums of the table of costs."""
    return dict(run.costs.group_by("kind").agg(pl.col("amount").sum()).iter_rows())


def test_set_ups_are_a_kind_of_cost_of_the_line_that_the_plant_changes_over_to() -> None:
    run = simulate(works(LINES, **CYCLE, costs={}))
    table = run.tables["plant_lines"]
    assert by_kind(run)["setup"] == pytest.approx(float(table["setup_cost"].sum()))
    assert run.metric("cost.setup") == run.metric("plants.setup_cost") > 0
    assert run.metric("cost.total.site.b") == pytest.approx(
        50 * table.filter(pl.col("site") == "b")["changeovers"].sum()
    )


def test_firms_with_money_pay_for_set_ups() -> None:
    spent = {}
    for cost in (0, 1):
        lines = {name: {**line, "setup_cost": cost * line["setup_cost"]} for name, line in LINES.items()}
        run = open_run(works(lines, **CYCLE, costs={}, finance={}))
        run.advance()
        run.simulation.finish()
        world = run.simulation.world
        spent[cost] = -float(world.entries[ACCOUNTS.index("production")].sum())
    assert spent[1] - spent[0] == pytest.approx(float(world.state.plant_lines["setup_cost"].sum()))


def test_a_run_that_goes_on_from_a_copy_has_the_same_rows() -> None:
    scenario = works(LINES, rule="run-out", minimum_run_days=1.5, demand="poisson(mean=40)", days=112)
    run = open_run(scenario)
    run.advance(45)
    again = restore(run.snapshot())
    again.advance()
    assert again.finish().tables["plant_lines"].equals(simulate(scenario).tables["plant_lines"])
