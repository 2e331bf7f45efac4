"""What knowledge does to the flow: yield, unit cost and price, lead time, response and forecasts (E5 to E8).

A scenario describes firms as they are on day 0; all effects are relative to that day.
"""

from __future__ import annotations

import numpy as np

from gpnde.engine.flow_driver import FlowDriver
from gpnde.engine.knowledge.folds import Components
from gpnde.engine.prices import Prices
from gpnde.mechanics.capability_effects import lead_time_level, productivity, response_level, yield_level
from gpnde.plugin.knowledge import KnowledgeView
from gpnde.scenario.knowledge import FUNCTIONS, Effects
from gpnde.world.layout import Floats
from gpnde.world.world import World

COORDINATION = FUNCTIONS.index("sc_coordination")


class Coupling:
    """Writes the effects of capability into the state of the flow."""

    def __init__(self, world: World, flow: FlowDriver, prices: Prices, rules: Effects) -> None:
        """Note what the flow was like on day 0."""
        self._world, self._flow, self._prices, self._rules = world, flow, prices, rules
        sites = world.state.sites
        self._function = np.array([FUNCTIONS.index(site.function) for site in world.scenario.sites])
        self._complexity = np.array(
            [world.scenario.products[site.product].complexity for site in world.scenario.sites], dtype=np.float64
        )
        self._mean_yield = sites["mean_yield"].copy()
        self._safety = sites["safety"].copy()
        self._value_added = world.value_added.copy()
        self._unit_cost = world.unit_cost.copy()
        self._opening: tuple[Floats, Floats] | None = None

    def update(self, capability: Floats, mean_capability: Floats, premium: Floats) -> None:
        """Bring yield, cost, price and time up to date with what firms can do; *premium* scales their prices."""
        if self._opening is None:
            self._opening = capability.copy(), mean_capability.copy()
        was, mean_was = self._opening
        self._set_yields(capability, was)
        self._set_costs(np.asarray(productivity(self._rules.productivity, mean_was - mean_capability)), premium)
        coordination = capability[:, COORDINATION], was[:, COORDINATION]
        self._pace = self._relative(lead_time_level, self._rules.lead_time, *coordination)
        self._answer = self._relative(response_level, self._rules.response, *coordination)

    @staticmethod
    def _relative(level, sensitivity: float, now: Floats, then: Floats) -> Floats:  # type: ignore[no-untyped-def]
        return np.asarray(level(now, sensitivity) / level(then, sensitivity))

    def apply(self, view: KnowledgeView, components: Components) -> None:
        """Write lead times, response times and safety stocks, with what components make of them."""
        state = self._world.state
        firm = state.sites["firm"]
        pace = self._pace * components.factor("lead_time", view)
        supplied = state.lines["supplier"] >= 0
        state.lines["pace"][supplied] = pace[firm[state.lines["supplier"][supplied]]]
        self._world.firms["response_factor"] = self._answer * components.factor("response_time", view)
        state.sites["safety"] = self._safety * components.factor("forecast_error", view)[firm]
        self._flow.wake()

    def _set_yields(self, capability: Floats, was: Floats) -> None:
        """Scale the share of defects of each site: a yield becomes its power, which stays between 0 and 1."""
        sites = self._world.state.sites
        now, then = (self._defects(each[sites["firm"], self._function]) for each in (capability, was))
        sites["defects"] = now / then
        sites["mean_yield"] = self._mean_yield ** sites["defects"]

    def _defects(self, capability: Floats) -> Floats:
        rules = self._rules
        good = yield_level(capability, rules.lowest_yield, rules.highest_yield, rules.yield_curvature, self._complexity)
        return 1.0 - np.asarray(good)

    def _set_costs(self, cost_factor: Floats, premium: Floats) -> None:
        """Scale what sites add to the cost of a unit, and pass part of the change on to buyers."""
        world = self._world
        firm = world.state.sites["firm"]
        world.value_added = self._value_added * cost_factor[firm]
        world.unit_cost = self._unit_cost + world.value_added - self._value_added
        change = np.divide(
            world.unit_cost, self._unit_cost, out=np.ones(len(self._unit_cost)), where=self._unit_cost > 0
        )
        self._prices.set_capability(change**self._rules.cost_passed_on * premium[firm])
