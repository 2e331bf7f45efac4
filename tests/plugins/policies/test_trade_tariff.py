"""Duties on imports and their schedule."""

from __future__ import annotations

from typing import Any

import pytest
from gpnde_policies.trade_tariff import TradeTariff

from gpnde.errors import ComponentError
from gpnde.scenario import Scenario

from ...learners import simulated, three_firms
from .offices import HQ, PLANT, SHOP, Office, opened


def duties(office: Office, policy: TradeTariff) -> dict[tuple[int, int], float]:
    """Return the duty of each line by supplying and buying site."""
    lanes = office.view.lanes
    rates = policy.tariff(lanes, office.view, office.programme)
    pairs = zip(lanes.supplier.tolist(), lanes.buyer.tolist(), strict=True)
    return dict(zip(pairs, rates.tolist(), strict=True))


def rate_on(day: float, **given: Any) -> float:
    """Return the duty on the boards of the plant in the south for the headquarters in the north."""
    policy = TradeTariff.of(given)
    return duties(opened(policy, day=day), policy)[PLANT, HQ]


def test_only_what_crosses_the_border_bears_a_duty() -> None:
    policy = TradeTariff(duties=({"rate": 0.25},))
    assert duties(opened(policy), policy) == {(PLANT, HQ): 0.25, (SHOP, PLANT): 0, (-1, SHOP): 0.25, (HQ, -1): 0}


def test_countries_are_those_that_import() -> None:
    policy = TradeTariff(duties=({"rate": 0.25},), countries=["south"])
    assert duties(opened(policy), policy)[PLANT, HQ] == 0
    assert duties(opened(policy), policy)[-1, SHOP] == 0.25


def test_firms_that_are_not_targeted_are_exempt() -> None:
    policy = TradeTariff(duties=({"rate": 0.25},), group="flagship")
    assert duties(opened(policy), policy)[PLANT, HQ] == 0.25
    assert duties(opened(policy), policy)[-1, SHOP] == 0


@pytest.mark.parametrize(("day", "rate"), [(0.0, 0.3), (55.0, 0.3), (56.0, 0.1), (84.0, 0.0)])
def test_liberalisation_follows_its_schedule(day: float, rate: float) -> None:
    steps = [{"day": 84, "rate": 0}, {"rate": 0.3}, {"day": 56, "rate": 0.1}]
    assert rate_on(day, duties=steps) == rate


def test_days_of_the_schedule_count_from_the_start_of_the_policy() -> None:
    steps = [{"rate": 0.3}, {"day": 28, "rate": 0.1}]
    assert [rate_on(day, duties=steps, start_day=28) for day in (27.0, 28.0, 56.0)] == [0.0, 0.3, 0.1]


def test_products_have_schedules_of_their_own_and_the_common_one_is_for_the_rest() -> None:
    policy = TradeTariff(duties=({"rate": 0.2}, {"product": "board", "rate": 0}, {"product": "board", "day": 9e3}))
    found = duties(opened(policy), policy)
    assert found[PLANT, HQ] == 0
    assert found[-1, SHOP] == 0.2


def test_protection_draws_makers_of_the_product() -> None:
    policy = TradeTariff(duties=({"product": "part", "rate": 0.2},), protection_pull=3)
    office = opened(policy)
    utility = [policy.location_utility(office.view, office.programme, product) for product in range(3)]
    assert [float(each.max()) for each in utility] == pytest.approx([0, 0, 0.6])
    neutral = TradeTariff(duties=policy.duties)
    assert not neutral.location_utility(office.view, office.programme, 2).any()


def test_protection_draws_into_the_countries_that_protect() -> None:
    policy = TradeTariff(clusters=("park",), protection_pull=3)
    office = opened(policy)
    assert policy.location_utility(office.view, office.programme, 0).max(axis=0) == pytest.approx([0, 0.3])


def test_collection_costs_a_share_of_what_came_in_since_the_last_step() -> None:
    policy = TradeTariff(collection_cost=0.05)
    office = opened(policy)
    for revenue in (100.0, 0.0, 40.0):
        office.programme.collect(revenue)
        policy.tick(office.programme, office.memory)
    assert office.programme.cost == pytest.approx(0.05 * 140)
    assert office.programme.leakage == 0


