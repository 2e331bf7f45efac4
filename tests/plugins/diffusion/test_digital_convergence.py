"""Digital convergence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from gpnde_diffusion.cluster_pool import ClusterPool
from gpnde_diffusion.digital_convergence import DigitalConvergence

from gpnde.engine.knowledge.model import KnowledgeModel
from gpnde.engine.run import Simulation
from gpnde.errors import ComponentError
from gpnde.scenario import Scenario
from gpnde.scenario.knowledge import Knowledge
from gpnde.vocabulary import CODIFIED, INFORMAL, TACIT

Run = Callable[..., Simulation]
Network = Callable[..., Scenario]

LOWER = 2
AT_ONCE = {"full_days": 1e-9}
NO_EFFECT = {"codified_effect": 0, "tacit_effect": 0, "lead_time_effect": 0, "response_effect": 0}


@pytest.mark.parametrize(("day", "index"), [(0, 0.0), (100, 0.0), (150, 0.2), (300, 0.8), (900, 0.8)])
def test_index_rises_along_a_straight_path(day: float, index: float) -> None:
    path = DigitalConvergence(start_day=100, full_days=200, maximum=0.8)
    assert path.index(day) == pytest.approx(index)


def received(run: Run, scenario: Scenario, *components: DigitalConvergence) -> Any:
    simulation = run(ClusterPool(codified_per_month=1e-6, tacit_per_month=1e-6), *components, scenario=scenario)
    return simulation.part(KnowledgeModel).receipts.transferred[INFORMAL, :, LOWER]


def test_codified_transfer_gains_and_tacit_does_not(run: Run, quiet: Network) -> None:
    scenario = quiet(days=30)
    ratio = received(run, scenario, DigitalConvergence(**AT_ONCE)) / received(run, scenario)
    assert ratio[CODIFIED] == pytest.approx(1.5, rel=1e-5)
    assert ratio[TACIT] == pytest.approx(1.0, rel=1e-12)


def test_tacit_transfer_gains_if_the_user_says_so(run: Run, quiet: Network) -> None:
    scenario = quiet(days=30)
    digital = DigitalConvergence(**AT_ONCE, maximum=0.5, tacit_effect=0.2)
    ratio = received(run, scenario, digital) / received(run, scenario)
    assert ratio.tolist() == pytest.approx([1.25, 1.1], rel=1e-5)


def test_lead_and_response_times_fall(run: Run, quiet: Network) -> None:
    digital = run(DigitalConvergence(**AT_ONCE), scenario=quiet(days=30))
    assert digital.world.state.sites["lead_time_factor"].tolist() == pytest.approx([0.9] * 3)
    assert digital.world.firms["response_factor"].tolist() == pytest.approx([np.exp(-0.5)] * 3)


def test_nothing_changes_before_the_start(run: Run, quiet: Network) -> None:
    digital = run(DigitalConvergence(start_day=29), scenario=quiet(days=30))
    assert set(digital.world.state.sites["lead_time_factor"].tolist()) == {1.0}


def test_does_nothing_without_effect_or_knowledge(
    network: Network, assert_nothing_without: Callable[..., None]
) -> None:
    fast = DigitalConvergence(**AT_ONCE, lead_time_effect=0.5)
    links = [{**link, "lead_time": 10} for link in network().model_dump()["links"]]
    for zeroed in (DigitalConvergence(**NO_EFFECT), DigitalConvergence(maximum=0)):
        assert_nothing_without(fast, zeroed, network(links=links))


def test_books_balance_with_it(run: Run, quiet: Network) -> None:
    scenario = quiet(days=1820, knowledge=Knowledge())
    pool = ClusterPool(codified_per_month=5, tacit_per_month=5)
    simulation = run(pool, DigitalConvergence(codified_effect=10, tacit_effect=10), scenario=scenario)
    assert simulation.balances()["knowledge"] < 1e-9


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"lead_time_effect": 1}, "diffusion.digital-convergence.lead_time_effect = 1: must be below 1"),
        ({"full_days": 0}, r"diffusion.digital-convergence.full_days = 0 \(day\): must be above 0"),
        ({"maximum": 2}, "diffusion.digital-convergence.maximum = 2: must be at most 1"),
    ],
)
def test_parameters_out_of_bounds_are_refused(given: dict[str, Any], text: str) -> None:
    with pytest.raises(ComponentError, match=f"^{text}$"):
        DigitalConvergence.of(given)
