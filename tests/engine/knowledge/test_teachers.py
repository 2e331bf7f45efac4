"""Teachers: how far from its teachers a firm is, one gap that is closed once, and what contracts let buyers teach."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from gpnde_diffusion.learning_by_doing import LearningByDoing
from hypothesis import given, settings
from hypothesis import strategies as st

from gpnde.contracts import CONTRACT_TYPES, CONTRACTS
from gpnde.engine.knowledge.model import KnowledgeModel
from gpnde.engine.knowledge.teachers import Teachers
from gpnde.engine.knowledge.ties import TieBook
from gpnde.engine.run import Simulation
from gpnde.engine.trade.links import Links
from gpnde.mechanics.internalisation import absorptive_capacity, internalise
from gpnde.mechanics.transfer import effective_days
from gpnde.plugin import Component, Transfer, hookimpl, param
from gpnde.plugin.knowledge import Ties
from gpnde.scenario import Scenario
from gpnde.vocabulary import CODIFIED, FORMAL, FUNCTIONS, INFORMAL, MONTH_DAYS, TACIT, YEAR_DAYS
from gpnde.world.layout import Floats

from ...learners import Teaching, begun, known, learning, let_pass, simulated, three_firms

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


TEACHING, PRACTICE = ({each.name: getattr(each, row) for each in CONTRACT_TYPES} for row in ("teaching", "practice"))
"""What the package says of each contract, by function."""


def tied(*contracts: str, terms: dict[str, Any] | None, days: float = STEP + 1, **changes: Any) -> Scenario:
    """Return the three firms, which know nothing but by teaching, whose links have these contracts and *terms*."""
    quietly = quiet(days=days, **FROZEN).model_dump()
    links = [
        {**link, "contract": contract, "lead_time": 1}
        for link, contract in zip(quietly["links"], contracts, strict=True)
    ]
    return Scenario.model_validate({**quietly, "links": links, "contracts": terms, **changes})


def ties_of(simulation: Simulation) -> Ties:
    """Return the ties of the moment."""
    world = simulation.world
    book = TieBook(world, simulation.timeline, world.places, learning(simulation).rules)
    return book.ties(book.sent())


def factors(simulation: Simulation, *pairs: tuple[int, int]) -> tuple[Floats, Floats]:
    """Return the factors on codified and tacit knowledge of pairs of buyer and learner, whole rows."""
    buyer, learner = np.array(pairs).T
    found = Teachers(simulation.world).factors(learner, buyer, ties_of(simulation))
    codified, tacit = (np.broadcast_to(each, (len(pairs), len(FUNCTIONS))) for each in found)
    return codified, tacit


def test_buyers_teach_what_their_contracts_say() -> None:
    simulation = begun(tied("OEM", "arms-length", terms={}))
    for found in factors(simulation, (FLAGSHIP, LEAD), (LEAD, LOWER)):
        assert found.tolist() == [list(TEACHING["OEM"]), [0.0] * len(FUNCTIONS)]


def test_each_learner_has_the_contract_of_its_own_tie_in_whatever_order_they_are_asked_for() -> None:
    simulation = begun(tied("turnkey", "ODM", terms={"turnkey": {"teaching": {"engineering": 5}}}))
    stated = [5.0 if name == "engineering" else each for name, each in zip(FUNCTIONS, TEACHING["turnkey"], strict=True)]
    codified, _ = factors(simulation, (LEAD, LOWER), (FLAGSHIP, LEAD), (LEAD, LOWER))
    assert codified.tolist() == [list(TEACHING["ODM"]), stated, list(TEACHING["ODM"])]


@given(
    contracts=st.dictionaries(
        st.tuples(st.integers(0, 2), st.integers(0, 2)), st.sampled_from(["OEM", "ODM", "arms-length"]), max_size=9
    )
)
def test_the_factor_of_a_pair_of_firms_is_that_of_its_tie_if_it_has_one(contracts: dict[tuple[int, int], str]) -> None:
    simulation = begun(tied("OEM", "OEM", terms={}))
    pairs, every = sorted(contracts), [(buyer, learner) for buyer in range(3) for learner in range(3)]
    teacher, learner = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    contract = np.array([CONTRACTS.index(contracts[pair]) for pair in pairs], dtype=np.int64)
    ties = ties_of(simulation)._replace(teacher=teacher, learner=learner, contract=contract)
    asked = np.array(every)
    found, _ = Teachers(simulation.world).factors(asked[:, 1], asked[:, 0], ties)
    rows = [TEACHING[contracts[pair]] if pair in contracts else (1.0,) * len(FUNCTIONS) for pair in every]
    np.testing.assert_array_equal(np.broadcast_to(found, (len(every), len(FUNCTIONS))), rows)


def test_who_is_not_tied_is_taught_as_mechanisms_say() -> None:
    simulation = begun(tied("OEM", "arms-length", terms={}))
    untied = (FLAGSHIP, LOWER), (LEAD, FLAGSHIP), (LOWER, LEAD), (LOWER, LOWER)
    for found in factors(simulation, *untied):
        assert (found == 1.0).all()


def test_without_any_tie_all_are_taught_as_mechanisms_say() -> None:
    simulation = begun(tied("arms-length", "arms-length", terms={}))
    for number in (0, 1):
        simulation.part(Links).drop(number, "link_dropped", "score", "test")
    for found in factors(simulation, (FLAGSHIP, LEAD), (LEAD, LOWER)):
        assert (found == 1.0).all()


def test_without_the_block_all_contracts_teach_alike() -> None:
    simulation = begun(tied("OEM", "arms-length", terms=None))
    for found in factors(simulation, (FLAGSHIP, LEAD), (LEAD, LOWER)):
        assert (found == 1.0).all()


@pytest.mark.parametrize("terms", [None, {}])
def test_the_factor_of_a_profile_comes_on_top_for_tacit_knowledge(terms: dict[str, Any] | None) -> None:
    firms = quiet().model_dump()["firms"]
    firms[FLAGSHIP]["profile"] = "keen"
    keen = {"profiles": {"keen": {"teaching": 3}}, "selection": {"threshold": 0}, "firms": firms}
    codified, tacit = factors(begun(tied("OEM", "OEM", terms=terms, **keen)), (FLAGSHIP, LEAD), (LEAD, LOWER))
    row = [1.0] * len(FUNCTIONS) if terms is None else list(TEACHING["OEM"])
    assert codified.tolist() == [row, row]
    assert tacit.tolist() == [[3.0 * each for each in row], row]


class BuyersTeach(Component):
    """Lets the lead supplier teach the lower one, as its buyer or as any other source."""

    name = "test.buyers-teach"

    rate: float = param(0.4, unit="1/month", doc="Rate for codified and tacit knowledge.")
    by_buyer: bool = param(True, doc="Whether it teaches as a buyer.")

    @hookimpl
    def knowledge_transfer(self) -> Transfer:
        rate = np.array([self.rate / MONTH_DAYS])
        return Transfer(np.array([LOWER]), rate, rate, "formal", teacher=np.array([LEAD]), by_buyer=self.by_buyer)


def received(contract: str, **component: Any) -> Floats:
    """Return what the lower supplier was taught in one step under a contract; shape (kinds, functions)."""
    simulation = simulated(tied("OEM", contract, terms={}), BuyersTeach.of(component))
    return np.asarray(learning(simulation).state.waiting[FORMAL, :, LOWER])


def closed_gap(factors: Any) -> Floats:
    """Return which part of the gap to the lead supplier a step closes at 0.4 a month times *factors*."""
    return np.asarray((0.6 - OWN) * -np.expm1(-0.4 * STEP / MONTH_DAYS * np.asarray(factors)))


def test_buyers_at_arms_length_teach_nothing() -> None:
    assert received("arms-length").tolist() == np.zeros((2, len(FUNCTIONS))).tolist()


@pytest.mark.parametrize("contract", ["OEM", "ODM"])
def test_buyers_teach_at_the_rate_of_their_contract(contract: str) -> None:
    taught = received(contract)
    np.testing.assert_allclose(taught[CODIFIED], closed_gap(TEACHING[contract]), rtol=1e-12)
    np.testing.assert_allclose(taught[TACIT], closed_gap(TEACHING[contract]), rtol=1e-12)
    assert 0.0 < taught.min() or 0.0 in TEACHING[contract]


def test_contracts_do_not_bind_who_teaches_other_than_as_a_buyer() -> None:
    np.testing.assert_allclose(received("arms-length", by_buyer=False)[CODIFIED], closed_gap(1.0), rtol=1e-12)


def halves(first: str, second: str, terms: dict[str, Any] | None, share: float = 0.5, **own: Any) -> Scenario:
    """Return the three firms, of which the lower one sells a *share* under one contract, the rest under another."""
    plain = tied("OEM", "OEM", terms=terms, days=57).model_dump()
    plain["sites"] += ({**plain["sites"][1], "name": "plant-2"},)
    above, below = plain["links"]
    links = [
        {**above, "share": share},
        {**above, "share": 1.0 - share, "supplier": "plant-2"},
        {**below, "contract": first},
        {**below, "contract": second, "buyer": "plant-2"},
    ]
    return Scenario.model_validate({**plain, "links": links, **own})


def practice(scenario: Scenario) -> Floats:
    """Return how far making taught each function in the last step; shape (firms, functions)."""
    return np.asarray(known(simulated(scenario)).practice)


def test_practice_is_the_mean_over_contracts_by_what_is_sold_under_each() -> None:
    performs = [float(name == "component_mfg") for name in FUNCTIONS]
    means = (np.array(PRACTICE["OEM"]) + PRACTICE["ODM"]) / 2
    found = practice(halves("OEM", "ODM", {}))[LOWER]
    np.testing.assert_allclose(found, np.maximum(performs, means), rtol=1e-9)
    assert found[FUNCTIONS.index("component_mfg")] == 1.0
    assert len(set(found.tolist())) > 5


def test_practice_weighs_contracts_by_volume() -> None:
    performs = [float(name == "component_mfg") for name in FUNCTIONS]
    means = 0.8 * np.array(PRACTICE["OEM"]) + 0.2 * np.array(PRACTICE["OBM"])
    np.testing.assert_allclose(
        practice(halves("OEM", "OBM", {}, share=0.8))[LOWER], np.maximum(performs, means), rtol=1e-6
    )


def test_stated_practice_counts_in_place_of_that_of_the_package() -> None:
    found = practice(halves("OEM", "OEM", {"OEM": {"practice": {"product_dev": 0.35}}}))[LOWER]
    assert found[FUNCTIONS.index("product_dev")] == pytest.approx(0.35)
    assert found[FUNCTIONS.index("engineering")] == pytest.approx(PRACTICE["OEM"][FUNCTIONS.index("engineering")])


def test_without_the_block_practice_is_what_firms_perform() -> None:
    simulation = simulated(halves("OEM", "ODM", None))
    assert known(simulation).practice.tolist() == known(simulation).active.astype(float).tolist()


def test_who_sells_to_markets_alone_practises_what_it_performs() -> None:
    simulation = simulated(halves("OEM", "ODM", {}))
    assert known(simulation).practice[FLAGSHIP].tolist() == known(simulation).active[FLAGSHIP].astype(float).tolist()


def test_who_sends_nothing_practises_what_it_performs() -> None:
    idle = [{"name": "world", "product": "set", "served_by": ["hq"], "demand": {"law": 0, "every_days": 7}}]
    scenario = halves("ODM", "ODM", {}, markets=idle, ordering={"policy": "make-to-order"})
    simulation = simulated(scenario)
    assert simulation.world.state.lines["shipped"].max() == 0.0
    assert known(simulation).practice.tolist() == known(simulation).active.astype(float).tolist()


def test_doing_teaches_functions_as_far_as_contracts_let_firms_practise_them() -> None:
    doing = LearningByDoing.of({"codified_forgotten_per_month": 0, "tacit_forgotten_per_month": 0})
    simulation = simulated(halves("OEM", "ODM", {}, clock={"days": STEP + 1}), doing)
    gained = learning(simulation).state.stock[TACIT, LOWER] - OWN
    whole = gained[FUNCTIONS.index("component_mfg")]
    assert whole > 1e-4
    np.testing.assert_allclose(gained / whole, known(simulation).practice[LOWER], rtol=1e-9, atol=1e-9)
