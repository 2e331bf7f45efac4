"""A public laboratory."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from gpnde_policies.public_research_lab import PublicResearchLab

from gpnde.errors import ComponentError
from gpnde.mechanics.transfer import effective_days
from gpnde.plugin import Transfer
from gpnde.vocabulary import CODIFIED, FORMAL, FUNCTIONS, TACIT

from ...learners import changed, footprint, learning, simulated, three_firms
from .offices import LEAD, LOWER, Office, opened

FUNCTION = FUNCTIONS.index("engineering")
QUIET = {"frontier_drift_per_year": 0, "effort": {"fixed": 0}}


def laboratory(**given: Any) -> PublicResearchLab:
    return PublicResearchLab.of({"noise": 0, **given})


def tick(policy: PublicResearchLab, office: Office) -> None:
    policy.tick(office.view, office.memory, office.programme)


def passed_on(policy: PublicResearchLab, office: Office) -> Transfer | None:
    return policy.knowledge_transfer(office.knowledge, office.memory, office.programme)


def test_the_level_closes_its_gap_to_the_frontier_as_spending_allows() -> None:
    policy = laboratory(level=0.2, growth_per_year=0.5)
    office = opened(policy, three_firms(knowledge=QUIET))
    for _ in range(13):
        tick(policy, office)
        office.step()
    assert office.memory["level"] == pytest.approx(1 - 0.8 * math.exp(-0.5))


def test_with_a_drifting_frontier_the_level_settles_where_both_are_equal() -> None:
    scenario = changed(three_firms(), "knowledge", frontier_drift_per_year=0.1)
    policy = laboratory(level=1.0, growth_per_year=0.3)
    office = opened(policy, scenario)
    office.view.began = office.view.day - 1e6
    tick(policy, office)
    assert office.memory["level"] == pytest.approx(0.3 / 0.4)


def test_a_laboratory_without_money_only_falls_behind() -> None:
    scenario = changed(three_firms(), "knowledge", frontier_drift_per_year=0.1)
    policy = laboratory(level=0.6, budget=0)
    office = opened(policy, scenario)
    tick(policy, office)
    assert office.memory["level"] == pytest.approx(0.6 * math.exp(-0.1 * 28 / 364))
    assert passed_on(policy, office) is None


def test_half_the_money_gives_half_the_growth() -> None:
    policy = laboratory(level=0.0, growth_per_year=0.5, cost_months=13)
    office = opened(policy, three_firms(knowledge=QUIET))
    short = policy.model_copy(update={"budget": 0.5 * float(office.monthly.mean())})
    office = opened(short, three_firms(knowledge=QUIET))
    tick(short, office)
    assert office.memory["level"] == pytest.approx(1 - math.exp(-0.25 * 28 / 364))


def test_a_crowd_gets_less_each_than_few() -> None:
    rates = {}
    for capacity in (1.0, 2.0, 50.0):
        policy = laboratory(capacity=capacity, codified_per_month=0.28)
        found = passed_on(policy, opened(policy))
        assert found is not None
        assert found.learner.tolist() == [LEAD, LOWER]
        rates[capacity] = found.codified[:, FUNCTION].tolist()
    assert rates == {1.0: pytest.approx([0.005] * 2), 2.0: pytest.approx([0.01] * 2), 50.0: pytest.approx([0.01] * 2)}


def test_receipts_of_the_first_step_follow_the_closed_form() -> None:
    """What waits counts as held, so nothing may go stale while it comes in two halves."""
    lasting = {**QUIET, "absorption": {"stale_per_month": 0}}
    scenario = three_firms(clock={"days": 30}, knowledge=lasting)
    policy = laboratory(level=0.8, growth_per_year=0, open_share=0.75, codified_per_month=0.1, tacit_share=0.5)
    received = learning(simulated(scenario, policy)).receipts.transferred[FORMAL]
    stock = learning(opened(policy, scenario, day=0).simulation).state.stock
    for kind, rate in ((CODIFIED, 0.1 / 28), (TACIT, 0.05 / 28)):
        gap = np.maximum(0.6 - stock[kind, :, FUNCTION], 0.0) * [0, 1, 1]
        assert received[kind] == pytest.approx(rate * gap * effective_days(np.array(rate), 28.0))


def test_it_costs_the_same_every_year_whichever_firms_come() -> None:
    policy = laboratory(cost_months=12)
    office = opened(policy)
    for _ in range(13):
        tick(policy, office)
        office.step()
    assert office.programme.cost == pytest.approx(12 * office.monthly.mean())
    assert office.programme.beneficiaries == 2
    assert office.programme.leakage == 0


def test_off_or_without_strength_it_leaves_a_run_as_it_is() -> None:
    scenario = three_firms(knowledge=QUIET)
    before = footprint(simulated(scenario))
    for given in ({"start_day": 9e5}, {"codified_per_month": 0}, {"capacity": 0}, {"open_share": 0}):
        assert footprint(simulated(scenario, laboratory(**given))) == before


def test_wrong_parameters_are_refused_in_one_line() -> None:
    with pytest.raises(ComponentError, match=r"^policy.public-research-lab.level = 1.1: must be at most 1$"):
        PublicResearchLab.of({"level": 1.1})
