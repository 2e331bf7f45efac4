"""Labour mobility."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from gpnde_diffusion.labour_mobility import LabourMobility

from gpnde.engine.hooks.views import RunStreams
from gpnde.engine.knowledge.model import KnowledgeModel
from gpnde.engine.run import Simulation
from gpnde.errors import ComponentError
from gpnde.mechanics.transfer import effective_days
from gpnde.plugin import Entrant, KnowledgeView, Memory, Transfer
from gpnde.scenario import Scenario
from gpnde.vocabulary import CODIFIED, FORMAL, FUNCTIONS, INFORMAL, TACIT

Run = Callable[..., Simulation]
Network = Callable[..., Scenario]
Look = Callable[[Scenario], KnowledgeView]
Check = Callable[..., None]

FLAGSHIP, LEAD, LOWER, NEWCOMER = range(4)
HIGHER_KNOWS = (0.62, 0.62, 0.5, 0.32, 0.16, 0.06, 0.4, 0.1)
LOWER_KNOWS = (0.45, 0.45, 0.25, 0.08, 0.02, 0.005, 0.1, 0.02)
COUNTRIES = [{"name": "north"}, {"name": "south"}]
NOBODY_ENTERS = {"entry_per_year": 0}


def waiting(network: Network, **changes: Any) -> Scenario:
    """Return the network with a firm of the park that waits for entry."""
    given = network().model_dump()
    firm = {"name": "newcomer", "tier": 2, "enters": "endogenously"}
    site = {"name": "garage", "firm": "newcomer", "product": "part", "cluster": "park", "function": "component_mfg"}
    return network(**{"firms": [*given["firms"], firm], "sites": [*given["sites"], site], **changes})


def transfers(component: LabourMobility, view: KnowledgeView) -> list[Transfer]:
    return list(component.knowledge_transfer(view))


def entrants(component: LabourMobility, view: KnowledgeView, seed: int = 1) -> list[Entrant]:
    return component.entrants(view, {}, RunStreams(seed, 0, component.name))


def share_of_seeds(component: LabourMobility, view: KnowledgeView, seeds: int = 400) -> float:
    return sum(len(entrants(component, view, seed)) for seed in range(seeds)) / seeds


def with_output(view: KnowledgeView, output: float) -> KnowledgeView:
    return dataclasses.replace(view, firms=view.firms._replace(output=np.full(len(view.effort), output)))


def test_receipts_of_a_step_follow_the_closed_form(run: Run, quiet: Network) -> None:
    simulation = run(LabourMobility(), scenario=quiet(days=30))
    received = simulation.part(KnowledgeModel).receipts.transferred
    gap = sum(high - low for high, low in zip(HIGHER_KNOWS, LOWER_KNOWS, strict=True))
    rate = 0.15 / 364 * 0.3
    assert received[INFORMAL, TACIT, LOWER] == pytest.approx(float(rate * gap * effective_days(rate, 28.0)), rel=1e-9)
    assert not received[:, CODIFIED].any() and not received[FORMAL].any()
    assert not received[:, :, [FLAGSHIP, LEAD]].any()


def test_firms_learn_from_the_mean_of_their_neighbours(network: Network, look: Look) -> None:
    one = [{**site, "cluster": "park"} for site in network().model_dump()["sites"]]
    (transfer,) = transfers(LabourMobility(), look(network(sites=one)))
    assert transfer.levels is not None
    mean = (np.array(HIGHER_KNOWS) + LOWER_KNOWS) / 2
    assert transfer.levels[TACIT, FLAGSHIP].tolist() == pytest.approx(mean.tolist())


def test_people_leave_firms_that_are_there(quiet: Network, look: Look) -> None:
    view = look(quiet())
    gone = dataclasses.replace(view, firms=view.firms._replace(present=np.array([True, False, True])))
    (transfer,) = transfers(LabourMobility(), gone)
    assert not len(transfer.learner)


def test_returnees_teach_what_they_saw_at_flagships_abroad(network: Network, look: Look) -> None:
    view = look(network(countries=COUNTRIES))
    _, home = transfers(LabourMobility(returnee_share=0.2), view)
    assert home.levels is not None
    assert home.learner.tolist() == [LEAD, LOWER]
    assert home.levels[TACIT].tolist() == np.ones((2, len(FUNCTIONS))).tolist()
    assert np.asarray(home.tacit).tolist() == pytest.approx([0.2 * 0.15 / 364 * 0.3] * 2)


def test_no_firm_learns_from_a_flagship_at_home(network: Network, look: Look) -> None:
    """One flagship in either country: each has to send people to the other one."""
    given = network(countries=COUNTRIES).model_dump()
    firms = [*given["firms"], {"name": "rival", "role": "brand-leader", "tier": 0, "knowledge": {"engineering": 0.5}}]
    clusters = [*given["clusters"], {"name": "bay", "country": "south"}]
    sites = [*given["sites"], {"name": "rival-hq", "firm": "rival", "product": "part", "cluster": "bay"}]
    _, home = transfers(
        LabourMobility(returnee_share=0.2),
        look(network(countries=COUNTRIES, firms=firms, clusters=clusters, sites=sites)),
    )
    assert home.levels is not None
    assert home.learner.tolist() == [LEAD, LOWER]
    assert home.levels[TACIT, :, FUNCTIONS.index("engineering")].tolist() == [1.0, 1.0]


def test_founders_take_along_part_of_the_best_of_their_cluster(network: Network, look: Look) -> None:
    (entrant,) = entrants(LabourMobility(entry_per_year=100), look(waiting(network)))
    assert (entrant.firm, entrant.parent) == (NEWCOMER, LEAD)
    assert entrant.tacit.tolist() == pytest.approx([0.5 * level for level in HIGHER_KNOWS])


def test_chance_of_entry_follows_the_hazard(network: Network, look: Look) -> None:
    view = look(waiting(network))
    flat = LabourMobility(entry_per_year=6.5, entry_demand=0, entry_pool=0)
    assert share_of_seeds(flat, view) == pytest.approx(1 - np.exp(-6.5 * 28 / 364), abs=0.08)


def test_demand_and_knowledge_of_the_cluster_draw_founders(network: Network, look: Look) -> None:
    view = with_output(look(waiting(network)), 1.5)
    # The lead supplier is able to 0.62 in what it performs, the lower tier to 0.25.
    for weights, pull in (({"entry_pool": 0, "entry_demand": 2}, 1.0), ({"entry_pool": 2, "entry_demand": 0}, 0.87)):
        component = LabourMobility(entry_per_year=3, **weights)
        expected = 1 - np.exp(-3 * 28 / 364 * np.exp(pull))
        assert share_of_seeds(component, view) == pytest.approx(expected, abs=0.08)


def test_firm_enters_once_in_a_run(run: Run, network: Network) -> None:
    simulation = run(LabourMobility(entry_per_year=20), scenario=waiting(network))
    assert simulation.world.firms["active"][NEWCOMER] == 1
    assert simulation.part(KnowledgeModel).state.stock[TACIT, NEWCOMER, FUNCTIONS.index("assembly_test")] >= 0.45


def test_firm_that_has_entered_is_not_named_again(network: Network, look: Look) -> None:
    memory: Memory = {}
    component, view = LabourMobility(entry_per_year=100, entry_demand=0), look(waiting(network))
    found = [component.entrants(view, memory, RunStreams(1, 0, component.name)) for _ in range(2)]
    assert [len(each) for each in found] == [1, 0]


def test_firms_there_from_the_start_do_not_enter_again(quiet: Network, look: Look) -> None:
    view = look(quiet())
    gone = dataclasses.replace(view, firms=view.firms._replace(present=np.array([True, True, False])))
    assert entrants(LabourMobility(entry_per_year=100), gone) == []


def test_does_nothing_without_strength_or_knowledge(network: Network, assert_nothing_without: Check) -> None:
    nothing = LabourMobility(quit_rate_per_year=0, entry_per_year=0)
    assert_nothing_without(LabourMobility(entry_per_year=5), nothing, waiting(network))


def test_books_balance_and_no_firm_passes_the_best(assert_sound: Check) -> None:
    component = LabourMobility(quit_rate_per_year=10, tacit_carried=1, returnee_share=0.5, **NOBODY_ENTERS)
    assert_sound(component, countries=COUNTRIES)


def test_network_without_clusters_is_refused(run: Run, network: Network) -> None:
    nowhere = [{**site, "cluster": None} for site in network().model_dump()["sites"]]
    with pytest.raises(ComponentError, match="^diffusion.labour-mobility: no firm is in a cluster: add clusters"):
        run(LabourMobility(), scenario=network(sites=nowhere))


def test_returnees_need_a_flagship_abroad(run: Run) -> None:
    with pytest.raises(ComponentError, match="^diffusion.labour-mobility.returnee_share = 0.1: no country has firms"):
        run(LabourMobility(returnee_share=0.1))


def test_parameters_out_of_bounds_are_refused() -> None:
    with pytest.raises(ComponentError, match="^diffusion.labour-mobility.tacit_carried = 1.5: must be at most 1$"):
        LabourMobility.of({"tacit_carried": 1.5})
