"""Early supplier involvement in design."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest
from gpnde_diffusion.early_involvement import EarlyInvolvement, share_before_generation
from hypothesis import given
from hypothesis import strategies as st

from gpnde.engine.knowledge.model import KnowledgeModel
from gpnde.engine.run import Simulation
from gpnde.errors import ComponentError
from gpnde.plugin import KnowledgeView
from gpnde.scenario import Scenario
from gpnde.vocabulary import CODIFIED, FORMAL, FUNCTIONS, INFORMAL, TACIT

Run = Callable[..., Simulation]
Network = Callable[..., Scenario]
Look = Callable[[Scenario], KnowledgeView]
Check = Callable[..., None]

LEAD = 1
DESIGNS = [FUNCTIONS.index("engineering"), FUNCTIONS.index("product_dev")]


@given(life=st.floats(1, 2000), window=st.floats(0, 500), cut=st.floats(0.01, 0.99), end=st.floats(1, 5000))
def test_shares_of_steps_add_up_however_time_is_cut(life: float, window: float, cut: float, end: float) -> None:
    lives, middle = np.array([life]), cut * end
    whole = share_before_generation(end, end, lives, window) * end
    parts = share_before_generation(middle, middle, lives, window) * middle
    parts = parts + share_before_generation(end, end - middle, lives, window) * (end - middle)
    assert parts == pytest.approx(whole, abs=1e-6)


@given(life=st.floats(1, 2000), window=st.floats(0, 2500), generations=st.integers(1, 5))
def test_windows_take_their_share_of_every_generation(life: float, window: float, generations: int) -> None:
    end = life * generations * (1 + 1e-12)
    share = share_before_generation(end, end, np.array([life]), window)
    assert share == pytest.approx(min(1.0, window / life), abs=1e-6)


def test_days_are_counted_one_by_one() -> None:
    """Against a plain count of the days before the begin of a generation."""
    life, window = 50, 12
    inside = np.array([(day % life) >= life - window for day in range(400)], dtype=float)
    for day in range(28, 400, 28):
        found = share_before_generation(day, 28, np.array([life], dtype=float), window)
        assert found == pytest.approx(inside[day - 28 : day].mean())


def test_suppliers_learn_design_in_the_window_alone(network: Network, look: Look) -> None:
    """The life cycle is 182 days: with a window of 28 days, days 154 to 182."""
    view, involved = look(network()), EarlyInvolvement(months_before=1)
    taught = {}
    for day in (154.0, 168.0, 182.0, 210.0):
        transfer = involved.knowledge_transfer(dataclasses.replace(view, day=day))
        taught[day] = np.asarray(transfer.codified)[0]
    rate = 0.02 / 28
    assert [values[DESIGNS].tolist() for values in taught.values()] == [
        [0.0, 0.0],
        pytest.approx([rate / 2] * 2),
        pytest.approx([rate] * 2),
        [0.0, 0.0],
    ]
    assert not np.delete(taught[182.0], DESIGNS).any()


def test_tacit_rate_grows_with_trust_and_resident_engineers(network: Network, look: Look) -> None:
    view = dataclasses.replace(look(network()), day=182.0)
    found = [
        np.asarray(EarlyInvolvement(halving_km=1e12, resident_engineers=more).knowledge_transfer(view).tacit)[0].max()
        for more in (0.0, 0.25)
    ]
    assert found == pytest.approx([0.08 / 28 * 0.6, 0.08 / 28 * 0.85])


def test_suppliers_without_trust_are_not_let_in(network: Network, look: Look) -> None:
    view = dataclasses.replace(look(network()), day=182.0)
    assert np.max(EarlyInvolvement(least_trust=0.59).knowledge_transfer(view).codified) > 0
    assert np.max(EarlyInvolvement(least_trust=0.61).knowledge_transfer(view).codified) == 0


def test_products_without_generations_bring_nothing(run: Run, quiet: Network) -> None:
    """The lower tier delivers a part without a life cycle."""
    knowledge = run(EarlyInvolvement(), scenario=quiet()).part(KnowledgeModel)
    received = knowledge.receipts.transferred.sum(axis=(0, 1))
    assert received[LEAD] > 0
    assert received[[0, 2]].sum() == 0


def test_knowledge_comes_informally_and_mostly_tacit(run: Run, quiet: Network) -> None:
    knowledge = run(EarlyInvolvement(halving_km=1e12), scenario=quiet()).part(KnowledgeModel)
    received = knowledge.receipts.transferred.sum(axis=-1)
    assert received[FORMAL].sum() == 0
    assert received[INFORMAL, TACIT] > 2 * received[INFORMAL, CODIFIED]


def test_does_nothing_without_strength_or_knowledge(assert_nothing_without: Check) -> None:
    assert_nothing_without(EarlyInvolvement(), EarlyInvolvement(codified_per_month=0, tacit_per_month=0))
    assert_nothing_without(EarlyInvolvement(), EarlyInvolvement(months_before=0))


def test_books_balance_and_no_supplier_passes_its_buyers(assert_sound: Check) -> None:
    assert_sound(EarlyInvolvement(codified_per_month=5, tacit_per_month=5, halving_km=1e12))


def test_network_without_generations_is_refused(run: Run, network: Network) -> None:
    products = {name: {**item, "life_cycle_days": None} for name, item in network().model_dump()["products"].items()}
    with pytest.raises(ComponentError, match=r"^diffusion.early-involvement: no product .* give it life_cycle_days"):
        run(EarlyInvolvement(), scenario=network(products=products))


def test_trust_above_one_is_refused() -> None:
    with pytest.raises(ComponentError, match=r"^diffusion.early-involvement.least_trust = 2: must be at most 1"):
        EarlyInvolvement.of({"least_trust": 2})
