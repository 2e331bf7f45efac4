"""Minimum tenors and public purchases."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from gpnde_policies.commitment_guarantee import CommitmentGuarantee

from gpnde.errors import ComponentError

from .offices import LEAD, LOWER, PLANT, SHOP, Office, network, opened


def tenors(office: Office, policy: CommitmentGuarantee) -> dict[int, float]:
    """Return the bound days of each line by supplying site, -1 for outside."""
    days = policy.commitment(office.view, office.programme)
    return dict(zip(office.view.lines["supplier"].tolist(), days.tolist(), strict=True))


def test_links_of_reached_suppliers_are_bound_as_far_as_they_are_reached() -> None:
    policy = CommitmentGuarantee(minimum_days=100)
    assert tenors(opened(policy, reach=[1.0, 0.5, 1.0]), policy) == {-1: 0, 0: 0, PLANT: 50, SHOP: 100}


def test_old_links_are_bound_from_the_start_of_the_policy_or_not_at_all() -> None:
    for covers, days in ((True, 120.0), (False, 0.0)):
        policy = CommitmentGuarantee(minimum_days=100, start_day=20, covers_old_links=covers)
        assert tenors(opened(policy), policy) == {-1: 0, 0: 0, PLANT: days, SHOP: days}


def test_plants_of_one_firm_are_not_bound() -> None:
    first, second = network().model_dump()["links"]
    scenario = network(links=[first, {**second, "contract": "intra-firm"}])
    policy = CommitmentGuarantee()
    assert tenors(opened(policy, scenario), policy)[SHOP] == 0


def test_public_purchases_raise_demand_and_cost_their_share_of_sales() -> None:
    policy = CommitmentGuarantee(purchases=0.25, enforcement_months=0)
    office = opened(policy)
    assert policy.demand(office.view, office.programme).tolist() == [1.25]
    policy.tick(office.view, office.memory, office.programme)
    lines = office.view.lines[office.view.lines["market"] >= 0]
    first = 0.2 * lines["shipped"] @ lines["price"]
    assert first > 0
    assert office.programme.cost == pytest.approx(first)
    office.step()
    policy.tick(office.view, office.memory, office.programme)
    lines = office.view.lines[office.view.lines["market"] >= 0]
    assert office.programme.cost == pytest.approx(0.2 * lines["shipped"] @ lines["price"])


def test_sales_before_the_start_are_not_paid_for() -> None:
    policy = CommitmentGuarantee(purchases=0.25, enforcement_months=0, start_day=30)
    office = opened(policy)
    before = office.view.lines["shipped"].copy()
    policy.tick(office.view, office.memory, office.programme)
    assert office.programme.cost == 0
    office.step()
    policy.tick(office.view, office.memory, office.programme)
    lines = office.view.lines
    sold = (lines["shipped"] - before) * lines["price"] * (lines["market"] >= 0)
    assert office.programme.cost == pytest.approx(0.2 * sold.sum())


def test_public_buys_in_chosen_markets_alone() -> None:
    world = network().model_dump()["markets"][0]
    markets = [world, {**world, "name": "home"}]
    policy = CommitmentGuarantee(purchases=0.5, enforcement_months=0, markets=["home"])
    office = opened(policy, network(markets=markets))
    assert policy.demand(office.view, office.programme).tolist() == [1.0, 1.5]
    policy.tick(office.view, office.memory, office.programme)
    lines = office.view.lines[office.view.lines["market"] == 1]
    assert office.programme.cost == pytest.approx(lines["shipped"] @ lines["price"] / 3)


def test_courts_cost_months_of_the_suppliers_own_cost() -> None:
    policy = CommitmentGuarantee(enforcement_months=1.3)
    office = opened(policy, reach=[0.0, 1.0, 0.5])
    policy.tick(office.view, office.memory, office.programme)
    assert office.programme.cost == pytest.approx(0.1 * (office.monthly[LEAD] + 0.5 * office.monthly[LOWER]))
    assert office.programme.beneficiaries == 2
    assert office.programme.leakage == 0


@pytest.mark.parametrize("changes", [{"start_day": 29}, {"end_day": 28}, {"minimum_days": 0, "purchases": 0}])
def test_moves_nothing_when_off_or_without_strength(changes: dict[str, Any]) -> None:
    policy = CommitmentGuarantee(**{"minimum_days": 100, "purchases": 0.1, "enforcement_months": 0, **changes})
    office = opened(policy)
    assert set(tenors(office, policy).values()) == {0.0}
    assert policy.demand(office.view, office.programme).tolist() == [1.0]
    policy.tick(office.view, office.memory, office.programme)
    assert office.programme.cost == 0


def test_never_costs_more_than_the_budget() -> None:
    policy = CommitmentGuarantee(purchases=1, enforcement_months=1, budget=0.5)
    office = opened(policy)
    policy.tick(office.view, office.memory, office.programme)
    assert office.programme.cost == pytest.approx(0.5)
    assert np.all(policy.commitment(office.view, office.programme) == 0)


def test_unknown_market_and_negative_tenor_are_refused() -> None:
    with pytest.raises(ComponentError, match="^policy.commitment-guarantee.markets: 'word': not in the scen.*'world'"):
        opened(CommitmentGuarantee(markets=["word"]))
    with pytest.raises(ComponentError, match=r"^policy.commitment-guarantee.minimum_days = -1 \(day\): must be at le"):
        CommitmentGuarantee.of({"minimum_days": -1})


def test_courts_that_reach_no_firm_cost_nothing() -> None:
    policy = CommitmentGuarantee(enforcement_months=1)
    office = opened(policy, reach=[0.0, 0.0, 0.0])
    policy.tick(office.view, office.memory, office.programme)
    assert office.programme.cost == 0
