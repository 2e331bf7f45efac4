"""Rows behind the chart of targets: each target, each result, told apart."""

from __future__ import annotations

import math

from gpnde.charts.targets import MOST_TARGETS, RESULT, TARGET, target_rows
from gpnde.results.targets import Comparison


def one(target: float = 0.5, result: float = 0.6, day: float | None = None) -> Comparison:
    return Comparison("space.hhi.sites", "1", day, target, result, "chapter", "a survey")


def test_a_target_and_its_result_are_two_points_of_one_row() -> None:
    rows = target_rows([one()])
    assert rows.select("label", "kind", "value", "ratio").rows() == [
        ("space.hhi.sites", TARGET, 0.5, 1.0),
        ("space.hhi.sites", RESULT, 0.6, 1.2),
    ]
    assert rows["text"].unique().to_list() == ["0.5 (chapter) → 0.6"]


def test_what_was_not_measured_is_said_and_not_drawn() -> None:
    rows = target_rows([one(result=math.nan)])
    assert rows["kind"].to_list() == [TARGET]
    assert rows["text"].to_list() == ["0.5 (chapter) → not measured"]


def test_a_target_of_nothing_has_no_ratio_and_is_left_out() -> None:
    assert target_rows([one(target=0.0)]).is_empty()


def test_the_day_of_a_target_is_part_of_its_label() -> None:
    assert target_rows([one(day=0.0)])["label"].unique().to_list() == ["space.hhi.sites @ day 0"]


def test_very_many_targets_are_cut() -> None:
    assert target_rows([one()] * (MOST_TARGETS + 5)).height == 2 * MOST_TARGETS
