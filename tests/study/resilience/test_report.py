"""The page of a resilience report: sentences follow the tables, and names are safe."""

from __future__ import annotations

import polars as pl
import pytest

from gpnde.scenario.files import scenario_with
from gpnde.study.resilience.options import Options
from gpnde.study.resilience.report import asked, findings, places_of, resilience_report
from gpnde.study.resilience.run import Resilience, resilience

NAME = "works <b>& sons</b>"


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Resilience:
    """Return the report on two sites in two towns, one of which delivers to the other."""
    towns = [
        {"name": "north; shore", "latitude": 50, "longitude": 0},
        {"name": "south", "latitude": 10, "longitude": 9},
    ]
    given = {
        "name": "pair",
        "clock": {"days": 150},
        "products": {"unit": {"made_of": {"part": 1}}, "part": {}},
        "clusters": towns,
        "firms": [{"name": "shop", "tier": 0}, {"name": "works"}],
        "sites": [
            {"name": "shop", "firm": "shop", "product": "unit", "cluster": "north; shore"},
            {"name": NAME, "firm": "works", "product": "part", "cluster": "south", "unlimited": True},
        ],
        "links": [{"buyer": "shop", "supplier": NAME, "lead_time": 2}],
        "markets": [{"name": "town", "product": "unit", "served_by": ["shop"], "price": 3, "demand": {"law": 10}}],
        "ordering": {"policy": "base-stock", "level": 50, "review_days": 1},
    }
    options = Options(seeds=2, outage_days=14, watch_days=40, kinds=("site", "link", "cluster"))
    return resilience(scenario_with(given, {}), tmp_path_factory.mktemp("report"), options, jobs=1)


def test_the_question_counts_what_was_taken_out(found: Resilience) -> None:
    assert asked(found).startswith(
        "2 sites, 1 link, 2 clusters, each out for 14 days from day 38, watched until day 92;"
    )


def test_sentences_name_the_worst_of_each_kind(found: Resilience) -> None:
    said = findings(found)
    assert said[0] == "Service holds through none of 5 outages."
    assert sum(line.startswith("Without ") for line in said) == 3
    worst = found.things.filter(pl.col("kind") == "site").row(0, named=True)
    assert any(line.startswith(f"Without site {worst['name']}, ") for line in said)


def test_names_are_no_markup(found: Resilience) -> None:
    page = resilience_report(found)
    assert "works &lt;b&gt;&amp; sons" in page and "<b>& sons</b>" not in page


def test_the_map_has_each_town_and_the_link_between_them(found: Resilience) -> None:
    places = places_of(found)
    assert set(places.select("cluster", "to").iter_rows()) == {
        ("north; shore", ""),
        ("south", ""),
        ("south", "north; shore"),
    }
    worst = found.things.filter(pl.col("kind") != "link")["revenue"].max()
    assert places["revenue"].max() == worst
