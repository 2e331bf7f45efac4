"""Firms whose debt is above their credit leave after a settlement, where the scenario says so."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from gpnde.engine.money.payments import spend
from gpnde.engine.run import Simulation
from gpnde.world.layout import State

Reach = Callable[[Simulation, float], State]
Trade = Callable[..., Simulation]
Ruin = Callable[[Simulation, int], None]
SHOP, DEPOT = 0, 1


def test_a_firm_whose_debt_passes_its_credit_leaves(trade: Trade, reach: Reach, ruin: Ruin) -> None:
    simulation = trade()
    reach(simulation, 20)
    ruin(simulation, DEPOT)
    state = reach(simulation, 21)
    firms = simulation.world.firms
    assert firms["active"].tolist() == [1, 0]
    assert state.lines[0].active == 0
    assert simulation.world.plants["closed"].tolist() == [False, True]
    found = [(row[1], row[2], row[3]) for row in simulation.journal.rows]
    assert ("firm_failed", "finance", "depot") in found
    assert ("link_dropped", "finance", "depot") in found
    simulation.observe(None, debug=True)
    simulation.finish()


def test_a_firm_fails_once(trade: Trade, reach: Reach, ruin: Ruin) -> None:
    simulation = trade()
    reach(simulation, 20)
    ruin(simulation, DEPOT)
    reach(simulation, 60)
    assert [row[0] for row in simulation.journal.rows if row[1] == "firm_failed"] == [21.0]


def test_a_firm_stays_where_insolvency_is_switched_off(trade: Trade, reach: Reach, ruin: Ruin) -> None:
    simulation = trade(insolvency=False)
    reach(simulation, 20)
    ruin(simulation, DEPOT)
    reach(simulation, 60)
    assert simulation.world.firms["active"].tolist() == [1, 1]


def test_debt_up_to_the_credit_limit_is_no_failure(trade: Trade, reach: Reach) -> None:
    simulation = trade(firms={"shop": {"cash": 1000}, "depot": {"cash": 1000, "credit_months": 3}})
    reach(simulation, 6)
    firms = simulation.world.firms
    assert firms["credit"][DEPOT] == pytest.approx(3 * 28 * 10)
    spend(simulation.world, np.array([0.0, float(firms["cash"][DEPOT]) + 600]), "components")
    reach(simulation, 7)
    assert firms["active"][DEPOT] == 1