@pytest.mark.parametrize("changes", [{"start_day": 29}, {"end_day": 28}, {"duties": [{"rate": 0}]}])
def test_levies_nothing_when_off_or_at_a_rate_of_0(changes: dict[str, Any]) -> None:
    policy = TradeTariff.of(changes)
    office = opened(policy)
    assert set(duties(office, policy).values()) == {0.0}
    policy.tick(office.programme, office.memory)
    assert office.programme.cost == 0


def test_negative_duty_is_refused() -> None:
    with pytest.raises(ComponentError, match=r"^policy.trade-tariff.duties\[0\].rate = -1: must be at least 0$"):
        TradeTariff.of({"duties": [{"rate": -1}]})


def test_two_duties_from_one_day_are_refused() -> None:
    with pytest.raises(ComponentError, match="two duties on part from day 28: leave one out"):
        TradeTariff.of({"duties": [{"product": "part", "day": 28, "rate": rate} for rate in (0.1, 0.2)]})


def test_unknown_product_is_refused_with_the_nearest() -> None:
    with pytest.raises(ComponentError, match="^policy.trade-tariff.duties: 'bord': not in the scenario; .*'board'"):
        opened(TradeTariff.of({"duties": [{"product": "bord"}]}))


REGIONS = [{"name": "cold", "country": "north"}, {"name": "warm", "country": "south"}, {"name": "wide"}]


def selling(*markets: str, **changes: Any) -> Scenario:
    """Return the network, whose flagship in the north sells to a market in each of the regions, of elasticity 1."""
    first = three_firms().model_dump()["markets"][0]
    sold = [{**first, "name": region, "region": region, "elasticity": 1.0} for region in markets]
    clusters = [{"name": "valley", "country": "north", "region": "cold"}, {"name": "park", "country": "south"}]
    given = {"regions": REGIONS, "clusters": clusters, "markets": sold, "knowledge": None, "selection": None}
    return three_firms(**{**given, **changes})


def on_sales(policy: TradeTariff, scenario: Scenario) -> list[float]:
    """Return the duty on the sales to each market."""
    office = opened(policy, scenario)
    lanes = office.view.lanes
    return [*policy.tariff(lanes, office.view, office.programme)[lanes.market >= 0].tolist()]


@pytest.mark.parametrize(
    ("given", "rates"),
    [
        ({}, [0.0, 0.25, 0.0]),
        ({"countries": ["north"]}, [0.0, 0.0, 0.0]),
        ({"countries": ["south"]}, [0.0, 0.25, 0.0]),
        ({"countries": ["north"], "regions": ["wide", "cold"]}, [0.0, 0.0, 0.25]),
        ({"start_day": 29}, [0.0, 0.0, 0.0]),
    ],
)
def test_markets_pay_on_what_crosses_a_border_to_them(given: dict[str, Any], rates: list[float]) -> None:
    policy = TradeTariff.of({"duties": [{"rate": 0.25}], **given})
    assert on_sales(policy, selling("cold", "warm", "wide")) == rates


def test_tariff_of_a_foreign_market_lowers_its_demand_as_its_elasticity_says_and_is_paid_by_its_customers() -> None:
    scenario = selling("warm")
    free, taxed = simulated(scenario), simulated(scenario, TradeTariff(duties=({"rate": 0.25},), collection_cost=0))
    bought = [each.world.state.markets["demanded"][0] for each in (free, taxed)]
    assert bought[1] == pytest.approx(bought[0] / 1.25)
    lines = taxed.world.state.lines
    worth = lines["price"] * taxed.world.money["tariff"] * lines["shipped"]
    revenue = taxed.hooks.programmes.accounts()["policy.trade-tariff"]["revenue"]
    settled = 1.0 - 28.0 / 364.0
    assert revenue == pytest.approx(float(worth.sum()), rel=1.0 - settled)
    assert taxed.balances()["cash"] < 1e-9


def test_unknown_region_is_refused_with_the_nearest() -> None:
    with pytest.raises(ComponentError, match="^policy.trade-tariff.regions: 'wid': not in the scenario; .*'wide'"):
        opened(TradeTariff(regions=["wid"]), selling("wide"))
