"""Rows behind the charts of pairs, firms, places and replications: what is drawn is what was recorded."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest

from gpnde.charts.effect_and_cost import BETTER, OTHER, WORSE, worth_rows
from gpnde.charts.effects import NOT_SIGNIFICANT
from gpnde.charts.fan import LEVELS, fan_rows
from gpnde.charts.knowledge_network import firm_rows, line_rows, relations
from gpnde.charts.lead_time_map import MOST_SIDES, pair_rows, shown_rows
from gpnde.charts.spread import box_rows, outlier_rows
from gpnde.charts.timeline import LATE, ON_TIME, OPEN, order_rows, outage_rows, window_of
from gpnde.charts.trajectories import path_rows
from gpnde.charts.value_added import added_rows
from gpnde.charts.waterfall import steps
from gpnde.results.run import Run

Rows = Callable[..., pl.DataFrame]


def test_lead_time_of_a_pair_is_the_mean_over_its_orders(rows: Rows) -> None:
    links = rows(
        "links",
        {"supplier": "a", "buyer": "b", "orders": 1, "mean_delivery_days": 10, "on_time_share": 1},
        {"supplier": "a", "buyer": "b", "orders": 3, "mean_delivery_days": 2, "on_time_share": 0},
        {"supplier": "outside", "buyer": "b", "orders": 3, "mean_delivery_days": 90},
    )
    assert pair_rows(links).rows() == [("a", "b", 4.0, 0.25, 4)]


def test_pairs_of_many_sites_are_pairs_of_clusters(run: Run, big_run: Run) -> None:
    few, kind = shown_rows(big_run)
    assert kind == "cluster" and max(few["supplier"].n_unique(), few["buyer"].n_unique()) <= MOST_SIDES


def test_steps_of_the_waterfall_lead_from_sales_to_profit(rows: Rows) -> None:
    items = {"sales": 100.0, "purchases": -60.0, "labour": -30.0, "stocks": 5.0, "profit": 15.0}
    accounts = rows("accounts", *[{"statement": "income", "item": item, "amount": items[item]} for item in items])
    found = steps(accounts)
    assert found.select("kind", "low", "high").rows() == [
        ("sales", 0.0, 100.0),
        ("materials", 40.0, 100.0),
        ("production", 10.0, 40.0),
        ("stocks", 10.0, 15.0),
        ("profit", 0.0, 15.0),
    ]


def test_value_added_is_what_firms_add_to_what_they_buy(full_run: Run) -> None:
    found = added_rows(full_run)
    income = full_run.accounts.filter(pl.col("statement") == "income")
    wanted = income.filter(pl.col("item").is_in(["sales", "purchases", "stocks"]))["amount"].sum()
    assert found["added"].sum() * 91 / 364 == pytest.approx(wanted)


def test_an_outage_lasts_until_the_site_recovers_or_the_run_ends(rows: Rows) -> None:
    events = rows(
        "events",
        {"day": 5, "kind": "site_failed", "site": "a"},
        {"day": 9, "kind": "site_recovered", "site": "a"},
        {"day": 20, "kind": "site_failed", "site": "b"},
    )
    assert outage_rows(events, 28.0).select("site", "start", "end").rows() == [("a", 5.0, 9.0), ("b", 20.0, 28.0)]


def test_orders_are_late_on_time_or_open(rows: Rows) -> None:
    about = {"supplier": "a", "buyer": "b", "promised_day": 10, "status": "received"}
    orders = rows(
        "orders",
        {**about, "order": 1, "received_day": 9},
        {**about, "order": 2, "received_day": 11},
        {**about, "order": 3, "received_day": np.nan, "status": "open"},
        {**about, "order": 4, "placed_day": 99, "received_day": 100},
        {**about, "order": 5, "buyer": "c", "received_day": 9},
    )
    found = order_rows(orders, ["b"], (0.0, 91.0), 28.0)
    assert found.select("state", "end").rows() == [(ON_TIME, 9.0), (LATE, 11.0), (OPEN, 28.0)]


@pytest.mark.parametrize("day", [0.0, 91.0, 728.0])
def test_the_window_lies_inside_the_run_and_holds_the_day(rows: Rows, day: float) -> None:
    start, end = window_of(outage_rows(rows("events"), 728.0), "maker", day, 728.0)
    assert 0 <= start <= day <= end <= 728 and end - start == 91


def test_paths_are_those_of_suppliers_from_the_first_record_to_the_last(run: Run) -> None:
    assert run.history is not None
    found = path_rows(run.history)
    assert found["tier"].min() > 0  # type: ignore[operator]
    assert (found["day"].min(), found["day"].max()) == (run.history.days[0], run.history.days[-1])
    assert ((found["place"] - found["level"]).abs() < 0.5).all()


def test_relations_of_a_day_join_firms_that_are_drawn(run: Run) -> None:
    assert run.history is not None
    pairs = relations(run, float(run.history.days[-1]))
    firms = firm_rows(run, run.history, -1, pairs)
    lines = line_rows(pairs, firms)
    assert lines.height and set(lines["supplier"]) | set(lines["buyer"]) <= set(firms["firm"])
    assert (pairs["supplier"] != pairs["buyer"]).all()


def test_edges_of_a_fan_are_quantiles_over_runs() -> None:
    values = np.arange(101.0)
    columns = {"series": "Fill", "unit": "1", "arm": "a", "day": 7.0, "value": values}
    found = fan_rows(pl.DataFrame(columns | {"key": [str(value) for value in values]}))
    assert found.select(list(LEVELS)).row(0) == pytest.approx([100 * level for level in LEVELS.values()])


def test_whiskers_leave_out_the_run_that_is_far_off() -> None:
    values = pl.DataFrame({"measure": "y", "unit": "1", "arm": "a", "value": [1.0, 2.0, 3.0, 4.0, 100.0]})
    boxes = box_rows(values)
    assert boxes.select("lower", "middle", "upper", "low", "high").row(0) == (2.0, 3.0, 4.0, 1.0, 4.0)
    assert outlier_rows(values, boxes)["value"].to_list() == [100.0]


@pytest.mark.parametrize(
    "low, high, verdict, says",
    [(0.1, 0.2, "better", BETTER), (0.1, 0.2, "worse", WORSE), (0.1, 0.2, "higher", OTHER)]
    + [(-0.1, 0.2, "better", NOT_SIGNIFICANT), (None, None, "not defined", NOT_SIGNIFICANT)],
)
def test_the_wall_says_what_the_interval_says(low: float | None, high: float | None, verdict: str, says: str) -> None:
    row = {"arm": "tax", "measure": "y", "unit": "1", "net_cost": 1.0, "difference": 0.1, "verdict": verdict}
    table = pl.DataFrame([row | {"low": low, "high": high}], schema_overrides={"low": pl.Float64, "high": pl.Float64})
    assert worth_rows(table)["says"].to_list() == [says]
