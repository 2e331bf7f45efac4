"""Duties: what crosses a border is dearer, buyers pay, and each levy is credited to its component."""

from __future__ import annotations

import numpy as np
import pytest

from gpnde.plugin import Lanes, hookimpl, param
from gpnde.plugin.policy import Policy
from gpnde.world.layout import Floats

from ...learners import simulated, three_firms

FLAGSHIP, LEAD, LOWER = range(3)


class Border(Policy):
    """Levies a duty on imports."""

    name = "policy.border"

    rate: float = param(0.1, ge=0, doc="Duty.")

    @hookimpl
    def tariff(self, lanes: Lanes) -> Floats:
        return np.where(lanes.is_import, self.rate, 0.0)


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
