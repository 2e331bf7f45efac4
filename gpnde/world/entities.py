"""What stands for the names of lines in draws; sites, markets and firms have a name of their own."""

from __future__ import annotations

from collections import Counter

import numpy as np

from gpnde.numerics.draws import entities, joined
from gpnde.vocabulary import OUTSIDE
from gpnde.world.layout import Integers, Records
from gpnde.world.names import Names

_NO_MARKET = ""


def line_entities(names: Names, lines: Records) -> Integers:
    """Return what stands for the name of each line in draws: buyer or market, supplier, product, and which of several.

    Lines with the same ends and product are told apart by their order.
    """
    sites, markets = entities((*names.sites, OUTSIDE)), entities((*names.markets, _NO_MARKET))
    ends = sites[lines["buyer"]], markets[lines["market"]], sites[lines["supplier"]]
    name = joined(*ends, entities(names.products)[lines["product"]])
    return joined(name, _earlier_equals(name))


def line_names(names: Names, lines: Records) -> tuple[str, ...]:
    """Return the name of each line: whence it leads, where, and what it carries, such as ``Penang > Osaka: disk``.

    Of several with the same ends and product, those after the first get a number: ``Penang > Osaka: disk #2``.
    """
    sites, seen, found = (*names.sites, OUTSIDE), Counter[str](), []
    for line in lines[["supplier", "buyer", "market", "product"]].tolist():
        supplier, buyer, market, product = line
        to = sites[buyer] if market < 0 else names.markets[market]
        name = f"{sites[supplier]} > {to}: {names.products[product]}"
        seen[name] += 1
        found.append(name if seen[name] == 1 else f"{name} #{seen[name]}")
    return tuple(found)


def _earlier_equals(values: Integers) -> Integers:
    """Return how many equal values stand before each.

    >>> _earlier_equals(np.array([5, 3, 5, 5]))
    array([0, 0, 1, 2])
    """
    order = np.argsort(values, kind="stable")
    in_order = values[order]
    begins = np.searchsorted(in_order, in_order, side="left")
    rank = np.empty(len(values), dtype=np.int64)
    rank[order] = np.arange(len(values)) - begins
    return rank
