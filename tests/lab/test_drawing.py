from __future__ import annotations

import json
import math
from typing import Any

import altair as alt
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from gpnde.charts.catalogue import CHARTS
from gpnde.charts.theme import styled
from gpnde.lab.drawing import drawing_of
from tests.example import example_run


def stocks(rows: dict[str, list[Any]], title: str = "Stock") -> alt.Chart:
    chart = styled(alt.Chart(pl.DataFrame(rows)).mark_line().encode(x="day:Q", y="stock:Q"), title, f"{title} by day.")
    assert isinstance(chart, alt.Chart)
    return chart


def inside(part: Any) -> Any:
    """Yield every mapping inside a description."""
    if isinstance(part, dict):
        yield part
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from inside(inner)


def test_new_rows_and_words_leave_the_description_alone() -> None:
    before = drawing_of(stocks({"day": [1], "stock": [2.0]}, "Day 1"))
    after = drawing_of(stocks({"day": [1, 2], "stock": [2.0, 3.0]}, "Day 2"))
    assert after.fits(before)
    assert after.changes(before) == {"data-0": [{"day": 1, "stock": 2.0}, {"day": 2, "stock": 3.0}]}
    assert after.words == {"title": "Day 2", "description": "Day 2 by day."}
    assert "Day" not in json.dumps(after.spec)


def test_another_mark_is_another_description() -> None:
    chart = stocks({"day": [1], "stock": [2.0]})
    assert not drawing_of(chart.mark_point()).fits(drawing_of(chart))


def test_equal_rows_are_no_change() -> None:
    one, other = (drawing_of(stocks({"day": [1], "stock": [2.0]})) for _ in range(2))
    assert one == other
    assert one.changes(other) == {}


def chosen(stock: float) -> alt.LayerChart:
    """Return two layers, of which the first has marks to choose; Altair then gives names to both."""
    pick = alt.selection_point(fields=["day"])
    colour = alt.when(pick).then(alt.value("#000000")).otherwise(alt.value("#ffffff"))
    line = alt.Chart(pl.DataFrame({"day": [1], "stock": [stock]})).mark_line().encode(x="day:Q", y="stock:Q")
    return alt.LayerChart(layer=[line.encode(color=colour).add_params(pick), line.mark_point()])


def test_names_that_altair_makes_of_the_rows_do_not_count() -> None:
    one, other = chosen(1.0).to_dict(), chosen(2.0).to_dict()
    assert one["params"][0]["views"] != other["params"][0]["views"]
    assert drawing_of(other).fits(drawing_of(one))


def test_names_that_altair_counts_up_do_not_count() -> None:
    one = {"params": [{"name": "param_3", "expr": "param_12 + 1"}, {"name": "param_12", "value": 1}], "mark": "bar"}
    other = {"params": [{"name": "param_4", "expr": "param_13 + 1"}, {"name": "param_13", "value": 1}], "mark": "bar"}
    assert drawing_of(one) == drawing_of(other)


def test_choice_keeps_the_name_that_its_conditions_use() -> None:
    spec = drawing_of(chosen(1.0)).spec
    (first, _), (choice,) = spec["layer"], spec["params"]
    assert first["encoding"]["color"]["condition"][0]["param"] == choice["name"]
    assert choice["views"] == [first["name"]]


def test_title_and_subtitle_are_words() -> None:
    spec = {"title": {"text": "Stock", "subtitle": ["by", "day"], "offset": 3}, "mark": "bar", "data": {"values": []}}
    drawing = drawing_of(spec)
    assert drawing.words == {"title": "Stock", "subtitle": ["by", "day"]}
    assert drawing.spec["title"] == {"text": "-", "subtitle": "-", "offset": 3}
    assert drawing.whole()["title"] == spec["title"]


def test_given_description_is_left_as_it_was() -> None:
    spec = {"title": "Stock", "data": {"values": [{"day": math.nan}]}, "mark": "bar", "datasets": {}}
    drawing_of(spec)
    assert spec["title"] == "Stock"
    assert list(spec["data"]) == ["values"]


def test_layers_that_share_rows_share_their_dataset() -> None:
    base = alt.Chart(pl.DataFrame({"day": [1]}))
    other = alt.Chart(pl.DataFrame({"day": [7]})).mark_bar()
    drawing = drawing_of(base.mark_line() + other + base.mark_point())
    sources = [part["data"]["name"] for part in inside(drawing.spec) if "data" in part]
    assert drawing.data == {"data-0": [{"day": 1}], "data-1": [{"day": 7}]}
    assert set(sources) == set(drawing.data)


def test_map_is_no_table_of_rows_and_makes_a_new_description() -> None:
    def land(name: str) -> dict[str, Any]:
        shape = {"type": "Topology", "objects": {name: {}}}
        return {"data": {"values": shape, "format": {"type": "topojson", "feature": name}}, "mark": "geoshape"}

    assert not drawing_of(land("a") | {"x": 1}).fits(drawing_of(land("b") | {"x": 1}))
    assert drawing_of(land("a")).data == {"data-0": {"type": "Topology", "objects": {"a": {}}}}


@given(st.lists(st.floats()))
def test_rows_are_json(values: list[float]) -> None:
    rows = [{"day": place, "stock": value} for place, value in enumerate(values)]
    drawn = drawing_of({"data": {"values": rows}, "mark": "bar"}).data["data-0"]
    assert json.loads(json.dumps(drawn, allow_nan=False)) == drawn
    assert [row["stock"] for row in drawn] == [value if math.isfinite(value) else None for value in values]


def test_every_chart_of_the_catalogue_is_whole_again() -> None:
    run = example_run(sites=12, days=91)
    for kind in CHARTS.values():
        drawing = drawing_of(kind(run))
        assert drawing_of(drawing.whole()) == drawing, kind.name
        assert all(len(rows) <= 5000 for rows in drawing.data.values() if isinstance(rows, list))
