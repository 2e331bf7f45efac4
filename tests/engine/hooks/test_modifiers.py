"""What components make of the flow: factors are multiplied, duties are paid and counted, credit and rates change."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gpnde.errors import ComponentError
from gpnde.plugin import Act, Component, Credit, Memory, View, hookimpl, param
from gpnde.scenario.law import fixed

from ...learners import begun, let_pass, three_firms

FLAGSHIP, LEAD, LOWER = range(3)


class Scaling(Component):
    """Scales what the flow hooks scale, all by one factor."""

    name = "test.scaling"

    factor: float = param(2.0, doc="Factor.")

    @hookimpl
    def capacity(self) -> float:
        return self.factor

    @hookimpl
    def demand(self) -> float:
        return self.factor

    @hookimpl
    def lead_time(self) -> float:
        return self.factor

    @hookimpl
    def credit_terms(self) -> Credit:
        return Credit(factor=self.factor, extra=5.0, rate=0.01)


def test_factors_of_several_components_are_multiplied() -> None:
    plain, scaled = begun(three_firms()), begun(three_firms(), Scaling(factor=2.0), Scaling(factor=1.5))
    ours, theirs = scaled.world, plain.world
    assert ours.state.sites["capacity"].tolist() == (3.0 * theirs.state.sites["capacity"]).tolist()
    assert ours.state.markets["factor"].tolist() == (3.0 * theirs.state.markets["factor"]).tolist()
    assert set(ours.state.sites["lead_time_factor"]) == {3.0}
    assert ours.firms["credit"].tolist() == (3.0 * theirs.firms["credit"] + 10.0).tolist()


def test_rates_of_several_components_are_added_up() -> None:
    simulation = begun(three_firms(), Scaling(factor=2.0), Scaling(factor=1.5))
    assert np.asarray(simulation.world.firms["added_rate"]).tolist() == pytest.approx([0.02] * 3)


def _nothing(self: Component) -> float:
    return 0.0


def zero(hook: str) -> Component:
    """Return a component that scales by 0."""
    fields = {"name": "test.zero", "__module__": __name__, hook: hookimpl(_nothing)}
    zeros: type[Component] = type("Zero", (Component,), fields)
    return zeros()


def test_a_lead_time_of_0_is_refused() -> None:
    with pytest.raises(ComponentError, match=r"^test\.zero failed in lead_time on day 0: factor 0: must be above 0"):
        begun(three_firms(), zero("lead_time"))


def test_demand_may_be_scaled_to_nothing() -> None:
    markets = begun(three_firms(), zero("demand")).world.state.markets
    assert markets["factor"].tolist() == [0.0] * len(markets)


class Standstill(Component):
    """Takes all capacity for the first 60 days."""

    name = "test.standstill"

    @hookimpl
    def capacity(self, view: View) -> float:
        return 0.0 if view.day < 60 else 1.0


def test_capacity_that_stood_still_is_there_again_with_what_was_added_meanwhile() -> None:
    given = three_firms()
    plant = given.sites[LEAD].model_copy(update={"capacity_per_day": fixed(40)})
    simulation = begun(
        given.model_copy(update={"sites": (given.sites[FLAGSHIP], plant, given.sites[LOWER])}), Standstill()
    )
    sites = simulation.world.state.sites
    let_pass(simulation, 1)
    assert sites["capacity"][LEAD] == 0.0
    sites["capacity"][LEAD] += 5.0
    let_pass(simulation, 30)
    assert (sites["capacity"][LEAD], sites["capacity"][LOWER]) == (0.0, np.inf)
    let_pass(simulation, 90)
    assert (sites["capacity"][LEAD], sites["capacity"][LOWER]) == (45.0, np.inf)


class Switch(Component):
    """Doubles lead times from a day on, and has the hooks called again that day."""

    name = "test.switch"

    @hookimpl
    def process(self, clock: Any, act: Act, memory: Memory) -> Any:
        yield clock.until(40)
        memory["on"] = True
        act.renew()

    @hookimpl
    def lead_time(self, view: View, memory: Memory) -> float:
        return 2.0 if memory.get("on") else 1.0


def test_hooks_are_called_again_on_the_day_that_a_component_asks_for() -> None:
    simulation = begun(three_firms(knowledge=None), Switch())
    paces = []
    for day in (39, 40):
        let_pass(simulation, day)
        paces.append(set(simulation.world.state.sites["lead_time_factor"]))
    assert paces == [{1.0}, {2.0}]
