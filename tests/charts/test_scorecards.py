"""Rows behind the chart of scorecards."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import polars as pl
import pytest

from gpnde.charts.scorecards import drop_rows, score_rows, scorecards_over_time
from gpnde.results.run import Run
from tests.charts.said import heading_of

Rows = Callable[..., pl.DataFrame]


def test_a_tier_is_shown_by_its_median_and_the_span_of_most_firms(rows: Rows) -> None:
    firms = [{"day": 91, "firm": f"f{k}", "tier": 1, "present": 1, "score": k / 20} for k in range(11)]
    assert score_rows(rows("learners", *firms)).rows() == [("1", 91.0, pytest.approx(0.05), 0.25, 0.45, 11)]


@pytest.mark.parametrize("left_out", [{"score": 1}, {"tier": 0, "score": 0.5}, {"present": 0, "score": 0.5}])
def test_firm_without_scores_is_left_out(rows: Rows, left_out: dict[str, float]) -> None:
    row = {"day": 91, "firm": "f", "tier": 1, "present": 1}
    assert score_rows(rows("learners", row | left_out)).is_empty()


def test_relations_that_ended_with_a_score_know_the_tier_of_their_firm(rows: Rows) -> None:
    events = rows(
        "events",
        {"day": 5, "kind": "link_dropped", "cause": "score", "firm": "f", "value": 0.4},
        {"day": 6, "kind": "link_dropped", "cause": "policy", "firm": "f", "value": None},
        {"day": 7, "kind": "bid_awarded", "firm": "f", "value": 0.4},
    )
    found = drop_rows(events, {"f": 3})
    assert found.select("day", "score", "cause", "firm", "tier").rows() == [(5.0, 0.4, "score", "f", "3")]


@pytest.mark.parametrize("threshold, shown", [(0.55, True), (0.01, False)])
def test_the_threshold_is_drawn_where_it_is_near(full_run: Run, threshold: float, shown: bool) -> None:
    scenario = full_run.scenario | {"selection": {"threshold": threshold}}
    spec = scorecards_over_time(dataclasses.replace(full_run, scenario=scenario)).to_dict()
    assert (f"below {threshold}" in heading_of(spec)) == shown


@pytest.mark.parametrize("rule", ["profile of a firm", "relative rule"])
def test_no_threshold_is_drawn_where_buyers_differ_or_look_at_others(full_run: Run, rule: str) -> None:
    scenario = full_run.scenario | {"selection": {"threshold": 0.55}}
    if rule == "relative rule":
        scenario["selection"]["rule"] = "relative"
    else:
        scenario["firms"] = [{**firm, "profile": "strict"} for firm in scenario["firms"]]
    spec = scorecards_over_time(dataclasses.replace(full_run, scenario=scenario)).to_dict()
    assert "dashed line" not in heading_of(spec)
