"""Charts of effects: what is drawn is what was found, in colours and shapes that say the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
import vl_convert

from gpnde.charts.effects import (
    HIGHER,
    LOWER,
    MOST_ARMS,
    MOST_MEASURES,
    NOT_SIGNIFICANT,
    capability_terms,
    effect_rows,
    policy_effects,
    sign_rows,
    signs_over_space,
)
from gpnde.charts.theme import CONFIG, MOST_ROWS
from gpnde.charts.vega import vega_lite_version
from tests.charts.said import heading_of

CHARTS = [policy_effects, signs_over_space, capability_terms]
Parts = Callable[[Any], list[dict[str, Any]]]


def effects(measures: int = 2, arms: int = 2) -> pl.DataFrame:
    rows = [
        {"arm": f"arm-{arm}", "control": "baseline", "measure": f"upgrading.{measure}", "unit": "1", "pairs": 8}
        | {"difference": arm - 0.5, "low": arm - 0.7, "high": arm - 0.1 * measure, "points": 4}
        | {"higher": 0.5, "lower": 0.25, "not_significant": 0.25}
        for measure in range(measures)
        for arm in range(arms)
    ]
    return pl.DataFrame(rows)


def one(low: float | None, high: float | None) -> str:
    row = effects(1, 1).with_columns(low=pl.lit(low, pl.Float64), high=pl.lit(high, pl.Float64))
    return str(effect_rows(row)["decision"][0])


def test_an_interval_decides_where_it_leaves_out_nought() -> None:
    assert one(0.1, 0.3) == HIGHER
    assert one(-0.3, -0.1) == LOWER
    assert one(-0.1, 0.3) == one(0.0, 0.3) == one(None, None) == NOT_SIGNIFICANT


def test_shares_of_a_bar_add_up_to_one() -> None:
    sums = sign_rows(effects()).group_by("arm", "measure").agg(pl.col("share").sum())
    assert sums["share"].to_list() == [1.0] * 4


def test_shares_of_nothing_are_not_drawn() -> None:
    none = effects().with_columns(higher=pl.lit(1.0), lower=pl.lit(0.0), not_significant=pl.lit(0.0))
    assert sign_rows(none)["decision"].unique().to_list() == [HIGHER]


@pytest.mark.thorough
def test_what_is_left_out_is_said() -> None:
    many = effects(measures=MOST_MEASURES + 3, arms=MOST_ARMS + 2)
    assert effect_rows(many).height == MOST_MEASURES * MOST_ARMS
    for chart in (policy_effects, signs_over_space):
        spec = chart(many).to_dict()
        assert heading_of(spec).endswith("; 3 more measures are in the table")
        assert max(len(rows) for rows in spec["datasets"].values()) <= MOST_ROWS


def test_colours_are_not_all_that_tells_a_decision(parts: Parts) -> None:
    marks = parts(policy_effects(effects()).to_dict())
    shapes = [part["shape"] for part in marks if isinstance(part.get("shape"), dict)]
    assert shapes and all(len(set(shape["scale"]["range"])) == 3 for shape in shapes)


@pytest.mark.parametrize("chart", CHARTS)
def test_charts_are_drawn_described_and_explained(chart: Any, parts: Parts) -> None:
    spec = chart(effects()).to_dict()
    assert vl_convert.vegalite_to_svg(spec, vl_version=vega_lite_version()).startswith("<svg")
    assert len(spec["description"]) > 30 and spec["title"]["subtitle"]
    assert spec["config"]["title"] == CONFIG["title"] and spec["config"]["axis"] == CONFIG["axis"]
    axes = [part["x"] for part in parts(spec) if isinstance(part.get("x"), dict) and part["x"].get("title")]
    assert axes and all(axis["title"].endswith(")") for axis in axes)
    assert any("tooltip" in part for part in parts(spec))


@pytest.mark.parametrize("chart", CHARTS)
def test_without_rows_charts_say_why_there_is_nothing(chart: Any) -> None:
    assert "no arms to compare" in chart(effects().clear()).to_dict()["description"]


def test_large_numbers_are_written_short(parts: Parts) -> None:
    large = effects(1).with_columns(pl.col("difference", "low", "high") * 1e6)
    formats = {
        part["x"]["axis"]["format"]
        for chart in (policy_effects(large), policy_effects(effects(1)))
        for part in parts(chart.to_dict())
        if isinstance(part.get("x"), dict) and part["x"].get("axis")
    }
    assert formats == {"~s", "~g"}
