"""Rows behind the charts of flow: few enough, and nothing lost."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from gpnde.charts.flow import ALL, MOST_MARKETS, service_over_time, service_rows, stock_rows
from gpnde.charts.parts import MOST_DAYS, MOST_TIERS
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


def test_stock_of_many_days_is_the_mean_of_each_part(rows: Rows) -> None:
    days = range(1, 2 * MOST_DAYS + 1)
    tiers = rows("tiers", *[{"day": day, "tier": 0, "on_hand": day} for day in days])
    found = stock_rows(tiers)
    assert found.height == MOST_DAYS
    assert found["on_hand"].head(2).to_list() == [1.5, 3.5]


def test_deep_tiers_are_shown_as_one(rows: Rows) -> None:
    tiers = rows("tiers", *[{"day": 7, "tier": tier, "backlog": 1} for tier in range(MOST_TIERS + 3)])
    found = stock_rows(tiers)
    assert found["tier"].n_unique() == MOST_TIERS
    assert found.filter(pl.col("tier") == f"{MOST_TIERS - 1} and up")["backlog"].to_list() == [4]


def test_exactly_as_many_tiers_as_fit_keep_their_numbers(rows: Rows) -> None:
    tiers = rows("tiers", *[{"day": 7, "tier": tier} for tier in range(MOST_TIERS)])
    assert stock_rows(tiers)["tier"].to_list() == [str(tier) for tier in range(MOST_TIERS)]


def test_the_description_says_how_good_service_was(run: Run) -> None:
    share = run.metric("flow.fill_rate")
    assert f"{share:.1%} in all" in service_over_time(run).to_dict()["description"]


@pytest.mark.parametrize("lowest, start", [(0.99, 0.95), (0.83, 0.8), (0.12, 0.1), (0.0, 0.0)])
def test_the_axis_of_service_starts_at_a_round_figure_below_the_lowest(lowest: float, start: float) -> None:
    from gpnde.charts.flow import _room

    assert _room(pl.Series([lowest, 1.0, None])).to_dict()["domain"] == [pytest.approx(start), 1.0]
