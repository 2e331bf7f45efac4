"""Networks that compete: whom each flagship buys from, directly or through others, and what they share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from gpnde.results.metrics import networks
from gpnde.results.networks import leaders_of, network_of, suppliers_on
from tests.results.measuring import measured

Rows = Callable[..., pl.DataFrame]
Tables = dict[str, pl.DataFrame]

FIRMS = {
    "Alpha": "brand-leader",
    "Beta": "brand-leader",
    "Hands": "contract-manufacturer",
    "Idle": "brand-leader",
    "lead": "lead-supplier",
    "own": "supplier",
    "parts": "supplier",
}


@pytest.fixture
def rivals(scenario: dict[str, Any]) -> dict[str, Any]:
    """Return three flagships of which two sell brands; each firm has a site of its name, the contractor two."""
    firms = [{"name": name, "role": role, "tier": 1} for name, role in FIRMS.items()]
    sites = [{"name": f"{name} works", "firm": name, "product": "wheel"} for name in FIRMS]
    return {**scenario, "firms": firms, "sites": [*sites, {"name": "annex", "firm": "Hands", "product": "wheel"}]}


@pytest.fixture
def links(rows: Rows) -> pl.DataFrame:
    """Return who delivers to whom: both brands share a supplier of a supplier, and one link has ended."""
    pairs = [
        ("lead works", "Alpha works"),
        ("own works", "Beta works"),
        ("annex", "Beta works"),
        ("Hands works", "annex"),
        ("lead works", "annex"),
        ("parts works", "lead works"),
        ("outside", "parts works"),
    ]
    ended = {"supplier": "parts works", "buyer": "Idle works", "opened_day": 0, "closed_day": 60}
    holding = [{"supplier": s, "buyer": b, "opened_day": 0, "closed_day": None} for s, b in pairs]
    return rows("links", *holding, ended)


def test_leaders_are_the_flagships(rivals: dict[str, Any]) -> None:
    assert leaders_of(rivals) == ["Alpha", "Beta", "Hands", "Idle"]


def test_a_network_goes_through_others_and_holds_nobody_twice(rivals: dict[str, Any], links: pl.DataFrame) -> None:
    owner = {site["name"]: site["firm"] for site in rivals["sites"]}
    suppliers = suppliers_on(links, owner, 100.0)
    assert network_of("Beta", suppliers) == ["own", "Hands", "lead", "parts"]
    assert network_of("Idle", suppliers) == []
    assert network_of("Idle", suppliers_on(links, owner, 59.0)) == ["parts"]
    assert network_of("Idle", suppliers_on(links, owner, 60.0)) == []


def test_networks_are_counted_and_compared(rivals: dict[str, Any], links: pl.DataFrame, no_rows: Tables) -> None:
    """Alpha: lead, parts. Beta: own, lead, parts. Hands: lead, parts. Idle has nobody left."""
    found = measured(networks, rivals, no_rows | {"links": links})
    assert found == {
        "networks.count": 3,
        "networks.suppliers": pytest.approx(7 / 3),
        "networks.suppliers.alpha": 2,
        "networks.suppliers.beta": 3,
        "networks.suppliers.hands": 2,
        "networks.shared": pytest.approx(2 / 3),
        "networks.overlap": pytest.approx((2 / 3 + 1 + 2 / 3) / 3),
    }


def test_a_single_network_is_compared_with_nothing(rivals: dict[str, Any], rows: Rows, no_rows: Tables) -> None:
    link = {"supplier": "own works", "buyer": "Beta works", "opened_day": 0, "closed_day": None}
    assert measured(networks, rivals, no_rows | {"links": rows("links", link)}) == {}
