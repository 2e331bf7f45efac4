"""Attraction of foreign firms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from gpnde_policies.fdi_attraction import FdiAttraction

from gpnde.engine.hooks.views import RunStreams
from gpnde.errors import ComponentError
from gpnde.plugin import Entrant, Event
from gpnde.scenario import Scenario

from ...learners import footprint, simulated, three_firms
from .offices import FLAGSHIP, HQ, LOWER, SHOP, Office, opened

AFFILIATE, LOCAL = 3, 4
COUNTRIES = [{"name": "north"}, {"name": "south"}]


def waiting(**changes: Any) -> Scenario:
    """Return the three firms, and an affiliate of the flagship and a local firm that wait for entry in the south."""
    given = three_firms().model_dump()
    affiliate = {"name": "affiliate", "tier": 2, "enters": "endogenously", "owner": "flagship"}
    affiliate["node_type"] = "subsidiary"
    local = {"name": "garage", "tier": 2, "enters": "endogenously"}
    more = [
        {"name": f"{firm['name']}-site", "firm": firm["name"], "product": "part", "cluster": "park"}
        for firm in (affiliate, local)
    ]
    blocks = {"firms": [*given["firms"], affiliate, local], "sites": [*given["sites"], *more], "countries": COUNTRIES}
    return three_firms(**{**blocks, **changes})


def with_branch() -> Scenario:
    """Return the three firms with a second site of the flagship, in the south."""
    given = three_firms().model_dump()
    branch = {"name": "branch", "firm": "flagship", "product": "set", "cluster": "park"}
    links = [*given["links"], {"buyer": "branch", "supplier": "plant"}]
    return three_firms(sites=[*given["sites"], branch], links=links, countries=COUNTRIES)


def attraction(**given: Any) -> FdiAttraction:
    return FdiAttraction.of({"countries": ["south"], **given})


def entrants(policy: FdiAttraction, office: Office, seed: int = 1) -> list[Entrant]:
    return policy.entrants(office.knowledge, RunStreams(seed, 0, policy.name), office.programme)


def happens(kind: str, firm: int, site: int, day: float, value: float = np.nan) -> Event:
    return Event(day, kind, "", firm, site, -1, "engine", value)


def test_only_foreign_firms_come_with_what_their_owner_knows() -> None:
    policy = attraction(entry_per_year=100.0, parent_share=0.5)
    office = opened(policy, waiting())
    found = entrants(policy, office)
    assert [(each.firm, each.parent) for each in found] == [(AFFILIATE, FLAGSHIP)]
    assert found[0].tacit == pytest.approx(0.5 * office.knowledge.tacit[FLAGSHIP])


def test_they_come_at_the_rate_that_is_asked_for() -> None:
    policy = attraction(entry_per_year=5.0)
    office = opened(policy, waiting())
    share = np.mean([len(entrants(policy, office, seed)) for seed in range(400)])
    assert share == pytest.approx(1 - np.exp(-5 * 28 / 364), abs=0.07)


@pytest.mark.parametrize("given", [{"start_day": 1000}, {"end_day": 5}, {"budget": 0}, {"entry_per_year": 0}])
def test_while_it_is_off_no_firm_comes(given: dict[str, Any]) -> None:
    policy = attraction(**given)
    assert entrants(policy, opened(policy, waiting())) == []


@pytest.mark.parametrize("network", [three_firms, with_branch])
def test_places_there_gain_for_firms_at_home_elsewhere_alone(network: Callable[..., Scenario]) -> None:
    policy = attraction(pull=0.7)
    office = opened(policy, three_firms(countries=COUNTRIES) if network is three_firms else network())
    utility = policy.location_utility(office.view, office.programme, 0)
    assert utility is not None
    assert utility[FLAGSHIP].tolist() == [0, 0.7]
    assert not np.delete(utility, FLAGSHIP, axis=0).any()
    off = attraction(pull=0.7, start_day=1000)
    assert off.location_utility(office.view, opened(off, with_branch()).programme, 0) is None


def test_an_expansion_is_paid_by_the_share_that_capacity_grows_by() -> None:
    given = three_firms().model_dump()
    given["sites"][SHOP]["capacity_per_day"] = 120.0
    scenario = three_firms(sites=given["sites"], countries=COUNTRIES)
    policy = attraction(group="local", incentive_months=4, tax_relief=0)
    office = opened(policy, scenario)
    events = [happens("site_expanded", LOWER, SHOP, 28, 20.0), happens("site_expanded", FLAGSHIP, HQ, 28, 1.0)]
    policy.events(events, office.view, office.memory, office.programme)
    assert office.programme.cost == 0
    policy.tick(office.view, office.memory, office.programme)
    assert office.programme.cost == pytest.approx(0.2 * 4 * office.monthly[LOWER])
    policy.tick(office.view, office.memory, office.programme)
    assert office.programme.cost == pytest.approx(0.2 * 4 * office.monthly[LOWER])
    assert office.programme.leakage == 0


def test_the_holiday_pays_its_share_of_revenue_for_its_time_and_no_longer() -> None:
    policy = attraction(group="local", incentive_months=0, tax_relief=0.1, holiday_days=56)
    office = opened(policy, three_firms(countries=COUNTRIES))
    policy.tick(office.view, office.memory, office.programme)
    policy.events([happens("firm_entered", LOWER, -1, 28)], office.view, office.memory, office.programme)
    before = float(office.view.firms["revenue"][LOWER])
    for step in range(5):
        office.step()
        policy.tick(office.view, office.memory, office.programme)
        if step == 1:
            earned = float(office.view.firms["revenue"][LOWER]) - before
    assert earned > 0
    assert office.programme.cost == pytest.approx(0.1 * earned)
    assert office.programme.beneficiaries == 1


def test_revenue_earned_elsewhere_is_not_spared() -> None:
    policy = attraction(incentive_months=0, tax_relief=0.1)
    office = opened(policy, with_branch())
    policy.tick(office.view, office.memory, office.programme)
    policy.events([happens("site_expanded", FLAGSHIP, 3, 28, 1.0)], office.view, office.memory, office.programme)
    before = float(office.view.firms["revenue"][FLAGSHIP])
    office.step()
    policy.tick(office.view, office.memory, office.programme)
    earned = float(office.view.firms["revenue"][FLAGSHIP]) - before
    assert office.programme.cost == pytest.approx(0.1 * earned / 2)


def test_a_new_site_there_is_paid_for_once() -> None:
    policy = attraction(group="foreign", incentive_months=4, tax_relief=0)
    office = opened(policy, with_branch())
    policy.events([happens("site_opened", FLAGSHIP, 3, 28)], office.view, office.memory, office.programme)
    policy.tick(office.view, office.memory, office.programme)
    assert office.programme.cost == pytest.approx(4 * office.monthly[FLAGSHIP])


def test_sites_that_open_with_a_firm_that_enters_are_not_paid_for_again() -> None:
    policy = attraction(group="foreign", incentive_months=4, tax_relief=0)
    office = opened(policy, with_branch())
    events = [happens("firm_entered", FLAGSHIP, -1, 28), happens("site_opened", FLAGSHIP, 3, 28)]
    policy.events(events, office.view, office.memory, office.programme)
    policy.tick(office.view, office.memory, office.programme)
    assert office.programme.cost == pytest.approx(4 * office.monthly[FLAGSHIP])


def test_in_a_run_the_affiliate_enters_and_gets_its_incentive_within_the_budget() -> None:
    scenario = waiting()
    policy = attraction(entry_per_year=100.0, incentive_months=2, tax_relief=0)
    run = simulated(scenario, policy)
    account = run.hooks.programmes.of(policy.name)
    assert run.world.firms["active"][AFFILIATE] == 1
    assert run.world.firms["active"][LOCAL] == 0
    assert account.cost == pytest.approx(2 * run.world.firms["monthly_cost"][AFFILIATE])
    assert account.leakage == 0


def test_before_it_starts_it_leaves_a_run_as_it_is() -> None:
    scenario, off = waiting(), attraction(start_day=1000, entry_per_year=100.0)
    assert footprint(simulated(scenario, off)) == footprint(simulated(scenario))


def test_wrong_parameters_are_refused_in_one_line() -> None:
    with pytest.raises(ComponentError, match=r"^policy.fdi-attraction.tax_relief = 3: must be at most 1$"):
        FdiAttraction.of({"tax_relief": 3})
    with pytest.raises(ComponentError, match=r"^policy.fdi-attraction.countries: 'sout': not in the scenario"):
        opened(FdiAttraction(countries=["sout"]))
