"""Functional upgrading: which firm takes on which function when, what it costs, and what becomes of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gpnde.contracts import CONTRACTS
from gpnde.engine.knowledge.upgrading import AWARDED, BRAND_FAILED, CAPABILITY, DOWNGRADE, UPGRADE, Upgrade
from gpnde.engine.run import Simulation
from gpnde.plugin import Component, Creation, Forgetting, KnowledgeView, hookimpl, param
from gpnde.scenario import Scenario
from gpnde.vocabulary import FUNCTIONS, LADDER

from ...learners import begun, learning, let_pass, simulated, three_firms

FLAGSHIP, LEAD, LOWER = range(3)
PRODUCT_DEV = FUNCTIONS.index("product_dev")

CERTAIN = {"award_chance": 1, "award_score": 0, "cost_months": 0}


class Sudden(Component):
    """Lets the lead supplier learn one function, and forget it later."""

    name = "test.sudden"

    function: int = param(PRODUCT_DEV, doc="Function.")
    begins: float = param(0, unit="day", doc="First day.")
    ends: float = param(1e9, unit="day", doc="Day on which it begins to forget.")

    @hookimpl
    def knowledge_creation(self, knowledge: KnowledgeView) -> Creation:
        gain = np.zeros(knowledge.codified.shape)
        gain[LEAD, self.function] = 1e3 * (self.begins <= knowledge.day < self.ends)
        return Creation(gain, gain)

    @hookimpl
    def forgetting(self, knowledge: KnowledgeView) -> Forgetting:
        rate = np.zeros(knowledge.codified.shape)
        rate[LEAD, self.function] = 0.1 * (knowledge.day >= self.ends)
        return Forgetting(rate, rate)


def able(lead: dict[str, float] | None = None, upgrading: dict[str, Any] | None = None, **changes: Any) -> Scenario:
    """Return three firms of which the lead supplier knows what is given and nothing else; no firm learns or leaves."""
    knows: dict[str, float] = {name: 0.0 for name in FUNCTIONS} | (lead or {})
    return three_firms(
        **{
            "firms": [
                {"name": "flagship", "role": "brand-leader", "tier": 0},
                {"name": "lead", "role": "lead-supplier", "tier": 1, "knowledge": knows},
                {"name": "lower", "role": "supplier", "tier": 2, "knowledge": dict.fromkeys(FUNCTIONS, 0.0)},
            ],
            "selection": None,
            "knowledge": {
                "frontier_drift_per_year": 0,
                "effort": {"fixed": 0},
                "upgrading": {**CERTAIN, **(upgrading or {})},
            },
            **changes,
        }
    )


def story(simulation: Simulation) -> list[Upgrade]:
    return learning(simulation).upgrades.events


def functions(simulation: Simulation, firm: int = LEAD) -> list[str]:
    active = learning(simulation).state.active[firm]
    return [name for name, performs in zip(FUNCTIONS, active, strict=True) if performs]


@pytest.mark.parametrize(("level", "gains"), [(0.551, True), (0.549, False)])
def test_function_is_taken_on_from_its_threshold_on(level: float, gains: bool) -> None:
    simulation = simulated(able({"product_dev": level}, {"thresholds": dict.fromkeys(FUNCTIONS, 0.55)}))
    assert ("product_dev" in functions(simulation)) is gains
    assert len(story(simulation)) == int(gains)


def test_upgrade_is_noted_with_day_reason_and_contract() -> None:
    event = tuple(story(simulated(able({"product_dev": 0.6})))[0])
    assert event == (112.0, LEAD, UPGRADE, "product_dev", AWARDED, pytest.approx(0.6), "ODM")


def test_any_rung_is_in_reach_concurrently_and_only_the_next_sequentially() -> None:
    knows = {"component_mfg": 0.9, "system_integration": 0.9}
    at_once = story(simulated(able(knows), Sudden()))
    assert {event.function for event in at_once} == {"component_mfg", "system_integration", "product_dev"}
    one_by_one = simulated(able(knows, {"rule": "sequential"}), Sudden())
    assert functions(one_by_one) == ["assembly_test", "component_mfg"]
    assert LADDER.index("component_mfg") == LADDER.index("assembly_test") + 1


def test_flagships_take_on_nothing() -> None:
    assert {event.firm for event in story(simulated(able({"engineering": 0.9})))} == {LEAD}


@pytest.mark.parametrize(("months", "expected"), [(0.5, 2), (4.0, 1), (7.0, 0)])
def test_firms_take_on_only_what_their_cash_pays_for(months: float, expected: int) -> None:
    knows = {"engineering": 0.9, "product_dev": 0.9}
    scenario = able(knows, {"cost_months": months, "price_gain": 0.5}, clock={"days": 120}, finance={})
    simulation = begun(scenario)
    let_pass(simulation, 111)
    cash, cost = simulation.world.firms["cash"][LEAD].copy(), months * simulation.world.firms["monthly_cost"][LEAD]
    assert min(int(cash // cost), 2) == expected
    let_pass(simulation, 112)
    assert len(story(simulation)) == expected
    assert simulation.world.firms["cash"][LEAD] >= 0
    assert simulation.balances()["cash"] < 1e-9


def test_cost_of_a_function_is_paid() -> None:
    free, costly = (
        begun(able({"product_dev": 0.9}, {"cost_months": months, "price_gain": 0.5}, clock={"days": 120}))
        for months in (0, 1)
    )
    for simulation in (free, costly):
        let_pass(simulation, 112)
    monthly = costly.world.firms["monthly_cost"][LEAD]
    assert free.world.firms["cash"][LEAD] - costly.world.firms["cash"][LEAD] == pytest.approx(monthly)


@pytest.mark.parametrize(
    ("threshold", "gains"), [(0.0, ["product_dev", "strategic_marketing"]), (1.0, ["strategic_marketing"])]
)
def test_buyers_award_functions_by_score_but_an_own_brand_needs_no_award(threshold: float, gains: list[str]) -> None:
    # Orders arrive late and dear enough for a score below 1.
    scenario = able(
        {"product_dev": 0.9, "strategic_marketing": 1.0},
        {"award_score": threshold},
        selection={
            "threshold": 0,
            "review_days": 28,
            "weights": {"delivery": 1, "quality": 0, "price": 0, "response": 0},
        },
    )
    plain = scenario.model_dump()
    plain["links"][0]["lead_time"], plain["links"][0]["promise_days"] = 5, 1
    simulation = simulated(Scenario.model_validate(plain))
    assert simulation.world.trade["score"][0] < 1
    assert [event.function for event in story(simulation)] == gains


def test_award_is_a_draw() -> None:
    days = set[float]()
    for seed in range(12):
        events = story(simulated(able({"product_dev": 0.9}, {"award_chance": 0.5}), seed=seed))
        days.update(event.day for event in events[:1])
    assert len(days) > 1


def test_function_lapses_below_the_margin_and_takes_its_contract_along() -> None:
    simulation = begun(able({"product_dev": 0.0}, clock={"days": 1456}), Sudden(ends=200))
    lines, codes = simulation.world.state.lines, []
    for day in (100, 120, 1400):
        let_pass(simulation, day)
        codes.append(CONTRACTS[int(lines["contract"][0])])
    assert codes == ["OEM", "ODM", "OEM"]
    kinds = [(event.kind, event.reason, event.contract) for event in story(simulation)]
    assert kinds == [(UPGRADE, AWARDED, "ODM"), (DOWNGRADE, CAPABILITY, "OEM")]


def test_functions_of_the_first_day_do_not_lapse() -> None:
    simulation = simulated(able({"assembly_test": 0.0}))
    assert functions(simulation) == ["assembly_test"]
    assert story(simulation) == []


def test_own_brand_fails_beside_better_ones_and_can_be_tried_again() -> None:
    scenario = able({"strategic_marketing": 0.5}, {"brand_harshness": 10}, clock={"days": 728})
    kinds = [(event.kind, event.reason) for event in story(simulated(scenario))]
    assert kinds[:3] == [(UPGRADE, AWARDED), (DOWNGRADE, BRAND_FAILED), (UPGRADE, AWARDED)]
    mild = able({"strategic_marketing": 0.5}, {"brand_harshness": 0}, clock={"days": 728})
    assert [event.kind for event in story(simulated(mild))] == [UPGRADE]


def test_further_functions_raise_the_price() -> None:
    scenario = able({"product_dev": 0.9, "engineering": 0.9}, {"price_gain": 0.1})
    plain = scenario.model_dump()
    plain["knowledge"]["effects"]["cost_passed_on"] = 0
    simulation = begun(Scenario.model_validate(plain))
    price = float(simulation.world.state.lines["price"][0])
    let_pass(simulation, 120)
    assert len(story(simulation)) == 2
    assert simulation.world.state.lines["price"][0] == pytest.approx(price * 1.1**2)


def test_contracts_outside_the_ladder_stay() -> None:
    plain = able({"product_dev": 0.9}).model_dump()
    plain["links"][0]["contract"] = "arms-length"
    simulation = simulated(Scenario.model_validate(plain))
    assert CONTRACTS[int(simulation.world.state.lines["contract"][0])] == "arms-length"


def test_events_are_in_the_table() -> None:
    simulation = simulated(able({"product_dev": 0.9}))
    table = learning(simulation).tables()["upgrades"]
    assert {name: list(column) for name, column in table.items()} == {
        "day": [112.0],
        "firm": ["lead"],
        "tier": [1],
        "kind": [UPGRADE],
        "function": ["product_dev"],
        "reason": [AWARDED],
        "capability": [pytest.approx(0.9)],
        "contract": ["ODM"],
    }
