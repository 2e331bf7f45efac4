"""Patient capital."""

from __future__ import annotations

from typing import Any

import pytest
from gpnde_policies.patient_capital import PatientCapital

from gpnde.errors import ComponentError
from gpnde.plugin import Event
from gpnde.scenario import Scenario

from ...learners import footprint, simulated, three_firms
from .offices import LEAD, LOWER, Office, opened


def capital(**given: Any) -> PatientCapital:
    return PatientCapital.of({"noise": 0, **given})


def terms(policy: PatientCapital, office: Office) -> tuple[list[float], list[float]]:
    """Return the added lines in months of cost, and the change of the rate of interest."""
    found = policy.credit_terms(office.view, office.memory, office.programme)
    if found is None:
        return [0.0] * 3, [0.0] * 3
    assert found.factor == 1.0
    return (found.extra / office.monthly).tolist(), (found.rate + office.monthly * 0).tolist()


def fails(firm: int, cash: float) -> Event:
    return Event(28.0, "firm_failed", "finance", firm, -1, -1, "engine", cash)


def poor(**changes: Any) -> Scenario:
    """Return the three firms, of which the lower-tier supplier begins with neither cash nor credit."""
    firms = list(three_firms().model_dump()["firms"])
    firms[LOWER] |= {"cash_months": 0, "credit_months": 0}
    return three_firms(firms=firms, **changes)


def test_reached_firms_get_their_months_of_credit_at_a_lower_rate() -> None:
    policy = capital(line_months=4, rate_cut=0.03)
    lines, rates = terms(policy, opened(policy, reach=[0.0, 1.0, 0.5]))
    assert lines == pytest.approx([0, 4, 2])
    assert rates == pytest.approx([0, -0.03, -0.015])


def test_interest_is_not_cut_below_nothing() -> None:
    policy = capital(rate_cut=0.5)
    assert terms(policy, opened(policy))[1] == pytest.approx([0, -0.08, -0.08])


def test_the_terms_end_with_the_tenor() -> None:
    policy = capital(line_months=4, tenor_days=56)
    office = opened(policy)
    found = []
    for _ in range(4):
        found.append(terms(policy, office)[0][LEAD])
        office.step()
    assert found == pytest.approx([4, 4, 0, 0])


@pytest.mark.parametrize("given", [{"start_day": 1000}, {"end_day": 5}, {"budget": 0}])
def test_while_it_is_off_nothing_changes_and_nothing_is_paid(given: dict[str, Any]) -> None:
    policy = capital(**given)
    office = opened(policy)
    assert terms(policy, office) == ([0] * 3, [0] * 3)
    policy.tick(office.view, office.memory, office.programme)
    policy.events([fails(LEAD, -1e6)], office.memory, office.programme)
    assert office.programme.cost == 0


def test_the_state_bears_its_share_of_what_the_added_line_lost() -> None:
    policy = capital(line_months=2, loss_share=0.5)
    office = opened(policy)
    terms(policy, office)
    line = 2 * office.monthly
    policy.events([fails(LEAD, -0.5 * line[LEAD]), fails(LOWER, -9 * line[LOWER])], office.memory, office.programme)
    assert office.programme.cost == pytest.approx(0.5 * (0.5 * line[LEAD] + line[LOWER]))
    policy.events([fails(0, -1e9), fails(LEAD, 0.0)], office.memory, office.programme)
    assert office.programme.cost == pytest.approx(0.5 * (0.5 * line[LEAD] + line[LOWER]))


def test_the_interest_that_banks_forgo_is_paid_on_debt() -> None:
    policy = capital(rate_cut=0.04)
    office = opened(policy)
    firms = office.simulation.world.firms
    firms["cash"] = [-1000.0, -1300.0, 500.0]
    policy.tick(office.view, office.memory, office.programme)
    assert office.programme.cost == pytest.approx(0.04 * 1300.0 * 28 / 364)
    assert office.programme.beneficiaries == 2
    assert office.programme.leakage == 0


def test_in_a_run_a_firm_without_means_lives_on_the_added_line_and_the_budget_holds() -> None:
    scenario = poor(knowledge=None)
    alone = simulated(scenario)
    helped = simulated(scenario, capital(line_months=12))
    assert alone.world.firms["active"][LOWER] == 0
    assert helped.world.firms["active"][LOWER] == 1
    assert helped.hooks.programmes.of("policy.patient-capital").cost > 0
    bounded = simulated(scenario, capital(line_months=0.5, loss_share=1.0, budget=1.0))
    assert bounded.hooks.programmes.of("policy.patient-capital").cost <= 1.0


def test_without_strength_or_a_start_it_leaves_a_run_as_it_is() -> None:
    scenario = three_firms()
    before = footprint(simulated(scenario))
    for given in ({"line_months": 0, "rate_cut": 0}, {"start_day": 1000}):
        assert footprint(simulated(scenario, capital(**given))) == before


def test_wrong_parameters_and_networks_without_finance_are_refused_in_one_line() -> None:
    with pytest.raises(ComponentError, match=r"^policy.patient-capital.loss_share = -1: must be at least 0$"):
        PatientCapital.of({"loss_share": -1})
    with pytest.raises(ComponentError, match=r"^policy.patient-capital: the scenario has no finance: add a block"):
        opened(capital(), three_firms(finance=None, knowledge=None, selection=None))
