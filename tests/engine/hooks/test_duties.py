"""Duties: what crosses a border is dearer, buyers pay, and each levy is credited to its component."""

from __future__ import annotations

import numpy as np
import pytest

from gpnde.engine.hooks.duties import Duties
from gpnde.engine.run import Simulation
from gpnde.engine.trade.links import Links
from gpnde.plugin import Lanes, Programme, hookimpl, param
from gpnde.plugin.policy import Policy
from gpnde.world.layout import Floats

from ...learners import begun, let_pass, simulated, three_firms

FLAGSHIP, LEAD, LOWER = range(3)
HQ, PLANT, SHOP = range(3)


class Border(Policy):
    """Levies a duty on imports."""

    name = "policy.border"

    rate: float = param(0.1, ge=0, doc="Duty.")

    @hookimpl
    def tariff(self, lanes: Lanes, programme: Programme) -> Floats:
        return np.where(lanes.is_import & programme.is_on, self.rate, 0.0)


def test_duties_are_levied_on_what_crosses_a_border_and_are_paid_by_buyers() -> None:
    simulation, free = simulated(three_firms(), Border()), simulated(three_firms())
    lines = simulation.world.state.lines
    from_abroad = (lines["supplier"] == LEAD) & (lines["buyer"] == FLAGSHIP)
    assert simulation.world.money["tariff"][from_abroad].tolist() == [0.1]
    assert simulation.world.money["tariff"][lines["market"] >= 0].tolist() == [0.0]
    account = simulation.hooks.programmes.accounts()["policy.border"]
    assert account["revenue"] > 0.0
    paid = (free.world.firms["cash"] - simulation.world.firms["cash"]).sum()
    assert paid == pytest.approx(account["revenue"])
    assert simulation.balances()["cash"] < 1e-9


def test_revenue_is_shared_by_what_each_levies() -> None:
    simulation = simulated(three_firms(), Border(rate=0.1), Border(rate=0.3))
    accounts = simulation.hooks.programmes.accounts()
    assert accounts["policy.border#2"]["revenue"] == pytest.approx(3.0 * accounts["policy.border"]["revenue"])


def duties(simulation: Simulation) -> list[float]:
    tariff: list[float] = simulation.world.money["tariff"].tolist()
    return tariff


def test_duties_hold_between_the_days_of_their_policy() -> None:
    simulation = begun(three_firms(), Border(start_day=50, end_day=100))
    levied = []
    for day in (49, 50, 99, 100):
        let_pass(simulation, day)
        levied.append(max(duties(simulation)))
    assert levied == [0.0, 0.1, 0.1, 0.0]


def test_a_new_line_bears_the_duties_of_its_lane() -> None:
    simulation = begun(three_firms(), Border())
    number = simulation.part(Links).open(0, SHOP, 0.5, 4.0)
    assert duties(simulation)[number] == 0.1
    assert simulation.world.landed[number] == pytest.approx(4.0 * 1.1)


def test_bids_bear_the_duties_that_their_goods_would() -> None:
    simulation = begun(three_firms(), Border(rate=0.1), Border(rate=0.2))
    bidders, product = np.array([HQ, PLANT, SHOP]), int(simulation.world.state.sites["product"][PLANT])
    assert simulation.part(Duties).on_bids(HQ, product, bidders).tolist() == pytest.approx([0.0, 0.3, 0.3])
    assert simulation.part(Duties).on_bids(PLANT, product, bidders).tolist() == pytest.approx([0.3, 0.0, 0.0])


def test_without_components_there_are_no_duties() -> None:
    simulation = begun(three_firms())
    assert set(duties(simulation)) == {0.0}
    assert simulation.part(Duties).on_bids(HQ, 0, np.array([PLANT, SHOP])).tolist() == [0.0, 0.0]


def test_without_finance_duties_are_levied_and_credited_to_no_account() -> None:
    simulation = simulated(three_firms(finance=None), Border())
    assert max(duties(simulation)) == 0.1
    assert simulation.hooks.programmes.accounts()["policy.border"]["revenue"] == 0.0
