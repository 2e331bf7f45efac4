"""Subsidies for effort."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from gpnde_policies.effort_subsidy import EffortSubsidy

from gpnde.errors import ComponentError
from gpnde.plugin import KnowledgeView

from ...learners import simulated, three_firms
from .offices import Office, opened


def seen(office: Office, *, revenue: float, effort: float, day: float) -> KnowledgeView:
    """Return what firms know, with made-up revenue and effort of all firms at the end of a step of 28 days."""
    knowledge, count = office.knowledge, len(office.view.firms)
    facts = knowledge.firms._replace(revenue=np.full(count, revenue))
    return dataclasses.replace(knowledge, firms=facts, effort=np.full(count, effort), day=day, days=28.0)


def factor(policy: EffortSubsidy, office: Office, **given: float) -> list[float]:
    found = policy.effort_cost(seen(office, **given), office.memory, office.programme)
    return [1.0] * 3 if found is None else found.tolist()


def test_it_takes_its_rate_off_what_effort_costs_those_it_is_for() -> None:
    policy = EffortSubsidy(rate=0.3, cap_months=None, noise=0)
    assert factor(policy, opened(policy), revenue=10, effort=0.5, day=28) == pytest.approx([1.0, 0.7, 0.7])


def test_what_a_firm_gets_in_a_year_is_the_rate_of_its_cost_up_to_the_limit_and_never_more() -> None:
    policy = EffortSubsidy(rate=0.5, cap_months=0.1, noise=0)
    office = opened(policy)
    cap = 0.1 * office.monthly
    full = 0.04 * 28 * (revenue := float(cap.max()))
    got = np.zeros((2, 3))
    for step in range(26):
        found = factor(policy, office, revenue=revenue, effort=0.5, day=28.0 * (step + 1))
        got[step // 13] += (1 - np.array(found)) * full * 0.5**2
    assert (got <= cap + 1e-9).all()
    wanted = 13 * 0.5 * full * 0.25
    assert got[0, 1:] == pytest.approx(np.minimum(wanted, cap[1:]), rel=0.05)
    assert got[1] == pytest.approx(got[0])


@pytest.mark.parametrize("given", [{"start_day": 1000}, {"end_day": 5}, {"budget": 0}, {"rate": 0}, {"cap_months": 0}])
def test_while_it_is_off_or_pays_nothing_effort_costs_what_it_costs(given: dict[str, Any]) -> None:
    policy = EffortSubsidy.of({"noise": 0, **given})
    assert factor(policy, opened(policy), revenue=10, effort=0.5, day=28) == [1.0, 1.0, 1.0]


def test_firms_are_richer_by_what_the_policy_cost_where_effort_is_fixed() -> None:
    scenario = three_firms(knowledge={"effort": {"fixed": 0.5}})
    policy = EffortSubsidy(rate=0.5, cap_months=None, noise=0)
    with_it, without = simulated(scenario, policy), simulated(scenario)
    cost = with_it.hooks.programmes.of(policy.name).cost
    gained = with_it.world.firms["cash"] - without.world.firms["cash"]
    assert cost > 0
    assert gained.sum() == pytest.approx(cost, rel=1e-3)
    assert gained[0] == pytest.approx(0, abs=1e-9 * cost)


def test_a_budget_bounds_what_it_costs() -> None:
    policy = EffortSubsidy(rate=0.5, noise=0, budget=5.0)
    run = simulated(three_firms(knowledge={"effort": {"fixed": 0.5}}), policy)
    assert run.hooks.programmes.of(policy.name).cost == pytest.approx(5.0)


def test_wrong_parameters_are_refused_in_one_line() -> None:
    with pytest.raises(ComponentError, match=r"^policy.effort-subsidy.rate = 1.5: must be at most 1$"):
        EffortSubsidy.of({"rate": 1.5})
