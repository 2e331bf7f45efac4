"""Learning by doing and forgetting."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from gpnde_diffusion.learning_by_doing import LearningByDoing

from gpnde.engine.knowledge.model import KnowledgeModel
from gpnde.engine.run import Simulation
from gpnde.errors import ComponentError
from gpnde.plugin import KnowledgeView, Memory
from gpnde.scenario import Scenario
from gpnde.vocabulary import CODIFIED, FUNCTIONS, TACIT

Run = Callable[..., Simulation]
Network = Callable[..., Scenario]
Look = Callable[[Scenario], KnowledgeView]
Check = Callable[..., None]

FLAGSHIP, LEAD, LOWER = range(3)
HIGHER_KNOWS = (0.62, 0.62, 0.5, 0.32, 0.16, 0.06, 0.4, 0.1)
ASSEMBLY = FUNCTIONS.index("assembly_test")
NOTHING = {"tacit_per_month": 0, "codified_forgotten_per_month": 0, "tacit_forgotten_per_month": 0}
NEVER_FORGETS = {"codified_forgotten_per_month": 0, "tacit_forgotten_per_month": 0}


def busy(view: KnowledgeView, output: float = 1.0, day: float = 28.0, **facts: Any) -> KnowledgeView:
    """Return the view of a step in which all firms made *output* times what was expected."""
    firms = view.firms._replace(output=np.full(3, output), **facts)
    return dataclasses.replace(view, firms=firms, day=day)


def test_gain_of_a_step_follows_the_closed_form(quiet: Network, look: Look) -> None:
    created = LearningByDoing().knowledge_creation(busy(look(quiet()), 0.8), {})
    months = 6.0 + 0.8
    rate = 0.01 * months / (months + 1.0)
    assert created.tacit[LEAD, ASSEMBLY] == pytest.approx((1 - 0.62) * (1 - np.exp(-rate * 0.8)))
    assert not created.codified.any()


def test_firms_learn_only_in_what_they_do(quiet: Network, look: Look) -> None:
    view = busy(look(quiet()))
    learnt = LearningByDoing().knowledge_creation(view, {}).tacit > 0
    assert learnt[LEAD].tolist() == view.active[LEAD].tolist()
    assert not learnt[FLAGSHIP].any()


def test_frontier_of_the_country_is_the_ceiling(quiet: Network, look: Look) -> None:
    view = busy(look(quiet()), 1e6, frontier=np.array([1.0, 0.7, 0.2]))
    created = LearningByDoing().knowledge_creation(view, {}).tacit
    assert created[LEAD, ASSEMBLY] == pytest.approx(0.7 - 0.62)
    assert not created[LOWER].any()


@pytest.mark.parametrize("facts", [{"output": np.zeros(3)}, {"present": np.zeros(3, dtype=bool)}])
def test_firm_that_makes_nothing_learns_nothing(quiet: Network, look: Look, facts: Any) -> None:
    view = busy(look(quiet()))
    idle = dataclasses.replace(view, firms=view.firms._replace(**facts))
    assert not LearningByDoing().knowledge_creation(idle, {}).tacit.any()


def test_new_generation_leaves_part_of_the_experience(quiet: Network, look: Look) -> None:
    """Sets and boards have a life cycle of 182 days, between the steps of day 168 and day 196; parts have none."""
    memory: Memory = {}
    component, view = LearningByDoing(), look(quiet())
    for day in (28.0, 168.0):
        component.knowledge_creation(busy(view, day=day), memory)
    assert memory["experience"].tolist() == pytest.approx([8.0, 8.0, 8.0])
    component.knowledge_creation(busy(view, day=196.0), memory)
    assert memory["experience"].tolist() == pytest.approx([4.2, 4.2, 9.0])


def test_experience_settles_where_output_meets_loss(quiet: Network, look: Look) -> None:
    memory: Memory = {}
    component, view = LearningByDoing(retained_per_month=0.75, carried=1), look(quiet())
    for step in range(1, 100):
        component.knowledge_creation(busy(view, day=28.0 * step), memory)
    assert memory["experience"].tolist() == pytest.approx([4.0] * 3)


def test_knowledge_is_forgotten_month_by_month(run: Run, quiet: Network) -> None:
    simulation = run(LearningByDoing(tacit_per_month=0), scenario=quiet(days=85))
    stock = simulation.part(KnowledgeModel).state.stock
    assert stock[CODIFIED, LEAD, ASSEMBLY] == pytest.approx(0.62 * np.exp(-3 * 0.002))
    assert stock[TACIT, LEAD, ASSEMBLY] == pytest.approx(0.62 * np.exp(-3 * 0.003))


def test_makers_get_better_in_a_run_and_stay_below_the_frontier(run: Run, quiet: Network) -> None:
    scenario = quiet(days=1820, finance=None, selection=None)
    simulation = run(LearningByDoing(tacit_per_month=5, **NEVER_FORGETS), scenario=scenario)
    stock = simulation.part(KnowledgeModel).state.stock
    assert stock[TACIT, LEAD, ASSEMBLY] == pytest.approx(1.0)
    assert stock.max() <= 1.0
    gained = stock[TACIT, LEAD].sum() - sum(HIGHER_KNOWS)
    assert simulation.part(KnowledgeModel).receipts.created[TACIT, LEAD] == pytest.approx(gained)
    assert simulation.balances()["knowledge"] < 1e-9


def test_does_nothing_without_strength_or_knowledge(assert_nothing_without: Check) -> None:
    assert_nothing_without(LearningByDoing(), LearningByDoing(**NOTHING))


def test_equal_seeds_give_equal_knowledge(run: Run) -> None:
    first, again = (run(LearningByDoing()).part(KnowledgeModel) for _ in range(2))
    assert first.state.stock.tobytes() == again.state.stock.tobytes()


def test_network_in_which_no_firm_can_learn_is_refused(run: Run, network: Network) -> None:
    firms = [{**firm, "knowledge": dict.fromkeys(FUNCTIONS, 1.0)} for firm in network().model_dump()["firms"]]
    with pytest.raises(ComponentError, match="^diffusion.learning-by-doing: no firm is below the frontier of its"):
        run(LearningByDoing(), scenario=network(firms=firms))


def test_parameters_out_of_bounds_are_refused() -> None:
    with pytest.raises(ComponentError, match="^diffusion.learning-by-doing.carried = 1.2: must be at most 1$"):
        LearningByDoing.of({"carried": 1.2})
