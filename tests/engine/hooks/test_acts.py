"""What components do is checked, carried out, and noted with their name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gpnde.engine.hooks.acts import RunAct
from gpnde.engine.run import Simulation
from gpnde.errors import ComponentError
from gpnde.plugin import Act, Component, hookimpl, param
from gpnde.scenario.schema import Scenario
from gpnde.world.layout import State

from ...learners import simulated, three_firms

Network = Callable[..., Scenario]
Start = Callable[..., Simulation]
Reach = Callable[[Simulation, float], State]

FLAGSHIP, LEAD, LOWER = range(3)


@pytest.fixture
def simulation(network: Network, start: Start) -> Simulation:
    """Return a shop in Bangkok of tier 0 that buys from a depot in Penang of tier 1 and outside."""
    return start(
        network(
            {"shop": {"cluster": "Bangkok"}, "depot": {"cluster": "Penang"}, "shed": {}},
            [{"buyer": "shop", "supplier": "depot", "share": 0.5}, {"buyer": "shop", "share": 0.5}],
            firms={"shop": {"tier": 0}},
            clusters=[{"name": "Bangkok", "country": "Thailand"}, {"name": "Penang", "country": "Malaysia"}],
        )
    )


@pytest.fixture
def act(simulation: Simulation) -> RunAct:
    """Return what a component called disruption.test may do."""
    return RunAct("disruption.test", simulation.context)


def test_the_engine_keeps_the_promise_of_the_interface(act: RunAct) -> None:
    acts: Act = act
    assert acts


def test_outages_bear_the_name_of_their_author(simulation: Simulation, act: RunAct, reach: Reach) -> None:
    act.disrupt_sites(np.array([1]), 3.0, cause_detail="flood")
    act.disrupt_lines(np.array([0]), 4.0)
    reach(simulation, 10)
    found = [(row[0], row[1], row[6]) for row in simulation.journal.rows]
    assert found == [
        (0.0, "site_failed", "disruption.test: flood"),
        (0.0, "link_failed", "disruption.test"),
        (3.0, "site_recovered", "disruption.test: flood"),
        (4.0, "link_recovered", "disruption.test"),
    ]


def test_every_number_may_have_its_own_time(simulation: Simulation, act: RunAct, reach: Reach) -> None:
    act.disrupt_sites(np.array([1, 2]), np.array([3.0, 5.0]))
    assert reach(simulation, 4).sites["down"].tolist() == [0, 0, 1]


@pytest.mark.parametrize("days", [-1.0, np.nan, np.inf, np.array([1.0, -1.0])])
def test_an_outage_lasts_a_finite_time(act: RunAct, days: Any) -> None:
    with pytest.raises(ComponentError, match=r"^disruption\.test: an outage of .* days: must be 0 or more$"):
        act.disrupt_sites(np.array([0, 1]), days)


@pytest.mark.parametrize("factor", [0.0, -2.0, np.nan, np.inf])
def test_a_factor_is_above_0(act: RunAct, factor: float) -> None:
    for scale in (act.scale_demand, act.scale_price):
        with pytest.raises(ComponentError, match=r"^disruption\.test: a factor of .*: must be above 0$"):
            scale(np.array([0]), factor)


@pytest.mark.parametrize("numbers", [[-1], [99], [0.5], [True, False, True]])
def test_numbers_are_those_of_things_that_exist(act: RunAct, numbers: list[Any]) -> None:
    with pytest.raises(ComponentError, match=r"^disruption\.test: site numbers .*: must be whole numbers from 0 to 2$"):
        act.disrupt_sites(np.array(numbers), 1.0)
    for kind, call in (("line", act.disrupt_lines), ("line", act.scale_price), ("market", act.scale_demand)):
        with pytest.raises(ComponentError, match=rf"^disruption\.test: {kind} numbers"):
            call(np.array(numbers), 1.0)


def test_acts_on_no_firm_change_nothing(simulation: Simulation, act: RunAct) -> None:
    act.disrupt_sites(np.array([]), 1.0)
    assert simulation.journal.rows == []


def test_factors_multiply_prices_and_demand(simulation: Simulation, act: RunAct) -> None:
    state = simulation.world.state
    price = state.lines["price"].copy()
    for _ in range(2):
        act.scale_price(np.array([0]), 3.0)
        act.scale_demand(np.array([0]), 0.5)
    assert (state.lines["price"] / price).tolist() == [9.0] + [1.0] * (len(price) - 1)
    assert state.markets["factor"].tolist() == [0.25]


def test_links_end_with_their_author(simulation: Simulation, act: RunAct) -> None:
    act.end_links(np.array([0]), cause_detail="embargo")
    found = [(row[1], row[2], row[6]) for row in simulation.journal.rows]
    assert found == [("link_dropped", "policy", "disruption.test: embargo")]


@pytest.mark.parametrize("cause", ["policy", "finance"])
def test_firms_are_closed_for_a_cause(simulation: Simulation, act: RunAct, cause: Any) -> None:
    act.close_firms(np.array([1]), cause=cause)
    assert ("firm_failed", cause, "disruption.test") in [(row[1], row[2], row[6]) for row in simulation.journal.rows]
    assert simulation.world.firms["active"].tolist() == [1, 0, 1]


def test_firms_are_closed_for_no_other_cause(act: RunAct) -> None:
    cause: Any = "score"
    with pytest.raises(ComponentError, match=r"^disruption\.test: cause 'score': must be finance or policy$"):
        act.close_firms(np.array([1]), cause=cause)


@pytest.mark.parametrize("numbers", [[-1], [99]])
def test_firms_and_links_to_end_are_those_that_exist(act: RunAct, numbers: list[int]) -> None:
    with pytest.raises(ComponentError, match=r"^disruption\.test: firm numbers .*: must be whole numbers from 0 to 2$"):
        act.close_firms(np.array(numbers))
    with pytest.raises(
        ComponentError, match=r"^disruption\.test: line numbers .*: must be whole numbers from 0 to \d$"
    ):
        act.end_links(np.array(numbers))


class Paying(Component):
    """Lets a firm pay at every step."""

    name = "test.paying"

    firms: tuple[float, ...] = param((LEAD,), doc="Firms.")
    amounts: tuple[float, ...] = param((5.0,), doc="Amounts.")
    to: int = param(-1, doc="Receiver.")

    @hookimpl
    def knowledge_transfer(self, act: Act) -> None:
        firms = np.array(self.firms)
        act.pay(firms.astype(np.int64) if np.all(firms % 1 == 0) else firms, np.array(self.amounts), self.to)


def cash(component: Component, insolvent: int | None = None) -> list[float]:
    """Return the cash of all firms after two steps less what they would have without the component."""
    changes = {"clock": {"days": 57}, "knowledge": {"effort": {"fixed": 0}, "frontier_drift_per_year": 0}}
    firms = three_firms().model_dump()["firms"]
    if insolvent is not None:
        firms[insolvent].update(cash=0, credit_months=0)
        changes["finance"] = {"fixed_cost_share": 1.0}
    runs = [simulated(three_firms(**changes, firms=firms), *each) for each in ((component,), ())]
    with_it, without = (simulation.world.firms["cash"] for simulation in runs)
    assert all(simulation.balances()["cash"] < 1e-9 for simulation in runs)
    return [float(each) for each in with_it - without]


def test_payment_leaves_the_network() -> None:
    assert cash(Paying()) == pytest.approx([0, -10, 0])


def test_payment_to_a_firm_stays_in_it() -> None:
    assert cash(Paying(to=FLAGSHIP)) == pytest.approx([10, -10, 0])


def test_several_payments_of_one_firm_add_up() -> None:
    assert cash(Paying(firms=(LEAD, LEAD, LOWER), amounts=(1, 2, 4))) == pytest.approx([0, -6, -8])


def test_firm_that_has_left_pays_nothing() -> None:
    assert cash(Paying(firms=(LOWER,)), insolvent=LOWER)[LOWER] == 0


@pytest.mark.parametrize(
    ("paying", "complaint"),
    [
        (Paying(amounts=(-1.0,)), "a payment of -1: must be 0 or more"),
        (Paying(firms=(7,)), "firm numbers [7]: must be whole numbers from 0 to 2"),
        (Paying(firms=(0.5,)), "firm numbers [0.5]: must be whole numbers from 0 to 2"),
        (Paying(to=3), "payment to firm 3: must be -1 or a firm up to 2"),
    ],
)
def test_bad_payment_is_refused(paying: Paying, complaint: str) -> None:
    with pytest.raises(ComponentError) as caught:
        cash(paying)
    assert complaint in str(caught.value)
    assert str(caught.value).startswith("test.paying")


def test_without_finance_no_firm_pays() -> None:
    scenario = three_firms(finance=None, clock={"days": 57})
    paying, other = simulated(scenario, Paying()), simulated(scenario)
    assert paying.world.firms.tolist() == other.world.firms.tolist()
    assert paying.world.flows.outflow == paying.world.flows.inflow == 0.0
