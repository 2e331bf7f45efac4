"""Teachers: the distance that slows learning is to those who taught, and one gap is closed only once."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpnde.engine.knowledge.model import KnowledgeModel
from gpnde.mechanics.internalisation import absorptive_capacity, internalise
from gpnde.mechanics.transfer import effective_days
from gpnde.scenario import Scenario
from gpnde.vocabulary import CODIFIED, FORMAL, FUNCTIONS, INFORMAL, MONTH_DAYS, TACIT, YEAR_DAYS

from ...learners import Teaching, begun, learning, let_pass, simulated, three_firms

FLAGSHIP, LEAD, LOWER = range(3)
OWN = 0.2
"""What the lower-tier supplier knows of everything."""

STEP = 28.0


def quiet(
    days: float = STEP + 1, flagship: float = 1.0, lead: float = 0.6, drift: float = 0.0, **absorption: Any
) -> Scenario:
    """Return the three firms, of even knowledge, without research, effort, money and scores."""
    levels = {"flagship": flagship, "lead": lead, "lower": OWN}
    firms = [
        {**firm, "knowledge": dict.fromkeys(FUNCTIONS, levels[firm["name"]])}
        for firm in three_firms().model_dump()["firms"]
    ]
    knowledge = {
        "frontier_drift_per_year": drift,
        "effort": {"fixed": 0, "research_per_month": 0},
        "absorption": absorption,
    }
    return three_firms(clock={"days": days}, firms=firms, finance=None, selection=None, knowledge=knowledge)


FROZEN = {"internalised_per_month": 0, "stale_per_month": 0}


def after_a_step(scenario: Scenario, waiting: float, level: float) -> KnowledgeModel:
    """Return knowledge a step after the lower-tier supplier waited for receipts from a source of a *level*."""
    simulation = begun(scenario)
    state = learning(simulation).state
    state.waiting[FORMAL, :, LOWER] = waiting
    state.taught[FORMAL, :, LOWER] = waiting * level
    let_pass(simulation, STEP)
    return learning(simulation)


def test_firm_that_teaches_nobody_slows_nobody() -> None:
    lessons = Teaching(pairs=((LEAD, LOWER),), codified=0.3, tacit=0.2)
    books = [learning(simulated(quiet(days=364, flagship=level), lessons)).receipts for level in (0.6, 1.0)]
    assert books[0].internalised[FORMAL, :, LOWER].min() > 0
    np.testing.assert_array_equal(books[0].internalised[:, :, LOWER], books[1].internalised[:, :, LOWER])


@pytest.mark.parametrize(
    ("response", "slowed"),
    [
        ("exponential", lambda gap: math.exp(-gap / (0.35 + 0.9 * OWN))),
        ("logistic", lambda gap: 1.0 - gap),
    ],
)
@pytest.mark.parametrize("level", [0.0, OWN, 0.5, 1.0])
def test_distance_to_the_teacher_slows_learning_by_its_closed_form(response: str, slowed: Any, level: float) -> None:
    few = 1e-9
    learnt = after_a_step(quiet(gap_response=response), few, level).receipts.internalised[FORMAL, CODIFIED, LOWER]
    ability = float(absorptive_capacity(OWN, 0.0, 0.0, 2.2, 0.15, 0.2))
    rate = 0.35 / MONTH_DAYS * ability * slowed(max(level - OWN, 0.0))
    expected, _ = internalise(few, rate, 0.1 / MONTH_DAYS, STEP)
    assert learnt == pytest.approx(len(FUNCTIONS) * float(expected), rel=1e-6)


def test_receipts_keep_the_level_of_their_source_as_they_leave() -> None:
    state = after_a_step(quiet(), 0.1, 0.7).state
    assert 0.0 < state.waiting[FORMAL, TACIT, LOWER, 0] < 0.1
    np.testing.assert_allclose(state.taught[FORMAL, :, LOWER], 0.7 * state.waiting[FORMAL, :, LOWER], rtol=1e-12)


def test_level_of_a_source_is_worth_less_as_the_frontier_moves() -> None:
    state = after_a_step(quiet(drift=0.4, **FROZEN), 0.1, 0.7).state
    level = state.taught[FORMAL, :, LOWER] / state.waiting[FORMAL, :, LOWER]
    np.testing.assert_allclose(level, 0.7 * math.exp(-0.4 * STEP / YEAR_DAYS), rtol=1e-12)


def test_level_of_what_waits_is_weighted_by_what_each_source_brought() -> None:
    rates, sources = np.array([0.3, 0.6]) / MONTH_DAYS, np.array([1.0, 0.6])
    both = Teaching(pairs=((FLAGSHIP, LOWER), (LEAD, LOWER)), codified=(0.3, 0.6))
    state = learning(simulated(quiet(**FROZEN), both)).state
    held, waiting, taught = OWN, 0.0, 0.0
    for _ in range(2):
        brought = rates * (sources - held) * effective_days(rates.sum(), STEP / 2)
        held, waiting, taught = held + brought.sum(), waiting + brought.sum(), taught + float(brought @ sources)
    np.testing.assert_allclose(state.waiting[FORMAL, CODIFIED, LOWER], waiting, rtol=1e-12)
    np.testing.assert_allclose(state.taught[FORMAL, CODIFIED, LOWER], taught, rtol=1e-12)


@settings(max_examples=15, deadline=None)
@given(rate=st.floats(0.0, 10.0), internalised=st.floats(0.0, 10.0), stale=st.floats(0.0, 10.0))
def test_level_of_what_waits_is_never_outside_those_of_its_sources(
    rate: float, internalised: float, stale: float
) -> None:
    scenario = quiet(days=280, internalised_per_month=internalised, stale_per_month=stale)
    both = Teaching(pairs=((FLAGSHIP, LOWER), (LEAD, LOWER)), codified=rate, tacit=rate / 3)
    simulation = simulated(scenario, both)
    state = learning(simulation).state
    waiting, taught = state.waiting[:, :, LOWER], state.taught[:, :, LOWER]
    assert np.all(taught <= 1.0 * waiting * (1 + 1e-9))
    assert np.all(taught >= 0.6 * waiting * (1 - 1e-9))
    assert simulation.balances()["knowledge"] < 1e-9


@settings(max_examples=15, deadline=None)
@given(sources=st.integers(1, 4), rate=st.floats(0.0, 5.0), abroad=st.booleans())
def test_equal_sources_together_close_one_gap_once(sources: int, rate: float, abroad: bool) -> None:
    """Sources at home and abroad, formal and informal, are substitutes: n of rate r close as much as one of n r."""
    pairs = ((FLAGSHIP, LOWER), (LEAD, LOWER))
    one, other = Teaching(pairs=pairs[:1] * sources, codified=rate), Teaching(pairs=pairs[1:], codified=rate)
    components = [one, other.model_copy(update={"channel": "informal"})] if abroad else [one]
    books = learning(simulated(quiet(days=85, lead=1.0, **FROZEN), *components)).receipts
    total = (sources + abroad) * rate
    expected = (1.0 - OWN) * -math.expm1(-3.0 * total) * len(FUNCTIONS)
    assert books.transferred[:, CODIFIED, LOWER].sum() == pytest.approx(expected, rel=1e-9, abs=1e-12)
    if abroad:
        assert books.transferred[FORMAL, CODIFIED, LOWER] == pytest.approx(
            sources * books.transferred[INFORMAL, CODIFIED, LOWER]
        )


def test_who_waits_for_all_that_a_source_knows_receives_no_more_of_it() -> None:
    simulation = begun(quiet(**FROZEN), Teaching(pairs=((LEAD, LOWER),), codified=10.0, tacit=10.0, channel="informal"))
    side = learning(simulation)
    side.state.waiting[FORMAL, :, LOWER] = 0.6 - OWN
    let_pass(simulation, STEP)
    assert side.receipts.transferred[:, :, LOWER].max() == pytest.approx(0.0, abs=1e-12)
