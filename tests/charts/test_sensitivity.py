"""The chart of sensitivity: settings in the order of what they explain, with both kinds of index."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl
import vl_convert

from gpnde.charts.sensitivity import MOST_PANELS, MOST_SETTINGS, index_rows, sensitivity_indices
from gpnde.charts.theme import CONFIG, MOST_ROWS
from gpnde.charts.vega import vega_lite_version
from tests.charts.said import heading_of

Parts = Callable[[Any], list[dict[str, Any]]]


def indices(
    values: Mapping[str, float | None],
    names: tuple[str, str] = ("first", "total"),
    arm: str = "baseline",
    unit: str = "1",
) -> pl.DataFrame:
    about: dict[str, Any] = {"arm": arm, "control": None, "measure": "tier_gap", "unit": unit}
    rows = [
        about | {"setting": setting, "index": name, "value": value, "low": value, "high": value}
        for setting, value in values.items()
        for name in names
    ]
    return pl.DataFrame(rows, schema_overrides={"control": pl.String, "value": pl.Float64})


def test_settings_come_in_the_order_of_their_largest_index() -> None:
    rows = index_rows(indices({"clock.days": 0.2, "ordering.review_days": 0.7}))
    assert rows["setting"].unique(maintain_order=True).to_list() == ["ordering.review_days", "clock.days"]


def test_the_difference_from_a_control_is_said_to_be_one() -> None:
    table = indices({"clock.days": 0.2}, arm="subsidy").with_columns(control=pl.lit("baseline"))
    assert index_rows(table)["panel"].unique().to_list() == ["tier_gap in subsidy less baseline"]


def test_what_is_not_defined_is_not_drawn() -> None:
    assert index_rows(indices({"clock.days": None})).is_empty()
    spec = sensitivity_indices(indices({"clock.days": None})).to_dict()
    assert "No measure varies over the points." in spec["description"]


def test_very_many_panels_and_settings_are_cut() -> None:
    many = {f"s{number}": float(number) for number in range(MOST_SETTINGS + 5)}
    table = pl.concat([indices(many, arm=f"arm-{number}") for number in range(MOST_PANELS + 3)])
    rows = index_rows(table)
    assert (rows["panel"].n_unique(), rows["setting"].n_unique()) == (MOST_PANELS, MOST_SETTINGS)
    spec = sensitivity_indices(table).to_dict()
    assert max(len(rows) for rows in spec["datasets"].values()) <= MOST_ROWS


def test_it_is_drawn_described_and_explained(parts: Parts) -> None:
    spec = sensitivity_indices(indices({"clock.days": 0.2, "ordering.review_days": 0.7})).to_dict()
    assert vl_convert.vegalite_to_svg(spec, vl_version=vega_lite_version()).startswith("<svg")
    assert "Sobol" in heading_of(spec) and len(spec["description"]) > 30
    assert spec["config"]["title"] == CONFIG["title"] and spec["config"]["axis"] == CONFIG["axis"]
    titles = {part["x"]["title"] for part in parts(spec) if isinstance(part.get("x"), dict) and part["x"].get("title")}
    assert titles == {"Share of the variance (1)"}
    assert any("tooltip" in part for part in parts(spec))


def test_effects_of_morris_have_the_unit_of_the_measure(parts: Parts) -> None:
    spec = sensitivity_indices(indices({"clock.days": 3.0}, ("mu_star", "sigma"), unit="day")).to_dict()
    titles = {part["x"]["title"] for part in parts(spec) if isinstance(part.get("x"), dict) and part["x"].get("title")}
    assert titles == {"Effect over the range (day)"}
    assert "Morris" in heading_of(spec)
