"""Rows behind the chart of generations."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from gpnde.charts.generations import MOST_PARTS, brand_rows, generations_of_rivals, largest_market
from gpnde.charts.theme import COLOURS, MOST_ROWS
from gpnde.results.run import Run
from tests.charts.said import heading_of

Rows = Callable[..., pl.DataFrame]


def test_market_in_which_most_was_sold_is_shown(rows: Rows) -> None:
    table = rows(
        "generations",
        {"market": "small", "sold": 5},
        {"market": "large", "sold": 3},
        {"market": "large", "sold": 3},
    )
    assert largest_market(table) == "large"


def test_a_dot_stands_where_a_generation_is_new(rows: Rows) -> None:
    brand = {"market": "world", "firm": "one"}
    table = rows(
        "generations",
        brand | {"day": 0, "generation": 1, "launched_day": -90},
        brand | {"day": 7, "generation": 1, "launched_day": -90},
        brand | {"day": 14, "generation": 2, "launched_day": 14},
        brand | {"day": 21, "generation": 2, "launched_day": 14},
        {"market": "world", "firm": "entrant", "day": 21, "generation": 1, "launched_day": 21},
    )
    found = brand_rows(table, "world").filter(pl.col("is_launch"))
    assert found.select("firm", "day").rows() == [("entrant", 21.0), ("one", 14.0)]


def test_many_brands_and_days_are_made_fewer(rows: Rows) -> None:
    days, firms = range(0, 7 * 2 * MOST_PARTS, 7), [f"firm-{number}" for number in range(len(COLOURS) + 3)]
    given = [
        {"market": "world", "firm": firm, "day": day, "generation": day // 7, "launched_day": day, "sold": number}
        for number, firm in enumerate(firms)
        for day in days
    ]
    found = brand_rows(rows("generations", *given), "world")
    assert set(found["firm"]) == set(firms[3:])
    assert found.height == len(COLOURS) * MOST_PARTS
    assert 2 * found.height <= MOST_ROWS


def test_a_market_can_be_asked_for(full_run: Run) -> None:
    assert heading_of(generations_of_rivals(full_run, market="Asia").to_dict()).endswith("a dot is a launch")
