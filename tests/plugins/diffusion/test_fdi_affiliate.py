"""Parents, affiliates and spill-over to local suppliers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from gpnde_diffusion.fdi_affiliate import FdiAffiliate

from gpnde.engine.knowledge.model import KnowledgeModel
from gpnde.engine.run import Simulation
from gpnde.errors import ComponentError
from gpnde.mechanics.transfer import effective_days
from gpnde.plugin import KnowledgeView
from gpnde.scenario import Scenario
from gpnde.vocabulary import CODIFIED, FORMAL, INFORMAL, TACIT

Run = Callable[..., Simulation]
Network = Callable[..., Scenario]
Look = Callable[[Scenario], KnowledgeView]
Check = Callable[..., None]

LEAD, LOWER = 1, 2


def owned(network: Network, share: float = 0.5, node_type: str = "subsidiary", **lower: Any) -> dict[str, Any]:
    """Return the firms where the flagship owns a share of the lead supplier; *lower* changes the lower one."""
    flagship, lead, last = network().model_dump()["firms"]
    bond = {"owner": "flagship", "node_type": node_type, "equity_share": share}
    return {"firms": [flagship, {**lead, **bond}, {**last, **lower}]}


def test_receipts_of_a_step_follow_the_closed_form(run: Run, quiet: Network) -> None:
    simulation = run(FdiAffiliate(), scenario=quiet(days=30, **owned(quiet)))
    received = simulation.part(KnowledgeModel).receipts.transferred
    for kind, rate in ((CODIFIED, 0.05 / 28), (TACIT, 0.03 / 28)):
        expected = rate * (1.0 - 0.62) * effective_days(rate, 28.0)
        assert received[FORMAL, kind].tolist() == pytest.approx([0.0, float(expected), 0.0])


@pytest.mark.parametrize(
    ("node_type", "access"), [("subsidiary", 1.0), ("joint-venture", 0.85), ("affiliate", 0.7), ("partner", 0.5)]
)
def test_owners_let_firms_in_by_what_these_are_to_them(
    network: Network, look: Look, node_type: str, access: float
) -> None:
    view = look(network(**owned(network, node_type=node_type)))
    taught, _ = FdiAffiliate().knowledge_transfer(view)
    assert taught.learner.tolist() == [LEAD]
    assert taught.codified[0] == pytest.approx(0.05 / 28 * access * view.active[LEAD])
    assert taught.tacit[0] == pytest.approx(0.6 * taught.codified[0])


def test_spillover_reaches_local_suppliers_informally_in_all_functions(run: Run, quiet: Network) -> None:
    simulation = run(FdiAffiliate(affiliate_per_month=0), scenario=quiet(days=30, **owned(quiet)))
    received = simulation.part(KnowledgeModel).receipts.transferred
    rate, gaps = 0.02 / 28, 2 * (0.62 - 0.45) + (0.5 - 0.25) + (0.32 - 0.08) + (0.16 - 0.02) + (0.06 - 0.005)
    expected = float(rate * (gaps + 0.3 + 0.08) * effective_days(rate, 28.0))
    assert received[INFORMAL, :, LOWER].tolist() == pytest.approx([expected, expected])
    assert received[FORMAL].sum() == 0


@pytest.mark.parametrize(("share", "spills"), [(0.01, True), (0.99, True), (1.0, False), (0.0, False)])
def test_only_shared_ownership_spills_over(network: Network, look: Look, share: float, spills: bool) -> None:
    taught, spilt = FdiAffiliate().knowledge_transfer(look(network(**owned(network, share))))
    assert taught.learner.tolist() == [LEAD]
    assert spilt.learner.tolist() == ([LOWER] if spills else [])


def test_suppliers_of_another_cluster_or_owner_get_no_spillover(network: Network, look: Look) -> None:
    sites = network().model_dump()["sites"]
    away = [*sites[:2], {**sites[2], "cluster": "valley"}]
    for scenario in (
        network(sites=away, **owned(network)),
        network(**owned(network, owner="flagship", equity_share=1.0)),
    ):
        assert not len(FdiAffiliate().knowledge_transfer(look(scenario))[1].learner)


def test_parent_that_has_left_teaches_no_firm(network: Network, look: Look) -> None:
    view = look(network(**owned(network)))
    gone = view.firms._replace(present=np.array([False, True, True]))
    object.__setattr__(view, "firms", gone)
    assert not len(FdiAffiliate().knowledge_transfer(view)[0].learner)


def test_does_nothing_without_strength_or_knowledge(assert_nothing_without: Check, network: Network) -> None:
    zeroed = FdiAffiliate(affiliate_per_month=0, spillover_per_month=0)
    assert_nothing_without(FdiAffiliate(), zeroed, network(**owned(network)))


def test_books_balance_and_no_firm_passes_the_parent(assert_sound: Check, network: Network) -> None:
    assert_sound(FdiAffiliate(affiliate_per_month=5, spillover_per_month=5), **owned(network))


def test_network_without_owners_is_refused(run: Run) -> None:
    with pytest.raises(
        ComponentError, match="^diffusion.fdi-affiliate: no firm has an owner: give affiliates an owner"
    ):
        run(FdiAffiliate())


def test_share_above_everything_is_refused() -> None:
    with pytest.raises(ComponentError, match=r"^diffusion.fdi-affiliate.spillover_tacit_share = 2: must be at most 1"):
        FdiAffiliate.of({"spillover_tacit_share": 2})
