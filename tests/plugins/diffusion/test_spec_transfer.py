"""Transfer to specification."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from gpnde_diffusion.spec_transfer import SpecTransfer

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

LEAD, LOWER = 1, 2
ASSEMBLY, COMPONENTS = FUNCTIONS.index("assembly_test"), FUNCTIONS.index("component_mfg")
EVERYWHERE = {"codified_halving_km": 1e12, "tacit_halving_km": 1e12, "openness_sensitivity": 0}


def test_receipts_of_a_step_follow_the_closed_form(run: Run, quiet: Network) -> None:
    simulation = run(SpecTransfer(**EVERYWHERE), scenario=quiet(days=30))
    received = simulation.part(KnowledgeModel).receipts.transferred
    trust = 1.0 - 0.4 * np.exp(-0.1 * 28 / 364)
    for kind, rate in ((CODIFIED, 0.05 / 28), (TACIT, 0.03 / 28 * trust)):
        expected = rate * (1.0 - 0.62) * effective_days(rate, 28.0)
        assert received[FORMAL, kind, LEAD] == pytest.approx(float(expected), rel=1e-6)
    assert not received[INFORMAL].any()


def test_only_what_the_supplier_performs_is_taught(quiet: Network, look: Look) -> None:
    transfer = SpecTransfer().knowledge_transfer(look(quiet()))
    assert transfer.learner.tolist() == [LEAD, LOWER]
    assert [np.flatnonzero(row).tolist() for row in np.asarray(transfer.codified)] == [[ASSEMBLY], [COMPONENTS]]


@pytest.mark.parametrize(("trigger", "taught"), [(0.61, []), (0.63, [ASSEMBLY])])
def test_suppliers_that_are_good_enough_are_not_taught(
    quiet: Network, look: Look, trigger: float, taught: list[int]
) -> None:
    transfer = SpecTransfer(gap_trigger=trigger).knowledge_transfer(look(quiet()))
    assert np.flatnonzero(np.asarray(transfer.codified)[0]).tolist() == taught


def test_lower_tier_has_less_access_to_codified_knowledge(quiet: Network, look: Look) -> None:
    rates = np.asarray(SpecTransfer(**EVERYWHERE).knowledge_transfer(look(quiet())).codified).max(axis=1)
    assert rates[1] / rates[0] == pytest.approx(0.25)


def test_transfer_halves_with_distance_and_tacit_much_faster(network: Network, look: Look) -> None:
    links = network().model_dump()["links"]
    near, far = ([{**links[0], "distance_km": distance}, links[1]] for distance in (0.0, 1200.0))
    here, there = (SpecTransfer().knowledge_transfer(look(network(links=given))) for given in (near, far))
    ratio = np.asarray(there.codified)[0, ASSEMBLY] / np.asarray(here.codified)[0, ASSEMBLY]
    assert ratio == pytest.approx(0.5)
    assert np.asarray(there.tacit)[0, ASSEMBLY] / np.asarray(here.tacit)[0, ASSEMBLY] == pytest.approx(1 / 16)


def test_short_life_cycles_open_buyers(quiet: Network, look: Look) -> None:
    """The tie of lead and flagship has a life cycle of half the reference, that of the lower tier has none."""
    view = look(quiet())
    closed, opened = (
        np.asarray(SpecTransfer(openness_sensitivity=power).knowledge_transfer(view).codified).max(axis=1)
        for power in (0.0, 1.0)
    )
    assert (opened / closed).tolist() == pytest.approx([2.0, 1.0])


def test_does_nothing_without_strength_or_knowledge(assert_nothing_without: Check) -> None:
    assert_nothing_without(SpecTransfer(**EVERYWHERE), SpecTransfer(codified_per_month=0, tacit_per_month=0))


def test_books_balance_and_no_supplier_passes_its_buyers(assert_sound: Check) -> None:
    assert_sound(SpecTransfer(codified_per_month=5, tacit_per_month=5, gap_trigger=1, **EVERYWHERE))


def test_network_without_ties_is_refused(run: Run, network: Network) -> None:
    alone = network(links=[{"buyer": "hq", "product": "board"}, {"buyer": "plant", "product": "part"}])
    with pytest.raises(ComponentError, match="^diffusion.spec-transfer: no firm delivers to another firm: add links"):
        run(SpecTransfer(), scenario=alone)


def test_rates_below_zero_are_refused() -> None:
    with pytest.raises(ComponentError, match=r"^diffusion.spec-transfer.codified_per_month = -1 \(1/month\): must be"):
        SpecTransfer.of({"codified_per_month": -1})
