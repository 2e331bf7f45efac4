"""Supplier development."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from gpnde_policies.supplier_development import SupplierDevelopment

from gpnde.errors import ComponentError

from ...learners import footprint, simulated, three_firms
from .offices import LEAD, LOWER, Office, opened

ALL_JOIN = {"joining_per_year": 1.0, "noise": 0.0}


def programme(**given: Any) -> SupplierDevelopment:
    return SupplierDevelopment.of({**ALL_JOIN, "diagnosis_months": 2, "plan_months": 3, **given})


def tick(policy: SupplierDevelopment, office: Office) -> None:
    policy.tick(office.view, office.memory, office.streams, office.programme)


def followed(policy: SupplierDevelopment, steps: int) -> tuple[Office, list[float], list[float]]:
    """Return the office after some steps, and at each the factor on the cost of effort and the help of one firm."""
    office = opened(policy)
    factors, helps = [], []
    for _ in range(steps):
        tick(policy, office)
        given = dataclasses.replace(office.knowledge, day=office.view.day, days=office.view.days)
        factor = policy.effort_cost(given, office.memory, office.programme)
        support = policy.absorptive_support(given, office.memory, office.programme)
        factors.append(1.0 if factor is None else float(factor[LOWER]))
        helps.append(0.0 if support is None else float(support[LOWER]))
        office.step()
    return office, factors, helps


def test_a_plan_of_three_months_follows_two_months_of_diagnosis() -> None:
    _, factors, helps = followed(programme(co_finance=0.5, support=0.3), 8)
    assert factors == [1, 1, 1, 0.5, 0.5, 0.5, 1, 1]
    assert helps == pytest.approx([0, 0, 0, 0.3, 0.3, 0.3, 0, 0])


def test_a_stage_that_ends_within_a_step_counts_in_part() -> None:
    _, factors, _ = followed(programme(diagnosis_months=1.5, plan_months=1, co_finance=1.0), 5)
    assert factors == pytest.approx([1, 1, 0.5, 0.5, 1])


def test_it_costs_its_shares_of_what_firms_cost_in_the_time_of_each_stage() -> None:
    policy = programme(consultants=0.02, trainers=0.01)
    office, _, _ = followed(policy, 9)
    monthly = office.monthly[[LEAD, LOWER]].sum()
    assert office.programme.cost == pytest.approx((2 * 0.02 + 3 * 0.01) * monthly)
    assert office.programme.beneficiaries == 2
    assert office.programme.leakage == 0


def test_no_more_firms_than_seats_are_in_at_a_time_and_the_next_follow() -> None:
    policy = programme(seats=1, diagnosis_months=1, plan_months=1)
    office = opened(policy)
    joined = []
    for _ in range(6):
        tick(policy, office)
        joined.append(int(np.isfinite(office.memory["joined"]).sum()))
        office.step()
    assert joined == [1, 1, 2, 2, 2, 2]


@pytest.mark.thorough
def test_the_share_that_joins_in_a_year_is_that_asked_for() -> None:
    policy = programme(joining_per_year=0.4)
    inside = []
    for seed in range(200):
        office = opened(policy)
        office = office._replace(streams=type(office.streams)(seed, 0, policy.name))
        office.view.began = office.view.day - 364
        tick(policy, office)
        inside.append(np.isfinite(office.memory["joined"][[LEAD, LOWER]]).mean())
    assert np.mean(inside) == pytest.approx(0.4, abs=0.1)


def test_flagships_stay_outside() -> None:
    office, _, _ = followed(programme(), 2)
    assert np.isfinite(office.memory["joined"]).tolist() == [False, True, True]


@pytest.mark.parametrize("given", [{"start_day": 1000}, {"end_day": 5}, {"budget": 0}])
def test_while_it_is_off_no_firm_joins_and_nothing_changes(given: dict[str, Any]) -> None:
    office, factors, helps = followed(programme(**given), 5)
    assert not np.isfinite(office.memory["joined"]).any()
    assert set(factors) == {1.0}
    assert set(helps) == {0.0}
    assert office.programme.cost == 0


def test_without_strength_it_changes_nothing() -> None:
    _, factors, helps = followed(programme(co_finance=0, support=0), 5)
    assert set(factors) == {1.0}
    assert set(helps) == {0.0}


def test_its_cost_stays_within_the_budget() -> None:
    office, _, _ = followed(programme(budget=1.0), 6)
    assert office.programme.cost == pytest.approx(1.0)


def test_in_a_run_suppliers_learn_more_and_the_bill_is_that_of_its_stages_and_of_effort() -> None:
    scenario = three_firms(knowledge={"effort": {"fixed": 0.5}, "frontier_drift_per_year": 0})
    policy = programme(consultants=0.02, trainers=0.01, co_finance=0.5, support=0.5, plan_months=6)
    helped, alone = simulated(scenario, policy), simulated(scenario)
    account = helped.hooks.programmes.of(policy.name)
    stages = (2 * 0.02 + 6 * 0.01) * helped.world.firms["monthly_cost"][1:].sum()
    gained = helped.world.firms["cash"] - alone.world.firms["cash"]
    assert account.cost - stages == pytest.approx(gained.sum(), rel=1e-3)
    assert account.cost > stages


def test_before_it_starts_it_leaves_a_run_as_it_is() -> None:
    scenario = three_firms()
    assert footprint(simulated(scenario, programme(start_day=1000))) == footprint(simulated(scenario))


def test_wrong_parameters_are_refused_in_one_line() -> None:
    with pytest.raises(ComponentError, match=r"^policy.supplier-development.co_finance = 2: must be at most 1$"):
        SupplierDevelopment.of({"co_finance": 2})
