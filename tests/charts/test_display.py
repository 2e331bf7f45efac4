"""Charts in notebooks: described for the Vega that is there, never with an address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

import altair as alt
import polars as pl
import pytest

from gpnde.charts.catalogue import CHARTS
from gpnde.charts.display import show_from_local_files
from gpnde.charts.theme import nothing
from gpnde.results.run import Run

if TYPE_CHECKING:
    from gpnde.results.chart import Chart

VEGA = "application/vnd.vega.v5+json"
NAMED = re.compile(r"https?://(?!www\.w3\.org/|vega\.github\.io/schema/)")
"""An address that is more than a name: namespaces and schemas are never opened."""


@pytest.fixture
def as_new() -> Iterator[None]:
    """Make Altair show charts as it does in a new process."""
    before = alt.renderers.active
    show_from_local_files.cache_clear()
    alt.renderers.enable("default")
    yield
    show_from_local_files.cache_clear()
    alt.renderers.enable(before)


def bundle(chart: Chart) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a notebook gets of a chart, and how it is to be shown."""
    shown, options = cast("tuple[dict[str, Any], dict[str, Any]]", chart._repr_mimebundle_())
    return shown, options


@pytest.mark.parametrize("name", CHARTS)
def test_what_a_notebook_gets_of_a_chart_names_no_other_host(name: str, run: Run, as_new: None) -> None:
    shown, options = bundle(CHARTS[name](run))
    assert list(shown) == [VEGA, "image/svg+xml", "text/plain"]
    assert not NAMED.search(str(shown))
    assert options[VEGA]["embed_options"]["renderer"] == "svg"


def test_charts_that_a_user_adds_are_shown_in_the_same_way(as_new: None) -> None:
    nothing("Stock", "no site")
    chart = alt.Chart(pl.DataFrame({"a": [1]})).mark_point().encode(x="a:Q")
    assert VEGA in bundle(chart | chart)[0]


def test_what_a_user_has_chosen_stays(as_new: None) -> None:
    alt.renderers.enable("json")
    nothing("Stock", "no site")
    assert alt.renderers.active == "json"


def test_what_a_user_chooses_afterwards_stays(as_new: None) -> None:
    nothing("Stock", "no site")
    alt.renderers.enable("default")
    nothing("Stock", "no site")
    assert alt.renderers.active == "default"
