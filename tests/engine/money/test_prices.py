"""Prices erode, and demand and the choice between brands follow them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gpnde.engine.money.prices import Prices
from gpnde.engine.run import Simulation
from gpnde.engine.trade.links import Links
from gpnde.errors import GpndeError
from gpnde.scenario.schema import Scenario
from gpnde.world.layout import State

Network = Callable[..., Scenario]
Start = Callable[..., Simulation]
Reach = Callable[[Simulation, float], State]
Market = Callable[..., Simulation]
MARKET, LEFT, RIGHT = 0, 2, 3
"""The market, and the lines of its two sellers; lines 0 and 1 buy outside."""


@pytest.fixture(scope="session")
def market(network: Network, start: Start) -> Market:
    """Return a starter of a market that two shops serve at prices of 8 and 12, with fields for product and market."""

    def begin(product: dict[str, Any] | None = None, **fields: Any) -> Simulation:
        shops = {"left": {"stock": 1e6, "price": 8}, "right": {"stock": 1e6, "price": 12}}
        served = {"served_by": {"left": 0.5, "right": 0.5}, "demand": {"law": 100, "every_days": 1}, **fields}
        products = {"unit": {"outside_cost": 5, **(product or {})}}
        return start(network(shops, markets={"market": served}, products=products, clock={"days": 400}))

    return begin


def test_prices_stay_where_nothing_moves_them(market: Market, reach: Reach) -> None:
    state = reach(market(), 100)
    assert state.lines["price"].tolist() == [5.0, 5.0, 8.0, 12.0]
    assert state.markets[MARKET].factor == 1.0


def test_prices_erode_week_by_week(market: Market, reach: Reach) -> None:
    simulation = market({"price_erosion_per_week": 0.01})
    state = reach(simulation, 29)
    np.testing.assert_allclose(state.lines["price"], np.array([5, 5, 8, 12]) * math.exp(-0.01 * 4))


def test_a_new_generation_has_its_first_price_again(market: Market, reach: Reach) -> None:
    simulation = market({"price_erosion_per_week": 0.01, "life_cycle_days": 28})
    assert reach(simulation, 21).lines[LEFT].price == pytest.approx(8 * math.exp(-0.03))
    assert reach(simulation, 28).lines[LEFT].price == 8.0


def test_demand_follows_the_mean_price_at_constant_elasticity(market: Market, reach: Reach) -> None:
    simulation = market({"price_erosion_per_week": 0.02}, elasticity=1.5)
    assert reach(simulation, 70).markets[MARKET].factor == pytest.approx(math.exp(0.02 * 10 * 1.5))


def test_factors_on_demand_multiply_and_can_be_taken_back(market: Market, reach: Reach) -> None:
    simulation = market(elasticity=2)
    scale = simulation.part(Prices).scale_demand
    state = reach(simulation, 5)
    scale(np.array([MARKET]), 0.5)
    scale(np.array([MARKET]), 0.8)
    assert state.markets[MARKET].factor == pytest.approx(0.4)
    scale(np.array([MARKET]), 2.0)
    scale(np.array([MARKET]), 1.25)
    assert state.markets[MARKET].factor == pytest.approx(1.0)


def test_a_price_cut_raises_demand_by_the_share_of_the_seller(market: Market, reach: Reach) -> None:
    simulation = market(elasticity=2)
    state = reach(simulation, 5)
    simulation.part(Prices).scale_prices(np.array([LEFT]), 0.5)
    assert state.lines["price"].tolist() == [5.0, 5.0, 4.0, 12.0]
    assert state.markets[MARKET].factor == pytest.approx((8 / 10) ** -2)
    simulation.part(Prices).scale_prices(np.array([LEFT]), 2.0)
    assert state.markets[MARKET].factor == pytest.approx(1.0)


def test_buyers_choose_by_given_prices_where_firms_are_rivals(market: Market, reach: Reach) -> None:
    state = reach(market(rivalry={"price_sensitivity": 0.3, "pricing": "given"}), 7)
    odds = np.exp(-0.3 * np.array([8.0, 12.0]))
    np.testing.assert_allclose(state.lines["share"][[LEFT, RIGHT]], odds / odds.sum())
    assert state.markets[MARKET].factor == pytest.approx(1.0)
    assert state.lines["price"][[LEFT, RIGHT]].tolist() == [8.0, 12.0]


def test_fixed_shares_do_not_follow_prices(market: Market, reach: Reach) -> None:
    simulation = market({"price_erosion_per_week": 0.02})
    simulation.part(Prices).scale_prices(np.array([LEFT]), 0.1)
    assert reach(simulation, 70).lines["share"][[LEFT, RIGHT]].tolist() == [0.5, 0.5]


def test_a_market_whose_sellers_are_gone_has_no_choice(market: Market, reach: Reach) -> None:
    simulation = market(rivalry={"price_sensitivity": 0.3})
    reach(simulation, 5)
    for number in (LEFT, RIGHT):
        simulation.part(Links).drop(number, "sale_ended", "contract-end", "test")
    state = reach(simulation, 30)
    assert state.markets[MARKET].lost >= 100 * 24


def test_a_free_market_needs_no_price(network: Network, start: Start, reach: Reach) -> None:
    served = {"served_by": ["shop"], "demand": {"law": 100}, "elasticity": 2, "price": 0}
    simulation = start(network({"shop": {"price": 9}}, markets={"market": served}))
    simulation.part(Prices).update()
    assert simulation.world.state.lines["price"].tolist()[1:] == [0.0]
    assert simulation.world.state.markets[MARKET].factor == 1.0


def test_demand_that_falling_prices_would_make_boundless_ends_the_run_in_one_line(market: Market, reach: Reach) -> None:
    simulation = market({"price_erosion_per_week": 0.3}, elasticity=100)
    with pytest.raises(GpndeError) as caught:
        reach(simulation, 100)
    change = "a price of 7.40818 instead of 10 multiplies demand by 1.06865e+13"
    remedy = "at most 1e+09: give a lower elasticity than 100, or let the price move less"
    assert str(caught.value) == f"markets.market, day 7: {change}: {remedy}"


def test_a_price_of_nothing_is_no_boundless_demand_without_elasticity(market: Market, reach: Reach) -> None:
    assert reach(market({"price_erosion_per_week": 0.99}), 350).markets[MARKET].factor == 1.0


def test_a_new_link_brings_its_price(network: Network, start: Start, reach: Reach) -> None:
    sites = {"shop": {}, "old": {"price": 4}, "new": {"price": 7}}
    links = [{"buyer": "shop", "supplier": "old"}]
    simulation = start(network(sites, links, products={"unit": {"price_erosion_per_week": 0.01}}))
    number = simulation.part(Links).open(0, 2, 0.5, 7.0)
    assert simulation.world.state.lines[number].price == 7.0
    np.testing.assert_allclose(reach(simulation, 14).lines["price"][[0, number]], np.array([4, 7]) * math.exp(-0.02))
