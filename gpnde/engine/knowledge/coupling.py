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
from gpnde.world.layout import Floats, Integers

COORDINATION = FUNCTIONS.index("sc_coordination")


class Coupling:
    """Writes the effects of capability into the state of the flow; what does not change is not touched."""

    def __init__(self, context: RunContext, rules: Effects, capability: Floats, mean_capability: Floats) -> None:
        """Note what firms can do on day 0."""
        self._context, self._rules = context, rules
        self._opening, self._opening_mean = capability, mean_capability
        products = context.world.scenario.products.values()
        self._complexity = np.array([product.complexity for product in products], dtype=np.float64)
        self._opening_defects = self._defects(capability)

    def apply(self, capability: Floats, mean_capability: Floats, premium: Floats) -> None:
        """Bring the flow up to date with what firms can do; *premium* scales prices."""
        self._set_yields(capability)
        self._set_costs(mean_capability, premium)
        now, then = capability[:, COORDINATION], self._opening[:, COORDINATION]
        lead_time_factor = lead_time_level(now, self._rules.lead_time) / lead_time_level(then, self._rules.lead_time)
        answer = response_level(now, self._rules.response) / response_level(then, self._rules.response)
        self._context.part(FlowModifiers).set_capability(lead_time_factor, answer)

    def extend_sites(self, numbers: Integers, capability: Floats, mean_capability: Floats, premium: Floats) -> None:
        """Start new sites with the capability of their firms, relative to day 0 as at all others."""
        sites, plants = self._context.world.state.sites, self._context.world.plants
        self._opening_defects = self._defects(self._opening)
        sites["defects"][numbers] = self._relative_defects(capability)[numbers]
        sites["mean_yield"][numbers] = (plants["opening_yield"] ** sites["defects"])[numbers]
        for field, values in self._costs(mean_capability, premium).items():
            plants[field][numbers] = values[numbers]

    def _set_yields(self, capability: Floats) -> None:
        """Scale the share of defects of each site: a yield becomes its power, which stays between 0 and 1."""
        sites = self._context.world.state.sites
        self._context.part(FlowDriver).write(sites, "defects", self._relative_defects(capability))
        sites["mean_yield"] = self._context.world.plants["opening_yield"] ** sites["defects"]

    def _relative_defects(self, capability: Floats) -> Floats:
        return self._defects(capability) / self._opening_defects

    def _defects(self, capability: Floats) -> Floats:
        rules, world = self._rules, self._context.world
        able, complexity = capability[world.state.sites["firm"], world.site_function], self._complexity
        good = yield_level(
            able,
            rules.lowest_yield,
            rules.highest_yield,
            rules.yield_curvature,
            complexity[world.state.sites["product"]],
        )
        return 1.0 - np.asarray(good)

    def _set_costs(self, mean_capability: Floats, premium: Floats) -> None:
        """Scale what sites add to the cost of a unit, and pass part of the change on to buyers."""
        costs = self._costs(mean_capability, premium)
        for field in ("value_added", "unit_cost"):
            self._context.world.plants[field] = costs[field]
        self._context.part(Prices).set_capability(costs["price_factor"])

    def _costs(self, mean_capability: Floats, premium: Floats) -> dict[str, Floats]:
        """Return what each site adds to the cost of a unit, the cost, and the factor on its prices."""
        plants, firm = self._context.world.plants, self._context.world.state.sites["firm"]
        factor = np.asarray(productivity(self._rules.productivity, self._opening_mean - mean_capability))
        added, before = plants["opening_value_added"], plants["opening_unit_cost"]
        value_added = added * factor[firm]
        # In this order the cost is what it was, to the last bit, where nothing has changed.
        cost = before + (value_added - added)
        change = np.divide(cost, before, out=np.ones(len(before)), where=before > 0)
        price_factor = change**self._rules.cost_passed_on * premium[firm]
        return {"value_added": value_added, "unit_cost": cost, "price_factor": price_factor}
