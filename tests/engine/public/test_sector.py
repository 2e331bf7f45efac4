"""Public stocks follow their equation month by month, are seen by all who read them, and touch no firm's money."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gpnde import open_run, restore, simulate
from gpnde.engine.run import Simulation
from gpnde.mechanics.public_stocks import public_stock
from gpnde.plugin.policy import Policy
from gpnde.scenario import Scenario
from gpnde.vocabulary import MONTH_DAYS, YEAR_DAYS

from ...learners import begun, changed, known, let_pass, simulated, three_firms

NORTH, SOUTH = range(2)
FLAGSHIP, LEAD, LOWER = range(3)
MONTH = MONTH_DAYS / YEAR_DAYS
INSTITUTIONS = {"budget_per_year": 50, "full_budget_per_year": 100, "growth_per_year": 0.4, "decay_per_year": 0.1}
RESEARCH = {"budget_per_year": 300, "full_budget_per_year": 200, "growth_per_year": 0.2, "decay_per_year": 0.6}
LEARNING = {"learning_per_year": 0.5, "decay_per_year": 0.1}


class Help(Policy):
    """Does nothing for its target group."""

    name = "policy.help"


def state(south: dict[str, Any] | None, **fields: Any) -> Scenario:
    """Return the three firms, whose suppliers are in the south with this public sector; *fields* are of both."""
    both = {"institutions": 0.2, "frontier": 0.9, "public_expertise": 0.3, **fields}
    countries = [{"name": "north", **both}, {"name": "south", **both, "public": south}]
    return three_firms(countries=countries)


def after(years: float, start: float, growth: float, decay: float) -> float:
    """Return a stock after some years."""
    return float(public_stock(start, growth, decay, years))


def expertise(scenario: Scenario, *policies: Policy) -> list[float]:
    """Return the expertise of both countries after a year."""
    found: list[float] = simulated(scenario, *policies).world.countries["public_expertise"].tolist()
    return found


def test_stocks_follow_the_exact_solution_and_others_stay() -> None:
    now = simulated(state({"institutions": INSTITUTIONS, "research": RESEARCH})).world.countries
    assert now["institutions"].tolist() == [0.2, pytest.approx(after(1.0, 0.2, 0.4 * 0.5, 0.1))]
    assert now["frontier"].tolist() == [0.9, pytest.approx(after(1.0, 0.9, 0.2, 0.6))]
    assert now["public_expertise"].tolist() == [0.3, 0.3]


def test_budgets_are_counted_month_by_month() -> None:
    evaluation = {**LEARNING, "evaluation_budget_per_year": 7, "full_budget_per_year": 7}
    run = simulate(state({"institutions": INSTITUTIONS, "research": RESEARCH, "expertise": evaluation}))
    spent = run.countries.filter(country="south")
    assert spent["spent"].sum() == pytest.approx(50 + 300 + 7)
    paid = spent.filter(spent["spent"] > 0.0)
    assert paid["day"].to_list() == [MONTH_DAYS * month for month in range(1, 14)]
    assert paid["spent"].to_list() == pytest.approx([357 / 13] * 13)
    assert run.metric("public.spending") == run.metric("public.spending.south") == pytest.approx(357)
    assert run.metric("public.spending.north") == 0.0


def test_rows_and_metrics_show_the_stocks() -> None:
    run = simulate(state({"institutions": INSTITUTIONS, "expertise": LEARNING}))
    rows = run.countries.filter(country="south")
    assert rows["day"].to_list() == sorted({*np.arange(0.0, 364.0, 7.0).tolist(), 364.0})
    assert rows["institutions"][0] == 0.2
    assert (
        rows["institutions"][-1] == run.metric("public.institutions.south") == pytest.approx(after(1.0, 0.2, 0.2, 0.1))
    )
    assert run.metric("public.expertise.south") == pytest.approx(after(1.0, 0.3, 0.0, 0.1))
    assert run.metric("public.expertise.north") == 0.3


def test_spending_touches_no_firm() -> None:
    without = state({"institutions": {**INSTITUTIONS, "budget_per_year": 0, "growth_per_year": 0}})
    spending = state({"institutions": {**INSTITUTIONS, "growth_per_year": 0}})
    assert simulate(spending).firms.equals(simulate(without).firms)


def test_without_the_block_there_is_no_table() -> None:
    run = simulate(state(None))
    assert run.countries.is_empty()
    assert not [name for name in run.metrics["metric"] if name.startswith("public.")]


@pytest.mark.parametrize("months", [1, 2])
def test_learners_see_the_stocks_of_the_same_instant(months: int) -> None:
    scenario = state({"institutions": INSTITUTIONS, "research": RESEARCH})
    simulation = begun(changed(scenario, "knowledge", period_days=MONTH_DAYS * months))
    let_pass(simulation, MONTH_DAYS * 4)
    firms = known(simulation).firms
    frontier, support = after(4 * MONTH, 0.9, 0.2, 0.6), after(4 * MONTH, 0.2, 0.2, 0.1)
    assert firms.frontier.tolist() == pytest.approx([0.9, frontier, frontier])
    assert firms.support.tolist() == pytest.approx([0.2, support, support])


def test_components_see_the_stocks_in_the_places_of_firms() -> None:
    simulation = simulated(state({"research": RESEARCH}))
    expected = [0.9, *[pytest.approx(after(1.0, 0.9, 0.2, 0.6))] * 2]
    assert simulation.hooks.view.places.of_firms("frontier", 1.0).tolist() == expected
    assert known(simulation).places.of_firms("frontier", 1.0).tolist() == expected


def test_more_support_lets_firms_learn_more() -> None:
    def absorbed(budget: float) -> float:
        full = {**INSTITUTIONS, "budget_per_year": budget, "growth_per_year": 5}
        run = simulate(changed(state({"institutions": full}), "knowledge.effort", fixed=0.5))
        return float(run.learners.filter(firm="lead")["absorptive_capacity"][-1])

    assert absorbed(100) > absorbed(0)


def test_expertise_grows_where_a_policy_is_for_firms() -> None:
    decayed, grown = after(1.0, 0.3, 0.0, 0.1), after(1.0, 0.3, 0.5, 0.1)
    both = three_firms(
        countries=[
            {"name": name, "public_expertise": 0.3, "public": {"expertise": LEARNING}} for name in ("north", "south")
        ]
    )
    assert expertise(both) == pytest.approx([decayed, decayed])
    assert expertise(both, Help(noise=0)) == pytest.approx([decayed, grown])
    assert expertise(both, Help(noise=0, group="flagship")) == pytest.approx([grown, decayed])


def test_two_policies_teach_as_much_as_one() -> None:
    class Other(Help):
        name = "policy.other"

    scenario = state({"expertise": LEARNING})
    assert expertise(scenario, Help(noise=0), Other(noise=0)) == expertise(scenario, Help(noise=0))


def test_expertise_grows_in_the_months_in_which_the_policy_is_on() -> None:
    year = expertise(state({"expertise": LEARNING}), Help(noise=0, start_day=MONTH_DAYS * 3, end_day=MONTH_DAYS * 7))
    grown = after(4 * MONTH, after(3 * MONTH, 0.3, 0.0, 0.1), 0.5, 0.1)
    assert year[SOUTH] == pytest.approx(after(6 * MONTH, grown, 0.0, 0.1))


@pytest.mark.parametrize(("budget", "times"), [(0, 1.0), (5, 1.5), (10, 2.0), (99, 2.0)])
def test_evaluation_adds_up_to_the_same_rate_again(budget: float, times: float) -> None:
    part = {**LEARNING, "evaluation_budget_per_year": budget, "full_budget_per_year": 10}
    found = expertise(state({"expertise": part}), Help(noise=0))
    assert found[SOUTH] == pytest.approx(after(1.0, 0.3, times * 0.5, 0.1))


def test_an_administration_that_has_learnt_errs_less() -> None:
    scenario = state({"expertise": {"learning_per_year": 10, "decay_per_year": 0}}, public_expertise=0.0)
    simulation = begun(scenario, Help(noise=1))
    programme = simulation.hooks.programmes.of("policy.help")
    assert programme.reached.tolist() == []
    simulation.advance(YEAR_DAYS - 1)
    assert programme.reached.tolist() == [LEAD, LOWER]


def _shares_its_record(simulation: Simulation) -> bool:
    """Return whether all places of firms show the record of the world."""
    world = simulation.world
    assert world.knowledge is not None
    return world.places._present is world.countries is world.knowledge.places._present


def test_a_restored_run_ends_as_the_undisturbed_one() -> None:
    scenario = state({"institutions": INSTITUTIONS, "research": RESEARCH, "expertise": LEARNING})
    run = open_run(scenario)
    run.advance(100)
    twin = restore(run.snapshot())
    assert _shares_its_record(twin.simulation)
    assert twin.simulation.world.countries is not run.simulation.world.countries
    assert run.finish().fingerprint == twin.finish().fingerprint == simulate(scenario).fingerprint
