"""What components let firms pay leaves their cash, and cash stays in balance."""

from __future__ import annotations

import numpy as np
import pytest

from gpnde.errors import ComponentError
from gpnde.plugin import Act, Component, hookimpl, param

from ...learners import simulated, three_firms

FLAGSHIP, LEAD, LOWER = range(3)


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


def test_without_finance_nobody_pays() -> None:
    simulation = simulated(three_firms(finance=None, clock={"days": 57}), Paying())
    assert simulation.balances()["cash"] == 0
