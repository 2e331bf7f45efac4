"""Which place a firm takes to make more of something (E22): the cheapest in its own eyes."""

from __future__ import annotations

import numpy as np

from gpnde.engine.capacity.place_costs import NEW, Options, PlaceCosts
from gpnde.engine.context import RunContext
from gpnde.mechanics.location import gumbel, place_utility
from gpnde.numerics.draws import entities, joined, uniforms
from gpnde.scenario.rules import Location
from gpnde.vocabulary import HIGHER_TIER, ROLES
from gpnde.world.layout import Floats, Integers

LEAST_VALUE = 1e-3
"""Value added, as a share of unit cost, that differences in cost are compared with at least."""


class Siting:
    """Compares places by landed cost, and by what a firm alone knows of each."""

    def __init__(self, context: RunContext, rules: Location) -> None:
        """Begin without any decision."""
        self._context, self._rules = context, rules
        self._key = context.stream("location", "site")
        self.costs = PlaceCosts(context, rules)
        self._opens = np.isin(context.world.firms["role"], [ROLES.index(role) for role in HIGHER_TIER])

    def opens_sites(self, like: int) -> bool:
        """Return whether the owner of a site may open others like it."""
        return bool(self._rules.opens_sites and self._opens[self._context.world.state.sites["firm"][like]])

    def options(self, like: int, own: Integers) -> Options:
        """Return where a firm may make more of what its site *like* makes: at its *own* plants, or at new ones."""
        cluster = self._context.world.state.sites["cluster"].astype(np.int64)
        places = np.arange(len(self._context.world.names.clusters) if self.opens_sites(like) else 0)
        empty = np.setdiff1d(places, cluster[self._context.world.sisters_of(like)])
        return Options(np.append(own, np.full(len(empty), NEW)), np.append(cluster[own], empty))

    def value_added(self, like: int) -> float:
        """Return what differences in the cost of a unit are compared with (money)."""
        plants = self._context.world.plants
        return max(float(plants["value_added"][like]), LEAST_VALUE * float(plants["unit_cost"][like]), 1e-9)

    def best(self, like: int, options: Options, costs: Floats, review: int) -> int:
        """Return the option that a firm takes at a *review*, at what units would cost at each."""
        utility = place_utility(costs, self.value_added(like), self._rules.spread)
        noise = gumbel(uniforms(self._key, self._entities(like, options), review))
        return int(np.argmax(utility + noise + self._promoted(like, options)))

    def _promoted(self, like: int, options: Options) -> Floats:
        """Return what components add to the utility of each option."""
        world = self._context.world
        shape, site = (len(world.firms), len(world.names.clusters)), world.state.sites[like]
        added = np.zeros(shape)
        for reader, answer in self._context.hooks.ask("location_utility", product=int(site.product)):
            added = added + reader.finite("answer", answer, shape)
        # Options in no cluster, -1, find the 0 at the end.
        return np.append(added[int(site.firm)], 0.0)[options.clusters]

    def _entities(self, like: int, options: Options) -> Integers:
        """Return what stands for each option in draws: the firm, the product, and the plant or else the cluster."""
        names, site = self._context.world.names, self._context.world.state.sites[like]
        places = np.append(entities(names.clusters), 0)[options.clusters]
        where = np.where(options.sites == NEW, places, self._context.world.state.site_entity[options.sites])
        firm, product = entities(names.firms)[site.firm], entities(names.products)[site.product]
        return joined(np.full(len(where), firm), np.full(len(where), product), where)
