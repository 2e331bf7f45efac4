"""What a dated event can hit: kinds of targets, each with the sites, lines and markets that belong to one by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from gpnde.plugin import ComponentError, Flags, Integers, View, check_names
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
    inside = (link for link in view.scenario.links if link.supplier in view.names.sites)
    return [f"{link.supplier} {ARROW} {link.buyer}" for link in inside]


def _joins(view: View, suppliers: Integers, buyers: Integers) -> Flags:
    """Return which lines lead from one of *suppliers* to one of *buyers*."""
    lines = view.lines
    return np.asarray(np.isin(lines["supplier"], suppliers) & np.isin(lines["buyer"], buyers) & (lines["input"] >= 0))


def ends(name: str) -> tuple[str, str]:
    """Return the two ends of a link or lane.

    >>> ends("penang > dresden")
    ('penang', 'dresden')
    """
    first, arrow, last = name.partition(ARROW)
    if not arrow:
        raise ComponentError(
            where="disruption.dated-events", given=repr(name), expected="must be the two ends, such as penang > dresden"
        )
    return first.strip(), last.strip()


def _link(view: View, name: str) -> Integers:
    supplier, buyer = ends(name)
    return np.flatnonzero(_joins(view, _of_site(view, supplier), _of_site(view, buyer)))


def _lane(view: View, name: str) -> Integers:
    first, last = ends(name)
    return np.flatnonzero(_joins(view, _of_place(view, first), _of_place(view, last)))


def _of_place(view: View, name: str) -> Integers:
    """Return the sites of a cluster or, where no cluster has that name, of a country."""
    if name in view.names.clusters:
        return _of_cluster(view, name)
    check_names("disruption.dated-events", [name.upper()], upper([*view.names.clusters, *view.country_names]))
    return _of_country(view, name)


def _lanes(view: View) -> list[str]:
    places = [*view.names.clusters, *view.country_names]
    return [f"{first} {ARROW} {last}" for first in places for last in places]


def _hubs(view: View) -> list[str]:
    return sorted({hub for link in view.scenario.links for hub in link.via})


def _via(view: View, name: str) -> Integers:
    """Return the lines between the pairs of sites whose link passes a hub."""
    passed = np.zeros(len(view.lines), dtype=np.bool_)
    for link in view.scenario.links:
        if name in link.via:
            passed |= _joins(view, _of_site(view, link.supplier), _of_site(view, link.buyer))
    return np.flatnonzero(passed)


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
