"""Learning: books that balance, sources that no firm passes, exact solutions, and participation."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpnde.mechanics.learning import learning_by_doing
from gpnde.plugin import Component, Creation, Factors, Forgetting, KnowledgeView, Transfer, hookimpl, param
from gpnde.scenario import Scenario
from gpnde.scenario.generate import generate
from gpnde.scenario.knowledge import Knowledge
from gpnde.vocabulary import CODIFIED, FORMAL, FUNCTIONS, INFORMAL, MONTH_DAYS, TACIT, YEAR_DAYS
from gpnde.world.layout import Floats

from ...learners import Teaching, changed, learning, simulated, three_firms
from ...thorough import often

FLAGSHIP, LEAD, LOWER = range(3)

STILL: dict[str, Any] = {
    "frontier_drift_per_year": 0,
    "effort": {"fixed": 0, "research_per_month": 0},
    "absorption": {"internalised_per_month": 0, "stale_per_month": 0},
}
"""Knowledge that nothing but transfer touches; what is transferred waits for ever."""


class Tinkering(Component):
    """Lets every firm create knowledge."""

    name = "test.tinkering"

    per_step: float = param(0.1, doc="Gain at each step.")

    @hookimpl
    def knowledge_creation(self, knowledge: KnowledgeView) -> Creation:
        gain = np.full(knowledge.codified.shape, self.per_step)
        return Creation(gain, gain)


class Doing(Component):
    """Closes the gap of tacit knowledge to a ceiling, exactly."""

    name = "test.doing"

    ceiling: float = param(0.8, doc="Ceiling.")
    per_month: float = param(0.3, doc="Rate.")

    @hookimpl
    def knowledge_creation(self, knowledge: KnowledgeView) -> Creation:
        rate = self.per_month / MONTH_DAYS
        gain = np.asarray(learning_by_doing(knowledge.tacit, self.ceiling, rate, 1.0, knowledge.days))
        return Creation(np.zeros_like(gain), gain)


class Fading(Component):
    """Lets firms forget."""

    name = "test.fading"

    per_year: float = param(0.5, doc="Rate.")

    @hookimpl
    def forgetting(self) -> Forgetting:
        return Forgetting(0.0, self.per_year / YEAR_DAYS)


class Hampering(Component):
    """Scales what all firms receive."""

    name = "test.hampering"

    tacit: float = param(0.5, doc="Factor.")

    @hookimpl
    def transfer_rate(self) -> Factors:
        return Factors(1.0, self.tacit)


class Library(Component):
    """Offers a level of all knowledge to every firm."""

    name = "test.library"

    level: float = param(0.5, doc="Level.")
    per_month: float = param(1.0, doc="Rate.")

    @hookimpl
    def knowledge_transfer(self, knowledge: KnowledgeView) -> Transfer:
        firms = len(knowledge.effort)
        rate = np.full(firms, self.per_month / MONTH_DAYS)
        levels = np.full((2, firms, len(FUNCTIONS)), self.level)
        return Transfer(np.arange(firms), rate, rate, "informal", levels=levels)


class Ladder(Component):
    """Lets buyers teach suppliers along all ties."""

    name = "test.ladder"

    per_month: float = param(1.0, doc="Rate.")
    tacit_share: float = param(1.0, doc="Rate of tacit knowledge over that of codified.")
    by_buyer: bool = param(False, doc="Whether buyers do so as such.")

    @hookimpl
    def knowledge_transfer(self, knowledge: KnowledgeView) -> Transfer:
        ties = knowledge.ties
        rate = self.per_month / MONTH_DAYS * ties.trust
        return Transfer(ties.learner, rate, self.tacit_share * rate, "formal", ties.teacher, by_buyer=self.by_buyer)


def still(days: float = 364, **changes: Any) -> Scenario:
    """Return the three firms with knowledge that only transfer touches, and without exits."""
    return three_firms(**{"clock": {"days": days}, "finance": None, "selection": None, "knowledge": STILL, **changes})


def made_up(seed: int, days: float = 200, **changes: Any) -> Scenario:
    """Return a generated network that learns."""
    scenario = generate("made-up", 12, 3, seed=seed)
    clock = scenario.clock.model_copy(update={"days": days})
    return scenario.model_copy(update={"clock": clock, "knowledge": Knowledge(), **changes})


def owned_and_waiting(side: Any) -> Floats:
    return np.asarray(side.state.stock + side.state.waiting.sum(axis=0))


def _taught_by_profile(teaching: float, lessons: Ladder) -> Floats:
    """Return what all firms hold after a step where the flagship, and it alone, teaches by a factor."""
    firms = three_firms().model_dump()["firms"]
    firms[FLAGSHIP]["profile"] = "mine"
    rules = {"selection": {"threshold": 0}, "profiles": {"mine": {"teaching": teaching}}, "firms": firms}
    return owned_and_waiting(learning(simulated(still(days=29, **rules), lessons)))


def test_a_profile_scales_what_its_buyer_teaches_of_tacit_knowledge() -> None:
    plain, more = (_taught_by_profile(factor, Ladder(per_month=0.1, by_buyer=True)) for factor in (1.0, 2.0))
    doubled = _taught_by_profile(1.0, Ladder(per_month=0.1, tacit_share=2.0, by_buyer=True))
    assert (doubled[TACIT, LEAD] > plain[TACIT, LEAD]).any()
    np.testing.assert_allclose(more[:, LEAD], doubled[:, LEAD])
    np.testing.assert_array_equal(more[CODIFIED], plain[CODIFIED])
    np.testing.assert_array_equal(more[:, LOWER], plain[:, LOWER])


def test_a_profile_leaves_alone_what_firms_learn_from_others_than_buyers() -> None:
    plain, more = (_taught_by_profile(factor, Ladder(per_month=0.1)) for factor in (1.0, 2.0))
    np.testing.assert_array_equal(more, plain)


@pytest.mark.parametrize("per_month", [0.05, 1.0, 10.0])
def test_gap_to_one_teacher_closes_exponentially(per_month: float) -> None:
    scenario = still(days=281)
    teaching = Teaching(pairs=((FLAGSHIP, LEAD),), codified=per_month, tacit=per_month / 2)
    side = learning(simulated(scenario, teaching))
    start = learning(simulated(still(days=1))).state.stock
    for kind, rate in ((CODIFIED, per_month), (TACIT, per_month / 2)):
        gap = (start[kind, FLAGSHIP] - start[kind, LEAD]) * math.exp(-rate * 280 / MONTH_DAYS)
        left = side.state.stock[kind, FLAGSHIP] - owned_and_waiting(side)[kind, LEAD]
        np.testing.assert_allclose(left, gap, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("period", [7, 28, 140])
def test_length_of_the_step_does_not_matter_for_one_teacher(period: float) -> None:
    scenario = changed(still(days=281), "knowledge", period_days=period)
    side = learning(simulated(scenario, Teaching(pairs=((FLAGSHIP, LEAD),), tacit=0.4)))
    gap = (1.0 - 0.06) * math.exp(-0.4 * 10)
    assert 1.0 - owned_and_waiting(side)[TACIT, LEAD, 5] == pytest.approx(gap, rel=1e-9)


def test_receipts_become_own_knowledge_or_stale_at_their_rates() -> None:
    absorption = {"internalised_per_month": 0.5, "stale_per_month": 0.2, "gap_response": "logistic"}
    scenario = still(days=57, knowledge={**STILL, "absorption": absorption})
    simulation = simulated(scenario, Teaching(pairs=((FLAGSHIP, LEAD),), codified=0.5))
    side = learning(simulation)
    books, ability = side.receipts, side.rows.learner_columns()["absorptive_capacity"][-2]
    assert 0.0 < ability < 1.0
    internalised, stale = books.internalised[FORMAL, CODIFIED, LEAD], books.stale[FORMAL, CODIFIED, LEAD]
    assert internalised > 0
    # The wider gaps slow learning: internalised is less than with full response, and stale is more.
    assert internalised / stale < 0.5 * ability / 0.2
    gained = side.state.stock[CODIFIED, LEAD] - learning(simulated(still(days=1))).state.stock[CODIFIED, LEAD]
    assert gained.sum() == pytest.approx(internalised)


def test_weaker_channel_gets_its_share_of_receipts() -> None:
    pairs = ((FLAGSHIP, LEAD),)
    strong, weak = (
        Teaching(pairs=pairs, codified=0.6, channel="formal"),
        Teaching(pairs=pairs, codified=0.2, channel="informal"),
    )
    books = learning(simulated(still(days=281), strong, weak)).receipts
    formal, informal = books.transferred[:, CODIFIED, LEAD]
    assert formal == pytest.approx(3 * informal)
    alone = learning(simulated(still(days=281), Teaching(pairs=pairs, codified=0.8))).receipts
    assert formal + informal == pytest.approx(alone.transferred[FORMAL, CODIFIED, LEAD])


def test_several_teachers_draw_towards_their_weighted_mean() -> None:
    scenario = still(days=28 * 50, firms=[
        {"name": "flagship", "role": "brand-leader", "tier": 0},
        {"name": "lead", "knowledge": dict.fromkeys(FUNCTIONS, 0.4)},
        {"name": "lower", "knowledge": dict.fromkeys(FUNCTIONS, 0.1)},
    ])  # fmt: skip
    both = Teaching(pairs=((FLAGSHIP, LOWER), (LEAD, LOWER)), codified=(1.0, 3.0))
    first = changed(scenario, "clock", days=29)
    level = owned_and_waiting(learning(simulated(first, both)))[CODIFIED, LOWER, 0]
    halfway = 0.1 + (1.0 * 0.9 + 3.0 * 0.3) * -math.expm1(-2.0) / 4.0
    assert halfway > 0.4
    # Who has passed one source by the middle of the step learns from the other alone from then on.
    assert level == pytest.approx(1.0 - (1.0 - halfway) * math.exp(-0.5))
    last = owned_and_waiting(learning(simulated(scenario, both)))[CODIFIED, LOWER]
    np.testing.assert_allclose(last, 1.0, atol=1e-9)


def test_firm_that_is_ahead_learns_nothing() -> None:
    books = learning(simulated(still(), Teaching(pairs=((LEAD, FLAGSHIP), (LEAD, LEAD)), codified=5.0))).receipts
    assert not books.transferred.any()


def test_own_stock_of_a_source_is_not_used_up() -> None:
    before = learning(simulated(still(days=1))).state.stock[:, FLAGSHIP]
    after = learning(simulated(still(), Teaching(pairs=((FLAGSHIP, LEAD),), codified=5.0))).state.stock[:, FLAGSHIP]
    np.testing.assert_array_equal(before, after)


def test_factor_scales_the_rates_of_its_kind_only() -> None:
    pairs = ((FLAGSHIP, LEAD),)
    half = learning(simulated(still(), Teaching(pairs=pairs, codified=0.4, tacit=0.4), Hampering(tacit=0.5)))
    given_half = learning(simulated(still(), Teaching(pairs=pairs, codified=0.4, tacit=0.2)))
    np.testing.assert_allclose(half.receipts.transferred, given_half.receipts.transferred)
    assert half.receipts.transferred[FORMAL, CODIFIED].sum() > half.receipts.transferred[FORMAL, TACIT].sum()


def test_levels_of_no_firm_are_a_source_too() -> None:
    side = learning(simulated(still(days=28 * 40 + 1), Library(level=0.5)))
    np.testing.assert_allclose(owned_and_waiting(side)[:, LOWER].clip(min=0.5), 0.5)
    assert side.receipts.transferred[INFORMAL, :, FLAGSHIP].tolist() == [0.0, 0.0]


def test_forgetting_and_the_frontier_wear_knowledge_down() -> None:
    knowledge = {**STILL, "frontier_drift_per_year": 0.1}
    side = learning(simulated(still(days=365, knowledge=knowledge), Fading(per_year=0.5)))
    np.testing.assert_allclose(side.state.stock[CODIFIED, FLAGSHIP], math.exp(-0.1))
    np.testing.assert_allclose(side.state.stock[TACIT, FLAGSHIP], math.exp(-0.6))


def learnt_and_forgotten(days: float, period: float, *components: Component) -> Floats:
    """Return what the lower-tier supplier holds of tacit knowledge after so many days in steps of *period*."""
    scenario = changed(still(days=days), "knowledge", period_days=period)
    return np.asarray(owned_and_waiting(learning(simulated(scenario, *components)))[TACIT, LOWER])


@pytest.mark.parametrize("teaching", [True, False])
def test_learning_and_forgetting_together_follow_their_closed_form(teaching: bool) -> None:
    gain, loss, days = 0.3 / MONTH_DAYS, 0.5 / YEAR_DAYS, 182
    source = Library(level=0.8, per_month=0.3) if teaching else Doing(ceiling=0.8, per_month=0.3)
    start = learning(simulated(still(days=1))).state.stock[TACIT, LOWER]
    settled = 0.8 * gain / (gain + loss)
    expected = settled + (start - settled) * math.exp(-(gain + loss) * days)
    by_days = [learnt_and_forgotten(days, period, source, Fading(per_year=0.5)) for period in (1, 7, 14)]
    errors = [float(np.abs(found - expected).max()) for found in by_days]
    assert errors[0] < 1e-6
    # The error falls with the square of the step.
    assert errors[1] < 0.3 * errors[2]


def test_receipts_that_wait_fade_with_what_firms_know() -> None:
    knowledge = {**STILL, "frontier_drift_per_year": 1.0}
    books = learning(simulated(still(knowledge=knowledge), Teaching(pairs=((FLAGSHIP, LEAD),), codified=1.0))).receipts
    assert books.stale[FORMAL, CODIFIED, LEAD] > 0
    assert not books.internalised.any()


def test_own_research_stops_at_the_frontier_of_the_country() -> None:
    knowledge = {**STILL, "effort": {"fixed": 1, "research_per_month": 0.5}}
    countries = [{"name": "north"}, {"name": "south", "frontier": 0.7}]
    side = learning(simulated(still(days=3640, knowledge=knowledge, countries=countries)))
    active = side.state.active[LEAD]
    np.testing.assert_allclose(side.state.stock[:, LEAD, active], 0.7, atol=1e-6)
    assert np.all(side.state.stock[:, LEAD, ~active] < 0.5)
    assert side.receipts.created.sum() > 0
    assert not side.receipts.transferred.any()


def test_no_firm_knows_more_than_the_frontier_however_knowledge_comes() -> None:
    knowledge = {**STILL, "absorption": {"internalised_per_month": 10, "stale_per_month": 0}}
    teaching = Teaching(pairs=((FLAGSHIP, LEAD), (FLAGSHIP, LOWER), (LEAD, LOWER)), codified=0.3, tacit=0.1)
    side = learning(simulated(still(days=728, knowledge=knowledge), teaching, Tinkering(per_step=0.2)))
    assert side.state.stock[:, LEAD].min() > 0.9
    assert owned_and_waiting(side).max() <= 1.0 + 1e-12


@pytest.mark.parametrize("gone", [FLAGSHIP, LEAD])
def test_firms_that_are_gone_neither_teach_nor_learn(gone: int) -> None:
    firms = three_firms().model_dump()["firms"]
    firms[gone].update(cash=0, credit_months=0)
    scenario = still(days=364, firms=firms, finance={"fixed_cost_share": 1.0})
    simulation = simulated(scenario, Teaching(pairs=((FLAGSHIP, LEAD),), codified=0.5), Tinkering())
    firm = simulation.world.firms[gone]
    assert firm["active"] == 0
    side = learning(simulation)
    with_all = learning(simulated(still(days=364), Teaching(pairs=((FLAGSHIP, LEAD),), codified=0.5))).receipts
    assert side.receipts.transferred.sum() < 0.5 * with_all.transferred.sum()
    left = np.reshape(side.tables()["learners"]["present"], (-1, len(firms)))[:, gone]
    assert left[0] == 1
    assert left[-1] == 0
    assert side.receipts.created[:, gone].sum() < side.receipts.created[:, LOWER].sum()


ties = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), min_size=1, max_size=30)
rates = st.floats(0, 10)


@settings(max_examples=often(10, 25), deadline=None)
@given(seed=st.integers(0, 5), pairs=ties, codified=rates, tacit=rates, level=st.floats(0, 0.6), internalised=rates)
def test_no_firm_passes_the_best_source_without_creation(
    seed: int, pairs: list[tuple[int, int]], codified: float, tacit: float, level: float, internalised: float
) -> None:
    teaching = Teaching(pairs=tuple(pairs), codified=codified, tacit=tacit)
    knowledge = Knowledge.model_validate(
        {"effort": {"research_per_month": 0}, "absorption": {"internalised_per_month": internalised}}
    )
    scenario = made_up(seed, knowledge=knowledge)
    opening = learning(simulated(scenario.model_copy(update={"clock": scenario.clock.model_copy(update={"days": 1})})))
    simulation = simulated(scenario, teaching, Library(level=level))
    side = learning(simulation)
    best = np.maximum(opening.state.stock.max(axis=1), level)
    assert np.all(owned_and_waiting(side) <= best[:, None, :] + 1e-12)
    assert simulation.balances()["knowledge"] < 1e-9


@settings(max_examples=often(10, 25), deadline=None)
@given(
    seed=st.integers(0, 5),
    pairs=ties,
    codified=rates,
    tacit=rates,
    fading=st.floats(0, 3),
    created=st.floats(0, 1),
    period=st.sampled_from([7, 28, 91]),
)
def test_books_balance_and_no_firm_passes_the_frontier(
    seed: int, pairs: list[tuple[int, int]], codified: float, tacit: float, fading: float, created: float, period: float
) -> None:
    components = (
        Teaching(pairs=tuple(pairs), codified=codified, tacit=tacit),
        Ladder(per_month=codified),
        Library(level=0.8),
        Fading(per_year=fading),
        Tinkering(per_step=created),
        Hampering(),
    )
    scenario = made_up(seed, knowledge=Knowledge(period_days=period))
    simulation = simulated(scenario, *components)
    side = learning(simulation)
    books, waiting = side.receipts, side.state.waiting.sum(axis=-1)
    accounted = books.internalised + books.stale + waiting
    np.testing.assert_allclose(books.transferred, accounted, rtol=1e-9, atol=1e-9)
    assert simulation.balances()["knowledge"] < 1e-9
    assert side.state.waiting.min() >= 0
    assert side.state.stock.min() >= 0
    assert owned_and_waiting(side).max() <= 1.0 + 1e-12
