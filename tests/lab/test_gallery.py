"""The gallery shows charts of gpnde and of plugins, and says what is wrong with one that cannot be drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import gpnde
from gpnde.charts.catalogue import CHARTS
from gpnde.lab.gallery import BASELINE, TREATMENT, Gallery
from gpnde.results.run import Run
from tests.example import example_run

from ..engine.economy import economy

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
    assert words(gallery, "service")["title"] != "Broken"


def test_last_day_is_a_day_like_others(gallery: Gallery, traded: Run) -> None:
    asked: list[float | None] = []
    gallery.set_days(182.0)
    gallery.show({TREATMENT: traded}, force=True)
    for day in (91.0, 182.0):
        gallery.day.value = day
        asked.append(gallery._choices(traded)["day"])
    assert asked == [91.0, 182.0]


def test_day_of_a_run_that_goes_on_is_the_last_one_known(gallery: Gallery) -> None:
    gallery.set_days(364.0)
    assert gallery._choices(example_run(sites=12, days=91))["day"] is None


def test_day_is_told_as_a_date(gallery: Gallery) -> None:
    words(gallery, "network")
    start = gallery.runs[TREATMENT].scenario["clock"].get("start")
    gallery.day.value = 31.0
    assert ("February" in gallery.date.value) == bool(start)


def test_day_is_offered_where_a_chart_has_one(gallery: Gallery) -> None:
    words(gallery, "network")
    assert gallery.day.layout.display is None
    words(gallery, "service")
    assert gallery.day.layout.display == "none"


@pytest.fixture(scope="module")
def traded() -> Run:
    """Return a run with statements."""
    return gpnde.simulate(economy(clock__days=182))


@pytest.fixture
def statements(gallery: Gallery, traded: Run) -> Gallery:
    """Return a gallery that shows statements."""
    gallery.show({TREATMENT: traded}, force=True)
    gallery.group.value = "finance"
    gallery.chart.value = "statements"
    return gallery


def test_firm_is_offered_where_a_chart_has_one(statements: Gallery) -> None:
    assert statements.firm.options == ("brand", "first", "second")
    assert statements.firm.layout.display is None
    statements.chart.value = "cash"
    assert statements.firm.layout.display == "none"


def test_statements_of_the_firm_that_is_chosen_are_drawn_and_written(statements: Gallery) -> None:
    assert "brand, by quarter" in statements.views[TREATMENT].html()
    statements.firm.value = "second"
    assert "second, by quarter" in statements.views[TREATMENT].html()
    written = statements.tables[TREATMENT]
    assert "Income of second" in written.value and "Balance sheet of second" in written.value
    assert written.layout.display is None


def test_table_goes_with_its_chart(statements: Gallery) -> None:
    statements.chart.value = "cash"
    assert statements.tables[TREATMENT].value == ""
    assert statements.tables[TREATMENT].layout.display == "none"


def test_each_side_has_its_own_statements(statements: Gallery) -> None:
    statements.show({BASELINE: gpnde.simulate(economy(clock__days=91))}, force=True)
    assert "day 182" in statements.tables[TREATMENT].value
    assert "day 91" in statements.tables[BASELINE].value and "day 182" not in statements.tables[BASELINE].value


def test_firm_can_be_chosen_by_name_and_other_names_change_nothing(statements: Gallery) -> None:
    statements.choose_firm("first")
    statements.choose_firm("nobody")
    statements.choose_firm("")
    assert statements.firm.value == "first"


def test_run_without_finance_has_no_table(gallery: Gallery) -> None:
    gallery.group.value = "finance"
    said = words(gallery, "statements")
    assert said["description"].endswith("The run was made without finance.")
    assert gallery.tables[TREATMENT].value == ""


def test_flows_are_grouped_by_what_is_chosen(gallery: Gallery) -> None:
    words(gallery, "goods-flows")
    assert gallery.by.layout.display is None
    gallery.by.value = "cluster"
    said = gallery.views[TREATMENT].get_state("_drawing")["_drawing"]["words"]
    assert "By cluster" in "".join(said["subtitle"])
    words(gallery, "service")
    assert gallery.by.layout.display == "none"
