"""Imitation."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from gpnde_diffusion.imitation import Imitation

from gpnde.engine.knowledge.model import KnowledgeModel
from gpnde.engine.run import Simulation
from gpnde.errors import ComponentError
from gpnde.mechanics.transfer import effective_days
from gpnde.plugin import KnowledgeView, Memory
from gpnde.scenario import Scenario
from gpnde.vocabulary import CODIFIED, FORMAL, INFORMAL, TACIT

Run = Callable[..., Simulation]
Network = Callable[..., Scenario]
Look = Callable[[Scenario], KnowledgeView]
Check = Callable[..., None]

FLAGSHIP, LEAD, LOWER = range(3)
HIGHER_KNOWS = (0.62, 0.62, 0.5, 0.32, 0.16, 0.06, 0.4, 0.1)
LOWER_KNOWS = (0.45, 0.45, 0.25, 0.08, 0.02, 0.005, 0.1, 0.02)


@pytest.fixture
def rivals(network: Network) -> list[dict[str, Any]]:
    """Return the sites, and one of the lower tier that makes boards as the lead supplier does."""
    more = {"name": "copy-shop", "firm": "lower", "product": "board", "cluster": "park", "function": "assembly_test"}
    return [*network().model_dump()["sites"], more]


def later(view: KnowledgeView, day: float, **changes: Any) -> KnowledgeView:
    return dataclasses.replace(view, day=day, **changes)


def test_receipts_of_a_step_follow_the_closed_form(run: Run, quiet: Network, rivals: Any) -> None:
    simulation = run(Imitation(lag_days=0), scenario=quiet(days=30, sites=rivals))
    received = simulation.part(KnowledgeModel).receipts.transferred
    gap = sum(high - low for high, low in zip(HIGHER_KNOWS, LOWER_KNOWS, strict=True))
    rate = 0.2 / 364
    assert received[INFORMAL, CODIFIED, LOWER] == pytest.approx(
        float(rate * gap * effective_days(rate, 28.0)), rel=1e-9
    )
    assert not received[:, TACIT].any() and not received[FORMAL].any()
    assert not received[:, :, [FLAGSHIP, LEAD]].any()


def test_nothing_is_learnt_before_the_lag_has_passed(run: Run, quiet: Network, rivals: Any) -> None:
    def total(days: float) -> float:
        simulation = run(Imitation(lag_days=56), scenario=quiet(days=days, sites=rivals))
        return float(simulation.part(KnowledgeModel).receipts.transferred.sum())

    # What firms know is noted from the first step on day 28.
    assert total(83) == 0.0
    assert total(85) > 0.0


def test_imitators_see_the_past(quiet: Network, look: Look, rivals: Any) -> None:
    memory: Memory = {}
    component, view = Imitation(lag_days=60), look(quiet(sites=rivals))
    known = [np.full_like(view.codified, level) for level in (0.1, 0.2, 0.3, 0.4)]
    for step, codified in enumerate(known):
        transfer = component.knowledge_transfer(later(view, 28.0 * (step + 1), codified=codified), memory)
    assert transfer is not None and transfer.levels is not None
    assert set(transfer.levels[CODIFIED].ravel().tolist()) == {0.1}
    assert len(memory["past"]) == 4
    transfer = component.knowledge_transfer(later(view, 140.0, codified=known[3]), memory)
    assert transfer is not None and transfer.levels is not None
    assert set(transfer.levels[CODIFIED].ravel().tolist()) == {0.2}
    assert len(memory["past"]) == 4


def test_without_a_lag_imitators_see_the_present(quiet: Network, look: Look, rivals: Any) -> None:
    memory: Memory = {}
    view = look(quiet(sites=rivals))
    for step, level in enumerate((0.1, 0.2)):
        seen = later(view, 28.0 * (step + 1), codified=np.full_like(view.codified, level))
        transfer = Imitation(lag_days=0).knowledge_transfer(seen, memory)
        assert transfer is not None and transfer.levels is not None
        assert set(transfer.levels[CODIFIED].ravel().tolist()) == {level}


def test_old_knowledge_is_worth_less_where_the_frontier_moves(network: Network, look: Look, rivals: Any) -> None:
    scenario = network(sites=rivals, knowledge={"frontier_drift_per_year": 0.1})
    memory: Memory = {}
    component, view = Imitation(lag_days=364), look(scenario)
    component.knowledge_transfer(view, memory)
    transfer = component.knowledge_transfer(later(view, 28.0 + 364.0), memory)
    assert transfer is not None and transfer.levels is not None
    assert transfer.levels[CODIFIED, 0].tolist() == pytest.approx((np.exp(-0.1) * np.array(HIGHER_KNOWS)).tolist())


def test_only_rivals_of_the_best_maker_imitate(quiet: Network, look: Look, rivals: Any) -> None:
    """The lower-tier supplier is alone with its parts, and second with boards."""
    transfer = Imitation(lag_days=0).knowledge_transfer(look(quiet(sites=rivals)), {})
    assert transfer is not None
    assert transfer.learner.tolist() == [LOWER]


def test_makers_that_are_gone_are_not_imitated(quiet: Network, look: Look, rivals: Any) -> None:
    view = look(quiet(sites=rivals))
    gone = dataclasses.replace(view, firms=view.firms._replace(present=np.array([True, False, True])))
    transfer = Imitation(lag_days=0).knowledge_transfer(gone, {})
    assert transfer is not None
    assert not len(transfer.learner)


def test_does_nothing_without_success_or_knowledge(
    network: Network, rivals: Any, assert_nothing_without: Check
) -> None:
    assert_nothing_without(Imitation(lag_days=91), Imitation(success_per_year=0), network(sites=rivals))


@pytest.mark.parametrize("lag", [0, 200])
def test_books_balance_and_no_firm_passes_the_best(rivals: Any, assert_sound: Check, lag: float) -> None:
    assert_sound(Imitation(success_per_year=50, lag_days=lag), sites=rivals)


def test_network_without_rivals_is_refused(run: Run) -> None:
    with pytest.raises(ComponentError, match="^diffusion.imitation: no product is made by two firms: add a site of"):
        run(Imitation())


def test_parameters_out_of_bounds_are_refused() -> None:
    with pytest.raises(ComponentError, match=r"^diffusion.imitation.lag_days = -1 \(day\): must be at least 0$"):
        Imitation.of({"lag_days": -1})
