"""Accounts of policies: never above the budget, leakage told apart, and errors that shrink with expertise."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpnde.errors import ComponentError
from gpnde.plugin import Component, Programme, hookimpl
from gpnde.plugin.policy import Policy
from gpnde.scenario import Scenario

from ...learners import begun, changed, let_pass, simulated, three_firms
from ...thorough import often

FLAGSHIP, LEAD, LOWER = range(3)


class Grant(Policy):
    """Pays 100 per step to the firms that it reaches."""

    name = "policy.grant"

    @hookimpl
    def tick(self, programme: Programme) -> None:
        programme.grant(programme.reached, 100.0)


class Wrong(Component):
    """Pays what no one can pay."""

    name = "test.wrong"

    @hookimpl
    def tick(self, programme: Programme) -> None:
        programme.spend([LEAD], -1.0)


def account(simulation: Any) -> dict[str, float]:
    return dict(simulation.hooks.programmes.accounts()["policy.grant"])


def expert(expertise: float) -> Scenario:
    """Return the three firms in countries whose public sector has so much expertise."""
    countries = [{"name": name, "public_expertise": expertise} for name in ("north", "south")]
    return three_firms(countries=countries)


def test_cost_is_what_was_paid_to_the_target_group() -> None:
    found = account(simulated(three_firms(), Grant(noise=0.0)))
    assert (found["cost"], found["beneficiaries"], found["leakage"]) == (2 * 13 * 100.0, 2, 0.0)


def test_grants_reach_the_cash_of_firms_and_the_books_balance() -> None:
    with_it, without = (
        simulated(three_firms(clock={"days": 29}), Grant(noise=0.0)),
        simulated(three_firms(clock={"days": 29})),
    )
    gained = with_it.world.firms["cash"] - without.world.firms["cash"]
    assert gained.tolist() == pytest.approx([0.0, 100.0, 100.0])
    assert with_it.balances()["cash"] < 1e-9


@settings(max_examples=often(25, 100), deadline=None)
@given(st.floats(0.0, 3000.0))
def test_a_budget_is_never_passed_and_then_no_firm_is_reached(budget: float) -> None:
    simulation = simulated(three_firms(), Grant(noise=0.0, budget=budget))
    found = account(simulation)
    assert found["cost"] == pytest.approx(min(budget, 2600.0), abs=1e-9)
    assert (found["reached"] > 0) == (budget > found["cost"])


def test_it_pays_from_its_start_up_to_its_end() -> None:
    found = account(simulated(three_firms(), Grant(noise=0.0, start_day=100, end_day=200)))
    steps = [day for day in range(28, 364, 28) if 100 <= day < 200]
    assert found["cost"] == 2 * 100.0 * len(steps)


def test_what_goes_to_firms_outside_the_target_group_is_leakage() -> None:
    found = account(simulated(expert(0.0), Grant(noise=1.0, firms=["lower"])))
    # An administration that always errs serves all firms but the targeted one; flagships are no candidates.
    assert found["cost"] == found["leakage"] == 13 * 100.0


@pytest.mark.parametrize("seed", range(6))
def test_errors_of_a_better_administration_are_among_those_of_a_worse_one(seed: int) -> None:
    wrong = []
    for expertise in (0.0, 0.5, 1.0):
        simulation = begun(expert(expertise), Grant(noise=1.0), seed=seed)
        programme = simulation.hooks.programmes.of("policy.grant")
        wrong.append(set(np.flatnonzero(programme.reach != programme.meant).tolist()))
    assert wrong[0] == {LEAD, LOWER}
    assert wrong[0] >= wrong[1] >= wrong[2] == set()


def test_an_amount_below_0_is_refused_with_the_name_of_the_component() -> None:
    with pytest.raises(ComponentError, match=r"^test\.wrong: an amount of -1: must be finite and at least 0"):
        simulated(three_firms(), Wrong())


class Cheaper(Policy):
    """Takes half of the cost of effort off firms."""

    name = "policy.grant"

    @hookimpl
    def effort_cost(self, programme: Programme) -> Any:
        return 1.0 - 0.5 * programme.reach


def striving() -> Scenario:
    return changed(three_firms(), "knowledge.effort", fixed=1.0)


def cash(*components: Component) -> float:
    return float(simulated(striving(), *components).world.firms["cash"][LEAD])


def test_what_is_taken_off_the_cost_of_effort_is_billed_and_firms_bear_what_no_budget_pays() -> None:
    alone = cash()
    free = simulated(striving(), Cheaper(noise=0.0, firms=["lead"]))
    poor = simulated(striving(), Cheaper(noise=0.0, firms=["lead"], budget=10.0))
    saved = float(free.world.firms["cash"][LEAD]) - alone
    assert account(free)["cost"] > 100.0
    # Interest on the saved cash is not part of the bill; the lead supplier owes nothing here.
    assert saved == pytest.approx(account(free)["cost"])
    assert float(poor.world.firms["cash"][LEAD]) - alone == pytest.approx(10.0) == account(poor)["cost"]


def test_a_second_programme_takes_its_share_off_what_the_first_leaves() -> None:
    half = Cheaper(noise=0.0, firms=["lead"])
    both = simulated(striving(), half, half)
    accounts = both.hooks.programmes.accounts()
    first, second = accounts["policy.grant"]["cost"], accounts["policy.grant#2"]["cost"]
    assert first > 100.0
    assert second == pytest.approx(first / 2)
    assert float(both.world.firms["cash"][LEAD]) - cash() == pytest.approx(first + second)


def test_what_an_exhausted_programme_takes_off_the_firm_pays_itself() -> None:
    poor, rich = Cheaper(noise=0.0, firms=["lead"], budget=10.0), Cheaper(noise=0.0, firms=["lead"])
    both = simulated(striving(), poor, rich)
    accounts = both.hooks.programmes.accounts()
    paid = [accounts[label]["cost"] for label in ("policy.grant", "policy.grant#2")]
    assert paid[0] == pytest.approx(10.0)
    assert paid[1] > 50.0
    assert float(both.world.firms["cash"][LEAD]) - cash() == pytest.approx(sum(paid))


class Dearer(Component):
    """Doubles the cost of effort."""

    name = "test.dearer"

    @hookimpl
    def effort_cost(self) -> float:
        return 2.0


def test_no_account_pays_for_what_makes_effort_dearer() -> None:
    half_of_its_cost = account(simulated(striving(), Cheaper(noise=0.0, firms=["lead"])))["cost"]
    assert cash() - cash(Dearer()) == pytest.approx(2 * half_of_its_cost)


def test_a_programme_starts_and_ends_on_its_days_and_not_at_the_next_step() -> None:
    simulation = begun(three_firms(), Grant(noise=0.0, start_day=10, end_day=20))
    programme = simulation.hooks.programmes.of("policy.grant")
    seen = []
    for day in (9, 10, 19, 20):
        let_pass(simulation, day)
        seen.append(len(programme.reached))
    assert seen == [0, 2, 2, 0]
