"""Reserves against the swings of currency and finance."""

from __future__ import annotations

import pytest
from gpnde_policies.macro_stabilisation import MacroStabilisation

from gpnde.errors import ComponentError

from .offices import FLAGSHIP, opened


def test_volatility_and_rates_fall_as_far_as_firms_are_reached() -> None:
    policy = MacroStabilisation(volatility_cut=0.4, spread_cut=0.02)
    programme = opened(policy, reach=[0.0, 0.5, 1.0]).programme
    assert policy.volatility(programme).tolist() == pytest.approx([1.0, 0.8, 0.6])
    terms = policy.credit_terms(programme)
    assert terms.rate == pytest.approx([0.0, -0.01, -0.02])
    assert (terms.factor, terms.extra) == (1.0, 0.0)


def test_firms_are_reached_by_their_country_whatever_their_owner() -> None:
    assert opened(MacroStabilisation(countries=["south"])).programme.reached.tolist() == [1, 2]
    assert opened(MacroStabilisation()).programme.reached.tolist() == [0, 1, 2]


def test_holding_reserves_costs_a_share_of_them_every_year() -> None:
    policy = MacroStabilisation(reserve_months=6, reserve_cost=0.05)
    office = opened(policy, reach=[0.0, 0.5, 1.0])
    policy.tick(office.view, office.programme)
    reserves = 6 * (0.5 * office.monthly[1] + office.monthly[2])
    assert office.programme.cost == pytest.approx(reserves * 0.05 * 28 / 364)
    assert office.programme.beneficiaries == 2
    assert office.programme.leakage == 0


def test_never_costs_more_than_the_budget() -> None:
    policy = MacroStabilisation(budget=0.01)
    office = opened(policy)
    policy.tick(office.view, office.programme)
    assert office.programme.cost == 0.01
    assert policy.volatility(office.programme).tolist() == [1.0, 1.0, 1.0]


@pytest.mark.parametrize("when", [{"start_day": 29}, {"end_day": 28}])
def test_does_nothing_before_its_start_and_after_its_end(when: dict[str, float]) -> None:
    policy = MacroStabilisation(**when)
    office = opened(policy)
    policy.tick(office.view, office.programme)
    assert policy.volatility(office.programme).tolist() == [1.0, 1.0, 1.0]
    assert policy.credit_terms(office.programme).rate == pytest.approx(0)
    assert office.programme.cost == 0


def test_without_strength_moves_nothing() -> None:
    policy = MacroStabilisation(volatility_cut=0, spread_cut=0)
    programme = opened(policy).programme
    assert programme.reach[FLAGSHIP] == 1
    assert policy.volatility(programme).tolist() == [1.0, 1.0, 1.0]
    assert policy.credit_terms(programme).rate == pytest.approx(0)


def test_more_than_all_volatility_is_refused() -> None:
    with pytest.raises(ComponentError, match=r"^policy.macro-stabilisation.volatility_cut = 2: must be at most 1$"):
        MacroStabilisation.of({"volatility_cut": 2})
