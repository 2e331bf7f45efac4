"""Groups, stars, positions and components in the addresses of settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gpnde.scenario import Scenario
from gpnde.scenario.address.find import find
from gpnde.scenario.files import load_scenario
from gpnde.scenario.settings import apply_settings

Raw = dict[str, Any]
Load = Callable[..., Scenario]


def three(**more: Any) -> Raw:
    """Return raw tables of three sites of two firms, with links of which two join one pair."""
    return {
        "firms": [{"name": "brand", "tier": 0}, {"name": "maker", "tier": "2"}],
        "clusters": [{"name": "penang", "country": "MY"}, {"name": "korat"}],
        "sites": [
            {"name": "assembly", "firm": "brand", "product": "drive", "cluster": "korat"},
            {"name": "boards", "firm": "maker", "product": "board", "cluster": "penang", "unlimited": True},
            {"name": "panels", "firm": "maker", "product": "panel", "cluster": "korat"},
        ],
        "links": [
            {"buyer": "assembly", "supplier": "boards", "product": "board", "contract": "OEM"},
            {"buyer": "assembly", "supplier": "boards", "product": "panel"},
            {"buyer": "assembly", "supplier": "panels", "share": 0.5},
        ],
        "components": [{"use": "policy.tax", "rate": 1}, {"use": "policy.tax", "rate": 2}],
        **more,
    }


def rows_set(address: str, table: str, field: str = "stock") -> list[int]:
    """Return the numbers of the rows in which a setting sets a field."""
    given = three()
    apply_settings(given, {address: 7})
    return [number for number, row in enumerate(given[table]) if row.get(field) == 7]


@pytest.mark.parametrize(
    ("address", "rows"),
    [
        ("sites.boards.stock", [1]),
        ("sites.1.stock", [1]),
        ("sites[1].stock", [1]),
        ("sites.*.stock", [0, 1, 2]),
        ("sites.*s.stock", [1, 2]),
        ("sites.firm=maker.stock", [1, 2]),
        ("sites.tier=2.stock", [1, 2]),
        ("sites.tier=2,product=panel.stock", [2]),
        ("sites.tier=2.product=panel.stock", [2]),
        ("sites.product=panel,product=drive.stock", [0, 2]),
        ("sites.country=MY.stock", [1]),
        ("sites.unlimited=true.stock", [1]),
        ("sites.unlimited=false.stock", [0, 2]),
    ],
)
def test_an_address_names_sites(address: str, rows: list[int]) -> None:
    assert rows_set(address, "sites") == rows


@pytest.mark.parametrize(
    ("address", "rows"),
    [
        ("links.assembly<panels.trust", [2]),
        ("links.assembly<boards/panel.trust", [1]),
        ("links.assembly<boards/*.trust", [0, 1]),
        ("links.assembly<*.trust", [0, 1, 2]),
        ("links.supplier=boards.trust", [0, 1]),
        ("links.contract=arms-length.trust", [1, 2]),
        ('links.share="0.50".trust', [2]),
    ],
)
def test_an_address_names_links(address: str, rows: list[int]) -> None:
    assert rows_set(address, "links", "trust") == rows


@pytest.mark.parametrize(
    ("address", "rows"),
    [
        ("policy.tax.rate", [0, 1]),
        ("policy.tax#2.rate", [1]),
        ("components.policy.tax#1.rate", [0]),
        ("components.policy.tax.rate", [0, 1]),
        ("components.1.rate", [1]),
        ("components.*.rate", [0, 1]),
        ("components.policy.*.rate", [0, 1]),
        ("components.rate=2.rate", [1]),
    ],
)
def test_an_address_names_uses_of_components(address: str, rows: list[int]) -> None:
    assert rows_set(address, "components", "rate") == rows


def test_a_group_tells_how_many_places_it_sets_and_a_name_does_not() -> None:
    given = three()
    settings = {"sites.tier=2.ordering.safety_factor": 1, "sites.boards.stock": 1, "policy.tax.rate": 3}
    assert apply_settings(given, settings) == {"sites.tier=2.ordering.safety_factor": 2, "policy.tax.rate": 2}
    assert given["sites"][2]["ordering"] == {"safety_factor": 1}


def test_a_later_setting_goes_over_an_earlier_one() -> None:
    given = three()
    apply_settings(given, {"sites.*.stock": 1, "sites.boards.stock": 2})
    assert [site["stock"] for site in given["sites"]] == [1, 2, 1]


def test_loading_tells_of_groups_alone() -> None:
    lines: list[str] = []
    load_scenario("serial-chain", {"sites.*.stock": 90, "clock.days": 28}, tell=lines.append)
    assert lines == [f"sites.*.stock: set in {len(load_scenario('serial-chain').sites)} places"]


@pytest.mark.parametrize(
    ("address", "line"),
    [
        ("sites.board.stock", "no 'board' in the scenario to set; did you mean 'boards'?"),
        ("sites.z*.stock", "no 'z*' in the scenario to set"),
        ("links.assembly<boards.share", "'assembly<boards' names 2 rows: name one of"),
        ("sites[9].stock", "no '[9]' in the scenario to set"),
        ("sites.tier=7.stock", "no row has the tier '7'"),
        ("sites.product=bord.stock", "no row has the product 'bord'; did you mean 'board'?"),
        ("sites.teir=2.stock", "no field 'teir' by which to choose rows; did you mean 'tier'?"),
        ("links.assembly<boards.trust", "'assembly<boards' names 2 rows: name one of assembly<boards/board, "
         "assembly<boards/panel"),
        ("links.assembly<board.trust", "no 'assembly<board' in the scenario to set; did you mean "
         "'assembly<boards'?"),
        ("policy.tax#3.rate", "no 'policy.tax#3' in the scenario to set; did you mean 'policy.tax'?"),
        ("clock.x=1.days", "no 'x=1' in the scenario to set"),
        ("clock.*", "no '*' in the scenario to set"),
        ("policy.tax.x=1.rate", "a group of rows stands behind the name of a table only"),
        ("components.policy.tax", "no 'policy' in the scenario to set"),
    ],
)  # fmt: skip
def test_an_address_that_leads_nowhere_is_refused(address: str, line: str) -> None:
    from gpnde.errors import ScenarioError

    with pytest.raises(ScenarioError) as caught:
        apply_settings(three(), {address: 1})
    assert str(caught.value).startswith(f"{address}: {line}")


def test_a_group_reads_the_fields_of_a_checked_scenario_too(raw: Raw, load: Load) -> None:
    places = find(load(raw), "sites.tier=0.capacity_per_day.value")
    assert [place.value for place in places] == [100]


def test_a_setting_changes_one_value_of_a_list(raw: Raw, load: Load) -> None:
    raw["links"][0]["in_transit"] = [4, 5]
    assert load(raw, {"links.teparuk<rangsit.in_transit[1]": 9}).links[0].in_transit == (4, 9)


def test_a_link_whose_written_name_is_the_pair_of_others_is_meant_by_it() -> None:
    links = [{"buyer": "a", "supplier": "b"}, {"buyer": "a", "supplier": "b", "product": "x"}]
    given: Raw = {"links": links}
    apply_settings(given, {"links.a<b.trust": 1})
    assert [link.get("trust") for link in given["links"]] == [1, None]
