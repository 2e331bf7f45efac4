"""Rows behind the chart of concentration and complexity."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from gpnde.charts.concentration import concentration_and_complexity, product_rows
from gpnde.results.run import Run
from tests.charts.said import heading_of


def with_sites(run: Run, *sites: tuple[str, str, float]) -> Run:
    """Return a run with a site per product, cluster and day of opening."""
    made: list[dict[str, Any]] = [
        {"name": f"s{number}", "firm": "flagship", "product": product, "cluster": cluster, "opens_day": day}
        for number, (product, cluster, day) in enumerate(sites)
    ]
    return dataclasses.replace(run, scenario=run.scenario | {"sites": made})


def test_concentration_is_over_clusters_and_single_sites_are_left_out(run: Run) -> None:
    few = with_sites(
        run, ("drive", "Bangkok", 0), ("drive", "Bangkok", 0), ("drive", "Wuxi", 0), ("drive", "Penang", 0),
        ("disc", "Wuxi", 0),
    )  # fmt: skip
    assert product_rows(few, 100).rows() == [("drive", 0.2, pytest.approx(0.375), 4, 3, "Bangkok")]


def test_only_sites_that_are_open_count(run: Run) -> None:
    few = with_sites(run, ("drive", "Bangkok", 0), ("drive", "Wuxi", 0), ("drive", "Wuxi", 200))
    assert product_rows(few, 100)["sites"].to_list() == [2]
    assert product_rows(few, 200)["sites"].to_list() == [3]


def test_the_correlation_of_the_metric_is_said(run: Run) -> None:
    measured = run.metric("space.complexity_correlation")
    assert f"rank correlation {measured:.3g}" in heading_of(concentration_and_complexity(run).to_dict())
