"""Effort: threat, shelter and cash decide on it, and it is paid for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gpnde.engine.run import Simulation
from gpnde.plugin import Component, KnowledgeView, hookimpl, param
from gpnde.scenario import Scenario
from gpnde.world.layout import Floats

from ...learners import begun, changed, learning, let_pass, simulated, three_firms

FLAGSHIP, LEAD, LOWER = range(3)

PRESSED = {"threshold": 0.5, "review_days": 14, "minimum_cash_months": 0, "strikes": 50, "replace": False}
"""Buyers score suppliers and hardly ever drop one."""

CHEAP = {"cost_share": 0.02}
"""Effort that costs firms little."""


class Costing(Component):
    """Scales the cost of effort."""

    name = "test.costing"

    factor: float = param(1.0, doc="Factor.")

    @hookimpl
    def effort_cost(self, knowledge: KnowledgeView) -> Floats:
        return np.full(len(knowledge.effort), self.factor)


class Helping(Component):
    """Helps with learning, and counts how often it is asked to."""

    name = "test.helping"

    @hookimpl
    def absorptive_support(self, knowledge: KnowledgeView, memory: dict[str, Any]) -> Floats:
        memory["asked"] = memory.get("asked", []) + [knowledge.day]
        assert len(set(memory["asked"])) == len(memory["asked"])
        return np.full(len(knowledge.effort), 0.5)


def firms(**effort: Any) -> Scenario:
    return three_firms(
        clock={"days": 200}, selection=PRESSED, knowledge={"frontier_drift_per_year": 0, "effort": {**CHEAP, **effort}}
    )


def effort(simulation: Simulation) -> Floats:
    return learning(simulation).state.effort


def chosen(scenario: Scenario, *components: Component, day: float = 56) -> Simulation:
    """Return a simulation in which firms have chosen their effort."""
    simulation = begun(scenario, *components)
    let_pass(simulation, day)
    return simulation


def with_score(score: float, commitment: float = 0, **changes: Any) -> float:
    """Return the effort of the lead supplier at a score of its one link, with a commitment of its buyer."""
    plain = firms(**changes).model_dump()
    plain["links"][0]["commitment_days"] = commitment
    # Knowing more shows in the yield, and only yields are marked.
    plain["sites"][LEAD]["yield_rate"] = 0.85
    plain["selection"]["weights"] = {"delivery": 0, "quality": 1, "price": 0, "response": 0}
    # Nobody reviews the supplier before it chooses, so that the score stays.
    plain["selection"].update(review_days=91, strikes=1)
    simulation = begun(Scenario.model_validate(plain))
    simulation.world.trade["score"][:] = score
    let_pass(simulation, 28)
    return float(effort(simulation)[LEAD])


def test_threat_near_the_threshold_raises_effort() -> None:
    assert with_score(0.5) > with_score(0.95)


def test_commitment_takes_the_pressure_away() -> None:
    bound = with_score(0.5, commitment=728, base_horizon_days=1)
    assert bound < with_score(0.5, base_horizon_days=729)
    assert bound == with_score(0.95, commitment=728, base_horizon_days=1)


def test_commitment_lengthens_the_horizon_over_which_gains_add_up() -> None:
    short = {"base_horizon_days": 91}
    assert with_score(0.95, commitment=728, **short) > with_score(0.95, **short)
    assert with_score(0.95, commitment=728, commitment_counts=False, **short) == with_score(0.95, **short)


def test_fixed_effort_is_that_of_every_firm_that_is_there() -> None:
    assert effort(chosen(firms(fixed=0.3))).tolist() == [0.3, 0.3, 0.3]


def test_effort_ends_when_a_firm_does() -> None:
    plain = firms(fixed=0.3, review_days=28).model_dump()
    plain["firms"][LOWER].update(cash=0, credit_months=0)
    plain["finance"]["fixed_cost_share"] = 1.0
    simulation = chosen(Scenario.model_validate(plain), day=150)
    assert simulation.world.firms["active"][LOWER] == 0
    assert effort(simulation).tolist() == [0.3, 0.3, 0.0]


def test_cost_of_effort_is_convex_and_paid_from_cash() -> None:
    cash = {}
    for level in (0.0, 0.5, 1.0):
        scenario = changed(firms(fixed=level, research_per_month=0), "knowledge.effects", productivity=0)
        simulation = simulated(scenario)
        cash[level] = simulation.world.firms["cash"].copy()
        assert simulation.balances()["cash"] < 1e-9
    half, full = cash[0.0] - cash[0.5], cash[0.0] - cash[1.0]
    assert half[LEAD] > 0
    np.testing.assert_allclose(full[LEAD], 4 * half[LEAD], rtol=0.05)


def test_component_scales_the_cost() -> None:
    scenario = firms(fixed=1, research_per_month=0)
    paid = [simulated(scenario, *components).world.firms["expense"] for components in ((), (Costing(factor=2),))]
    none = simulated(scenario, Costing(factor=0)).world.firms["expense"]
    np.testing.assert_allclose(paid[1] - none, 2 * (paid[0] - none))
    assert paid[0][LEAD] > none[LEAD]


def test_firm_without_cash_makes_no_effort() -> None:
    rich = firms()
    assert effort(chosen(rich))[LEAD] > 0
    plain = rich.model_dump()
    plain["firms"][LEAD].update(cash=0, credit_months=0)
    plain["finance"]["insolvency"] = False
    poor = chosen(Scenario.model_validate(plain))
    assert poor.world.firms["cash"][LEAD] <= 0
    assert effort(poor)[LEAD] == 0


def test_dear_effort_is_not_made() -> None:
    scenario = firms()
    assert effort(chosen(scenario, Costing(factor=1000)))[LEAD] == 0 < effort(chosen(scenario))[LEAD]


def test_help_is_asked_for_once_a_step_and_counts_like_effort() -> None:
    helped, alone = (learning(simulated(firms(fixed=0.2), *components)) for components in ((Helping(),), ()))
    more = [side.rows.learner_columns()["absorptive_capacity"][-3:] for side in (helped, alone)]
    assert np.all(more[0] > more[1])


def test_mechanisms_see_the_effort_of_their_step() -> None:
    seen = []

    class Watching(Component):
        name = "test.watching"

        @hookimpl
        def knowledge_transfer(self, knowledge: KnowledgeView) -> None:
            seen.append(knowledge.effort.tolist())

    chosen(firms(fixed=0.4), Watching(), day=28)
    assert seen == [[0.4, 0.4, 0.4]]


@pytest.mark.parametrize("finance", [None, {}])
def test_firms_choose_without_finance_and_without_scorecards_too(finance: Any) -> None:
    scenario = three_firms(clock={"days": 200}, selection=None, finance=finance)
    assert effort(simulated(scenario)).min() >= 0
