"""Rows behind the chart of expectations."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
import pytest

import gpnde
from gpnde.charts.expectations import (
    MOST_POINTS,
    drawn_rows,
    expected_and_realised,
    finding,
    outcome_rows,
    round_figures,
    tier_rows,
)
from gpnde.charts.theme import MOST_ROWS
from gpnde.results.run import Run
from tests.charts.said import heading_of

Rows = Callable[..., pl.DataFrame]
Parts = Callable[[Any], list[dict[str, Any]]]


def review(firm: str, day: float, expected: float, gain: float | None, tier: int = 1) -> dict[str, Any]:
    money = {"expected_income": 100.0, "income": 90.0}
    return {"firm": firm, "day": day, "tier": tier, "expected_gain": expected, "gain": gain, **money}


def test_a_firm_has_an_outcome_from_its_second_review_on(rows: Rows) -> None:
    table = rows("expectations", review("a", 0, 0.0, None), review("a", 91, 0.1, 0.11), review("a", 182, 0.2, 0.19))
    found = outcome_rows(table)
    assert found.select("day", "expected_gain", "gain").rows() == [(91.0, 0.1, 0.11), (182.0, 0.2, 0.19)]


def test_a_firm_that_missed_a_review_has_no_outcome_there(rows: Rows) -> None:
    others = [review("b", day, 0.1, 0.1) for day in (0, 91, 182)]
    table = rows("expectations", review("a", 0, 0.1, None), review("a", 182, 0.2, 0.15), *others)
    assert set(outcome_rows(table)["firm"]) == {"b"}


def test_firms_of_a_run_know_well_what_they_will_learn() -> None:
    run = gpnde.simulate(gpnde.load_scenario("small-open-economy", {"clock.days": 728}))
    found = outcome_rows(run.expectations)
    assert float(np.corrcoef(found["expected_gain"], found["gain"])[0, 1]) > 0.9


def test_means_are_those_of_all_reviews_of_a_tier(rows: Rows) -> None:
    gains = {"a": (0.1, 0.2), "b": (0.3, 0.1), "c": (0.5, 0.5)}
    tiers = {"a": 1, "b": 1, "c": 2}
    table = rows(
        "expectations",
        *[review(firm, 0, 0.0, None, tiers[firm]) for firm in gains],
        *[review(firm, 91, expected, gain, tiers[firm]) for firm, (expected, gain) in gains.items()],
    )
    found = tier_rows(outcome_rows(table))
    assert found.select("tier", "reviews").rows() == [("1", 2), ("2", 1)]
    assert found["expected_gain"].to_list() == pytest.approx([0.2, 0.5])
    assert found["gain"].to_list() == pytest.approx([0.15, 0.5])


@pytest.mark.parametrize(
    "expected, gains, said",
    [
        ([0.1, 0.1], [0.06, 0.2], "Firms of tier 0 gained 0.6 times what they expected, tier 1 2"),
        ([-0.1, 0.1], [0.3, 0.05], "Firms of tier 1 gained 0.5 times what they expected; tier 0 expected to lose"),
        ([-0.1, 0.0], [0.3, 0.05], "Firms of tier 0, 1 expected to lose"),
    ],
)
def test_finding_tells_the_share_that_came(expected: list[float], gains: list[float], said: str) -> None:
    assert finding(pl.DataFrame({"tier": ["0", "1"], "expected_gain": expected, "gain": gains})) == said


def test_subtitle_and_description_tell_the_finding(full_run: Run) -> None:
    spec = expected_and_realised(full_run).to_dict()
    said = finding(tier_rows(outcome_rows(full_run.expectations)))
    assert "gained 0." in said
    assert said in heading_of(spec) and said in spec["description"]


def test_both_axes_of_a_panel_have_one_scale(full_run: Run) -> None:
    for panel in expected_and_realised(full_run).to_dict()["hconcat"]:
        points = panel["layer"][1]["encoding"]
        assert points["x"]["scale"] == points["y"]["scale"]


def test_axes_of_gains_hold_0_and_all_points(full_run: Run) -> None:
    low, high = expected_and_realised(full_run).to_dict()["hconcat"][0]["layer"][1]["encoding"]["x"]["scale"]["domain"]
    found = outcome_rows(full_run.expectations)
    gains = [*found["expected_gain"], *found["gain"], 0.0]
    assert low < min(gains) and max(gains) < high


def test_runs_of_many_firms_are_drawn_in_part(full_run: Run, rows: Rows) -> None:
    numbers = range(4000)
    table = rows("expectations", *[review(f"{n}", day, 0.1, 0.1, n % 3) for day in (0, 91) for n in numbers])
    assert drawn_rows(outcome_rows(table)).height == MOST_POINTS
    chart = expected_and_realised(dataclasses.replace(full_run, tables=full_run.tables | {"expectations": table}))
    drawn = chart.to_dict()["datasets"].values()
    assert sum(len(each) for each in drawn) <= MOST_ROWS


def test_firms_that_earn_nothing_are_left_out_of_the_panel_of_incomes(full_run: Run, rows: Rows) -> None:
    idle = [review("a", day, 0.1, 0.1) | {"income": 0.0} for day in (0, 91)]
    table = rows("expectations", *idle)
    spec = expected_and_realised(
        dataclasses.replace(full_run, tables=full_run.tables | {"expectations": table})
    ).to_dict()
    counts = [len(spec["datasets"][panel["layer"][1]["data"]["name"]]) for panel in spec["hconcat"]]
    assert counts == [1, 0]


def test_a_run_without_a_second_review_says_so(full_run: Run, rows: Rows) -> None:
    tables = full_run.tables | {"expectations": rows("expectations", review("a", 0, 0.1, None))}
    said = expected_and_realised(dataclasses.replace(full_run, tables=tables)).to_dict()["description"]
    assert said.endswith("No firm that chooses its effort has come to its second review.")


def test_ticks_of_narrow_axes_are_closer() -> None:
    assert round_figures(3.0, 8.0) == [5.0]
    assert round_figures(0.5, 2000.0) == [1.0, 10.0, 100.0, 1000.0]
