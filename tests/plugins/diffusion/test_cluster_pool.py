"""Pools of clusters."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from gpnde_diffusion.cluster_pool import ClusterPool

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

FLAGSHIP, LEAD, LOWER = range(3)
HIGHER_KNOWS = (0.62, 0.62, 0.5, 0.32, 0.16, 0.06, 0.4, 0.1)
LOWER_KNOWS = (0.45, 0.45, 0.25, 0.08, 0.02, 0.005, 0.1, 0.02)


def test_receipts_of_a_step_follow_the_closed_form(run: Run, quiet: Network) -> None:
    simulation = run(ClusterPool(relay="all"), scenario=quiet(days=30))
    received = simulation.part(KnowledgeModel).receipts.transferred
    gap = sum((high - low) / 2 for high, low in zip(HIGHER_KNOWS, LOWER_KNOWS, strict=True))
    rate = 0.02 / 28 * 2**0.05
    for kind in (CODIFIED, TACIT):
        assert received[INFORMAL, kind, LOWER] == pytest.approx(
            float(rate * gap * effective_days(rate, 28.0)), rel=1e-9
        )
    assert not received[FORMAL].any()
    assert not received[:, :, [FLAGSHIP, LEAD]].any()


def test_pool_leans_on_firms_that_absorb_more(quiet: Network, look: Look) -> None:
    view = dataclasses.replace(look(quiet()), absorptive_capacity=np.array([0.9, 0.6, 0.2]))
    equal, gatekeepers = (ClusterPool(relay=relay).knowledge_transfer(view).levels for relay in ("all", "gatekeepers"))
    assert equal is not None and gatekeepers is not None
    high, low = view.tacit[LEAD], view.tacit[LOWER]
    weight = 1.0 / (1.0 + np.exp(-2.0 * 0.4))
    assert equal[TACIT, 1].tolist() == pytest.approx(((high + low) / 2).tolist())
    assert gatekeepers[TACIT, 1].tolist() == pytest.approx((weight * high + (1 - weight) * low).tolist())


def test_large_pools_teach_faster(network: Network, look: Look) -> None:
    sites = network().model_dump()["sites"]
    one = [{**site, "cluster": "park"} for site in sites]
    small, large = (
        np.asarray(ClusterPool(agglomeration=1).knowledge_transfer(look(network(sites=given))).tacit)[-1]
        for given in (sites, one)
    )
    assert large / small == pytest.approx(3 / 2)


def test_only_members_give_and_take(network: Network, look: Look) -> None:
    one = [{**site, "cluster": "park"} for site in network().model_dump()["sites"]]
    transfer = ClusterPool(tiers=(1, 2), relay="all").knowledge_transfer(look(network(sites=one)))
    assert transfer.levels is not None
    assert transfer.learner.tolist() == [LEAD, LOWER]
    mean = np.mean([HIGHER_KNOWS, LOWER_KNOWS], axis=0)
    assert transfer.levels[CODIFIED, 0].tolist() == pytest.approx(mean.tolist())


def test_firms_that_are_gone_are_no_members(quiet: Network, look: Look) -> None:
    view = look(quiet())
    left = dataclasses.replace(view, firms=view.firms._replace(present=np.array([True, False, True])))
    transfer = ClusterPool().knowledge_transfer(left)
    assert transfer.levels is not None
    assert transfer.learner.tolist() == [FLAGSHIP, LOWER]
    assert transfer.levels[TACIT, 1].tolist() == pytest.approx(list(LOWER_KNOWS))


def test_does_nothing_without_strength_or_knowledge(assert_nothing_without: Check) -> None:
    assert_nothing_without(ClusterPool(), ClusterPool(codified_per_month=0, tacit_per_month=0))


@pytest.mark.parametrize("relay", ["gatekeepers", "all"])
def test_books_balance_and_no_firm_passes_the_best(assert_sound: Check, relay: Any) -> None:
    assert_sound(ClusterPool(codified_per_month=5, tacit_per_month=5, relay=relay))


@pytest.mark.parametrize(
    ("tiers", "advice"),
    [((), "give sites of several firms the same cluster$"), ((1,), "the same cluster, or name other")],
)
def test_network_without_a_shared_cluster_is_refused(
    run: Run, network: Network, tiers: tuple[int, ...], advice: str
) -> None:
    sites = network().model_dump()["sites"]
    apart = sites if tiers else [{**site, "cluster": None} for site in sites]
    with pytest.raises(ComponentError, match=f"^diffusion.cluster-pool: no cluster has two member firms: .*{advice}"):
        run(ClusterPool(tiers=tiers), scenario=network(sites=apart))


def test_parameters_out_of_bounds_are_refused() -> None:
    with pytest.raises(ComponentError, match="^diffusion.cluster-pool.agglomeration = 2: must be at most 1$"):
        ClusterPool.of({"agglomeration": 2})
