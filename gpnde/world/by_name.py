"""A scenario in the order of names, so that no result hangs on the order in which things are written down."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from gpnde.scenario.knowledge import Peer
from gpnde.scenario.markets import Market
from gpnde.scenario.network import Link, Product
from gpnde.scenario.schema import Scenario

Row = TypeVar("Row")

_NUMBER = re.compile(r"(\d+)")


def by_name(scenario: Scenario) -> Scenario:
    """Return the same scenario with all its rows in the order of their names.

    Equals among rows, such as two sites that bid the same, come in this order throughout a run. A scenario that is in
    this order is returned itself.
    """
    rows: dict[str, Any] = {
        "products": {name: _product(scenario.products[name]) for name in sorted(scenario.products, key=in_order)},
        "countries": _sorted(scenario.countries, _name),
        "regions": _sorted(scenario.regions, _name),
        "clusters": _sorted(scenario.clusters, _name),
        "firms": _sorted(scenario.firms, _name),
        "sites": _sorted(scenario.sites, _name),
        "links": _links(scenario.links),
        "peers": _sorted((_peer(peer) for peer in scenario.peers), _pair),
        "markets": tuple(_market(market) for market in _sorted(scenario.markets, _name)),
    }
    moves = any(not _are_the_same(getattr(scenario, name), found) for name, found in rows.items())
    return scenario.model_copy(update=rows) if moves else scenario


def _are_the_same(given: Any, found: Any) -> bool:
    """Return whether rows are the very same objects in the same order; for products, with the same names too."""
    if isinstance(found, dict):
        return list(given) == list(found) and _are_the_same(tuple(given.values()), tuple(found.values()))
    return all(one is other for one, other in zip(given, found, strict=True))


def _sorted(rows: Iterable[Row], key: Callable[[Row], Any]) -> tuple[Row, ...]:
    return tuple(sorted(rows, key=key))


def in_order(name: str) -> tuple[Any, ...]:
    """Return what a name is sorted by: numbers in it count as such, so that firm 2 stands before firm 10.

    >>> sorted(["firm 10", "firm 2", "a", "firm 02"], key=in_order)
    ['a', 'firm 02', 'firm 2', 'firm 10']
    """
    # Splitting by a group leaves the numbers at odd places; the name itself tells firm 2 from firm 02.
    parts = _NUMBER.split(name)
    return tuple(int(part) if place % 2 else part for place, part in enumerate(parts)), name


def _name(row: Any) -> tuple[Any, ...]:
    return in_order(row.name)


def _links(links: tuple[Link, ...]) -> tuple[Link, ...]:
    """Return links by buyer, supplier and product; several of one such name by all that they say."""
    names = [(in_order(link.buyer), in_order(link.supplier), link.product or "") for link in links]
    count = Counter(names)
    # Links are written out only where their names do not tell them apart, since that takes long.
    keys = [(name, link.model_dump_json() if count[name] > 1 else "") for name, link in zip(names, links, strict=True)]
    return tuple(links[place] for place in sorted(range(len(links)), key=keys.__getitem__))


def _pair(peer: Peer) -> tuple[Any, ...]:
    return in_order(peer.first), in_order(peer.second), peer.strength


def _peer(peer: Peer) -> Peer:
    """Return the tie with the name first that comes first; ties have no direction."""
    if peer.first <= peer.second:
        return peer
    return peer.model_copy(update={"first": peer.second, "second": peer.first})


def _product(product: Product) -> Product:
    made_of = dict(sorted(product.made_of.items(), key=_key))
    return product if list(made_of) == list(product.made_of) else product.model_copy(update={"made_of": made_of})


def _market(market: Market) -> Market:
    served, own = market.served_by, market.own_brands
    serving = dict(sorted(served.items(), key=_key)) if isinstance(served, dict) else _sorted(served, in_order)
    named = () if own is None else own.sites
    if list(serving) == list(served) and _sorted(named, in_order) == named:
        return market
    brands = None if own is None else own.model_copy(update={"sites": _sorted(named, in_order)})
    return market.model_copy(update={"served_by": serving, "own_brands": brands})


def _key(item: tuple[str, float]) -> tuple[Any, ...]:
    return in_order(item[0])
