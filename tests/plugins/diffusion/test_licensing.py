"""Licensing."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from gpnde_diffusion.licensing import Licensing

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
ENGINEERING = FUNCTIONS.index("engineering")


class Till:
    """Notes who paid what."""

    def __init__(self) -> None:
        self.paid: dict[int, float] = {}

    def pay(self, firms: Any, amounts: Any, to: int = -1, /) -> None:
        assert to == -1
        self.paid.update(zip(firms.tolist(), amounts.tolist(), strict=True))


def test_receipts_of_a_step_follow_the_closed_form(run: Run, quiet: Network) -> None:
    simulation = run(Licensing(tiers=(1,), level=0.8, tacit_share=0.1), scenario=quiet(days=30))
    received = simulation.part(KnowledgeModel).receipts.transferred
    for kind, rate in ((CODIFIED, 0.1 / 28), (TACIT, 0.01 / 28)):
        expected = rate * (0.8 - 0.32) * effective_days(rate, 28.0)
        assert received[FORMAL, kind].tolist() == pytest.approx([0.0, float(expected), 0.0])
    assert not received[INFORMAL].any()


def test_no_firm_learns_more_than_the_licensor_knows(run: Run, quiet: Network) -> None:
    scenario = quiet(days=3640, finance=None, selection=None)
    simulation = run(Licensing(level=0.5, codified_per_month=5, tacit_share=1), scenario=scenario)
    state = simulation.part(KnowledgeModel).state
    assert np.all((state.stock + state.waiting.sum(axis=0))[:, 1:, ENGINEERING] <= 0.5 + 1e-12)
    assert np.all(state.stock[:, 1:, ENGINEERING] > 0.45)
    assert simulation.part(KnowledgeModel).receipts.transferred[:, :, 0].sum() == 0


@pytest.mark.parametrize(
    ("choice", "licensees"),
    [({}, [LEAD, LOWER]), ({"tiers": (2,)}, [LOWER]), ({"firms": ("lead",)}, [LEAD]), ({"firms": ("lower",)}, [LOWER])],
)
def test_licensees_are_chosen_by_tier_or_name(
    network: Network, look: Look, choice: dict[str, Any], licensees: list[int]
) -> None:
    till = Till()
    transfer = Licensing(**choice, fee_per_month=7).knowledge_transfer(look(network()), till)  # type: ignore[arg-type]
    assert transfer is not None
    assert transfer.learner.tolist() == licensees
    assert till.paid == dict.fromkeys(licensees, 7.0)


def test_licence_that_begins_within_a_step_teaches_and_costs_in_proportion(network: Network, look: Look) -> None:
    view, till = look(network()), Till()
    licence = Licensing(start_day=21, fee_per_month=8, firms=("lead",))
    transfer = licence.knowledge_transfer(view, till)  # type: ignore[arg-type]
    assert transfer is not None
    assert till.paid == {LEAD: 2.0}
    assert np.asarray(transfer.codified)[0, ENGINEERING] == pytest.approx(0.1 / 28 / 4)
    early = dataclasses.replace(view, day=20.0)
    assert licence.knowledge_transfer(early, till) is None  # type: ignore[arg-type]


def test_fees_leave_the_network_and_the_cash_of_licensees(run: Run, quiet: Network) -> None:
    free, dear = (
        run(Licensing(codified_per_month=0, firms=("lower",), fee_per_month=fee), scenario=quiet(days=60))
        for fee in (0.0, 3.0)
    )
    saved = free.world.firms["expense"] - dear.world.firms["expense"]
    assert -saved == pytest.approx([0.0, 0.0, 6.0])
    assert dear.balances()["cash"] < 1e-9


def test_does_nothing_without_strength_and_fee_or_without_knowledge(assert_nothing_without: Check) -> None:
    assert_nothing_without(Licensing(fee_per_month=1), Licensing(codified_per_month=0))


def test_licence_after_the_end_is_none(run: Run) -> None:
    late = run(Licensing(start_day=365)).part(KnowledgeModel)
    assert late.receipts.transferred.sum() == 0


def test_books_balance_and_no_licensee_passes_the_licensor(assert_sound: Check) -> None:
    assert_sound(Licensing(level=0.7, codified_per_month=5, functions=FUNCTIONS))


def test_unknown_licensee_is_refused_with_the_nearest_name(run: Run) -> None:
    with pytest.raises(ComponentError, match=r"^diffusion.licensing.firms: 'laed': not in the scenario; did you mean"):
        run(Licensing(firms=("laed",)))


def test_choice_that_no_firm_meets_is_refused(run: Run) -> None:
    with pytest.raises(ComponentError, match=r"^diffusion.licensing: tiers \[2\], firms \['lead'\]: no firm but"):
        run(Licensing(tiers=(2,), firms=("lead",)))


def test_unknown_function_is_refused() -> None:
    with pytest.raises(ComponentError, match=r"^diffusion.licensing.functions\[0\] = 'engineerin'.*did you mean"):
        Licensing.of({"functions": ["engineerin"]})
