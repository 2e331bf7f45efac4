"""Lots in scenarios: columns of links, fields of products, and what of them is refused."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gpnde.scenario import Scenario
from gpnde.scenario.lots import FREE, Lots, lots_of
from gpnde.scenario.network import Link, Product

Raw = dict[str, Any]
Load = Callable[..., Scenario]
Complaint = Callable[..., str]

LINKS = """buyer,supplier,lead_time,minimum_order,order_multiple,maximum_order,whole_units,price_breaks
teparuk,rangsit,3,{cells}
"""


@pytest.fixture
def with_links(raw: Raw, tmp_path: Path) -> Callable[[str], Raw]:
    """Return a function that gives the lots of the one link as cells of a CSV file."""

    def move(cells: str) -> Raw:
        (tmp_path / "links.csv").write_text(LINKS.format(cells=cells), encoding="utf-8")
        return {**raw, "links": "links.csv"}

    return move


def test_lots_stand_in_columns_of_links(load: Load, with_links: Callable[[str], Raw]) -> None:
    scenario = load(with_links('100,25,500,true,"{""200"": 0.05, ""100"": 0.02}"'))
    lots = lots_of(scenario.products["motor"], scenario.links[0])
    assert lots == Lots(100.0, 25.0, 500.0, ((100.0, 0.02), (200.0, 0.05)))


def test_a_product_without_lots_is_ordered_in_any_quantity() -> None:
    assert lots_of(Product()) == FREE == lots_of(Product(), Link(buyer="a", minimum_order=0, price_breaks={}))


def test_what_a_link_leaves_out_is_that_of_its_product() -> None:
    product = Product(minimum_order=40, maximum_order=400, whole_units=True, price_breaks={100: 0.1})
    link = Link(buyer="a", minimum_order=20, whole_units=False, price_breaks={})
    assert lots_of(product, link) == Lots(20.0, 0.0, 400.0, ())
    assert lots_of(product, Link(buyer="a", order_multiple=6)) == Lots(40.0, 6.0, 400.0, ((100.0, 0.1),))


REFUSED = {
    "a minimum above the maximum": (
        "100,,50,,",
        "links.csv line 2, minimum_order: 100: must be at most maximum_order, which is 50",
    ),
    "no multiple in the range": (
        "40,30,50,,",
        "links.csv line 2, order_multiple: no multiple of 30 lies from 40 to 50, the minimum_order and maximum_order: "
        "give another multiple, or a wider range",
    ),
    "no whole unit in the range": (
        "2.25,,2.75,true,",
        "links.csv line 2, maximum_order: no multiple of 1 lies from 2.25 to 2.75",
    ),
    "a multiple that is not whole": (
        ",2.5,,true,",
        "links.csv line 2, order_multiple: 2.5: orders are whole_units: give a whole number, or leave one of them out",
    ),
    "a multiple of nothing": (",0,,,", "links.csv line 2, order_multiple: '0': must be above 0"),
    "a minimum below 0": ("-1,,,,", "links.csv line 2, minimum_order: '-1': must be at least 0"),
    "more than the price": (',,,,"{""5"": 1.5}"', "links.csv line 2, price_breaks.5: 1.5: must be below 1"),
    "breaks that are no mapping": (",,,,5", "links.csv line 2, price_breaks"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_lots_that_nobody_can_order_are_refused_with_row_and_column(
    case: str, with_links: Callable[[str], Raw], complaint: Complaint
) -> None:
    cells, line = REFUSED[case]
    assert line in complaint(with_links(cells))


def test_lots_of_a_product_are_checked_where_they_stand(raw: Raw, complaint: Complaint) -> None:
    raw["products"]["motor"] = {"minimum_order": 9, "maximum_order": 5}
    assert "products.motor.minimum_order: 9: must be at most maximum_order, which is 5" in complaint(raw)


def test_a_link_is_checked_together_with_its_product(raw: Raw, complaint: Complaint) -> None:
    raw["products"]["motor"] = {"minimum_order": 90}
    raw["links"][0]["maximum_order"] = 50
    assert "links.teparuk<rangsit.maximum_order: 50: must be at least minimum_order, which is 90" in complaint(raw)


def test_lots_have_no_bound_where_none_is_given() -> None:
    assert math.isinf(lots_of(Product(minimum_order=5)).maximum)
