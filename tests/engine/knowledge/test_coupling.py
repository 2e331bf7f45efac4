"""What knowledge does to the flow: nothing on day 0, the right direction afterwards, and nothing where it is off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gpnde.engine.run import Simulation
from gpnde.engine.trade.links import Links
from gpnde.engine.trade.quotations import Quotations
from gpnde.plugin import Component, Creation, Forgetting, KnowledgeView, hookimpl, param
from gpnde.scenario import Scenario
from gpnde.scenario.knowledge import Knowledge

from ...learners import Teaching, begun, learning, let_pass, simulated, three_firms
from ...thorough import often

Network = Callable[..., Scenario]

LEAD = 1
HQ, PLANT, SHOP = range(3)
TABLES = ("sites", "inputs", "lines", "markets", "orders", "ledger")

NO_EFFECT: dict[str, Any] = {
    "effects": {
        "productivity": 0,
        "cost_passed_on": 0,
        "lead_time": 0,
        "response": 0,
    },
    "effort": {"fixed": 1, "cost_share": 0, "research_per_month": 0.1},
    "upgrading": {"award_chance": 0, "price_gain": 0},
}
"""Knowledge that changes, with effects of strength 0; yields of products without complexity know no effect either."""


class Rising(Component):
    """Lets the lead supplier learn all by itself."""

    name = "test.rising"

    @hookimpl
    def knowledge_creation(self, knowledge: KnowledgeView) -> Creation:
        gain = np.zeros(knowledge.codified.shape)
        gain[LEAD] = 0.05
        return Creation(gain, gain)


class Falling(Component):
    """Lets the lead supplier forget."""

    name = "test.falling"

    @hookimpl
    def forgetting(self, knowledge: KnowledgeView) -> Forgetting:
        rate = np.zeros(knowledge.codified.shape)
        rate[LEAD] = 0.005
        return Forgetting(rate, rate)


class Timing(Component):
    """Scales times and errors by factors."""

    name = "test.timing"

    factor: float = param(0.5, doc="Factor.")

    @hookimpl
    def lead_time(self, knowledge: KnowledgeView | None) -> float | None:
        return None if knowledge is None else self.factor

    @hookimpl
    def response_time(self, knowledge: KnowledgeView | None) -> float | None:
        return None if knowledge is None else self.factor

    @hookimpl
    def forecast_error(self, knowledge: KnowledgeView | None) -> float | None:
        return None if knowledge is None else self.factor


def imperfect(**changes: Any) -> Scenario:
    """Return three firms whose sites make scrap and whose goods take time."""
    plain = three_firms(**changes).model_dump()
    for site in plain["sites"]:
        site["yield_rate"] = 0.9
    for link in plain["links"]:
        link["lead_time"] = 10
    # Functions that firms take on would change the mean of what they can do.
    plain["knowledge"]["upgrading"]["award_chance"] = 0
    return Scenario.model_validate(plain)


def factors(simulation: Simulation) -> dict[str, float]:
    """Return what the lead supplier is like."""
    world = simulation.world
    state = world.state
    from_plant = state.lines["supplier"] == PLANT
    return {
        "yield": float(state.sites["mean_yield"][PLANT]),
        "cost": float(world.plants["unit_cost"][PLANT]),
        "value added": float(world.plants["value_added"][PLANT]),
        "price": float(state.lines["price"][from_plant][0]),
        "pace": float(state.sites["lead_time_factor"][PLANT]),
        "response": float(world.firms["response_factor"][LEAD]),
    }


@pytest.mark.parametrize(("component", "better"), [(Rising(), True), (Falling(), False)])
def test_capability_makes_firms_better_and_forgetting_worse(component: Component, better: bool) -> None:
    simulation = begun(imperfect(), component)
    before = factors(simulation)
    let_pass(simulation, 200)
    after = factors(simulation)
    assert (after["yield"] > before["yield"]) is better
    for name in ("cost", "value added", "price", "pace", "response"):
        assert (after[name] < before[name]) is better, name
    assert after["cost"] != before["cost"]


def test_other_firms_stay_as_they_are() -> None:
    scenario = imperfect()
    calm = scenario.model_copy(
        update={
            "knowledge": Knowledge.model_validate(
                {"frontier_drift_per_year": 0, "effort": {"fixed": 0}, "upgrading": {"award_chance": 0}}
            )
        }
    )
    simulation = begun(calm, Rising())
    cost = simulation.world.plants["unit_cost"].copy()
    let_pass(simulation, 200)
    assert simulation.world.plants["unit_cost"][[HQ, SHOP]].tolist() == cost[[HQ, SHOP]].tolist()
    assert simulation.world.state.sites["defects"][[HQ, SHOP]].tolist() == [1.0, 1.0]
    assert simulation.world.state.sites["defects"][PLANT] < 1.0


@pytest.mark.parametrize("component", [Rising(), Falling()])
def test_yields_stay_shares(component: Component) -> None:
    simulation = simulated(imperfect(clock={"days": 1820}, selection=None, finance=None), component)
    yields = simulation.world.state.sites["mean_yield"]
    assert yields.min() > 0
    assert yields.max() <= 1


def test_all_factors_are_exactly_one_on_the_first_day() -> None:
    learning_world, flow_world = (begun(imperfect(**given)).world for given in ({}, {"knowledge": {"enabled": False}}))
    for name in ("sites", "lines", "markets"):
        assert getattr(learning_world.state, name).tobytes() == getattr(flow_world.state, name).tobytes()
    assert learning_world.firms.tobytes() == flow_world.firms.tobytes()
    assert learning_world.plants["unit_cost"].tobytes() == flow_world.plants["unit_cost"].tobytes()


def test_components_scale_lead_time_response_and_safety_stock() -> None:
    scenario = imperfect(knowledge=NO_EFFECT)
    simulation, other = simulated(scenario, Timing(factor=0.5)), simulated(scenario)
    assert set(simulation.world.state.sites["lead_time_factor"]) == {0.5}
    assert set(simulation.world.firms["response_factor"]) == {0.5}
    safety = simulation.world.state.sites["safety"], other.world.state.sites["safety"]
    np.testing.assert_allclose(safety[0], 0.5 * safety[1])


def test_price_follows_cost_by_the_share_that_is_passed_on() -> None:
    for share in (0.0, 0.5, 1.0):
        simulation = begun(imperfect(knowledge={"effects": {"cost_passed_on": share}}), Rising())
        before = factors(simulation)
        let_pass(simulation, 100)
        after = factors(simulation)
        cost = after["cost"] / before["cost"]
        assert cost < 1.0
        assert after["price"] / before["price"] == pytest.approx(cost**share)


def test_offer_of_a_firm_follows_what_it_can_do_and_a_new_link_has_that_price() -> None:
    simulation = begun(imperfect(knowledge={"effects": {"cost_passed_on": 1}}), Rising())
    offer = float(simulation.part(Quotations).offers(np.array([PLANT]))[0])
    let_pass(simulation, 100)
    now = float(simulation.part(Quotations).offers(np.array([PLANT]))[0])
    world = simulation.world
    assert now == pytest.approx(offer * world.plants["price_factor"][PLANT])
    assert now < offer
    listed = float(simulation.part(Quotations).list_prices(np.array([PLANT]))[0])
    # The new link pays what the offer says.
    opened = simulation.part(Links).open(0, PLANT, 0.5, listed)
    assert world.state.lines["price"][opened] == pytest.approx(now)
    assert world.state.sites["lead_time_factor"][PLANT] < 1


def flow_bytes(simulation: Simulation) -> list[bytes]:
    state = simulation.world.state
    left = [
        getattr(state, name)[field].tobytes() for name in TABLES for field in getattr(state, name).dtype.names or ()
    ]
    firms = simulation.world.firms
    left += [firms[field].tobytes() for field in firms.dtype.names or ()]
    left.append(repr(simulation.journal.columns()).encode())
    return left


@settings(max_examples=often(10, 20), deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_knowledge_without_effects_leaves_the_flow_as_it_is(
    data: st.DataObject, networks: st.SearchStrategy[Scenario], mishaps: st.SearchStrategy[Component]
) -> None:
    drawn, accidents = data.draw(networks), data.draw(mishaps)
    period = data.draw(st.sampled_from([7.0, 10.0, 28.0]))
    simple = {name: product.model_copy(update={"complexity": 0}) for name, product in drawn.products.items()}
    scenario = drawn.model_copy(update={"products": simple})
    known = Knowledge.model_validate({**NO_EFFECT, "period_days": period})
    silent = scenario.model_copy(update={"knowledge": known})
    with_knowledge = simulated(silent, accidents)
    assert learning(with_knowledge).receipts.created.any()
    assert flow_bytes(with_knowledge) == flow_bytes(simulated(scenario, accidents))


def test_steps_without_effect_leave_costs_and_eroding_prices_to_the_last_bit() -> None:
    plain = three_firms(knowledge={**NO_EFFECT, "period_days": 10}, clock={"days": 12}).model_dump()
    for number, product in enumerate(plain["products"].values()):
        product.update(complexity=0, price_erosion_per_week=0.01, value_added=(0.1, 0.3, 1.9)[number])
    silent = Scenario.model_validate(plain)
    with_knowledge, without = simulated(silent), simulated(silent.model_copy(update={"knowledge": None}))
    assert with_knowledge.world.plants["unit_cost"].tobytes() == without.world.plants["unit_cost"].tobytes()
    assert flow_bytes(with_knowledge) == flow_bytes(without)


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_knowledge_switched_off_is_as_good_as_absent(
    data: st.DataObject, networks: st.SearchStrategy[Scenario], mishaps: st.SearchStrategy[Component]
) -> None:
    scenario, accidents = data.draw(networks), data.draw(mishaps)
    off = scenario.model_copy(update={"knowledge": Knowledge(enabled=False)})
    component = Teaching(pairs=((0, 0),), codified=1.0)
    assert flow_bytes(simulated(off, accidents, component, Timing())) == flow_bytes(simulated(scenario, accidents))


def test_knowledge_with_effects_changes_the_flow() -> None:
    with_effects = simulated(imperfect(), Rising())
    assert flow_bytes(with_effects) != flow_bytes(simulated(imperfect(knowledge=NO_EFFECT), Rising()))
    assert with_effects.balances()["knowledge"] < 1e-9
