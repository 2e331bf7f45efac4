"""The five forms of upgrading, each by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from gpnde.results.metrics import forms
from tests.results.measuring import measured

Tables = dict[str, pl.DataFrame]
Told = Callable[..., Tables]
Rows = Callable[..., pl.DataFrame]

SIMPLE = {"component_mfg": 0.5}
BROAD = {"component_mfg": 0.5, "engineering": 0.5}


@pytest.fixture
def network(scenario: dict[str, Any]) -> dict[str, Any]:
    """Return a maker and the suppliers a, which makes chips, and b, which makes wheels."""
    scenario["firms"] = [{"name": "maker", "role": "brand-leader"}, {"name": "a"}, {"name": "b"}]
    scenario["products"]["chip"] = {"value_added": 1.0, "complexity": 0.7, "type": "differentiated"}
    scenario["sites"] = [
        {"name": "M", "firm": "maker", "product": "car"},
        {"name": "A", "firm": "a", "product": "chip"},
        {"name": "B", "firm": "b", "product": "wheel"},
    ]
    scenario["knowledge"] = {"effort": {"cost_share": 0.1}}
    return scenario


@pytest.fixture
def tables(told: Told, rows: Rows) -> Tables:
    """Return a run in which a takes on engineering, drops its link, and b makes less and less."""
    days = {0: {"maker": BROAD, "a": SIMPLE, "b": SIMPLE}, 100: {"maker": BROAD, "a": BROAD, "b": SIMPLE}}
    sites = rows(
        "sites",
        {"day": 50, "site": "A", "produced": 30, "shipped": 10},
        {"day": 50, "site": "B", "produced": 10, "shipped": 10},
        {"day": 50, "site": "M", "produced": 999, "shipped": 999},
        {"day": 100, "site": "A", "produced": 30, "shipped": 10},
        {"day": 100, "site": "M", "produced": 999, "shipped": 999},
    )
    links = rows(
        "links",
        {"supplier": "A", "buyer": "M", "opened_day": 0, "closed_day": None, "shipped": 20, "price": 3},
        {"supplier": "B", "buyer": "M", "opened_day": 0, "closed_day": 60, "shipped": 10, "price": 1},
        {"supplier": "outside", "buyer": "B", "opened_day": 0, "closed_day": None},
    )
    return told(days, roles={"maker": "brand-leader"}, effort={"a": 0.5}) | {"sites": sites, "links": links}


def values(scenario: dict[str, Any], tables: Tables) -> dict[str, float]:
    return measured(forms, scenario, tables)


def test_complexity_is_weighted_by_the_value_that_suppliers_add(network: dict[str, Any], tables: Tables) -> None:
    found = values(network, tables)
    assert found["upgrading.inter_industry"] == pytest.approx(0.7)
    assert found["upgrading.inter_industry.change"] == pytest.approx(0.7 - (30 * 0.7 + 30 * 0.1) / 60)


def test_people_bring_the_value_added_of_intangible_functions_and_learning(
    network: dict[str, Any], tables: Tables, rows: Rows
) -> None:
    assert values(network, tables)["upgrading.factors"] == pytest.approx(15 / 30)
    earning = tables | {"firms": rows("firms", {"day": 100, "firm": "a", "revenue": 400})}
    learning = 0.1 * 0.5**2 * 400
    found = values(network, earning)
    assert found["upgrading.factors"] == pytest.approx((15 + learning) / (30 + learning))
    assert found["upgrading.factors.change"] == found["upgrading.factors"]


def test_demand_is_the_share_of_differentiated_products_in_sales(network: dict[str, Any], tables: Tables) -> None:
    found = values(network, tables)
    assert found["upgrading.demand"] == 1
    assert found["upgrading.demand.change"] == pytest.approx(1 - 30 / 40)


def test_linkages_are_the_intangible_functions_of_suppliers_with_an_open_link(
    network: dict[str, Any], tables: Tables
) -> None:
    found = values(network, tables)
    assert found["upgrading.linkages"] == 0.5
    assert found["upgrading.linkages.change"] == 0.5


def test_a_link_inside_a_firm_is_no_linkage(network: dict[str, Any], tables: Tables) -> None:
    network["sites"][0]["firm"] = "a"
    links = tables["links"].filter(pl.col("supplier") == "A")
    assert "upgrading.linkages" not in values(network, tables | {"links": links})


def test_a_run_without_series_of_sites_measures_functions_and_linkages_alone(
    network: dict[str, Any], tables: Tables, rows: Rows
) -> None:
    found = values(network, tables | {"sites": rows("sites")})
    defined = [name for name, value in found.items() if value == value]
    assert defined == [
        "upgrading.functional",
        "upgrading.functional.change",
        "upgrading.linkages",
        "upgrading.linkages.change",
    ]
