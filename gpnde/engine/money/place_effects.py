"""What a place does to the cost of what is made there (E22): company, distance from home, and distance from markets."""

from __future__ import annotations

import numpy as np

from gpnde.mechanics.location import place_productivity
from gpnde.scenario.rules import Location
from gpnde.world.layout import Floats, Integers
from gpnde.world.places import region_of_clusters
from gpnde.world.world import World

SAME_REGION = 0.3
"""How far another cluster of the same region is from home, where another region is 1 away (assumption)."""


class PlaceEffects:
    """Works out what places do to costs, for sites that are there and for those that firms think of.

    The number -1 stands for no cluster: there, nothing counts.
    """

    def __init__(self, world: World, rules: Location) -> None:
        """Take the company that sites have on day 0 as usual."""
        self._world, self._rules = world, rules
        self._region = region_of_clusters(world.scenario).astype(np.int64)
        company, cluster = self.company(), world.state.sites["cluster"]
        placed = cluster >= 0
        self._usual = float(company[cluster[placed]].mean()) if placed.any() else 0.0

    def company(self) -> Floats:
        """Return how many sites are open in each cluster; shape (clusters + 1,), with 0 for none at the end."""
        sites = self._world.state.sites
        # Shifted by one, as `np.bincount` refuses the -1 of sites that stand in no cluster.
        counts = np.bincount(sites["cluster"][sites["shut"] == 0] + 1, minlength=len(self._region))
        return np.append(counts[1:], 0).astype(np.float64)

    def complexity(self, sites: Integers) -> Floats:
        """Return the complexity of what some sites make."""
        products = self._world.scenario.products.values()
        complexity = np.array([product.complexity for product in products], dtype=np.float64)
        return np.asarray(complexity[self._world.state.sites["product"][sites]])

    def productivity(self, clusters: Integers, complexity: Floats | float) -> Floats:
        """Return the productivity of labour in some clusters, over that where company is as usual."""
        found = place_productivity(self.company()[clusters], self._usual, self._rules.agglomeration, complexity)
        return np.where(clusters >= 0, found, 1.0)

    def away(self, clusters: Integers, sites: Integers) -> Floats:
        """Return what it costs that each of some *sites* stood in the cluster beside it, as a share of value added.

        Far from home, work has to be coordinated with those who design it; far from the market, goods have to be
        brought there and adapted.
        """
        home = self._world.places.cluster[self._world.state.sites["firm"][sites]]
        coordination = self._rules.coordination * self.complexity(sites) * self._apart(clusters, home)
        return np.asarray(coordination + self._rules.market_distance * self._sold_elsewhere(clusters, sites))

    def _apart(self, here: Integers, there: Integers) -> Floats:
        """Return how far clusters are from each other: 0, `SAME_REGION`, or 1."""
        near = (self._region[here] == self._region[there]) & (self._region[here] >= 0)
        apart = np.where(here == there, 0.0, np.where(near, SAME_REGION, 1.0))
        return np.where((here < 0) | (there < 0), 0.0, apart)

    def _sold_elsewhere(self, clusters: Integers, sites: Integers) -> Floats:
        """Return the part of what sites sell in markets that would go to other regions from the clusters beside them.

        0 for sites that do not sell in markets.
        """
        here, sold = self._region[clusters], self._sales()[sites]
        total = sold.sum(axis=1)
        # Markets of no region, in the last column, are near from everywhere.
        near = sold[np.arange(len(sites)), here] + sold[:, -1]
        away = np.divide(total - near, total, out=np.zeros(len(sites)), where=total > 0.0)
        return np.where(here >= 0, away, 0.0)

    def _sales(self) -> Floats:
        """Return what sites sell in the markets of each region, and last of none; shape (sites, regions + 1)."""
        state, regions = self._world.state, len(self._world.scenario.regions) + 1
        lines = state.lines[(state.lines["market"] >= 0) & (state.lines["active"] == 1)]
        per_tick = state.markets["mean_quantity"] / np.maximum(state.markets["every"], 1)
        # The remainder puts markets without a region, -1, into the last column.
        place = lines["supplier"].astype(np.int64) * regions + self._world.market_region[lines["market"]] % regions
        sold = np.bincount(place, lines["share"] * per_tick[lines["market"]], len(state.sites) * regions)
        return sold.astype(np.float64).reshape(-1, regions)
