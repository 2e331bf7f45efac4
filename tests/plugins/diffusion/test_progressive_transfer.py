"""Progressive transfer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from gpnde_diffusion.cluster_pool import ClusterPool
from gpnde_diffusion.design_debate import DesignDebate
from gpnde_diffusion.early_involvement import EarlyInvolvement
from gpnde_diffusion.fdi_affiliate import FdiAffiliate
from gpnde_diffusion.labour_mobility import LabourMobility
from gpnde_diffusion.licensing import Licensing
from gpnde_diffusion.market_information import MarketInformation
from gpnde_diffusion.peer_network import PeerNetwork
from gpnde_diffusion.progressive_transfer import ProgressiveTransfer

from gpnde.engine.knowledge.model import KnowledgeModel
from gpnde.engine.run import Simulation
from gpnde.errors import ComponentError
from gpnde.plugin import Component, KnowledgeView, Transfer, hookimpl, param
from gpnde.scenario import Scenario
from gpnde.vocabulary import FUNCTIONS
from gpnde.world.layout import Floats

Run = Callable[..., Simulation]
Network = Callable[..., Scenario]
Look = Callable[[Scenario], KnowledgeView]
Check = Callable[..., None]

FLAGSHIP, LEAD, LOWER = range(3)
ENGINEERING = FUNCTIONS.index("engineering")


class Teaching(Component):
    """Every buyer teaches every function at the same rate, or somebody else does."""

    name = "test.teaching"

    by_buyer: bool = param(True, doc="Whether suppliers are taught by buyers.")

    @hookimpl
    def knowledge_transfer(self, knowledge: KnowledgeView) -> Transfer:
        ties = knowledge.ties
        rate = np.full(len(ties.learner), 0.01)
        return Transfer(ties.learner, rate, rate, "formal", ties.teacher, by_buyer=self.by_buyer)


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


def test_what_comes_from_others_than_buyers_is_not_bound(run: Run, quiet: Network) -> None:
    """Peers, the pool of the cluster, people who move and owners teach the same with the rule as without it."""
    firms = quiet().model_dump()["firms"]
    owned = [firms[0], {**firms[1], "owner": "flagship", "node_type": "subsidiary"}, firms[2]]
    peers = [{"first": "flagship", "second": "lower"}]
    scenario = quiet(days=60, firms=owned, peers=peers)
    others = Teaching(by_buyer=False), PeerNetwork(), ClusterPool(), LabourMobility(), FdiAffiliate(), Licensing()
    without, bound = (
        run(*others, *rule, scenario=scenario).part(KnowledgeModel) for rule in ((), (ProgressiveTransfer(leak=0),))
    )
    assert without.receipts.transferred[:, :, LOWER].min() > 0
    assert without.state.waiting[:, :, LEAD, ENGINEERING].any()
    np.testing.assert_array_equal(bound.state.waiting, without.state.waiting)


@pytest.mark.parametrize("mechanism", [DesignDebate(), EarlyInvolvement(), MarketInformation()])
def test_what_buyers_teach_is_bound_and_what_suppliers_teach_them_is_not(
    run: Run, quiet: Network, mechanism: Component
) -> None:
    flagship, *others = quiet().model_dump()["firms"]
    firms = [{**flagship, "knowledge": {"engineering": 0.1}}, *others]
    scenario = quiet(days=200, firms=firms)
    without, bound = (
        run(mechanism, *rule, scenario=scenario)
        .part(KnowledgeModel)
        .state.waiting[..., ENGINEERING:]
        .sum(axis=(0, 1, 3))
        for rule in ((), (ProgressiveTransfer(leak=0),))
    )
    assert without[LEAD] > 0
    assert bound[LEAD] == 0
    assert bound[FLAGSHIP] == pytest.approx(without[FLAGSHIP], rel=0.05)


def test_network_without_ties_is_refused(run: Run, network: Network) -> None:
    alone = network(links=[{"buyer": "hq", "product": "board"}, {"buyer": "plant", "product": "part"}])
    with pytest.raises(ComponentError, match="^diffusion.progressive-transfer: no firm delivers to another firm: add"):
        run(ProgressiveTransfer(), scenario=alone)


def test_does_nothing_where_all_leaks_or_without_knowledge(assert_nothing_without: Check) -> None:
    assert_nothing_without(ProgressiveTransfer(leak=0.1), ProgressiveTransfer(leak=1), beside=(Teaching(),))


def test_books_balance_and_no_supplier_passes_its_buyers(assert_sound: Check) -> None:
    assert_sound(Teaching(), ProgressiveTransfer(leak=0.5))


def test_leak_of_more_than_everything_is_refused() -> None:
    with pytest.raises(ComponentError, match=r"^diffusion.progressive-transfer.leak = 1.5: must be at most 1"):
        ProgressiveTransfer.of({"leak": 1.5})
