"""Progressive transfer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from gpnde_diffusion.progressive_transfer import ProgressiveTransfer

from gpnde.engine.knowledge.model import KnowledgeModel
from gpnde.engine.run import Simulation
from gpnde.errors import ComponentError
from gpnde.plugin import Component, KnowledgeView, Transfer, hookimpl
from gpnde.scenario import Scenario
from gpnde.vocabulary import FUNCTIONS
from gpnde.world.layout import Floats

Run = Callable[..., Simulation]
Network = Callable[..., Scenario]
Look = Callable[[Scenario], KnowledgeView]
Check = Callable[..., None]

LEAD, LOWER = 1, 2


class Teaching(Component):
    """Every buyer teaches every function at the same rate."""

    name = "test.teaching"

    @hookimpl
    def knowledge_transfer(self, knowledge: KnowledgeView) -> Transfer:
        ties = knowledge.ties
        rate = np.full(len(ties.learner), 0.01)
        return Transfer(ties.learner, rate, rate, "formal", teacher=ties.teacher)


def factors(view: KnowledgeView, **parameters: Any) -> Floats:
    return np.asarray(ProgressiveTransfer(**parameters).transfer_rate(view).codified)


def with_functions(network: Network, functions: list[str], contract: str = "OEM") -> Scenario:
    """Return the network in which the lead supplier performs *functions* too, under a contract."""
    given = network().model_dump()
    firms = [given["firms"][0], {**given["firms"][1], "functions": functions}, given["firms"][2]]
    links = [{**given["links"][0], "contract": contract}, given["links"][1]]
    return network(firms=firms, links=links)


def test_transfer_is_whole_up_to_the_next_rung_and_leaks_beyond(network: Network, look: Look) -> None:
    """The lead supplier assembles (rung 1), the lower one makes components (rung 2)."""
    found = factors(look(network()), leak=0.2)
    assert found[LEAD].tolist() == [1, 1, 1, 0.2, 0.2, 0.2, 0.2, 0.2]
    assert found[LOWER].tolist() == [1, 1, 1, 1, 0.2, 0.2, 0.2, 0.2]


def test_flagships_are_open_to_everything(network: Network, look: Look) -> None:
    assert (factors(look(network()))[0] == 1).all()


def test_climbing_a_rung_opens_the_next(network: Network, look: Look) -> None:
    found = factors(look(with_functions(network, ["component_mfg"])), leak=0)
    assert found[LEAD].tolist() == [1, 1, 1, 1, 0, 0, 0, 0]


def test_side_capabilities_open_with_engineering(network: Network, look: Look) -> None:
    found = factors(look(with_functions(network, ["engineering"])), leak=0)
    assert found[LEAD].tolist() == [1, 1, 1, 1, 1, 0, 1, 1]


def test_turnkey_contract_opens_a_further_rung_of_the_ladder(network: Network, look: Look) -> None:
    view = look(with_functions(network, [], contract="turnkey"))
    assert factors(view, leak=0)[LEAD].tolist() == [1, 1, 1, 1, 0, 0, 0, 0]
    assert factors(view, leak=0)[LOWER].tolist() == [1, 1, 1, 1, 0, 0, 0, 0]
    assert factors(view, leak=0, turnkey_rungs=0)[LEAD].tolist() == [1, 1, 1, 0, 0, 0, 0, 0]


def test_rungs_that_are_taught_in_full_can_be_chosen(network: Network, look: Look) -> None:
    view = look(network())
    assert factors(view, leak=0, rungs=0)[LEAD, :6].tolist() == [1, 1, 0, 0, 0, 0]
    assert factors(view, leak=0, rungs=6)[LEAD, :6].tolist() == [1] * 6


def test_run_passes_on_sophisticated_knowledge_only_within_reach(run: Run, quiet: Network) -> None:
    closed = run(Teaching(), ProgressiveTransfer(leak=0), scenario=quiet(days=60)).part(KnowledgeModel)
    waiting = closed.state.waiting.sum(axis=(0, 1))
    assert waiting[LEAD, FUNCTIONS.index("component_mfg")] > 0
    assert waiting[LEAD, FUNCTIONS.index("engineering")] == 0


def test_does_nothing_where_all_leaks_or_without_knowledge(assert_nothing_without: Check) -> None:
    assert_nothing_without(ProgressiveTransfer(leak=0.1), ProgressiveTransfer(leak=1), beside=(Teaching(),))


def test_books_balance_and_no_supplier_passes_its_buyers(assert_sound: Check) -> None:
    assert_sound(Teaching(), ProgressiveTransfer(leak=0.5))


def test_leak_of_more_than_everything_is_refused() -> None:
    with pytest.raises(ComponentError, match=r"^diffusion.progressive-transfer.leak = 1.5: must be at most 1"):
        ProgressiveTransfer.of({"leak": 1.5})
