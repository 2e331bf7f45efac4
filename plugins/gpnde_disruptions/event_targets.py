"""What a dated event can hit: kinds of targets, each with the sites, lines and markets that belong to one by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from gpnde.plugin import Flags, Integers, View
from gpnde_disruptions.choices import upper

Finder = Callable[[View, str], Integers]

ARROW = ">"
"""What stands between the two ends of a link or lane."""


class Target(NamedTuple):
    """A kind of target: the names that there are, and what belongs to one of them; None where nothing can."""

    names: Callable[[View], Sequence[str]]
    sites: Finder | None = None
    lines: Finder | None = None
    markets: Finder | None = None


def _of_site(view: View, name: str) -> Integers:
    return view.site_numbers(names=[name])


def _of_cluster(view: View, name: str) -> Integers:
    return view.site_numbers(clusters=[name])


def _of_country(view: View, name: str) -> Integers:
    return np.flatnonzero(view.site_country == _country(view, name))


def _country(view: View, name: str) -> int:
    return upper(view.country_names).index(name.upper())


def _markets_of_country(view: View, name: str) -> Integers:
    return np.flatnonzero(view.market_country == _country(view, name))


def _from(sites: Finder) -> Finder:
    """Return what finds all that the sites deliver."""
    return lambda view, name: np.flatnonzero(np.isin(view.lines["supplier"], sites(view, name)))


def _market(view: View, name: str) -> Integers:
    return np.array([view.names.markets.index(name)])


def _to_market(view: View, name: str) -> Integers:
    return np.flatnonzero(np.isin(view.lines["market"], _market(view, name)))


def _links(view: View) -> list[str]:
    return [_joined(ends) for ends in _ends(view)]


def _ends(view: View) -> list[tuple[str, str]]:
    """Return supplier and buyer of each link between sites."""
    return [(link.supplier, link.buyer) for link in view.scenario.links if link.supplier in view.names.sites]


def _joined(ends: tuple[str, str]) -> str:
    return f" {ARROW} ".join(ends)


def _joins(view: View, suppliers: Integers, buyers: Integers) -> Flags:
    """Return which lines lead from one of *suppliers* to one of *buyers*."""
    lines = view.lines
    return np.asarray(np.isin(lines["supplier"], suppliers) & np.isin(lines["buyer"], buyers) & (lines["input"] >= 0))


def _link(view: View, name: str) -> Integers:
    return _lines_of(view, (ends for ends in _ends(view) if _joined(ends) == name))


def _lines_of(view: View, pairs: Iterable[tuple[str, str]]) -> Integers:
    """Return the lines between some pairs of sites, each a supplier and a buyer."""
    found = np.zeros(len(view.lines), dtype=np.bool_)
    for supplier, buyer in pairs:
        found |= _joins(view, _of_site(view, supplier), _of_site(view, buyer))
    return np.flatnonzero(found)


def _lane(view: View, name: str) -> Integers:
    found = np.zeros(len(view.lines), dtype=np.bool_)
    # Names may hold arrows themselves, so that only the places tell where a name is parted.
    for first in _places(view):
        last = name.removeprefix(f"{first} {ARROW} ")
        if last != name and last in _places(view):
            found |= _joins(view, _of_place(view, first), _of_place(view, last))
    return np.flatnonzero(found)


def _of_place(view: View, name: str) -> Integers:
    """Return the sites of a cluster or, where no cluster has that name, of a country."""
    return _of_cluster(view, name) if name in view.names.clusters else _of_country(view, name)


def _places(view: View) -> list[str]:
    return [*view.names.clusters, *view.country_names]


def _lanes(view: View) -> list[str]:
    return [_joined((first, last)) for first in _places(view) for last in _places(view)]


def _hubs(view: View) -> list[str]:
    return sorted({hub for link in view.scenario.links for hub in link.via})


def _via(view: View, name: str) -> Integers:
    return _lines_of(view, ((link.supplier, link.buyer) for link in view.scenario.links if name in link.via))


TARGETS: dict[str, Target] = {
    "site": Target(lambda view: view.names.sites, _of_site, _from(_of_site)),
    "link": Target(_links, lines=_link),
    "lane": Target(_lanes, lines=_lane),
    "hub": Target(_hubs, lines=_via),
    "cluster": Target(lambda view: view.names.clusters, _of_cluster, _from(_of_cluster)),
    "country": Target(lambda view: view.country_names, _of_country, _from(_of_country), _markets_of_country),
    "market": Target(lambda view: view.names.markets, None, _to_market, _market),
}
"""The kinds of targets by name; to add one, add a record."""
