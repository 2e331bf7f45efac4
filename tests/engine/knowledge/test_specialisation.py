"""The shift to differentiated products: who tries, what it costs, and how it ends."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gpnde.engine.capacity.sites import Sites
from gpnde.engine.knowledge.specialisation import SHIFT_FAILED, SHIFTED, SpecialisationShift
from gpnde.engine.run import Simulation
from gpnde.scenario import Scenario
from gpnde.world.new_sites import NewSite

from ...learners import begun, known, learning, let_pass, simulated, three_firms

LEAD, LOWER = 1, 2
PLANT = 1

SURE = {"base": 20, "review_days": 28, "transition_days": 100, "cost_months": 0.1, "price_gain": 0.2}


def shifting(days: float = 364, **rules: Any) -> Scenario:
    """Return three firms of which the lead supplier makes a commodity, with a limit to its capacity."""
    knowledge = {
        "frontier_drift_per_year": 0,
        "effort": {"fixed": 0},
        "upgrading": {"award_chance": 0},
        "effects": {"productivity": 0},
        "specialisation": {**SURE, **rules},
    }
    plain = three_firms(clock={"days": days}, selection=None, knowledge=knowledge).model_dump()
    for name, product in plain["products"].items():
        product["type"] = "commodity" if name == "board" else "differentiated"
    plain["sites"][PLANT]["capacity_per_day"] = 500
    return Scenario.model_validate(plain)


def story(simulation: Simulation) -> list[tuple[float, str, str]]:
    table = learning(simulation).tables()["upgrades"]
    return list(zip(table["day"], table["firm"], table["kind"], strict=True))


def test_makers_of_commodities_shift_and_then_sell_dearer() -> None:
    simulation = begun(shifting())
    price = simulation.world.state.lines["price"].copy()
    let_pass(simulation, 300)
    assert story(simulation) == [(140.0, "lead", SHIFTED)]
    factor = simulation.world.state.lines["price"] / price
    np.testing.assert_allclose(factor, np.where(simulation.world.state.lines["supplier"] == PLANT, 1.2, 1.0))


def test_a_plant_that_is_built_in_a_transition_has_the_same_dip() -> None:
    simulation = begun(shifting(dip=0.4))
    let_pass(simulation, 28)
    simulation.part(Sites).build([NewSite("annex", PLANT, LEAD, capacity_per_day=100.0)])
    assert simulation.world.state.sites["capacity"][3] == pytest.approx(60)
    let_pass(simulation, 300)
    assert simulation.world.state.sites["capacity"][3] == pytest.approx(100)


def test_capacity_dips_at_first_and_comes_back() -> None:
    simulation = begun(shifting(dip=0.4))
    sites = simulation.world.state.sites
    capacity = []
    for day in (27, 28, 84, 300):
        let_pass(simulation, day)
        capacity.append(float(simulation.world.state.sites["capacity"][PLANT]))
    assert capacity[0] == 500
    assert capacity[1] == pytest.approx(500 * 0.6)
    assert capacity[1] < capacity[2] < 500
    assert capacity[3] == pytest.approx(500)
    assert np.isinf(sites["capacity"][[0, 2]]).all()


def test_shift_that_fails_brings_no_gain() -> None:
    # An able, well-linked firm would try whatever the base: only the draw says no.
    scenario = shifting(base=-1.0, capability_weight=0, linkage_weight=0, price_gain=2.0)
    runs = [simulated(scenario, seed=seed) for seed in range(12)]
    ends = [story(simulation)[0][2] for simulation in runs]
    assert set(ends) == {SHIFTED, SHIFT_FAILED}
    assert set(runs[ends.index(SHIFT_FAILED)].world.plants["price_factor"]) == {1.0}
    assert runs[ends.index(SHIFTED)].world.plants["price_factor"][PLANT] == 3.0


def test_shift_is_paid_for_and_needs_cash() -> None:
    payer, other = begun(shifting(cost_months=1, dip=0)), begun(shifting(cost_months=240, dip=0))
    for simulation in (payer, other):
        let_pass(simulation, 56)
    firms = payer.world.firms
    assert other.world.firms["cash"][LEAD] - firms["cash"][LEAD] == pytest.approx(firms["monthly_cost"][LEAD])
    assert payer.balances()["cash"] < 1e-9
    let_pass(other, 300)
    assert story(other) == []


def test_hopeless_shift_is_not_tried() -> None:
    assert story(simulated(shifting(base=-20, capability_weight=0, linkage_weight=0))) == []


def test_firms_that_know_more_have_the_better_chance() -> None:
    scenario = shifting(base=-2)
    simulation = simulated(scenario)
    assert scenario.knowledge is not None and scenario.knowledge.specialisation is not None
    view = known(simulation)
    chance = SpecialisationShift(simulation.context, scenario.knowledge.specialisation).chance(view)
    assert view.mean_capability[LEAD] > view.mean_capability[LOWER]
    assert chance[LEAD] > chance[LOWER]


def entering(cell: dict[str, float], rival: float = 0.0, **rules: Any) -> Scenario:
    """Return the network with terms of the cell into which the lead supplier would move, and a *rival* maker or none.

    The rival makes as many boards per board of the lead supplier.
    """
    blocks = shifting(dip=0, **{"price_gain": 2.0, **rules}).model_dump(exclude_unset=True)
    blocks["cells"] = {"differentiated-mass": cell}
    if rival:
        blocks["firms"] = [*blocks["firms"], {**blocks["firms"][LEAD], "name": "rival"}]
        blocks["sites"] = [*blocks["sites"], {**blocks["sites"][PLANT], "name": "rival", "firm": "rival"}]
        first = {**blocks["links"][0], "share": 1.0 / (1.0 + rival)}
        blocks["links"] = [first, {**first, "supplier": "rival", "share": rival / (1.0 + rival)}, *blocks["links"][1:]]
        blocks["links"].append({**blocks["links"][2], "buyer": "rival"})
    return Scenario.model_validate(blocks)


def test_entry_into_a_cell_costs_years_of_sales() -> None:
    free, paid = (begun(entering({"entry_years": each}, cost_months=0.5)) for each in (0.0, 0.01))
    for simulation in (free, paid):
        let_pass(simulation, 28)
    revenue = 364.0 * float(known(paid).firms.revenue[LEAD])
    assert revenue > 0.0
    taken = free.world.firms["cash"][LEAD] - paid.world.firms["cash"][LEAD]
    assert taken == pytest.approx(0.01 * revenue)
    let_pass(paid, 56)
    assert paid.balances()["cash"] < 1e-9


@pytest.mark.parametrize(("years", "tries"), [(0.0, True), (20.0, False)])
def test_a_dear_entry_keeps_firms_out(years: float, tries: bool) -> None:
    assert bool(story(simulated(entering({"entry_years": years})))) is tries


@pytest.mark.parametrize(("least", "firms"), [(0.0, {"lead", "rival"}), (1.2, {"rival"}), (2.0, set())])
def test_only_firms_that_make_enough_move_into_a_cell(least: float, firms: set[str]) -> None:
    # The rival makes three in four boards: 1.5 times the mean of both makers.
    found = story(simulated(entering({"minimum_scale": least}, rival=3.0)))
    assert {firm for _, firm, _ in found} == firms
