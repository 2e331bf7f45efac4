"""Rows stand in the order of their names."""

from __future__ import annotations

from typing import Any

from gpnde.scenario import Scenario
from gpnde.world.by_name import by_name


def scenario(**tables: Any) -> Scenario:
    given: dict[str, Any] = {
        "name": "rows",
        "products": {"b": {"made_of": {"z": 1, "a": 2}}, "a": {}, "z": {}},
        "firms": [{"name": f"firm {number}"} for number in (10, 9, 1)],
        "sites": [{"name": name, "firm": "firm 1", "product": name} for name in ("z", "b", "a")],
        "markets": [
            {"name": "n", "product": "b", "served_by": ["b"], "demand": {"law": 1}},
            {"name": "m", "product": "z", "served_by": {"z": 1.0}, "demand": {"law": 1}},
        ],
        "provenance": [{"path": "*", "mark": "assumption"}],
    }
    return Scenario.model_validate({**given, **tables})


def test_rows_and_keys_stand_in_the_order_of_names() -> None:
    found = by_name(scenario())
    assert [firm.name for firm in found.firms] == ["firm 1", "firm 9", "firm 10"]
    assert [site.name for site in found.sites] == ["a", "b", "z"]
    assert [market.name for market in found.markets] == ["m", "n"]
    assert list(found.products) == ["a", "b", "z"]
    assert list(found.products["b"].made_of) == ["a", "z"]


def test_links_of_one_name_stand_in_the_order_of_what_they_say() -> None:
    links = [
        {"buyer": "b", "supplier": "z", "contract": "OEM"},
        {"buyer": "b", "supplier": "a", "contract": "OEM"},
        {"buyer": "b", "supplier": "z", "contract": "ODM"},
    ]
    orders = [by_name(scenario(links=rows)).links for rows in (links, links[::-1], links[1:] + links[:1])]
    assert orders[0] == orders[1] == orders[2]
    assert [(link.supplier, link.contract) for link in orders[0]] == [("a", "OEM"), ("z", "ODM"), ("z", "OEM")]


def test_peers_have_no_direction() -> None:
    ways = [{"first": "firm 1", "second": "firm 9"}, {"first": "firm 9", "second": "firm 1"}]
    one, other = (by_name(scenario(peers=[way])).peers for way in ways)
    assert one == other


def test_rows_in_order_stay_as_they_are() -> None:
    once = by_name(scenario())
    assert by_name(once) == once
