"""Generations: how far designs are, what a launch brings, and what becomes of the stock of the old generation."""

from __future__ import annotations

import numpy as np

from gpnde.engine.capacity.equipment import Equipment
from gpnde.engine.context import RunContext
from gpnde.engine.kernel.driver import FlowDriver
from gpnde.engine.kernel.orders import tell_of_change
from gpnde.engine.markets.brands import Sellers, aged, terms_of
from gpnde.engine.markets.design import Designers
from gpnde.engine.money.cashbook import Cashbook
from gpnde.engine.money.payments import receive
from gpnde.engine.money.prices import Prices
from gpnde.mechanics.demand import bass_cumulative
from gpnde.mechanics.rivalry import mean_quality, reach_of_brand, settled_quality, time_to_market
from gpnde.numerics.draws import entities, joined, normals, uniforms
from gpnde.world.layout import Flags, Floats, Integers, Records
from gpnde.world.world import World

_ROUNDING = 1e-9


class Launches:
    """Designs and launches the generations of all brands."""

    def __init__(self, context: RunContext) -> None:
        """Look up what is true of generations."""
        self._context = context
        self._terms = terms_of(context.world.scenario)
        self._designers = Designers(context.world)

    @property
    def _world(self) -> World:
        return self._context.world

    def set_typical(self) -> None:
        """Put every brand that sells halfway through a generation like all of its own before it, of typical success."""
        half = np.full(len(self._world.brands), 0.5)
        self._put(half, np.zeros(len(half)))

    def open(self) -> None:
        """Put every brand that sells at some time of a generation that differs in success from those before it."""
        who = self._entities()
        part = uniforms(self._context.stream("rivalry", "opening age"), who)
        self._put(part, self._success(who, np.ones(len(who), dtype=np.int64)))

    def step(self, days: float) -> None:
        """Go on with all designs for some *days*, and launch what is ready."""
        brands, sells = self._world.brands, self._selling()
        able = self._designers.abilities()
        progress = np.where(sells & (brands["generation"] > 0), days / self._days(able), 0.0)
        brands["progress"] += progress
        brands["designed"] += progress * able
        entering = sells & (brands["generation"] == 0)
        brands["progress"][entering], brands["designed"][entering] = 1.0, able[entering]
        ready = self._launched() & (brands["progress"] >= 1.0 - _ROUNDING)
        if ready.any():
            self._launch(ready)

    def _launch(self, ready: Flags) -> None:
        """Launch the next generation of the brands that are *ready*, and clear what is left of the last one."""
        world, today = self._world, self._context.timeline.today
        brands, now = world.brands, aged(world.brands, self._terms, today)
        reach = reach_of_brand(brands["former_reach"], now.availability)
        former = mean_quality(now.quality, now.former_quality, brands["former_reach"], now.availability)
        had_one = ready & (brands["generation"] > 0)
        number = brands["generation"] + 1
        # The last step may have gone beyond 1, and has added to both in proportion.
        quality = brands["designed"] / np.maximum(brands["progress"], _ROUNDING)
        changes = {
            "former_reach": np.where(had_one, reach, 0.0),
            "former_quality": np.where(had_one, former, 0.0),
            "quality": quality + self._success(self._entities(), number),
            "generation": number,
            "launched": np.full(len(brands), today),
            "progress": np.zeros(len(brands)),
            "designed": np.zeros(len(brands)),
        }
        for name, values in changes.items():
            brands[name][ready] = values[ready]
        self._clear(np.flatnonzero(had_one))
        self._change_over(np.flatnonzero(had_one))

    def _clear(self, brands: Integers) -> None:
        """Sell off outside what nobody wants any more of the finished stock of *brands*, below what it cost."""
        world, terms = self._world, self._terms
        state, sellers = world.state, self._sellers
        sites = np.unique(sellers.suppliers[np.isin(sellers.brands, brands)[sellers.place]])
        product = state.sites["product"][sites]
        units = state.sites["on_hand"][sites] * terms.clearance_share[product]
        state.sites["on_hand"][sites] -= units
        np.add.at(world.flows.written_off, product, units)
        if self._context.find(Cashbook) is not None:
            value = units * world.plants["variable_cost"][sites] * terms.clearance_recovery[product]
            proceeds = np.bincount(state.sites["firm"][sites], value, len(world.firms)).astype(np.float64)
            receive(world, proceeds, "liquidation")
        for site in sites.tolist():
            tell_of_change(state, site)
        self._context.part(FlowDriver).wake()

    def _change_over(self, brands: Integers) -> None:
        """Write off the plant that the firms of *brands* have for the old generation, and buy it for the new one."""
        sites, launched = self._world.state.sites, self._world.brands[brands]
        makes = np.isin(_pairs(sites), _pairs(launched)) & self._world.factories["takes_labour"]
        if makes.any():
            self._context.part(Equipment).end_generations(makes)

    def _put(self, part: Floats, success: Floats) -> None:
        """Put brands that sell at a *part* of the time of their first generation, whose quality has some *success*."""
        brands, terms, able = self._world.brands, self._terms, self._designers.abilities()
        days, product = self._days(able), brands["product"]
        spread = np.maximum(bass_cumulative(days, terms.innovation[product], terms.imitation[product]), _ROUNDING)
        opening = {
            "generation": np.ones(len(brands), dtype=np.int64),
            "launched": -part * days,
            "quality": able + success,
            "former_quality": settled_quality(able, terms.obsolescence[product] * days, spread),
            "former_reach": np.ones(len(brands)),
            "progress": part,
            "designed": part * able,
        }
        sells = self._selling() & self._launched()
        for name, values in opening.items():
            brands[name][sells] = values[sells]

    def _days(self, able: Floats) -> Floats:
        product = self._world.brands["product"]
        return time_to_market(self._terms.design_days[product], self._terms.design_effect[product], able)

    def _launched(self) -> Flags:
        """Return whether each brand has generations at all."""
        flags: Flags = self._terms.launched[self._world.brands["product"]]
        return flags

    @property
    def _sellers(self) -> Sellers:
        return self._context.part(Prices).choice.sellers

    def _selling(self) -> Flags:
        """Return which brands are on sale somewhere."""
        selling = np.zeros(len(self._world.brands), dtype=np.bool_)
        selling[self._sellers.brands] = True
        return selling

    def _entities(self) -> Integers:
        """Return what stands for each brand in draws."""
        names, brands = self._world.names, self._world.brands
        return joined(entities(names.firms)[brands["firm"]], entities(names.products)[brands["product"]])

    def _success(self, who: Integers, generation: Integers) -> Floats:
        """Return by how much generations turn out better than those who designed them can do."""
        spread = self._terms.uncertainty[self._world.brands["product"]]
        return np.asarray(spread * normals(self._context.stream("rivalry", "success"), who, generation))


def _pairs(records: Records) -> Integers:
    """Return a number for the product and the firm of each record."""
    return np.asarray(records["product"].astype(np.int64) * 2**32 + records["firm"])
