"""Rows behind the charts of flow: few enough, and nothing lost."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from gpnde.charts.flow import ALL, MOST_MARKETS, service_over_time, service_rows
from gpnde.charts.parts import MOST_DAYS
from gpnde.results.run import Run

Rows = Callable[..., pl.DataFrame]


def test_markets_are_shown_one_by_one_and_together(rows: Rows) -> None:
    markets = rows(
        "markets",
        {"day": 7, "market": "a", "demanded": 10, "filled": 5},
        {"day": 7, "market": "b", "demanded": 30, "filled": 30},
        {"day": 14, "market": "a", "demanded": 0},
        {"day": 14, "market": "b", "demanded": 10, "filled": 10},
    )
    fill = {(market, day): share for market, day, share in service_rows(markets).select("market", "day", "fill").rows()}
    assert fill == {
        ("a", 7): 0.5,
        ("b", 7): 1.0,
        (ALL, 7): 0.875,
        ("a", 14): None,
        ("b", 14): 1.0,
        (ALL, 14): 1.0,
    }


def test_many_markets_are_shown_only_together(rows: Rows) -> None:
    names = [f"m{index}" for index in range(MOST_MARKETS + 1)]
    markets = rows("markets", *[{"day": 7, "market": name, "demanded": 1, "filled": 1} for name in names])
    assert service_rows(markets)["market"].to_list() == [ALL]


def test_a_single_market_is_not_shown_twice(rows: Rows) -> None:
    assert service_rows(rows("markets", {"day": 7, "market": "a", "demanded": 1}))["market"].to_list() == [ALL]


def test_many_days_are_put_together_without_losing_demand(rows: Rows) -> None:
    days = range(1, 3 * MOST_DAYS)
    markets = rows("markets", *[{"day": day, "market": "a", "demanded": day, "filled": 1} for day in days])
    found = service_rows(markets)
    assert found.height == MOST_DAYS
    assert found["demanded"].sum() == sum(days)
    assert found["day"].max() == days[-1]


def test_the_description_says_how_good_service_was(run: Run) -> None:
    share = run.metric("flow.fill_rate")
    assert f"{share:.1%} in all" in service_over_time(run).to_dict()["description"]


@pytest.mark.parametrize("lowest, start", [(0.99, 0.5), (0.5, 0.5), (0.12, 0.1), (0.0, 0.0)])
def test_the_axis_of_service_covers_half_the_scale_and_the_lowest(lowest: float, start: float) -> None:
    from gpnde.charts.flow import _room

    assert _room(pl.Series([lowest, 1.0, None])).to_dict()["domain"] == [pytest.approx(start), 1.0]
