"""Unit costs can be asked for as they would be, and nothing changes by it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gpnde.engine.money.costs import UnitCosts
from gpnde.engine.run import Simulation
from gpnde.world.layout import Floats

from ..conftest import Start
from ..economy import FIRST, economy

RULES: tuple[dict[str, Any], ...] = ({}, {"pricing__rule": "bargaining"}, {"finance__fixed_cost_share": 0.5})


def _bytes(simulation: Simulation) -> list[bytes]:
    world = simulation.world
    tables = world.state.sites, world.state.lines, world.plants, world.factories, world.money, world.trade, world.firms
    return [table.tobytes() for table in tables]


def _abler(simulation: Simulation, more: float = 0.2) -> tuple[Floats, Floats]:
    """Return what sites could do, and the yields at which they would make."""
    return simulation.part(UnitCosts).capability + more, np.full(len(simulation.world.state.sites), 0.8)


@pytest.mark.parametrize("rules", RULES)
def test_to_ask_what_units_would_cost_changes_nothing(start: Start, rules: dict[str, Any]) -> None:
    simulation = start(economy(knowledge={}, **rules))
    costs = simulation.part(UnitCosts)
    before, able = _bytes(simulation), costs.capability.copy()
    plants, factories = costs.at(*_abler(simulation))
    assert _bytes(simulation) == before
    assert costs.capability.tolist() == able.tolist()
    assert plants["unit_cost"][FIRST] != simulation.world.plants["unit_cost"][FIRST]
    assert factories["labour_cost"][FIRST] != simulation.world.factories["labour_cost"][FIRST]


def test_units_cost_what_was_told_once_firms_can_do_so_much(start: Start) -> None:
    simulation = start(economy(knowledge={}))
    costs, able = simulation.part(UnitCosts), _abler(simulation)
    plants, factories = costs.at(*able)
    simulation.world.state.sites["mean_yield"] = able[1]
    costs.set_capability(able[0], np.ones(len(simulation.world.firms)))
    for name in ("unit_cost", "variable_cost", "value_added"):
        assert simulation.world.plants[name].tolist() == plants[name].tolist()
    assert simulation.world.factories["standing"].tolist() == factories["standing"].tolist()
