"""Certificates: how soon, at whose cost, and what they count for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pytest
from gpnde_policies.certification_support import CertificationSupport

from gpnde.errors import ComponentError
from gpnde.plugin import Event

from .offices import HQ, LEAD, LOWER, PLANT, SHOP, Office, opened


def opening(firm: int, site: int, buyer: int = HQ) -> Event:
    return Event(28.0, "link_opened", "", firm, site, buyer, "engine", 0.5)


def told(policy: CertificationSupport, office: Office, happened: Sequence[Event]) -> None:
    policy.events(happened, office.view, office.memory, office.programme)


def points(office: Office, policy: CertificationSupport) -> dict[int, float]:
    """Return the points of each line by supplying site, -1 for outside."""
    given = policy.score(office.view, office.memory, office.programme)
    return dict(zip(office.view.lines["supplier"].tolist(), given.tolist(), strict=True))


def test_time_to_certify_falls_as_far_as_firms_are_reached() -> None:
    policy = CertificationSupport(time_cut=0.4)
    office = opened(policy, reach=[0.0, 0.5, 1.0])
    assert policy.certification(office.view, office.programme).tolist() == pytest.approx([1.0, 0.8, 0.6])


def test_pays_the_fee_of_every_certificate_of_those_it_reaches() -> None:
    policy = CertificationSupport(fee_months=0.5)
    office = opened(policy, reach=[0.0, 0.5, 1.0])
    told(policy, office, [opening(LOWER, SHOP), opening(LOWER, SHOP), opening(LEAD, PLANT), opening(0, HQ)])
    assert office.programme.cost == pytest.approx(0.5 * (2 * office.monthly[LOWER] + 0.5 * office.monthly[LEAD]))
    assert office.programme.beneficiaries == 2
    assert office.programme.leakage == 0


def test_certificates_count_and_advice_does() -> None:
    policy = CertificationSupport(certified_points=0.05, reached_points=0.01, fee_months=0)
    office = opened(policy, reach=[0.0, 1.0, 1.0])
    assert points(office, policy) == pytest.approx({-1: 0, HQ: 0, PLANT: 0.01, SHOP: 0.01})
    told(policy, office, [opening(LEAD, PLANT)])
    assert points(office, policy) == pytest.approx({-1: 0, HQ: 0, PLANT: 0.05, SHOP: 0.01})


def test_other_events_bring_no_certificate() -> None:
    policy = CertificationSupport()
    office = opened(policy, reach=[1.0, 1.0, 1.0])
    told(policy, office, [opening(LEAD, PLANT)._replace(kind="bid_awarded"), opening(-1, -1)])
    assert set(points(office, policy).values()) == {0.0}
    assert office.programme.cost == 0


@pytest.mark.parametrize(
    "changes", [{"start_day": 29}, {"end_day": 28}, {"time_cut": 0, "fee_months": 0, "certified_points": 0}]
)
def test_moves_nothing_when_off_or_without_strength(changes: dict[str, Any]) -> None:
    policy = CertificationSupport(**changes)
    office = opened(policy)
    told(policy, office, [opening(LEAD, PLANT)])
    assert set(points(office, policy).values()) == {0.0}
    assert policy.certification(office.view, office.programme).tolist() == [1.0, 1.0, 1.0]
    assert office.programme.cost == 0


def test_never_costs_more_than_the_budget() -> None:
    policy = CertificationSupport(budget=0.1)
    office = opened(policy)
    told(policy, office, [opening(LEAD, PLANT)])
    assert office.programme.cost == pytest.approx(0.1)
    assert math.isclose(office.programme.left, 0.0)
    assert set(points(office, policy).values()) == {0.0}


def test_certificate_in_no_time_is_refused() -> None:
    with pytest.raises(ComponentError, match=r"^policy.certification-support.time_cut = 1: must be at most 0.95$"):
        CertificationSupport.of({"time_cut": 1})
