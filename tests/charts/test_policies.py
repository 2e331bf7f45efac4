"""Rows behind the chart of policies."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from gpnde.charts.policies import MOST_POLICIES, policies_over_time, policy_rows
from gpnde.results.run import Run

Rows = Callable[..., pl.DataFrame]


def test_of_many_policies_the_most_costly_are_shown(rows: Rows) -> None:
    table = rows("policies", *[{"day": 7, "policy": f"p{k:02}", "cost": k} for k in range(MOST_POLICIES + 3)])
    assert policy_rows(table)["policy"].to_list() == [f"p{k:02}" for k in range(3, MOST_POLICIES + 3)]


def test_costs_at_the_end_are_said(full_run: Run) -> None:
    cost = full_run.policies["cost"][-1]
    assert f"training {cost:,.0f}" in policies_over_time(full_run).to_dict()["description"]


def test_what_a_policy_does_not_do_has_no_panel(full_run: Run) -> None:
    titles = str(policies_over_time(full_run).to_dict()["vconcat"])
    assert "Cost so far" in titles and "Taken in so far" not in titles
