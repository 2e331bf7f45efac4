"""What knowledge does to the flow: yield, unit cost and price, lead time, response and forecasts (E5 to E8).

A scenario describes firms as they are on day 0; all effects are relative to that day.
"""

from __future__ import annotations

import numpy as np

from gpnde.engine.context import RunContext
from gpnde.engine.hooks.modifiers import FlowModifiers
from gpnde.engine.kernel.driver import FlowDriver
from gpnde.engine.money.prices import Prices
from gpnde.mechanics.capability_effects import lead_time_level, productivity, response_level, yield_level
from gpnde.scenario.knowledge import Effects
from gpnde.vocabulary import FUNCTIONS
from gpnde.world.layout import Floats

COORDINATION = FUNCTIONS.index("sc_coordination")


class Coupling:
    """Writes the effects of capability into the state of the flow; what does not change is not touched."""

    def __init__(self, context: RunContext, rules: Effects, capability: Floats, mean_capability: Floats) -> None:
        """Note what firms can do on day 0."""
        self._context, self._rules = context, rules
        self._opening, self._opening_mean = capability, mean_capability
        scenario = context.world.scenario
        sites, products = scenario.sites, scenario.products
        self._function = np.array([FUNCTIONS.index(site.function) for site in sites])
        self._complexity = np.array([products[site.product].complexity for site in sites], dtype=np.float64)
        self._opening_defects = self._defects(capability)

    def apply(self, capability: Floats, mean_capability: Floats, premium: Floats) -> None:
        """Bring the flow up to date with what firms can do; *premium* scales prices."""
        self._set_yields(capability)
        self._set_costs(mean_capability, premium)
        now, then = capability[:, COORDINATION], self._opening[:, COORDINATION]
        lead_time_factor = lead_time_level(now, self._rules.lead_time) / lead_time_level(then, self._rules.lead_time)
        answer = response_level(now, self._rules.response) / response_level(then, self._rules.response)
        self._context.part(FlowModifiers).set_capability(lead_time_factor, answer)

    def _set_yields(self, capability: Floats) -> None:
        """Scale the share of defects of each site: a yield becomes its power, which stays between 0 and 1."""
        sites = self._context.world.state.sites
        flow = self._context.part(FlowDriver)
        flow.write(sites, "defects", self._defects(capability) / self._opening_defects)
        sites["mean_yield"] = self._context.world.plants["opening_yield"] ** sites["defects"]

    def _defects(self, capability: Floats) -> Floats:
        rules, able = self._rules, capability[self._context.world.state.sites["firm"], self._function]
        good = yield_level(able, rules.lowest_yield, rules.highest_yield, rules.yield_curvature, self._complexity)
        return 1.0 - np.asarray(good)

    def _set_costs(self, mean_capability: Floats, premium: Floats) -> None:
        """Scale what sites add to the cost of a unit, and pass part of the change on to buyers."""
        plants, firm = self._context.world.plants, self._context.world.state.sites["firm"]
        factor = np.asarray(productivity(self._rules.productivity, self._opening_mean - mean_capability))
        added, cost = plants["opening_value_added"], plants["opening_unit_cost"]
        plants["value_added"] = added * factor[firm]
        # In this order the cost is what it was, to the last bit, where nothing has changed.
        plants["unit_cost"] = cost + (plants["value_added"] - added)
        change = np.divide(plants["unit_cost"], cost, out=np.ones(len(cost)), where=cost > 0)
        self._context.part(Prices).set_capability(change**self._rules.cost_passed_on * premium[firm])
