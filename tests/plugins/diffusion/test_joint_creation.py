"""Joint creation."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from gpnde_diffusion.joint_creation import JointCreation

from gpnde.engine.knowledge.model import KnowledgeModel
from gpnde.engine.run import Simulation
from gpnde.errors import ComponentError
from gpnde.plugin import KnowledgeView
from gpnde.scenario import Scenario
from gpnde.vocabulary import CODIFIED, FUNCTIONS, TACIT

Run = Callable[..., Simulation]
Network = Callable[..., Scenario]
Look = Callable[[Scenario], KnowledgeView]
Check = Callable[..., None]

FLAGSHIP, LEAD, LOWER = range(3)
ENGINEERING = FUNCTIONS.index("engineering")
DEVELOPMENT = [FUNCTIONS.index(name) for name in ("engineering", "product_dev", "system_integration")]


def able(view: KnowledgeView, flagship: float, lead: float) -> KnowledgeView:
    """Return the view with both firms equally able in all functions."""
    capability = view.capability.copy()
    capability[FLAGSHIP], capability[LEAD] = flagship, lead
    return dataclasses.replace(view, capability=capability)


def test_creation_follows_the_closed_form(quiet: Network, look: Look) -> None:
    component = JointCreation(substitution=1, best_distance=0.4, per_month=0.01)
    created = component.knowledge_creation(able(look(quiet()), 0.6, 0.4), {})
    # The distance is half the best one: the response is 3/4.
    total = 0.01 * (0.6 + 0.4) * 0.75
    assert created.codified[FLAGSHIP, ENGINEERING] == pytest.approx(total * 0.6 * 0.5)
    assert created.tacit[LEAD, ENGINEERING] == pytest.approx(total * 0.4 * 0.5)
    assert not created.tacit[LOWER].any()


def test_partners_create_in_functions_of_development_alone(quiet: Network, look: Look) -> None:
    created = JointCreation().knowledge_creation(able(look(quiet()), 0.6, 0.4), {})
    assert np.flatnonzero(created.tacit[LEAD]).tolist() == DEVELOPMENT


def test_equal_split_gives_both_the_same(quiet: Network, look: Look) -> None:
    view = able(look(quiet()), 0.6, 0.4)
    equal, contribution = (
        JointCreation(split=split).knowledge_creation(view, {}).tacit for split in ("equal", "contribution")
    )
    assert equal[FLAGSHIP].tolist() == equal[LEAD].tolist()
    assert contribution[FLAGSHIP, ENGINEERING] > contribution[LEAD, ENGINEERING]
    assert equal.sum() == pytest.approx(contribution.sum())


def test_suppliers_share_is_what_their_knowledge_earns(quiet: Network, look: Look) -> None:
    component = JointCreation(substitution=1, best_distance=0.4, per_month=0.01)
    memory: dict[str, Any] = {}
    for _ in range(2):
        created = component.knowledge_creation(able(look(quiet()), 0.6, 0.4), memory)
    reported = component.metrics(memory)
    assert reported["created"] == pytest.approx(2 * (created.codified + created.tacit).sum())
    assert reported["suppliers-share"] == pytest.approx(0.4)


def test_suppliers_share_rises_as_the_gap_narrows(quiet: Network, look: Look) -> None:
    component, shares = JointCreation(best_distance=1), []
    for lead in (0.2, 0.4, 0.55):
        memory: dict[str, Any] = {}
        component.knowledge_creation(able(look(quiet()), 0.6, lead), memory)
        shares.append(component.metrics(memory)["suppliers-share"])
    assert shares == sorted(set(shares)) and shares[-1] < 0.5


def test_suppliers_have_no_share_where_nothing_is_created(quiet: Network, run: Run) -> None:
    reported = JointCreation().metrics({"together": 0.0, "suppliers": 0.0})
    assert reported["created"] == 0 and np.isnan(reported["suppliers-share"])
    assert JointCreation().metrics({}) == {}
    simulation = run(JointCreation(best_distance=1), scenario=quiet())
    assert 0 < simulation.metrics()["diffusion.joint-creation.suppliers-share"] < 0.5


def test_codified_and_tacit_parts_add_up(quiet: Network, look: Look) -> None:
    view = able(look(quiet()), 0.6, 0.4)
    codified = JointCreation(codified_share=1).knowledge_creation(view, {})
    mixed = JointCreation(codified_share=0.3).knowledge_creation(view, {})
    assert not codified.tacit.any()
    assert (mixed.codified + mixed.tacit).ravel().tolist() == pytest.approx(codified.codified.ravel().tolist())


def test_equals_and_strangers_create_nothing(quiet: Network, look: Look) -> None:
    view = look(quiet())
    for lead in (1.0, 0.4):
        assert not JointCreation(best_distance=0.3).knowledge_creation(able(view, 1.0, lead), {}).tacit.any()


@pytest.mark.parametrize(
    ("threshold", "pairs"), [(0.3, {FLAGSHIP, LEAD, LOWER}), (0.5, {FLAGSHIP, LEAD}), (0.7, set())]
)
def test_partners_need_trust(quiet: Network, look: Look, threshold: float, pairs: set[int]) -> None:
    component = JointCreation(trust_threshold=threshold, best_distance=1)
    created = component.knowledge_creation(look(quiet()), {}).tacit
    assert set(np.flatnonzero(created.sum(axis=1)).tolist()) == pairs


@pytest.mark.parametrize(("maximum", "creates"), [(0.0, False), (0.7, False), (0.9, True)])
def test_digital_exchange_can_stand_in_for_trust(quiet: Network, look: Look, maximum: float, creates: bool) -> None:
    component = JointCreation(trust_threshold=1, maximum=maximum, full_days=28, best_distance=1)
    assert component.knowledge_creation(look(quiet()), {}).tacit.any() == creates


def test_partners_that_are_gone_create_nothing(quiet: Network, look: Look) -> None:
    view = able(look(quiet()), 0.6, 0.4)
    gone = dataclasses.replace(view, firms=view.firms._replace(present=np.array([False, True, True])))
    assert not JointCreation().knowledge_creation(gone, {}).tacit.any()


def test_creation_of_a_run_is_booked_and_stays_below_the_frontier(run: Run, quiet: Network) -> None:
    scenario = quiet(days=1820, finance=None, selection=None)
    simulation = run(JointCreation(per_month=1, best_distance=1), scenario=scenario)
    books, stock = simulation.part(KnowledgeModel).receipts, simulation.part(KnowledgeModel).state.stock
    assert books.created[CODIFIED, LEAD] > 0 and books.created[TACIT, LEAD] > 0
    assert not books.transferred.any()
    assert stock.max() <= 1.0
    assert simulation.balances()["knowledge"] < 1e-9


def test_equal_seeds_give_equal_knowledge(run: Run) -> None:
    first, again = (run(JointCreation()).part(KnowledgeModel) for _ in range(2))
    assert first.state.stock.tobytes() == again.state.stock.tobytes()


def test_does_nothing_without_strength_or_knowledge(assert_nothing_without: Check) -> None:
    assert_nothing_without(JointCreation(best_distance=1), JointCreation(per_month=0))


def test_network_without_ties_is_refused(run: Run, network: Network) -> None:
    alone = network(links=[{"buyer": "hq", "product": "board"}, {"buyer": "plant", "product": "part"}])
    with pytest.raises(ComponentError, match="^diffusion.joint-creation: no firm delivers to another firm: add links"):
        run(JointCreation(), scenario=alone)


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"substitution": 0}, "diffusion.joint-creation.substitution = 0: must be at least 0.1 away from 0"),
        ({"best_distance": 0}, "diffusion.joint-creation.best_distance = 0: must be above 0"),
        ({"split": "equl"}, "diffusion.joint-creation.split = 'equl': must be .*; did you mean 'equal'"),
    ],
)
def test_parameters_out_of_bounds_are_refused(given: dict[str, Any], text: str) -> None:
    with pytest.raises(ComponentError, match=f"^{text}"):
        JointCreation.of(given)
