"""Plants that make several products: shares of time, change-overs, and what is lost by them."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpnde.engine.simulate import simulate
from gpnde.results.run import Run
from gpnde.scenario.plants import CAMPAIGNS, PlantRule

from ...plants import works
from ...thorough import often

SETUP = {"setup_days": 1}
TIMES = ("busy_days", "setup_days", "idle_days")


def rows(run: Run) -> pl.DataFrame:
    """Return the table of plants."""
    return run.tables["plant_lines"]


def started(run: Run) -> dict[str, float]:
    """Return what each line has started in all (units)."""
    return {name: float(sum(part["started"])) for (name,), part in rows(run).partition_by("site", as_dict=True).items()}


def test_a_cycle_of_two_products_loses_two_set_ups_in_each_of_its_rounds() -> None:
    run = simulate(works({"a": SETUP, "b": SETUP}, rule="cycle", cycle_days=10, days=1001))
    # The first slot needs no set-up, and day 0 brings no materials yet.
    assert run.metric("plants.changeovers") == 199
    assert run.metric("plants.setup_share") == pytest.approx(2 / 10, abs=2 / 1001)


def test_shares_of_a_cycle_are_the_shares_of_time() -> None:
    lines = {"a": {"share": 0.75, **SETUP}, "b": {"share": 0.25, **SETUP}}
    made = started(simulate(works(lines, rule="cycle", cycle_days=20, demand=100, days=1001)))
    assert made["a"] / made["b"] == pytest.approx((15 - 1) / (5 - 1), rel=0.01)


@pytest.mark.parametrize("rule", ["longest-queue", "run-out"])
def test_a_plant_with_too_much_to_do_loses_a_set_up_in_every_least_run(rule: PlantRule) -> None:
    run = simulate(works({"a": SETUP, "b": SETUP}, rule=rule, minimum_run_days=4, days=1001))
    assert run.metric("plants.setup_share") == pytest.approx(1 / (1 + 4), abs=2 / 1001)
    made = started(run)
    assert made["a"] == pytest.approx(made["b"], rel=0.01)


def test_by_priority_the_first_line_is_always_served() -> None:
    lines = {"a": {}, "b": {"priority": -1}}
    made = started(simulate(works(lines, rule="priority", demand={"a": 100, "b": 60}, days=101)))
    # Materials come a day after the order.
    assert made == {"a": pytest.approx(40 * 100), "b": pytest.approx(60 * 100)}


def test_in_proportion_to_work_both_lines_fall_behind_alike() -> None:
    made = started(simulate(works({"a": {}, "b": {}}, demand={"a": 150, "b": 50}, days=101)))
    assert made["a"] / made["b"] == pytest.approx(3)
    assert made["a"] + made["b"] == pytest.approx(100 * 100)


def test_shares_are_not_passed_on() -> None:
    lines = {"a": {"share": 0.7}, "b": {"share": 0.3}}
    made = started(simulate(works(lines, rule="shares", demand={"a": 100, "b": 10}, days=101)))
    assert made == {"a": pytest.approx(70 * 100), "b": pytest.approx(10 * 100)}


def test_run_out_serves_the_line_whose_stock_lasts_least() -> None:
    demand = {"a": 90, "b": 30}
    by_cover = started(simulate(works({"a": {}, "b": {}}, rule="run-out", demand=demand, days=101)))
    by_queue = started(simulate(works({"a": {}, "b": {}}, rule="longest-queue", demand=demand, days=101)))
    # Equal cover is equal backlog in days of demand, equal queues are equal backlog in units.
    assert by_cover["a"] / by_cover["b"] == pytest.approx(90 / 30, rel=0.05)
    assert 9000 - by_queue["a"] == pytest.approx(3000 - by_queue["b"], abs=100)


def test_set_ups_depend_on_what_was_made_before() -> None:
    lines: dict[str, dict[str, Any]] = {
        "black": {"setup_days": 2, "setup_cost": 10},
        "grey": {
            "setup_days": 2,
            "setup_days_after": {"black": 0.5},
            "setup_cost": 10,
            "setup_cost_after": {"black": 1},
        },
    }
    table = rows(simulate(works(lines, rule="cycle", cycle_days=12, days=241)))
    per = {
        name: part.select("setup_days", "changeovers", "setup_cost").sum().row(0) for (name,), part in _by_site(table)
    }
    assert per["grey"] == (pytest.approx(0.5 * 20), 20, 20.0)
    assert per["black"] == (pytest.approx(2 * 19), 19, 190.0)


def _by_site(table: pl.DataFrame) -> Any:
    return table.partition_by("site", as_dict=True).items()


def test_a_plant_without_work_stands_still_and_changes_nothing_over() -> None:
    run = simulate(works({"a": SETUP, "b": SETUP}, rule="cycle", cycle_days=10, demand={"a": 0, "b": 0}))
    assert run.metric("plants.changeovers") == 0
    assert rows(run).select(pl.sum(*TIMES)).row(0) == (0.0, 0.0, pytest.approx(280))


@pytest.mark.parametrize("capacity", [80, "gamma(mean=80, cv=0.3)"])
def test_a_plant_of_one_line_is_the_site_alone(capacity: Any) -> None:
    demand = "poisson(mean=70)"
    alone, shared = (
        simulate(works({"a": {}}, capacity=capacity, demand=demand, is_shared=is_shared)) for is_shared in (False, True)
    )
    for name in ("sites", "links", "markets", "orders", "sales", "tiers"):
        assert alone.tables[name].equals(shared.tables[name])


def test_the_order_in_which_lines_are_written_changes_nothing() -> None:
    written = ({"a": SETUP, "b": SETUP}, {"b": SETUP, "a": SETUP})
    runs = [
        simulate(works(lines, rule="longest-queue", minimum_run_days=3, demand="poisson(mean=50)")) for lines in written
    ]
    assert rows(runs[0]).equals(rows(runs[1]))


def test_rows_do_not_depend_on_the_horizon() -> None:
    lines = {"a": SETUP, "b": SETUP}
    short, long = (
        rows(simulate(works(lines, rule="run-out", minimum_run_days=2.3, demand="poisson(mean=40)", days=days)))
        for days in (140, 280)
    )
    assert short.equals(long.filter(pl.col("day") <= 140))


def test_a_line_that_is_down_leaves_its_time_to_the_others() -> None:
    shared: dict[str, Any] = {"firm": "maker", "capacity_per_day": 100, "stock": 0}
    sites = [
        {"name": "a", "product": "a", **shared},
        {"name": "b", "product": "b", "closes_day": 50, **shared},
    ]
    made = started(simulate(works({"a": {}, "b": {}}, rule="longest-queue", demand=100, days=101, sites=sites)))
    assert made["a"] + made["b"] == pytest.approx(100 * 100)
    assert made["b"] < 2600


@st.composite
def plants(draw: st.DrawFn) -> dict[str, Any]:
    """Return arguments of a plant of two or three lines under some rule."""
    names = draw(st.sampled_from([("a", "b"), ("a", "b", "c")]))
    rule: PlantRule = draw(st.sampled_from(["proportional", "shares", "cycle", *CAMPAIGNS]))
    takes_setups = rule in ("cycle", *CAMPAIGNS)
    setups = st.floats(0, 1.5) if takes_setups else st.just(0)
    found: dict[str, Any] = {"lines": {name: {"setup_days": draw(setups)} for name in names}, "rule": rule}
    if rule == "cycle":
        found["cycle_days"] = draw(st.floats(5, 20))
    if rule in CAMPAIGNS:
        found["minimum_run_days"] = draw(st.floats(0, 6))
    found["capacity"] = {name: draw(st.floats(10, 200)) for name in names}
    found["demand"] = {name: f"poisson(mean={draw(st.integers(1, 120))})" for name in names}
    return found


@settings(max_examples=often(20, 100), deadline=None)
@given(case=plants())
def test_time_is_conserved_and_output_stays_within_it(case: dict[str, Any]) -> None:
    run = simulate(works(case.pop("lines"), days=112, **case))
    table = rows(run).with_columns(time=pl.sum_horizontal(*TIMES))
    spent = table.group_by("day").agg(pl.col("time").sum()).sort("day")["time"].to_numpy()
    np.testing.assert_allclose(spent, 28.0, rtol=1e-9)
    per_day = table["site"].replace_strict(case["capacity"], return_dtype=pl.Float64)
    np.testing.assert_allclose(table["started"], per_day * table["busy_days"], rtol=1e-9, atol=1e-9)
    assert (table["idle_days"] >= -1e-9).all()
