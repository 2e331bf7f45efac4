"""Targets: each is set beside what the run measured, on the day it speaks of."""

from __future__ import annotations

import math
from typing import Any

import polars as pl
import pytest

from gpnde.results.metric import Metric
from gpnde.results.register import metrics_table
from gpnde.results.targets import Comparison, compare_bands, compare_targets

Tables = dict[str, pl.DataFrame]


@pytest.fixture
def tables(no_rows: Tables) -> Tables:
    metrics = [Metric("flow.fill_rate", 0.97, "1"), Metric("space.share.sites.port.north", 0.4, "1")]
    return no_rows | {"metrics": metrics_table(metrics)}


def compare(scenario: dict[str, Any], tables: Tables, **target: Any) -> Comparison:
    scenario["targets"] = [{"measure": "flow.fill_rate", "value": 0.9} | target]
    (found,) = compare_targets(scenario, tables)
    return found


def test_a_target_of_the_end_is_compared_with_the_metric(scenario: dict[str, Any], tables: Tables) -> None:
    found = compare(scenario, tables, mark="derived", source="a survey")
    assert found == Comparison("flow.fill_rate", "1", None, 0.9, 0.97, "derived", "a survey")
    assert found.deviation == pytest.approx(0.07)


def test_a_target_of_the_last_day_is_one_of_the_end(scenario: dict[str, Any], tables: Tables) -> None:
    assert compare(scenario, tables, day=100.0).result == 0.97


def test_a_target_of_space_is_compared_on_its_day(scenario: dict[str, Any], tables: Tables) -> None:
    scenario["sites"][0]["opens_day"] = 50
    assert compare(scenario, tables, measure="space.share.sites.port.north", day=0.0).result == 1.0
    assert compare(scenario, tables, measure="space.share.sites.port.north").result == 0.4


def test_capital_letters_and_blanks_in_a_measure_do_not_matter(scenario: dict[str, Any], tables: Tables) -> None:
    assert compare(scenario, tables, measure="space.share.sites.Port.North").result == 0.4


@pytest.mark.parametrize("target", [{"measure": "flow.nothing"}, {"day": 10.0}])
def test_what_the_run_does_not_measure_has_no_result(
    scenario: dict[str, Any], tables: Tables, target: dict[str, Any]
) -> None:
    assert math.isnan(compare(scenario, tables, **target).result)


@pytest.mark.parametrize(("low", "high", "holds"), [(0.9, 1.0, True), (0.97, 0.97, True), (0.0, 0.96, False)])
def test_figures_are_plausible_within_their_range(
    scenario: dict[str, Any], tables: Tables, low: float, high: float, holds: bool
) -> None:
    scenario["plausibility"] = [{"measure": "flow.fill_rate", "low": low, "high": high, "mark": "literature"}]
    (found,) = compare_bands(scenario, tables)
    assert (found.result, found.holds, found.mark) == (0.97, holds, "literature")


def test_a_figure_that_a_run_does_not_measure_is_not_plausible(scenario: dict[str, Any], tables: Tables) -> None:
    scenario["plausibility"] = [{"measure": "finance.exit_hazard", "low": 0.0, "high": 1.0}]
    (found,) = compare_bands(scenario, tables)
    assert math.isnan(found.result)
    assert not found.holds
