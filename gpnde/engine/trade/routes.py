"""Routes: how goods would travel between two sites that have not dealt with each other yet."""

from __future__ import annotations

import numpy as np

from gpnde.world.layout import Floats, Integers
from gpnde.world.world import World

TERMS = ("lead_time", "promise")
"""What depends on the way that goods travel: the law of the lead time, and what can be promised by it (ticks)."""


class Routes:
    """Finds among the links of the scenario the one whose transport a new link would have.

    That is the link between the same two sites, else one between the same two clusters, else the one whose distance is
    most like that between the two clusters. Where the places of the sites are not known, a new link is as its
    predecessor.
    """

    def __init__(self, world: World) -> None:
        """Note where the links of the scenario lead, and how far."""
        self._world = world
        lines, cluster = world.state.lines, world.state.sites["cluster"]
        numbers = np.arange(len(world.scenario.links))
        self._numbers = numbers[lines["supplier"][numbers] >= 0]
        known = lines[self._numbers]
        self._ends = known["supplier"].astype(np.int64), known["buyer"].astype(np.int64)
        self._places = cluster[self._ends[0]], cluster[self._ends[1]]
        self._products = known["product"].astype(np.int64)
        names, days = _ranks_of_names(world.names.sites), world.state.laws.mean[known["lead_time"]]
        self._rank = np.lexsort((names[self._ends[1]], names[self._ends[0]], days)).argsort()
        self._apart = _distances(world)
        given = [world.scenario.links[number].distance_km for number in self._numbers.tolist()]
        stated = np.array([np.nan if each is None else each for each in given])
        self._distance = np.where(np.isnan(stated), self._apart[self._places], stated)
        self._by_buyer = np.argsort(self._ends[1], kind="stable")
        self._starts = np.searchsorted(self._ends[1][self._by_buyer], np.arange(len(world.state.sites) + 1))
        self._known: dict[tuple[int, int], Integers] = {}

    def of(self, like: int, suppliers: Integers) -> Integers:
        """Return the number of the line as which goods of each supplier would travel to the buyer of line *like*."""
        buyer, places = self._world.state.lines["buyer"][like], self._world.state.sites["cluster"]
        found, start = np.full(len(suppliers), like), places[suppliers]
        # The order of the set does not matter: each place writes entries of its own.
        for place in set(start.tolist()):
            found[start == place] = self.between(like, place, int(places[buyer]))
        direct = self._links_to(int(buyer))
        # Backwards, so that the best link between two sites is written last, over all others.
        for link in direct[self._order(like, direct).argsort()[::-1]].tolist():
            found[suppliers == self._ends[0][link]] = self._numbers[link]
        return found

    def between(self, like: int, here: int, there: int) -> int:
        """Return the number of the line as which goods of line *like* would travel from one cluster to another."""
        nearest = self._nearest(here, there)
        return int(self._numbers[nearest[self._order(like, nearest).argmin()]]) if len(nearest) else like

    def _links_to(self, buyer: int) -> Integers:
        """Return the links of the scenario to a site, which has none if it was built later."""
        first, last = self._starts[buyer : buyer + 2] if buyer + 1 < len(self._starts) else (0, 0)
        return self._by_buyer[first:last]

    def days(self, like: int, suppliers: Integers) -> Floats:
        """Return the mean time that goods of each supplier would travel to the buyer of line *like* (days)."""
        state = self._world.state
        law = state.lines["lead_time"][self.of(like, suppliers)]
        return np.asarray(state.laws.mean[law] * state.sites["lead_time_factor"][suppliers])

    def _order(self, like: int, links: Integers) -> Integers:
        """Return the order of *links* that are as near: line *like* first, then its product, then by time and names."""
        others = self._products[links] != self._world.state.lines["product"][like]
        return np.asarray(self._rank[links] + len(self._rank) * (2 * (self._numbers[links] != like) + others))

    def _nearest(self, here: int, there: int) -> Integers:
        """Return the links between two clusters, else those whose distance is most like theirs; none if unknown.

        The links of the scenario stay what they are, so they are looked up once.
        """
        if (here, there) not in self._known:
            self._known[here, there] = self._found(here, there)
        return self._known[here, there]

    def _found(self, here: int, there: int) -> Integers:
        between = (self._places[0] == here) & (self._places[1] == there)
        # Two places that are not known are both -1, and yet not the same.
        if here >= 0 and there >= 0 and between.any():
            return np.flatnonzero(between)
        off = np.abs(self._distance - self._apart[here, there])
        # Unknown distances are NaN, which `fmin` passes over and which equals nothing.
        return np.flatnonzero(off == np.fmin.reduce(off, initial=np.inf))


def _ranks_of_names(names: tuple[str, ...]) -> Integers:
    """Return the rank of each name in alphabetical order, so that choices do not hang on the order of rows."""
    ranks = np.empty(len(names), dtype=np.int64)
    ranks[sorted(range(len(names)), key=names.__getitem__)] = np.arange(len(names))
    return ranks


def _distances(world: World) -> Floats:
    """Return the distance between clusters (km), NaN where one has no coordinates; the last row stands for no place."""
    clusters = world.scenario.clusters
    apart = np.full((len(clusters) + 1, len(clusters) + 1), np.nan)
    apart[:-1, :-1] = world.places.distance_km
    lost = [number for number, each in enumerate(clusters) if each.latitude is None or each.longitude is None]
    apart[lost, :] = apart[:, lost] = np.nan
    return apart
