"""Prices: means by what was shipped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from gpnde.results.prices import prices_of_sites

Rows = Callable[..., pl.DataFrame]


def test_the_price_of_a_site_is_that_of_its_links_or_of_the_markets(
    scenario: dict[str, Any], no_rows: dict[str, pl.DataFrame], rows: Rows
) -> None:
    links = rows(
        "links",
        {"supplier": "S", "shipped": 30, "price": 2},
        {"supplier": "S", "shipped": 10, "price": 6},
        {"supplier": "A", "shipped": 0, "price": 99},
    )
    markets = rows(
        "markets", {"product": "car", "shipped": 5, "price": 7}, {"product": "wheel", "shipped": 5, "price": 8}
    )
    prices = prices_of_sites(scenario, no_rows | {"links": links, "markets": markets})
    assert prices == {"A": 7, "S": pytest.approx(3)}


def test_what_was_not_bought_is_worth_nothing(scenario: dict[str, Any], no_rows: dict[str, pl.DataFrame]) -> None:
    assert prices_of_sites(scenario, no_rows) == {"A": 0, "S": 0}
