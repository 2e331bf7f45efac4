"""Brokers of linkages."""

from __future__ import annotations

from typing import Any

import pytest
from gpnde_policies.linkage_broker import LinkageBroker

from gpnde.errors import ComponentError
from gpnde.plugin import Event

from ...learners import footprint, simulated, three_firms
from .offices import FLAGSHIP, HQ, LEAD, LOWER, PLANT, SHOP, Office, opened


def broker(**given: Any) -> LinkageBroker:
    return LinkageBroker.of({"noise": 0, **given})


def folds(policy: LinkageBroker, office: Office) -> list[list[float] | None]:
    """Return the factors on response and certification, and the points of bids."""
    found = [
        policy.response_time(office.programme),
        policy.certification(office.view, office.programme),
        policy.bid_score(office.view, office.programme),
    ]
    return [None if each is None else each.tolist() for each in found]


def link(supplier: int, site: int, buyer: int, kind: str = "link_opened") -> Event:
    return Event(28.0, kind, "", supplier, site, buyer, "engine", 1.0)


def test_search_and_certification_are_shorter_and_bids_better_known_in_proportion_to_the_reach() -> None:
    policy = broker(search_cut=0.4, certification_cut=0.2, recommendation=0.1)
    found = folds(policy, opened(policy, reach=[0.0, 1.0, 0.5]))
    assert found == [pytest.approx([1, 0.6, 0.8]), pytest.approx([1, 0.8, 0.9]), pytest.approx([0, 0.1, 0.05])]


@pytest.mark.parametrize("given", [{"start_day": 1000}, {"end_day": 5}, {"budget": 0}])
def test_while_it_is_off_nothing_changes_and_nothing_is_paid(given: dict[str, Any]) -> None:
    policy = broker(**given)
    office = opened(policy)
    assert folds(policy, office) == [None, None, None]
    policy.tick(office.view, office.programme)
    policy.events([link(LEAD, PLANT, HQ)], office.view, office.memory, office.programme)
    assert office.programme.cost == 0
    assert policy.metrics(office.memory) == {"links-brokered": 0}


def test_links_of_reached_suppliers_with_flagships_cost_a_fee_and_others_nothing() -> None:
    policy = broker(link_months=0.5)
    office = opened(policy)
    events = [
        link(LEAD, PLANT, HQ),
        link(LOWER, SHOP, PLANT),
        link(FLAGSHIP, HQ, HQ),
        link(LEAD, PLANT, HQ, "link_dropped"),
        link(-1, -1, HQ),
    ]
    policy.events(events, office.view, office.memory, office.programme)
    assert office.programme.cost == pytest.approx(0.5 * office.monthly.mean())
    assert office.programme.beneficiaries == 1
    assert policy.metrics(office.memory) == {"links-brokered": 1}


def test_without_links_of_its_own_only_the_office_costs() -> None:
    policy = broker(office_months=2)
    office = opened(policy)
    policy.events([link(LOWER, SHOP, PLANT)], office.view, office.memory, office.programme)
    for _ in range(13):
        policy.tick(office.view, office.programme)
    assert office.programme.cost == pytest.approx(2 * office.monthly.mean())
    assert office.programme.leakage == 0


def test_works_without_knowledge_and_stays_within_its_budget() -> None:
    scenario = three_firms(knowledge=None)
    run = simulated(scenario, broker(budget=10.0, office_months=12))
    assert run.hooks.programmes.of("policy.linkage-broker").cost == pytest.approx(10.0)


def test_before_it_starts_it_leaves_a_run_as_it_is() -> None:
    scenario = three_firms()
    assert footprint(simulated(scenario, broker(start_day=1000))) == footprint(simulated(scenario))


def test_wrong_parameters_are_refused_in_one_line() -> None:
    with pytest.raises(ComponentError, match=r"^policy.linkage-broker.search_cut = 1: must be at most 0.95$"):
        LinkageBroker.of({"search_cut": 1})
