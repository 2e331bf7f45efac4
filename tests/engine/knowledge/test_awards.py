"""Buyers award what they gain by handing over: compared with what they can do and pay themselves, link by link."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gpnde.contracts import CONTRACTS, EARNED
from gpnde.engine.knowledge.awards import Awards, links_by_functions
from gpnde.engine.run import Simulation
from gpnde.scenario import Scenario
from gpnde.vocabulary import FUNCTIONS

from ...learners import begun, learning, simulated, three_firms

FLAGSHIP, LEAD, LOWER = range(3)
PRODUCT_DEV = FUNCTIONS.index("product_dev")
EFFECT = 0.3
ODM = EARNED.tolist().index(CONTRACTS.index("ODM"))


def able(lead: float, odm: dict[str, Any] | None = None, **changes: Any) -> Scenario:
    """Return three firms of which the lead supplier knows so much of product development; nobody learns or leaves."""
    nothing = dict.fromkeys(FUNCTIONS, 0.0)
    return three_firms(
        **{
            "firms": [
                {"name": "flagship", "role": "brand-leader", "tier": 0},
                {"name": "lead", "role": "lead-supplier", "tier": 1, "knowledge": nothing | {"product_dev": lead}},
                {"name": "lower", "role": "supplier", "tier": 2, "knowledge": nothing},
            ],
            "selection": None,
            "contracts": {"ODM": odm or {}, "turnkey": {"task_share": 0, "buyer_gain": 0}},
            "knowledge": {
                "frontier_drift_per_year": 0,
                "effort": {"fixed": 0},
                "upgrading": {"awarded_by": "buyers", "award_chance": 1, "award_score": 0, "cost_months": 0},
            },
            **changes,
        }
    )


def gain(simulation: Simulation) -> float:
    """Return what the flagship would gain by leaving design to the lead supplier, a share of the price."""
    awards = Awards(simulation.world, EFFECT)
    known = learning(simulation).state.stock[0]
    return float(awards.gains(known, links_by_functions(simulation.world))[0, ODM])


def contract(simulation: Simulation) -> str:
    return CONTRACTS[int(simulation.world.state.lines["contract"][0])]


@pytest.mark.parametrize(("lead", "share", "other"), [(0.6, 0.04, 0.012), (1.0, 0.04, 0.0), (0.6, 0.5, 0.012)])
def test_gain_is_what_the_task_costs_less_at_the_supplier_and_more(lead: float, share: float, other: float) -> None:
    simulation = begun(able(lead, {"task_share": share, "buyer_gain": other}))
    assert gain(simulation) == pytest.approx(share * (1 - np.exp(EFFECT * (1 - lead))) + other)


@pytest.mark.parametrize(("other", "awarded"), [(0.012, True), (0.001, False)])
def test_a_function_is_awarded_where_the_buyer_gains(other: float, awarded: bool) -> None:
    simulation = simulated(able(0.6, {"task_share": 0.04, "buyer_gain": other}))
    assert learning(simulation).state.active[LEAD, PRODUCT_DEV] == awarded
    assert contract(simulation) == ("ODM" if awarded else "OEM")


def test_cheap_hands_make_up_for_what_a_supplier_knows_less() -> None:
    costly = {"task_share": 0.2, "buyer_gain": 0}
    board = {"made_of": {"part": 1}, "labour_days": 1}
    goods = {"set": {"made_of": {"board": 1}, "labour_days": 1}, "board": board, "part": {"labour_days": 1}}

    def paid(wage: float) -> Simulation:
        places = [
            {"name": "valley", "country": "north", "wage_per_day": 100},
            {"name": "park", "country": "south", "wage_per_day": wage},
        ]
        return begun(able(0.6, costly, products=goods, clusters=places))

    assert gain(paid(100)) < 0.0 < gain(paid(20))
    assert gain(paid(20)) == pytest.approx(0.2 * (1 - 0.2 * np.exp(EFFECT * 0.4)))


def test_without_content_of_contracts_nobody_hands_anything_over() -> None:
    assert contract(simulated(able(0.6, contracts=None))) == "OEM"


def test_each_buyer_decides_for_its_own_links() -> None:
    scenario = able(
        0.6,
        {"task_share": 0.04, "buyer_gain": 0.003},
        firms=[
            {"name": "flagship", "role": "brand-leader", "tier": 0},
            {
                "name": "lead",
                "role": "lead-supplier",
                "knowledge": dict.fromkeys(FUNCTIONS, 0.0) | {"product_dev": 0.6},
            },
            {"name": "lower", "role": "supplier", "tier": 2, "knowledge": dict.fromkeys(FUNCTIONS, 0.0)},
            {"name": "weak", "role": "brand-leader", "tier": 0, "knowledge": {"product_dev": 0.5}},
        ],
        sites=[
            {"name": "hq", "firm": "flagship", "product": "set", "function": "system_integration"},
            {"name": "plant", "firm": "lead", "product": "board", "function": "assembly_test"},
            {"name": "shop", "firm": "lower", "product": "part", "function": "component_mfg"},
            {"name": "hut", "firm": "weak", "product": "set", "function": "system_integration"},
        ],
        links=[
            {"buyer": "hq", "supplier": "plant", "contract": "OEM"},
            {"buyer": "hut", "supplier": "plant", "contract": "OEM"},
            {"buyer": "plant", "supplier": "shop", "contract": "OEM"},
        ],
        markets=[{"name": "world", "product": "set", "served_by": ["hq", "hut"], "demand": {"law": 100}}],
        clusters=[],
    )
    simulation = simulated(scenario)
    names, lines = simulation.world.names.sites, simulation.world.state.lines
    held = {names[line["buyer"]]: CONTRACTS[line["contract"]] for line in lines[:3]}
    assert held["hq"] == "OEM" and held["hut"] == "ODM"
