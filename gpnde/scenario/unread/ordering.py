"""When nothing reads what a scenario says of lots and of who gets an order."""

from __future__ import annotations

from collections import Counter
from typing import Any

from gpnde.scenario.lots import LOT_FIELDS
from gpnde.scenario.unread.entry import Entry
from gpnde.scenario.unread.facts import Facts


def _has_one_supplier_each(facts: Facts) -> bool:
    """Return whether every input has one supplier, and nothing in force could bring it another."""
    scenario = facts.scenario
    pairs = Counter((link.buyer, link.product or facts.sites[link.supplier].product) for link in scenario.links)
    stays = (scenario.selection, scenario.location, scenario.outsourcing) == (None, None, None)
    return max(pairs.values(), default=0) <= 1 and stays and not scenario.components


def _leaves_no_choice(facts: Facts, name: str, row: Any) -> bool:
    return _has_one_supplier_each(facts)


def _is_not_bought(facts: Facts, name: str, row: Any) -> bool:
    links = facts.scenario.links
    delivered = {link.product or facts.sites[link.supplier].product for link in links}
    return name not in delivered | facts.bought_outside


def _costs_nobody(facts: Facts, name: str, row: Any) -> bool:
    return facts.scenario.finance is None and _has_one_supplier_each(facts)


_ONE = "every input has one supplier", "give some input a second link"

OF_ORDERS = (
    Entry("ordering.supplier_choice", _leaves_no_choice, *_ONE),
    Entry("sites.*.ordering.supplier_choice", _leaves_no_choice, *_ONE),
    Entry("links.*.preference", _leaves_no_choice, *_ONE),
    Entry(
        f"products.*.{'|'.join(LOT_FIELDS)}",
        _is_not_bought,
        "no site buys the product from another one or from outside; markets buy any quantity",
        "leave it out",
    ),
    Entry("products.*.price_breaks", _costs_nobody, "nobody is paid", "give a block finance"),
    Entry("links.*.price_breaks", _costs_nobody, "nobody is paid", "give a block finance"),
)
