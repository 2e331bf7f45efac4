"""Peer networks."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
import pytest
from gpnde_diffusion.peer_network import PeerNetwork

from gpnde import simulate
from gpnde.engine.hooks.views import RunStreams
from gpnde.engine.knowledge.model import KnowledgeModel
from gpnde.engine.run import Simulation
from gpnde.errors import ComponentError
from gpnde.mechanics.transfer import effective_days
from gpnde.plugin import KnowledgeView, Transfer
from gpnde.scenario import Scenario
from gpnde.vocabulary import CODIFIED, FORMAL, FUNCTIONS, INFORMAL, TACIT
from gpnde.world.layout import Floats

Run = Callable[..., Simulation]
Network = Callable[..., Scenario]
Look = Callable[[Scenario], KnowledgeView]
Check = Callable[..., None]

FLAGSHIP, LEAD, LOWER = range(3)
PEERS = [{"first": "flagship", "second": "lower", "strength": 0.5}]
COUNTRIES = [{"name": "north"}, {"name": "south"}]


def transfer_of(component: PeerNetwork, view: KnowledgeView, seed: int = 1) -> Transfer:
    return component.knowledge_transfer(view, {}, RunStreams(seed, 0, component.name))


def acquaintances(component: PeerNetwork, view: KnowledgeView, seed: int = 1) -> set[tuple[int, int]]:
    transfer = transfer_of(component, view, seed)
    assert transfer.teacher is not None
    pairs = zip(transfer.learner.tolist(), transfer.teacher.tolist(), strict=True)
    return {(min(pair), max(pair)) for pair in pairs}


def crowd(network: Network, firms: int = 20) -> Scenario:
    """Return the network with more lower-tier firms, in both clusters by turns and without links."""
    more = [f"extra-{number}" for number in range(firms - 3)]
    given = network().model_dump()
    homes = ["valley", "park"]
    return network(
        countries=COUNTRIES,
        firms=[*given["firms"], *({"name": name, "tier": 2} for name in more)],
        sites=[
            *given["sites"],
            *(
                {"name": name, "firm": name, "product": "part", "cluster": homes[number % 2]}
                for number, name in enumerate(more)
            ),
        ],
    )


def test_receipts_of_a_step_follow_the_closed_form(run: Run, quiet: Network) -> None:
    simulation = run(PeerNetwork(), scenario=quiet(days=30, peers=PEERS))
    received = simulation.part(KnowledgeModel).receipts.transferred
    gap = sum(1.0 - level for level in (0.45, 0.45, 0.25, 0.08, 0.02, 0.005, 0.1, 0.02))
    for kind, rate in ((CODIFIED, 0.01 / 28 * 0.5), (TACIT, 0.03 / 28 * 0.5)):
        assert received[INFORMAL, kind, LOWER] == pytest.approx(
            float(rate * gap * effective_days(rate, 28.0)), rel=1e-9
        )
    assert not received[FORMAL].any()
    assert not received[:, :, [FLAGSHIP, LEAD]].any()


def test_both_peers_teach(quiet: Network, look: Look) -> None:
    transfer = transfer_of(PeerNetwork(), look(quiet(peers=PEERS)))
    assert transfer.teacher is not None
    assert (transfer.learner.tolist(), transfer.teacher.tolist()) == ([FLAGSHIP, LOWER], [LOWER, FLAGSHIP])


def barter(view: KnowledgeView, capability: Floats, seed: int = 1) -> dict[tuple[int, int], list[int]]:
    """Return the functions in which each learner is taught, by learner and teacher."""
    transfer = transfer_of(PeerNetwork(mode="barter"), dataclasses.replace(view, capability=capability), seed)
    assert transfer.teacher is not None
    ties = zip(transfer.learner.tolist(), transfer.teacher.tolist(), transfer.tacit > 0, strict=True)
    return {(learner, teacher): np.flatnonzero(taught).tolist() for learner, teacher, taught in ties}


def test_barter_trades_as_many_functions_as_the_poorer_side_can_pay(quiet: Network, look: Look) -> None:
    view = look(quiet(peers=PEERS))
    able = np.zeros_like(view.capability)
    able[FLAGSHIP, [0, 1, 2, 3]], able[LOWER, [5, 6]] = 0.5, 0.2
    traded = set[int]()
    for seed in range(20):
        found = barter(view, able, seed)
        learnt = found[LOWER, FLAGSHIP]
        assert found[FLAGSHIP, LOWER] == [5, 6]
        assert len(learnt) == 2 and set(learnt) <= {0, 1, 2, 3}
        traded |= set(learnt)
    assert traded == {0, 1, 2, 3}


def test_barter_needs_something_to_offer_on_both_sides(quiet: Network, look: Look) -> None:
    view = look(quiet(peers=PEERS))
    able = np.zeros_like(view.capability)
    able[FLAGSHIP] = 0.9
    assert barter(view, able) == {(FLAGSHIP, LOWER): [], (LOWER, FLAGSHIP): []}


def test_equals_have_nothing_to_barter(quiet: Network, look: Look) -> None:
    view = look(quiet(peers=PEERS))
    assert not any(barter(view, np.ones_like(view.capability)).values())


def test_firm_that_barters_meets_one_other_at_a_step(network: Network, look: Look) -> None:
    view = look(crowd(network))
    met = acquaintances(PeerNetwork(degree=4, mode="barter"), view)
    ends = [firm for pair in met for firm in pair]
    assert len(ends) == len(set(ends)) > 10
    assert met <= acquaintances(PeerNetwork(degree=4), view)
    later = dataclasses.replace(view, day=view.day + 28)
    assert met != acquaintances(PeerNetwork(degree=4, mode="barter"), later)


def experts(rewiring: float, seed: int, firms: int = 300) -> Scenario:
    """Return firms that know little, but for three experts in each function, on a ring of acquaintances who barter."""
    rng = np.random.default_rng(seed)
    knows = 0.1 * rng.random((firms, len(FUNCTIONS)))
    for function in range(len(FUNCTIONS)):
        knows[rng.choice(firms, 3, replace=False), function] = 1.0
    names = [f"firm {number}" for number in range(firms)]
    half = math.log(2.0)
    return Scenario.model_validate(
        {
            "name": "experts",
            "clock": {"days": 60 * 28 + 1, "tick_days": 28},
            "products": {"unit": {}},
            "firms": [
                {"name": name, "knowledge": dict(zip(FUNCTIONS, row, strict=True))}
                for name, row in zip(names, knows.tolist(), strict=True)
            ],
            "sites": [{"name": name, "firm": name, "product": "unit", "unlimited": True} for name in names],
            "markets": [{"name": "m", "product": "unit", "served_by": names[:1], "demand": {"law": 1}}],
            "knowledge": {
                "frontier_drift_per_year": 0,
                "effort": {"fixed": 1, "research_per_month": 0},
                "absorption": {"internalised_per_month": 1, "stale_per_month": 0, "tolerance": 10},
                "record_days": 60 * 28,
            },
            "components": [
                {
                    "use": "diffusion.peer-network",
                    "mode": "barter",
                    "degree": 10,
                    "rewiring": rewiring,
                    "codified_per_month": half,
                    "tacit_per_month": half,
                }
            ],
            "record": {"entities": False, "every_days": 60 * 28},
            "provenance": [{"path": "*", "mark": "assumption"}],
        }
    )


def known_at_the_end(rewiring: float) -> Floats:
    """Return what firms can do on average after 60 steps, for six seeds."""
    runs = [simulate(experts(rewiring, seed), seed=seed) for seed in range(6)]
    tables = [run.table("knowledge") for run in runs]
    return np.array([rows.filter(pl.col("day") == pl.col("day").max())["capability"].mean() for rows in tables])


@pytest.mark.thorough
def test_barter_brings_most_knowledge_to_a_small_world() -> None:
    """Cowan and Jonard (2004): knowledge is traded further where about a tenth of ties leads away from neighbours."""
    ring = known_at_the_end(0.0)
    for rewiring in (0.1, 0.2):
        small_world = known_at_the_end(rewiring)
        error = math.sqrt((ring.var(ddof=1) + small_world.var(ddof=1)) / len(ring))
        assert small_world.mean() - ring.mean() > 2.0 * error


def test_firms_that_are_gone_teach_no_firm(quiet: Network, look: Look) -> None:
    view = look(quiet(peers=PEERS))
    gone = dataclasses.replace(view, firms=view.firms._replace(present=np.array([True, True, False])))
    assert not len(transfer_of(PeerNetwork(), gone).learner)


def test_small_world_joins_the_peers_of_the_scenario(network: Network, look: Look) -> None:
    view = look(crowd(network))
    assert len(acquaintances(PeerNetwork(degree=4), view)) == 40


def test_ring_without_rewiring_keeps_to_the_neighbourhood(network: Network, look: Look) -> None:
    view = look(crowd(network))
    cluster = view.firms.cluster
    across = [cluster[a] != cluster[b] for a, b in acquaintances(PeerNetwork(degree=4, rewiring=0), view)]
    assert sum(across) == 6


def test_rewired_ties_lead_abroad_as_often_as_asked(network: Network, look: Look) -> None:
    view = look(crowd(network, 200))
    country = view.firms.country

    def abroad(share: float) -> float:
        pairs = acquaintances(PeerNetwork(degree=4, rewiring=1, cross_border=share), view)
        return float(np.mean([country[a] != country[b] for a, b in pairs]))

    assert abroad(0.0) < 0.05
    assert abroad(1.0) > 0.95
    assert abroad(0.5) == pytest.approx(0.5, abs=0.1)


def test_firm_more_leaves_the_far_ends_of_others(network: Network, look: Look) -> None:
    component = PeerNetwork(degree=2, rewiring=1)
    before, after = (look(crowd(network, firms)) for firms in (60, 61))
    old, new = (
        {frozenset(view.network.names.firms[firm] for firm in pair) for pair in acquaintances(component, view)}
        for view in (before, after)
    )
    assert len(old & new) > 0.9 * len(old)


def test_small_world_is_drawn_once_from_its_own_stream(network: Network, look: Look) -> None:
    view, component = look(crowd(network)), PeerNetwork(degree=4, rewiring=0.5)
    assert acquaintances(component, view, seed=1) == acquaintances(component, view, seed=1)
    assert acquaintances(component, view, seed=1) != acquaintances(component, view, seed=2)
    memory: dict[str, Any] = {}
    first = component.knowledge_transfer(view, memory, RunStreams(1, 0, "one"))
    again = component.knowledge_transfer(view, memory, RunStreams(2, 0, "two"))
    assert first.learner.tolist() == again.learner.tolist()


def test_does_nothing_without_strength_or_knowledge(network: Network, assert_nothing_without: Check) -> None:
    nothing = PeerNetwork(codified_per_month=0, tacit_per_month=0)
    assert_nothing_without(PeerNetwork(), nothing, network(peers=PEERS))


@pytest.mark.parametrize("mode", ["broadcast", "barter"])
def test_books_balance_and_no_firm_passes_the_best(network: Network, assert_sound: Check, mode: Any) -> None:
    firms = network().model_dump()["firms"]
    firms[LOWER]["knowledge"] = {"component_mfg": 0.7}
    firms[FLAGSHIP]["knowledge"] = {"component_mfg": 0.1}
    peers = [*PEERS, {"first": "lead", "second": "lower"}]
    assert_sound(PeerNetwork(codified_per_month=5, tacit_per_month=5, mode=mode), peers=peers, firms=firms)


def test_network_without_peers_is_refused(run: Run) -> None:
    with pytest.raises(ComponentError, match="^diffusion.peer-network: no peers: add peers to the scenario, or give"):
        run(PeerNetwork())


def test_degree_that_the_firms_do_not_allow_is_refused(run: Run) -> None:
    with pytest.raises(
        ComponentError, match="^diffusion.peer-network.degree = 4: must be below the number of firms, 3"
    ):
        run(PeerNetwork(degree=4))


def test_peers_abroad_need_countries(run: Run) -> None:
    with pytest.raises(
        ComponentError, match="^diffusion.peer-network.cross_border = 0.3: all firms are at home in one"
    ):
        run(PeerNetwork(degree=2, cross_border=0.3))


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"degree": 3}, "diffusion.peer-network.degree = 3: must be even"),
        ({"rewiring": 1.5}, "diffusion.peer-network.rewiring = 1.5: must be at most 1"),
        ({"tacit_per_month": -1}, r"diffusion.peer-network.tacit_per_month = -1 \(1/month\): must be at least 0"),
    ],
)
def test_parameters_out_of_bounds_are_refused(given: dict[str, Any], text: str) -> None:
    with pytest.raises(ComponentError, match=f"^{text}"):
        PeerNetwork.of(given)
