"""Goods that need themselves through a chain: fine where time passes on the way and less comes back than was used.

Steel needs power and power needs steel in every economy. A network can make both where goods that go round take a tick
or more, so that what is used now was made before, and where making a unit uses up less than a unit of itself (Hawkins
and Simon, 1949).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

import numpy as np

from gpnde.scenario.network import Link, Site
from gpnde.scenario.problems import Location
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import OUTSIDE

_ROUNDS = 2000
_TOO_MUCH = "a product cannot be made of itself; take one of these inputs out"


def cycle_in(parts: Mapping[str, Iterable[str]]) -> list[str]:
    """Return the names along a cycle, first and last alike, each followed by a part of it; or nothing.

    >>> len(cycle_in({"laptop": ["board"], "board": ["laptop"]})), cycle_in({"laptop": ["board"]})
    (3, [])
    """
    try:
        TopologicalSorter(parts).prepare()
    except CycleError as error:
        return list(reversed(error.args[1]))
    return []


def products_do_not_use_themselves_up(scenario: Scenario) -> Iterator[tuple[Location, str]]:
    """Look for products of which a unit needs a unit of itself or more, directly or through what it is made of."""
    parts = {name: product.made_of for name, product in scenario.products.items()}
    for name, made_of in parts.items():
        if name in made_of:
            yield ("products", name, "made_of"), f"{name} > {name}: {_TOO_MUCH}"
            return
    cycle = cycle_in(parts)
    # Iteration gets to a radius of exactly 1 but for a hair.
    if cycle and _radius(parts) >= 1 - 1e-9:
        yield ("products", cycle[0], "made_of"), f"{' > '.join(cycle)}: {_TOO_MUCH}"


def _radius(parts: Mapping[str, Mapping[str, float]]) -> float:
    """Return the spectral radius of the bills of materials, by the power method on 1 + A, which has no period."""
    place = {name: number for number, name in enumerate(parts)}
    made = np.array([place[name] for name, made_of in parts.items() for _ in made_of])
    used = np.array([place[part] for made_of in parts.values() for part in made_of])
    units = np.array([float(number) for made_of in parts.values() for number in made_of.values()])
    needs, growth = np.ones(len(parts)), 0.0
    for _ in range(_ROUNDS):
        following = needs + np.bincount(made, units * needs[used], len(parts))
        before, growth = growth, float(following.max() / needs.max())
        needs = following / following.max()
        if abs(growth - before) < 1e-12 * growth:
            break
    return growth - 1


def goods_take_time_in_circles(scenario: Scenario) -> Iterator[tuple[Location, str]]:
    """Look for circles that goods could go round at one instant, and for sites that sell one product to each other."""
    sites = {site.name: site for site in scenario.sites}
    at_once: dict[str, list[str]] = defaultdict(list)
    traded: dict[str, list[str]] = defaultdict(list)
    everything: dict[str, list[str]] = defaultdict(list)
    for link in scenario.links:
        if link.supplier == OUTSIDE:
            continue
        everything[link.buyer].append(link.supplier)
        if sites[link.supplier].product == sites[link.buyer].product:
            traded[link.buyer].append(link.supplier)
        if not _takes_time(link, sites[link.buyer]):
            at_once[link.buyer].append(link.supplier)
    yield from _circle(scenario, traded, "buys from itself: {}; take one of these links out")
    if cycle_in(traded):
        return
    right = "goods go round in no time: {}; give one of these links a lead time above 0, or a site processing time"
    yield from _circle(scenario, at_once, right)
    if any((site.ordering or scenario.ordering).chosen.counts_echelon for site in scenario.sites):
        yield from _circle(scenario, everything, "goods go round: {}; an echelon has an end: choose another policy")


def _circle(scenario: Scenario, bought: Mapping[str, list[str]], text: str) -> Iterator[tuple[Location, str]]:
    cycle = cycle_in(bought)
    if cycle:
        position = next(i for i, site in enumerate(scenario.sites) if site.name == cycle[0])
        yield ("sites", position), text.format(" > ".join(reversed(cycle)))


def _takes_time(link: Link, buyer: Site) -> bool:
    """Return whether goods of a link are surely made into something else at a later instant, or arrive at one."""
    # Whatever is above 0 takes a tick at least.
    return link.lead_time.is_above_zero() or buyer.processing.is_above_zero()
