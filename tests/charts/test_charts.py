"""All charts: valid, small enough, readable by eye and by screen reader, in one look, and at any moment of a run."""

from __future__ import annotations

import dataclasses
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
import vl_convert

from gpnde.charts.catalogue import CHARTS
from gpnde.charts.theme import CONFIG, DARK, MOST_ROWS
from gpnde.charts.vega import vega_lite_version
from gpnde.charts.words import SUBTITLE_LETTERS, TITLE_LETTERS, breadth
from gpnde.results.run import Run
from tests.charts.said import heading_of

Parts = Callable[[Any], list[dict[str, Any]]]

ALWAYS_SHOWN = ("network", "map", "concentration")
"""Charts that show the scenario where nothing was recorded."""

WITHOUT_AXES = ("map", "goods-flows", "value-flows", "knowledge-flows", "lead-time-map")
"""Charts whose places are no figures."""

WITHOUT_FINDING = ("map",)
"""Charts whose titles name what is drawn."""

every_chart = pytest.mark.parametrize("name", CHARTS)


def drawn(name: str, run: Run) -> dict[str, Any]:
    spec: dict[str, Any] = CHARTS[name](run).to_dict()
    return spec


def axes(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    channels = [part[key] for part in parts for key in ("x", "y", "color") if isinstance(part.get(key), dict)]
    return [channel for channel in channels if "field" in channel and channel.get("axis", "default") is not None]


def rows_of(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for rows in spec["datasets"].values() for row in rows]


@every_chart
def test_it_is_drawn(full_run: Run, name: str) -> None:
    svg = vl_convert.vegalite_to_svg(drawn(name, full_run), vl_version=vega_lite_version())
    assert svg.startswith("<svg")


@every_chart
@pytest.mark.sampled(3)
def test_it_is_described_for_screen_readers_and_titled(full_run: Run, name: str) -> None:
    spec = drawn(name, full_run)
    assert len(spec["description"]) > 30
    assert CHARTS[name].title in heading_of(spec)


@every_chart
@pytest.mark.sampled(3)
def test_its_title_says_what_was_found_and_not_only_what_is_drawn(full_run: Run, name: str) -> None:
    title, _, below = heading_of(drawn(name, full_run)).partition("\n")
    assert name in WITHOUT_FINDING or title != CHARTS[name].title and below.startswith(CHARTS[name].title)


@every_chart
@pytest.mark.sampled(3)
def test_no_line_of_its_title_is_wider_than_the_chart(full_run: Run, name: str) -> None:
    title = drawn(name, full_run)["title"]
    for key, letters in (("text", TITLE_LETTERS), ("subtitle", SUBTITLE_LETTERS)):
        lines = [title[key]] if isinstance(title[key], str) else title[key]
        assert max(map(breadth, lines)) <= letters or name in WITHOUT_FINDING


@every_chart
@pytest.mark.sampled(3)
def test_no_chart_holds_too_many_rows(big_run: Run, name: str) -> None:
    assert 0 < len(rows_of(drawn(name, big_run))) <= MOST_ROWS


@every_chart
@pytest.mark.sampled(3)
def test_every_axis_of_numbers_states_what_it_shows(full_run: Run, name: str, parts: Parts) -> None:
    found = [axis for axis in axes(parts(drawn(name, full_run))) if axis["type"] == "quantitative"]
    titles = [axis["title"] for axis in found if axis.get("title")]
    assert titles or name in WITHOUT_AXES
    assert all("(" in title or "Day" in title for title in titles)


@every_chart
@pytest.mark.sampled(3)
def test_marks_have_tooltips(full_run: Run, name: str, parts: Parts) -> None:
    assert any("tooltip" in part for part in parts(drawn(name, full_run)))


@every_chart
@pytest.mark.sampled(3)
def test_it_has_the_look_of_all(full_run: Run, name: str) -> None:
    assert drawn(name, full_run)["config"]["axis"] == CONFIG["axis"]


@every_chart
@pytest.mark.sampled(3)
def test_every_colour_has_a_twin_for_dark_pages(full_run: Run, name: str) -> None:
    spec = {key: part for key, part in drawn(name, full_run).items() if key != "datasets"}
    colours = set(re.findall(r"'(#[0-9a-fA-F]{3,8})'", str(spec)))
    assert colours and colours <= set(DARK)
    named = re.findall(r"'(?:fill|stroke|color|background)': '([a-z]+)'", str(spec))
    assert set(named) <= {"independent"}


@every_chart
@pytest.mark.sampled(3)
def test_nothing_to_show_is_said_in_words(bare_run: Run, name: str) -> None:
    spec = drawn(name, bare_run)
    if name not in ALWAYS_SHOWN:
        assert spec["description"].endswith(".")
        assert [list(rows[0]) for rows in spec["datasets"].values()] == [["text"]]
    assert vl_convert.vegalite_to_svg(spec, vl_version=vega_lite_version()).startswith("<svg")


@every_chart
@pytest.mark.sampled(3)
def test_a_run_without_its_tables_is_drawn(run: Run, name: str) -> None:
    small = dataclasses.replace(run, tables={name: run.tables[name] for name in ("metrics", "firms")})
    assert CHARTS[name].title in heading_of(drawn(name, small))


@every_chart
@pytest.mark.sampled(3)
def test_a_run_under_way_is_drawn_on_the_axes_of_the_whole(full_run: Run, name: str) -> None:
    until = {
        table: rows.filter(pl.col("day") <= 200) if "day" in rows.columns else rows
        for table, rows in full_run.tables.items()
        if table not in ("orders", "sales", "metrics")
    }
    metrics = full_run.metrics.clear()
    early = drawn(name, dataclasses.replace(full_run, tables=until | {"metrics": metrics}))
    assert vl_convert.vegalite_to_svg(early, vl_version=vega_lite_version()).startswith("<svg")
    days = [
        domain for domain in re.findall(r"'domain': \[0, ([\d.]+)\]", str(early)) if float(domain) > 100
    ]  # fmt: skip
    assert set(map(float, days)) <= {full_run.scenario["clock"]["days"]}


@pytest.mark.parametrize(
    "name, field",
    [
        ("network", "firm"), ("network", "site"), ("network", "tier"), ("network", "cluster"), ("map", "cluster"),
        ("scorecards", "tier"), ("tiers", "tier"), ("bullwhip", "site"), ("bullwhip", "firm"),
        ("cash", "tier"), ("capability", "tier"), ("capability-map", "firm"), ("capability-map", "cluster"),
        ("knowledge-received", "tier"), ("statements", "firm"), ("expectations", "firm"), ("expectations", "tier"),
        ("ladder-bumps", "firm"), ("firm-story", "site"), ("costs", "site"),
    ],
)  # fmt: skip
def test_a_click_can_tell_what_was_hit(full_run: Run, name: str, field: str) -> None:
    assert any(row.get(field) not in (None, "") for row in rows_of(drawn(name, full_run)))


def test_charts_that_show_a_state_say_so_and_take_a_day(full_run: Run) -> None:
    by_day = [kind for kind in CHARTS.values() if kind.by_day]
    assert {kind.name for kind in by_day} == {
        "network", "map", "capability-map", "concentration", "timeline", "knowledge-network",
    }  # fmt: skip
    for kind in by_day:
        assert "ay 91" in heading_of(kind(full_run, day=91).to_dict())


def test_charts_of_one_firm_say_so_and_take_a_firm(full_run: Run) -> None:
    by_firm = [kind for kind in CHARTS.values() if kind.by_firm]
    assert {kind.name for kind in by_firm} == {"statements", "timeline", "waterfall", "firm-story", "ladder-bumps"}
    for kind in by_firm:
        assert "firm-1" in heading_of(kind(full_run, firm="firm-1").to_dict())


def test_flows_can_be_grouped_and_say_by_what(full_run: Run) -> None:
    by_group = [kind for kind in CHARTS.values() if kind.by_group]
    assert {kind.name for kind in by_group} == {"goods-flows", "value-flows", "knowledge-flows"}
    for kind in by_group:
        assert "by cluster" in heading_of(kind(full_run, by="cluster").to_dict()).lower()


def test_a_chart_knows_which_tables_it_needs(run: Run, bare_run: Run) -> None:
    unseen = ("policies", "generations", "statements", "expectations", "jobs", "waterfall", "value-added", "costs")
    assert all(kind.can_show(run) for kind in CHARTS.values() if kind.name not in unseen)
    assert [kind.name for kind in CHARTS.values() if kind.can_show(bare_run)] == ["network", "map", "concentration"]


def test_names_and_sentences_of_the_catalogue_are_in_form() -> None:
    for name, kind in CHARTS.items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name) and kind.name == name
        assert kind.doc.endswith(".") and len(kind.doc) < 100


def test_importing_charts_does_not_import_altair() -> None:
    code = "import gpnde.charts, sys; print([name for name in ('altair', 'polars', 'pyarrow') if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"
