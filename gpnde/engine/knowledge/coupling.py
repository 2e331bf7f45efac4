"""What knowledge does to the flow: yield, unit cost and price, lead time, response and forecasts (E5 to E8).

A scenario describes firms as they are on day 0; all effects are relative to that day.
"""

from __future__ import annotations

import numpy as np

from gpnde.engine.context import RunContext
from gpnde.engine.hooks.modifiers import FlowModifiers
from gpnde.engine.kernel.driver import FlowDriver
from gpnde.engine.money.costs import UnitCosts
from gpnde.mechanics.capability_effects import lead_time_level, response_level, yield_level
from gpnde.scenario.knowledge import Effects
from gpnde.vocabulary import FUNCTIONS
from gpnde.world.layout import Floats, Integers

COORDINATION = FUNCTIONS.index("sc_coordination")


class Coupling:
    """Writes the effects of capability into the state of the flow; what does not change is not touched."""

    def __init__(self, context: RunContext, rules: Effects, capability: Floats) -> None:
        """Note what firms can do on day 0."""
        self._context, self._rules, self._opening = context, rules, capability
        products = context.world.scenario.products.values()
        self._complexity = np.array([product.complexity for product in products], dtype=np.float64)
        self._opening_defects = self._defects(self._of_sites(capability))
        self._set_scales()
        context.part(UnitCosts).open_capability(self._of_sites(capability))

    def apply(self, capability: Floats, premium: Floats) -> None:
        """Bring the flow up to date with what firms can do; *premium* scales prices."""
        # Yields first, since unit costs include scrap.
        self._set_yields(capability)
        self._context.part(UnitCosts).set_capability(self._of_sites(capability), premium)
        now, then = capability[:, COORDINATION], self._opening[:, COORDINATION]
        lead_time_factor = lead_time_level(now, self._rules.lead_time) / lead_time_level(then, self._rules.lead_time)
        answer = response_level(now, self._rules.response) / response_level(then, self._rules.response)
        self._context.part(FlowModifiers).set_capability(lead_time_factor, answer)

    def extend_sites(self, numbers: Integers, capability: Floats, premium: Floats) -> None:
        """Start new sites with the capability of their firms, relative to day 0 as at all others."""
        sites = self._context.world.state.sites
        # For all sites anew, since there are more of them than before.
        self._opening_defects = self._defects(self._of_sites(self._opening))
        able = self._of_sites(capability)
        sites["defects"][numbers] = self._relative_defects(able)[numbers]
        sites["mean_yield"][numbers] = self.yields(able)[numbers]
        self._context.part(UnitCosts).extend_capability(numbers, able, self._of_sites(self._opening), premium)

    def _of_sites(self, capability: Floats) -> Floats:
        """Return what firms can do in the function that each of their sites performs; shape (sites,)."""
        world = self._context.world
        return np.asarray(capability[world.state.sites["firm"], world.site_function])

    def _set_yields(self, capability: Floats) -> None:
        """Scale the share of defects of each site: a yield becomes its power, which stays between 0 and 1."""
        sites, able = self._context.world.state.sites, self._of_sites(capability)
        self._context.part(FlowDriver).write(sites, "defects", self._relative_defects(able))
        sites["mean_yield"] = self.yields(able)

    def _set_scales(self) -> None:
        """Set the yields between which buyers mark quality: the means of those who make a product on day 0.

        Where capability makes no difference to a product, its scale stays what it is without knowledge.
        """
        plants, nothing = self._context.world.plants, np.zeros(len(self._context.world.state.sites))
        lowest, highest = (self._mean_of_makers(self.yields(able)) for able in (nothing, nothing + 1.0))
        differs = highest > lowest
        plants["lowest_yield"][differs], plants["highest_yield"][differs] = lowest[differs], highest[differs]

    def _mean_of_makers(self, yields: Floats) -> Floats:
        """Return the mean of *yields* over all sites that make the product of each site; shape (sites,)."""
        product = self._context.world.state.sites["product"]
        makers = np.maximum(np.bincount(product), 1)
        return np.asarray((np.bincount(product, yields) / makers)[product])

    def yields(self, able: Floats) -> Floats:
        """Return the mean yield of each site that is so *able* in the function that it performs; shape (sites,)."""
        return np.asarray(self._context.world.plants["opening_yield"] ** self._relative_defects(able))

    def _relative_defects(self, able: Floats) -> Floats:
        return self._defects(able) / self._opening_defects

    def _defects(self, able: Floats) -> Floats:
        rules, world, complexity = self._rules, self._context.world, self._complexity
        good = yield_level(
            able,
            rules.lowest_yield,
            rules.highest_yield,
            rules.yield_curvature,
            complexity[world.state.sites["product"]],
        )
        return 1.0 - np.asarray(good)
