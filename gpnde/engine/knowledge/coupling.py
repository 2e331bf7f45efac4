"""What knowledge does to the flow: yield, unit cost and price, lead time, response and forecasts (E5 to E8).

A scenario describes firms as they are on day 0; all effects are relative to that day.
"""

from __future__ import annotations

import numpy as np

from gpnde.engine.hooks.modifiers import FlowModifiers
from gpnde.engine.kernel.driver import FlowDriver
from gpnde.engine.money.prices import Prices
from gpnde.mechanics.capability_effects import lead_time_level, productivity, response_level, yield_level
from gpnde.scenario.knowledge import Effects
from gpnde.vocabulary import FUNCTIONS
from gpnde.world.layout import Floats
from gpnde.world.world import World

COORDINATION = FUNCTIONS.index("sc_coordination")


class Coupling:
    """Writes the effects of capability into the state of the flow; what does not change is not touched."""

    def __init__(
        self,
        world: World,
        flow: FlowDriver,
        prices: Prices,
        conditions: FlowModifiers,
        rules: Effects,
        capability: Floats,
        mean_capability: Floats,
    ) -> None:
        """Note what the flow is like on day 0, and what firms can do then."""
        self._world, self._flow, self._prices, self._rules = world, flow, prices, rules
        self._conditions = conditions
        self._opening, self._opening_mean = capability, mean_capability
        sites, products = world.scenario.sites, world.scenario.products
        self._function = np.array([FUNCTIONS.index(site.function) for site in sites])
        self._complexity = np.array([products[site.product].complexity for site in sites], dtype=np.float64)
        self._opening_defects = self._defects(capability)
        self._mean_yield = world.state.sites["mean_yield"].copy()
        self._value_added = world.value_added.copy()
        self._unit_cost = world.unit_cost.copy()

    def apply(self, capability: Floats, mean_capability: Floats, premium: Floats) -> None:
        """Bring the flow up to date with what firms can do; *premium* scales prices."""
        self._set_yields(capability)
        self._set_costs(mean_capability, premium)
        now, then = capability[:, COORDINATION], self._opening[:, COORDINATION]
        pace = lead_time_level(now, self._rules.lead_time) / lead_time_level(then, self._rules.lead_time)
        answer = response_level(now, self._rules.response) / response_level(then, self._rules.response)
        self._conditions.set_capability(pace, answer)

    def _set_yields(self, capability: Floats) -> None:
        """Scale the share of defects of each site: a yield becomes its power, which stays between 0 and 1."""
        sites = self._world.state.sites
        self._flow.write(sites, "defects", self._defects(capability) / self._opening_defects)
        sites["mean_yield"] = self._mean_yield ** sites["defects"]

    def _defects(self, capability: Floats) -> Floats:
        rules, able = self._rules, capability[self._world.state.sites["firm"], self._function]
        good = yield_level(able, rules.lowest_yield, rules.highest_yield, rules.yield_curvature, self._complexity)
        return 1.0 - np.asarray(good)

    def _set_costs(self, mean_capability: Floats, premium: Floats) -> None:
        """Scale what sites add to the cost of a unit, and pass part of the change on to buyers."""
        world = self._world
        firm = world.state.sites["firm"]
        factor = np.asarray(productivity(self._rules.productivity, self._opening_mean - mean_capability))
        world.value_added = self._value_added * factor[firm]
        # In this order the cost is what it was, to the last bit, where nothing has changed.
        world.unit_cost = self._unit_cost + (world.value_added - self._value_added)
        change = np.divide(
            world.unit_cost, self._unit_cost, out=np.ones(len(self._unit_cost)), where=self._unit_cost > 0
        )
        self._prices.set_capability(change**self._rules.cost_passed_on * premium[firm])
