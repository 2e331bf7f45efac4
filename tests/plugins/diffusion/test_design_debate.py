"""Design debates, online and on visits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from gpnde_diffusion.design_debate import DesignDebate

from gpnde.engine.knowledge.model import KnowledgeModel
from gpnde.engine.run import Simulation
from gpnde.errors import ComponentError
from gpnde.mechanics.transfer import effective_days
from gpnde.plugin import KnowledgeView
from gpnde.scenario import Scenario
from gpnde.vocabulary import CODIFIED, FORMAL, FUNCTIONS, INFORMAL, TACIT

Run = Callable[..., Simulation]
Network = Callable[..., Scenario]
Look = Callable[[Scenario], KnowledgeView]
Check = Callable[..., None]

FLAGSHIP, LEAD, LOWER = range(3)
ENGINEERING = FUNCTIONS.index("engineering")


def rates(view: KnowledgeView, **parameters: Any) -> tuple[float, float]:
    """Return the codified and the tacit rate of the tie between flagship and lead supplier."""
    transfer, _ = DesignDebate(**parameters).knowledge_transfer(view)
    return float(np.asarray(transfer.codified)[0].max()), float(np.asarray(transfer.tacit)[0].max())


def at_distance(network: Network, distance_km: float) -> Scenario:
    first, second = network().model_dump()["links"]
    return network(links=[{**first, "distance_km": distance_km}, second])


def test_receipts_of_a_step_follow_the_closed_form(run: Run, quiet: Network) -> None:
    """The lead supplier learns from the flagship; the lower one is too far behind to teach it."""
    debate = DesignDebate(
        functions=("engineering",), digital=0.5, digital_effect=2, visits_per_year=0, meetings_per_year=0
    )
    knowledge = run(debate, scenario=quiet(days=30)).part(KnowledgeModel)
    rate = 0.02 * 2 / 28
    received = knowledge.receipts.transferred
    assert received[INFORMAL, CODIFIED, LEAD] == pytest.approx(float(rate * (1 - 0.32) * effective_days(rate, 28.0)))
    assert received[INFORMAL, TACIT].sum() == 0
    assert received[FORMAL].sum() == 0


def test_firm_that_knows_more_teaches(run: Run, quiet: Network) -> None:
    """A lead supplier that knows more of engineering than the flagship teaches it, and the lower tier too."""
    flagship, lead, lower = quiet().model_dump()["firms"]
    firms = [{**flagship, "knowledge": {"engineering": 0.3}}, {**lead, "knowledge": {"engineering": 0.9}}, lower]
    knowledge = run(DesignDebate(functions=("engineering",)), scenario=quiet(firms=firms)).part(KnowledgeModel)
    received = knowledge.receipts.transferred.sum(axis=(0, 1))
    assert received[FLAGSHIP] > 0
    assert received[LOWER] > 0
    assert received[LEAD] == 0


def in_place(network: Network, longitude: float) -> Scenario:
    """Return the network with the park somewhere else on its parallel."""
    valley, park = network().model_dump()["clusters"]
    return network(clusters=[valley, {**park, "longitude": longitude}])


def test_visits_are_fewer_over_a_distance_and_debates_online_are_not(network: Network, look: Look) -> None:
    near, far = (rates(look(at_distance(network, km)), meetings_per_year=0) for km in (0.0, 12_000.0))
    assert far[CODIFIED] == near[CODIFIED]
    assert near[TACIT] == pytest.approx(4 * 0.05 / 364 * 0.6)
    assert far[TACIT] == pytest.approx(near[TACIT] / 2)


def test_tacit_knowledge_comes_by_how_often_people_meet(network: Network, look: Look) -> None:
    view = look(at_distance(network, 0.0))
    once, twice = (rates(view, visits_per_year=often, meetings_per_year=0)[TACIT] for often in (3, 6))
    assert twice == pytest.approx(2 * once)
    online = rates(view, visits_per_year=0, meetings_per_year=48, meeting_hours=24, digital=0.5)[TACIT]
    doubled = rates(view, visits_per_year=0, meetings_per_year=96, meeting_hours=24, digital=0.5)[TACIT]
    assert doubled == pytest.approx(2 * online)


@pytest.mark.parametrize(("longitude", "apart"), [(-122.0, 0), (-77.0, 3), (148.0, 6), (58.0, 12)])
def test_meetings_online_need_hours_in_which_both_sides_work(
    network: Network, look: Look, longitude: float, apart: float
) -> None:
    found = rates(look(in_place(network, longitude)), visits_per_year=0, digital=1)[TACIT]
    assert found == pytest.approx(48 * 0.002 / 364 * 0.6 * (1 - apart / 12), abs=1e-12)


def test_partners_without_coordinates_have_the_same_hours(network: Network, look: Look) -> None:
    nowhere = network(clusters=[{"name": "valley"}, {"name": "park"}])
    assert rates(look(nowhere), visits_per_year=0, digital=1)[TACIT] == pytest.approx(48 * 0.002 / 364 * 0.6)


def test_digital_means_raise_codified_exchange_and_meetings_online(network: Network, look: Look) -> None:
    view = look(network())
    poor, rich = rates(view, digital=0), rates(view, digital=1)
    assert rich[CODIFIED] == pytest.approx(2 * poor[CODIFIED])
    assert poor[TACIT] == rates(view, meetings_per_year=0)[TACIT]
    assert rich[TACIT] > poor[TACIT]


def test_secondment_carries_tacit_knowledge_over_any_distance(network: Network, look: Look) -> None:
    view = look(at_distance(network, 1e12))
    assert rates(view, meetings_per_year=0)[TACIT] == pytest.approx(0, abs=1e-10)
    assert rates(view, secondment=0.5, meetings_per_year=0)[TACIT] == pytest.approx(4 * 0.05 / 364 * 0.5)


def test_does_nothing_without_strength_or_knowledge(assert_nothing_without: Check) -> None:
    assert_nothing_without(DesignDebate(), DesignDebate(online_per_month=0, visits_per_year=0, meetings_per_year=0))


def test_books_balance_and_no_firm_passes_the_best(assert_sound: Check) -> None:
    assert_sound(DesignDebate(online_per_month=5, visits_per_year=364, halving_km=1e12, functions=FUNCTIONS))


def test_network_without_ties_is_refused(run: Run, network: Network) -> None:
    alone = network(links=[{"buyer": "hq", "product": "board"}, {"buyer": "plant", "product": "part"}])
    with pytest.raises(ComponentError, match="^diffusion.design-debate: no firm delivers to another firm: add links"):
        run(DesignDebate(), scenario=alone)


def test_more_visits_than_days_are_refused() -> None:
    with pytest.raises(ComponentError, match=r"^diffusion.design-debate.visits_per_year = 999 \(1/year\): must be at"):
        DesignDebate.of({"visits_per_year": 999})
