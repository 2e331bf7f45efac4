"""Offers: what every site asks of buyers at least, by its cost, its load and that of its rivals."""

from __future__ import annotations

import numpy as np

from gpnde.engine.context import RunContext
from gpnde.mechanics.bargaining import fixed_cost_weight, offer
from gpnde.scenario.economy import Pricing
from gpnde.vocabulary import OVERFLOW_ROLES, ROLES
from gpnde.world.layout import Flags, Floats, Integers

_OVERFLOW = [ROLES.index(role) for role in OVERFLOW_ROLES]


class Offers:
    """Works out what sites ask for, and how much more they could make."""

    def __init__(self, context: RunContext, rules: Pricing) -> None:
        """Take sites to be as busy as their expected demand until there is a record of what they do."""
        self._context, self._rules = context, rules
        self._since = 0

    def renew(self) -> None:
        """Write offers and room by what sites have started since the last time."""
        self._write(self._started_per_tick())
        plants = self._context.world.plants
        plants["started_offered"] = self._context.world.state.sites["started"]
        self._since = self._context.timeline.now

    def open(self) -> None:
        """Write offers and room by what sites are expected to be asked for."""
        sites, tick = self._context.world.state.sites, self._context.timeline.tick_days
        self._write(self._context.world.plants["mean_demand"] * tick / sites["mean_yield"])

    def _started_per_tick(self) -> Floats:
        sites, plants = self._context.world.state.sites, self._context.world.plants
        ticks = max(1, self._context.timeline.now - self._since)
        return np.asarray((sites["started"] - plants["started_offered"]) / ticks)

    def _write(self, started: Floats) -> None:
        """Write offers and room, given what sites start per tick."""
        world = self._context.world
        plants, sites = world.plants, world.state.sites
        can_start = np.where(sites["unlimited"] == 1, np.inf, world.whole_capacity)
        plants["room"] = np.where(self.sells, np.maximum(can_start - started, 0.0) * sites["mean_yield"], 0.0)
        # Without a limit there is no load to go by, so fixed costs are asked for in full.
        weight = np.where(np.isfinite(can_start), self._weight(self._load(started, can_start)), 1.0)
        variable = plants["variable_cost"]
        fixed = np.maximum(plants["unit_cost"] - variable, 0.0)
        plants["fixed_weight"] = weight
        plants["offer"] = offer(variable, fixed, weight)
        # Whoever has to build for an order asks for no less than all of its fixed cost.
        plants["dearest_offer"] = offer(variable, fixed, max(1.0, self._rules.most_fixed))

    @property
    def sells(self) -> Flags:
        """Whether each site is there to make an offer; shape (sites,)."""
        world = self._context.world
        sells: Flags = ~world.plants["closed"] & (world.state.sites["down"] == 0)
        sells &= world.firms["active"][world.state.sites["firm"]] == 1
        return sells

    def _weight(self, load: Floats) -> Floats:
        rules = self._rules
        return fixed_cost_weight(load, rules.idle_load, rules.load_range, rules.most_fixed)

    def _load(self, started: Floats, can_start: Floats) -> Floats:
        """Return the load that each site asks by: its own and that of all who make the product.

        Who takes what others have no room for goes by its own load alone, and so undercuts others when idle.
        """
        world = self._context.world
        # What a site that is down or closed could make does not press on what others ask.
        limited = np.isfinite(can_start) & (can_start > 0.0) & self.sells
        own = np.divide(started, can_start, out=np.zeros(len(started)), where=limited)
        weight = np.where(self._takes_overflow, 1.0, self._rules.own_load_weight)
        product, count = world.state.sites["product"], len(world.scenario.products)
        could = np.bincount(product[limited], can_start[limited], count)
        did = np.bincount(product[limited], started[limited], count)
        of_product = np.divide(did, could, out=np.zeros(count), where=could > 0.0)
        return np.asarray(weight * own + (1.0 - weight) * of_product[product])

    @property
    def _takes_overflow(self) -> Flags:
        world = self._context.world
        return np.isin(world.firms["role"][world.state.sites["firm"]], _OVERFLOW)

    def makers(self, product: int) -> Integers:
        """Return the sites that make a product and are there to sell it."""
        return np.flatnonzero((self._context.world.state.sites["product"] == product) & self.sells)
