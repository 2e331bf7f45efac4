"""Rows behind the chart of jobs."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from gpnde.charts.jobs import MOST_PARTS, OTHERS, jobs_by_place, place_rows
from gpnde.charts.theme import COLOURS, MOST_ROWS
from gpnde.engine import simulate
from gpnde.scenario import load_scenario
from tests.charts.said import heading_of

Rows = Callable[..., pl.DataFrame]


def test_jobs_and_plant_of_a_country_are_those_of_its_sites(rows: Rows) -> None:
    table = rows(
        "plants",
        {"day": 0, "site": "one", "country": "A", "employees": 5, "plant_value": 10},
        {"day": 0, "site": "two", "country": "A", "employees": 7, "plant_value": 20},
        {"day": 0, "site": "three", "country": "B", "employees": 1, "plant_value": 3},
        {"day": 91, "site": "one", "country": "A", "employees": 6, "plant_value": 10},
    )
    assert place_rows(table).rows() == [(0.0, "A", 12.0, 30.0), (0.0, "B", 1.0, 3.0), (91.0, "A", 6.0, 10.0)]


def test_one_country_is_shown_by_cluster(rows: Rows) -> None:
    table = rows(
        "plants",
        {"day": 0, "cluster": "port", "country": "A", "employees": 5},
        {"day": 0, "cluster": "park", "country": "A", "employees": 7},
    )
    assert place_rows(table)["place"].to_list() == ["park", "port"]


def test_many_places_and_days_are_made_fewer(rows: Rows) -> None:
    given = [
        {"day": 91 * part, "country": f"country-{number}", "employees": number}
        for part in range(2 * MOST_PARTS)
        for number in range(len(COLOURS) + 3)
    ]
    found = place_rows(rows("plants", *given))
    assert OTHERS in found["place"]
    assert found["place"].n_unique() == len(COLOURS)
    assert found["day"].n_unique() == MOST_PARTS
    assert 2 * found.height <= MOST_ROWS


def test_the_chart_tells_of_the_jobs_of_the_run() -> None:
    run = simulate(load_scenario("small-open-economy", {"clock.days": 182}))
    on_day_0 = run.table("plants").filter(pl.col("day") == 0)["employees"].sum()
    said = heading_of(jobs_by_place(run).to_dict()).partition(" from ")[2]
    assert float(said.partition(" to ")[0].replace(",", "")) == pytest.approx(on_day_0, abs=0.5)
