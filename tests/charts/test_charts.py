"""All charts: valid, small enough, readable by eye and by screen reader, in one look."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
import vl_convert

from gpnde import charts
from gpnde.charts.theme import CONFIG, MOST_ROWS, vega_lite_version
from gpnde.results.run import Run

CHARTS = [
    charts.network_by_tier,
    charts.service_over_time,
    charts.stocks_by_tier,
    charts.dropouts_by_cause,
    charts.targets_and_results,
    charts.capability_by_tier,
    charts.gap_over_time,
    charts.receipts_over_time,
    charts.suppliers_by_level,
]
Parts = Callable[[Any], list[dict[str, Any]]]

pytestmark = pytest.mark.parametrize("chart", CHARTS)


def axes(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    channels = [part[key] for part in parts for key in ("x", "y", "color") if isinstance(part.get(key), dict)]
    return [channel for channel in channels if "field" in channel and channel.get("axis", "default") is not None]


def test_it_is_drawn(run: Run, chart: Any) -> None:
    assert vl_convert.vegalite_to_svg(chart(run).to_dict(), vl_version=vega_lite_version()).startswith("<svg")


def test_it_is_described_for_screen_readers_and_titled(run: Run, chart: Any) -> None:
    spec = chart(run).to_dict()
    assert len(spec["description"]) > 30
    assert spec["title"]["text"]


def test_no_dataset_is_too_big(big_run: Run, chart: Any) -> None:
    sizes = [len(rows) for rows in chart(big_run).to_dict()["datasets"].values()]
    assert 0 < max(sizes) <= MOST_ROWS


def test_every_axis_of_numbers_states_what_it_shows(run: Run, chart: Any, parts: Parts) -> None:
    found = [axis for axis in axes(parts(chart(run).to_dict())) if axis["type"] == "quantitative"]
    titles = [axis["title"] for axis in found if axis.get("title")]
    assert titles
    assert all("(" in title or "Day" in title for title in titles)


def test_marks_have_tooltips(run: Run, chart: Any, parts: Parts) -> None:
    assert any("tooltip" in part for part in parts(chart(run).to_dict()))


def test_it_has_the_look_of_all(run: Run, chart: Any) -> None:
    assert chart(run).to_dict()["config"]["axis"] == CONFIG["axis"]


def test_nothing_to_show_is_said_in_words(bare_run: Run, chart: Any) -> None:
    spec = chart(bare_run).to_dict()
    if chart is not charts.network_by_tier:
        assert spec["description"].endswith(".")
        assert [list(rows[0]) for rows in spec["datasets"].values()] == [["text"]]
    assert vl_convert.vegalite_to_svg(spec, vl_version=vega_lite_version()).startswith("<svg")


def test_importing_charts_does_not_import_altair(chart: Any) -> None:
    code = "import gpnde.charts, sys; print([name for name in ('altair', 'polars', 'pyarrow') if name in sys.modules])"
    if chart is CHARTS[0]:
        assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"
