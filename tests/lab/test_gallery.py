"""The gallery shows charts of gpnde and of plugins, and says what is wrong with one that cannot be drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gpnde.charts.catalogue import CHARTS
from gpnde.lab.gallery import TREATMENT, Gallery
from tests.example import example_run

Install = Callable[..., None]

PLUGIN = '''
@chart("days", "Days")
def days(run):
    """Show how long it lasts."""
    return {"title": f"{run.name} lasts {run.scenario['clock']['days']:g} days", "mark": "bar", "data": {"values": []}}

@chart("broken", "Broken")
def broken(run):
    raise ValueError("no such column")

@chart("service", "Another one of a name that is taken")
def taken(run):
    return {}

@hookimpl
def gpnde_charts():
    return [days, broken, taken]
'''


@pytest.fixture
def gallery(install: Install) -> Gallery:
    install("pictures", PLUGIN)
    return Gallery(91.0, lambda side, datum: None)


def words(gallery: Gallery, name: str) -> dict[str, Any]:
    """Return the words of a chart of a made-up run."""
    gallery.group.value = gallery.kinds[name].group
    gallery.chart.value = name
    gallery.show({TREATMENT: example_run(sites=12, days=91)}, force=True)
    found: dict[str, Any] = gallery.views[TREATMENT].get_state("_drawing")["_drawing"]["words"]
    return found


def test_chart_of_a_plugin_is_drawn(gallery: Gallery) -> None:
    assert words(gallery, "days")["title"].endswith("lasts 91 days")


def test_chart_that_fails_is_replaced_by_one_line(gallery: Gallery) -> None:
    said = words(gallery, "broken")
    assert said == {"title": "Broken", "description": "Broken: ValueError: no such column"}


def test_name_that_is_taken_stays_with_gpnde(gallery: Gallery) -> None:
    assert gallery.kinds["service"] is CHARTS["service"]
    assert words(gallery, "service")["title"] == "Service over time"


def test_day_is_offered_where_a_chart_has_one(gallery: Gallery) -> None:
    words(gallery, "network")
    assert gallery.day.layout.display is None
    words(gallery, "service")
    assert gallery.day.layout.display == "none"
