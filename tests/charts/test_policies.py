"""Rows behind the chart of policies."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from gpnde.charts.policies import MOST_POLICIES, finding, policies_over_time, policy_rows
from gpnde.results.run import Run

Rows = Callable[..., pl.DataFrame]


def test_of_many_policies_the_most_costly_are_shown(rows: Rows) -> None:
    table = rows("policies", *[{"day": 7, "policy": f"p{k:02}", "cost": k} for k in range(MOST_POLICIES + 3)])
    assert policy_rows(table)["policy"].to_list() == [f"p{k:02}" for k in range(3, MOST_POLICIES + 3)]


def test_costs_at_the_end_are_said(full_run: Run) -> None:
    cost = full_run.policies["cost"][-1]
    assert f"training {cost:,.0f}" in policies_over_time(full_run).to_dict()["description"]


def test_what_a_policy_does_not_do_has_no_line(full_run: Run) -> None:
    kinds = {row["what"] for rows in policies_over_time(full_run).to_dict()["datasets"].values() for row in rows}
    assert "cost" in kinds and "revenue" not in kinds


def test_the_costliest_policy_is_named_with_its_reach(rows: Rows) -> None:
    table = rows(
        "policies",
        {"day": 7, "policy": "cheap", "cost": 1, "reached": 9, "meant": 9},
        {"day": 7, "policy": "dear", "cost": 20, "reached": 3, "meant": 8},
    )
    assert finding(policy_rows(table)) == "dear cost most, 20; it reaches 3 of the 8 firms that it is meant for"
