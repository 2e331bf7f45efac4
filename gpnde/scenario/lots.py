"""Lots: what quantities a supplier takes orders for, and what it takes off the price of large ones.

A product says what is usual for it, and a link what its supplier says instead.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from pydantic import Field

if TYPE_CHECKING:
    from gpnde.scenario.network import Link, Product
    from gpnde.scenario.problems import Location
    from gpnde.scenario.schema import Scenario

MinimumOrder = Annotated[float | None, Field(ge=0, description="Least quantity of an order (units); left out: any.")]
OrderMultiple = Annotated[
    float | None, Field(gt=0, description="Quantity of which an order is a multiple (units); left out: none.")
]
MaximumOrder = Annotated[float | None, Field(gt=0, description="Largest quantity of an order (units); left out: any.")]
WholeUnits = Annotated[
    bool | None, Field(description="Whether orders are whole units, where no multiple is given; left out: no.")
]
Quantity = Annotated[float, Field(gt=0)]
Discount = Annotated[float, Field(ge=0, lt=1)]
PriceBreaks = Annotated[
    dict[Quantity, Discount] | None,
    Field(
        description="Discount on the price of all units of an order (1), by the quantity from which it holds (units)."
    ),
]

LOT_FIELDS = ("minimum_order", "order_multiple", "maximum_order", "whole_units", "price_breaks")
"""The fields that products and links have in common; on a link, those that are left out are the product's."""


class Lots(NamedTuple):
    """What one supplier takes orders for (units)."""

    minimum: float
    multiple: float
    """0 for any quantity."""
    maximum: float
    """Infinite for none."""
    breaks: tuple[tuple[float, float], ...]
    """Quantities from which a discount holds, in rising order, and the discounts (1)."""


FREE = Lots(0.0, 0.0, math.inf, ())
"""Any quantity, at one price."""


def lots_of(product: Product, link: Link | None = None) -> Lots:
    """Return the lots of a *link*, or of links of a *product* that say nothing of it.

    >>> from gpnde.scenario.network import Link, Product
    >>> lots_of(Product(minimum_order=40, whole_units=True), Link(buyer="a", minimum_order=25))
    Lots(minimum=25.0, multiple=1.0, maximum=inf, breaks=())
    """
    given = {name: _stated(name, product, link) for name in LOT_FIELDS}
    multiple = given["order_multiple"] or (1.0 if given["whole_units"] else 0.0)
    maximum = math.inf if given["maximum_order"] is None else given["maximum_order"]
    return Lots(given["minimum_order"] or 0.0, multiple, maximum, tuple(sorted((given["price_breaks"] or {}).items())))


def _stated(name: str, product: Product, link: Link | None) -> Any:
    stated = None if link is None else getattr(link, name)
    return getattr(product, name) if stated is None else stated


def states_lots(block: Product | Link) -> bool:
    """Return whether a product or link says anything of lots."""
    return any(getattr(block, name) is not None for name in LOT_FIELDS)


def lots_can_be_ordered(scenario: Scenario) -> Iterator[tuple[Location, str]]:
    """Look for products and links of which no quantity can be ordered at all."""
    for name, product in scenario.products.items():
        if states_lots(product):
            yield from _faults(("products", name), product)
    made = {site.name: site.product for site in scenario.sites}
    for i, link in enumerate(scenario.links):
        # What a link does not say is the product's, which has been looked at.
        if states_lots(link):
            yield from _faults(("links", i), scenario.products[link.product or made[link.supplier]], link)


def _faults(where: Location, product: Product, link: Link | None = None) -> Iterator[tuple[Location, str]]:
    # Here, so that those who only know the fields need no equations.
    from gpnde.mechanics.lots import largest_lot, least_lot

    block: Product | Link = product if link is None else link
    minimum, multiple, maximum, _ = lots_of(product, link)
    if minimum > maximum:
        column = _first_given(block, "minimum_order", "maximum_order")
        text = f"{minimum:g}: must be at most maximum_order, which is {maximum:g}"
        if column == "maximum_order":
            text = f"{maximum:g}: must be at least minimum_order, which is {minimum:g}"
        yield (*where, column), text
    elif least_lot(minimum, multiple) > largest_lot(multiple, maximum):
        column = _first_given(block, "order_multiple", "maximum_order", "minimum_order", "whole_units")
        most = f"from {minimum:g} to {maximum:g}, the minimum_order and maximum_order"
        yield (*where, column), f"no multiple of {multiple:g} lies {most}: give another multiple, or a wider range"
    elif _stated("whole_units", product, link) and multiple % 1.0 != 0.0:
        column = _first_given(block, "order_multiple", "whole_units")
        yield (*where, column), f"{multiple:g}: orders are whole_units: give a whole number, or leave one of them out"


def _first_given(block: Product | Link, *names: str) -> str:
    """Return the first of some fields that a row gives; one is given wherever there is a fault."""
    return next((name for name in names if getattr(block, name) is not None), names[0])
