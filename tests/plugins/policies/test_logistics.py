"""Roads, ports and customs."""

from __future__ import annotations

from typing import Any

import pytest
from gpnde_policies.logistics import Logistics

from gpnde.errors import ComponentError

from .offices import FLAGSHIP, HQ, LEAD, LOWER, PLANT, Office, network, opened


def lead_times(office: Office, policy: Logistics) -> list[float]:
    return [float(factor) for factor in policy.lead_time(office.view, office.programme)]


@pytest.mark.parametrize(("day", "done"), [(0.0, 0.0), (28.0, 0.25), (112.0, 1.0), (140.0, 1.0)])
def test_lead_times_fall_while_the_works_go_on(day: float, done: float) -> None:
    policy = Logistics(lead_time_cut=0.2, build_days=112, countries=["south"])
    assert lead_times(opened(policy, day=day), policy) == pytest.approx([1.0, 1 - 0.2 * done, 1 - 0.2 * done])


def test_sites_count_by_where_they_stand_and_firms_by_their_sites() -> None:
    """The flagship has a second plant in the south: that one is served, its headquarters are not."""
    *sites, shop = network().model_dump()["sites"]
    second = {**shop, "name": "second", "firm": "flagship"}
    policy = Logistics(lead_time_cut=0.2, build_days=0, investment_months=3, upkeep=0, countries=["south"])
    office = opened(policy, network(sites=[*sites, shop, second]))
    assert lead_times(office, policy) == pytest.approx([1.0, 0.8, 0.8, 0.8])
    policy.tick(office.view, office.programme, office.memory)
    cost = 3 * (0.5 * office.monthly[FLAGSHIP] + office.monthly[LEAD] + office.monthly[LOWER])
    assert office.programme.cost == pytest.approx(cost)


def test_firms_without_a_site_in_the_country_are_not_targeted() -> None:
    assert opened(Logistics(countries=["south"])).programme.reached.tolist() == [LEAD, LOWER]


def test_clusters_are_those_of_sites() -> None:
    policy = Logistics(build_days=0, clusters=["valley"])
    assert [factor < 1 for factor in lead_times(opened(policy), policy)] == [True, False, False]


def test_works_cost_what_was_planned_and_upkeep_follows() -> None:
    policy = Logistics(build_days=70, investment_months=2, upkeep=0.1, start_day=14)
    office = opened(policy)
    paid = []
    for _ in range(5):
        policy.tick(office.view, office.programme, office.memory)
        paid.append(office.programme.cost)
        office.step()
    investment = 2 * office.monthly.sum()
    assert paid[0] == pytest.approx(investment * 14 / 70)
    assert paid[2] == pytest.approx(investment)
    assert paid[4] - paid[2] == pytest.approx(investment * 0.1 * 56 / 364)
    assert office.programme.beneficiaries == 3
    assert office.programme.leakage == 0


def test_without_money_the_works_serve_no_firm() -> None:
    policy = Logistics(build_days=0, budget=1e-3)
    office = opened(policy)
    policy.tick(office.view, office.programme, office.memory)
    assert office.programme.cost == 1e-3
    assert lead_times(office, policy) == [1.0, 1.0, 1.0]


@pytest.mark.parametrize("changes", [{"start_day": 29}, {"end_day": 28}, {"lead_time_cut": 0}])
def test_moves_nothing_when_off_or_without_strength(changes: dict[str, Any]) -> None:
    policy = Logistics(**{"build_days": 0, **changes})
    assert lead_times(opened(policy), policy) == [1.0, 1.0, 1.0]


@pytest.mark.parametrize("when", [{"start_day": 29}, {"end_day": 28}])
def test_costs_nothing_when_off(when: dict[str, float]) -> None:
    policy = Logistics(**when)
    office = opened(policy)
    policy.tick(office.view, office.programme, office.memory)
    assert office.programme.cost == 0


def test_tiers_restrict_whose_sites_are_served() -> None:
    policy = Logistics(build_days=0, tiers=[0])
    factors = lead_times(opened(policy), policy)
    assert factors[HQ] < 1.0 == factors[PLANT]


def test_unknown_country_is_refused_with_the_nearest() -> None:
    with pytest.raises(ComponentError, match="^policy.logistics.countries: 'sout': not in the scenario; .*'south'"):
        opened(Logistics(countries=["sout"]))


def test_lead_time_of_nothing_is_refused() -> None:
    with pytest.raises(ComponentError, match=r"^policy.logistics.lead_time_cut = 1: must be at most 0.95$"):
        Logistics.of({"lead_time_cut": 1})
