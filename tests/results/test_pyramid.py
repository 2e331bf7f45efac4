"""The pyramid: what stands on domestic suppliers, by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from gpnde.results.metrics import pyramid
from gpnde.results.metrics.pyramid import final_sales
from tests.results.measuring import measured

Tables = dict[str, pl.DataFrame]
Rows = Callable[..., pl.DataFrame]


@pytest.fixture
def tables(told: Callable[..., Tables], rows: Rows) -> Tables:
    """Return a run in which A in Norland sells 100 cars at 10, with wheels from S on the Isle and from home."""
    sites = rows(
        "sites",
        {"day": 50, "site": "A", "shipped": 60},
        {"day": 100, "site": "A", "shipped": 40},
        {"day": 100, "site": "S", "shipped": 200},
        {"day": 100, "site": "H", "shipped": 100},
    )
    links = rows(
        "links",
        {"supplier": "S", "buyer": "A", "shipped": 200, "price": 1.5},
        {"supplier": "H", "buyer": "A", "shipped": 100, "price": 2},
        {"supplier": "outside", "buyer": "S", "shipped": 200, "price": 0.5},
    )
    markets = rows("markets", {"day": 100, "product": "car", "shipped": 100, "price": 10})
    return told({0: {"helper": {}}}) | {"sites": sites, "links": links, "markets": markets}


@pytest.fixture
def network(scenario: dict[str, Any]) -> dict[str, Any]:
    """Return the network of two firms with a second supplier H in the maker's country."""
    scenario["sites"].append({"name": "H", "firm": "helper", "product": "wheel", "cluster": "Town"})
    return scenario


def values(scenario: dict[str, Any], tables: Tables) -> dict[str, float]:
    return measured(pyramid, scenario, tables)


def test_final_sales_are_what_went_to_markets_at_their_prices(network: dict[str, Any], tables: Tables) -> None:
    assert final_sales(network, tables).tolist() == [1000, 0, 0]


def test_each_country_has_its_pyramid(network: dict[str, Any], tables: Tables) -> None:
    found = values(network, tables)
    assert found["pyramid.inverted.norland"] == pytest.approx(1000 / 200)
    assert found["pyramid.import_content.norland"] == pytest.approx(300 / 500)
    assert found["pyramid.domestic_value_share.norland"] == pytest.approx(0.7)
    assert found["pyramid.import_content.isle"] == 1
    assert found["pyramid.domestic_value_share.isle"] == pytest.approx(1 - 100 / 300)


def test_a_country_without_domestic_support_has_no_index(network: dict[str, Any], tables: Tables) -> None:
    assert "pyramid.inverted.isle" not in values(network, tables)


def test_all_countries_are_added_up(network: dict[str, Any], tables: Tables) -> None:
    found = values(network, tables)
    assert found["pyramid.inverted"] == pytest.approx(1000 / 200)
    assert found["pyramid.import_content"] == pytest.approx(400 / 600)
    assert found["pyramid.domestic_value_share"] == pytest.approx(1 - 400 / 1300)


def test_without_countries_the_model_is_one(network: dict[str, Any], tables: Tables) -> None:
    found = values(network | {"clusters": [], "regions": []}, tables)
    assert found == pytest.approx(
        {
            "pyramid.inverted": 1000 / 500,
            "pyramid.import_content": 100 / 600,
            "pyramid.domestic_value_share": 0.9,
        }
    )


def test_without_any_trade_there_is_nothing_to_measure(network: dict[str, Any], told: Callable[..., Tables]) -> None:
    assert values(network, told({0: {"helper": {}}})) == {}


def test_pyramid_is_measured_only_of_a_run_with_knowledge(
    network: dict[str, Any], tables: Tables, no_rows: Tables
) -> None:
    assert values(network, no_rows | {"links": tables["links"], "markets": tables["markets"]}) == {}
