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
        self._opening_defects = self._defects(capability)
        context.part(UnitCosts).open_capability(self._of_sites(capability))

    def apply(self, capability: Floats, premium: Floats) -> None:
        """Bring the flow up to date with what firms can do; *premium* scales prices."""
        self._set_yields(capability)
        self._context.part(UnitCosts).set_capability(self._of_sites(capability), premium)
        now, then = capability[:, COORDINATION], self._opening[:, COORDINATION]
        lead_time_factor = lead_time_level(now, self._rules.lead_time) / lead_time_level(then, self._rules.lead_time)
        answer = response_level(now, self._rules.response) / response_level(then, self._rules.response)
        self._context.part(FlowModifiers).set_capability(lead_time_factor, answer)

    def extend_sites(self, numbers: Integers, capability: Floats, premium: Floats) -> None:
        """Start new sites with the capability of their firms, relative to day 0 as at all others."""
        sites, plants = self._context.world.state.sites, self._context.world.plants
        self._opening_defects = self._defects(self._opening)
        sites["defects"][numbers] = self._relative_defects(capability)[numbers]
        sites["mean_yield"][numbers] = (plants["opening_yield"] ** sites["defects"])[numbers]
        of_sites, at_first = self._of_sites(capability), self._of_sites(self._opening)
        self._context.part(UnitCosts).extend_capability(numbers, of_sites, at_first, premium)

    def _of_sites(self, capability: Floats) -> Floats:
        """Return what firms can do in the function that each of their sites performs; shape (sites,)."""
        world = self._context.world
        return np.asarray(capability[world.state.sites["firm"], world.site_function])

    def _set_yields(self, capability: Floats) -> None:
        """Scale the share of defects of each site: a yield becomes its power, which stays between 0 and 1."""
        sites = self._context.world.state.sites
        self._context.part(FlowDriver).write(sites, "defects", self._relative_defects(capability))
        sites["mean_yield"] = self._context.world.plants["opening_yield"] ** sites["defects"]

    def _relative_defects(self, capability: Floats) -> Floats:
        return self._defects(capability) / self._opening_defects

    def _defects(self, capability: Floats) -> Floats:
        rules, world = self._rules, self._context.world
        able, complexity = self._of_sites(capability), self._complexity
        good = yield_level(
            able,
            rules.lowest_yield,
            rules.highest_yield,
            rules.yield_curvature,
            complexity[world.state.sites["product"]],
        )
        return 1.0 - np.asarray(good)
