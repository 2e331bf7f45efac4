"""Markets ask for what their laws say, and their suppliers hear of it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpnde.engine.kernel.demand import meet_demand, next_arrival
from gpnde.engine.kernel.production import supply
from gpnde.engine.kernel.receiving import receive
from gpnde.engine.kernel.replenishment import own_position
from gpnde.mechanics.demand import bass_rate, rescale_bass
from gpnde.numerics.laws.sampling import sample
from gpnde.scenario.schema import Scenario
from gpnde.world.allocation import TOGETHER
from gpnde.world.build import build_world
from gpnde.world.layout import QUANTITY, State

Network = Callable[..., Scenario]
Market = Callable[..., State]


@pytest.fixture(scope="session")
def market(network: Network) -> Market:
    """Return a maker of states with one market, two shops in it and stock galore."""

    def make(demand: dict[str, Any], tick_days: float = 1, seed: int = 1, **more: Any) -> State:
        served = {"served_by": {"left": 0.25, "right": 0.75}, "demand": demand, **more}
        shops = {"left": {"stock": 1e6}, "right": {"stock": 1e6}}
        scenario = network(shops, markets={"market": served}, clock={"days": 1000, "tick_days": tick_days})
        return build_world(scenario, seed).state

    return make


def _asked(state: State, ticks: int) -> list[float]:
    """Return what the market asks for at every tick."""
    totals = [0.0]
    for now in range(ticks):
        meet_demand(state, now)
        totals.append(float(state.markets[0].demanded))
    return np.diff(totals).tolist()


def test_demand_comes_every_period_and_is_split_by_shares(market: Market) -> None:
    state = market({"law": 8, "every_days": 3, "start_day": 2})
    assert _asked(state, 7) == [0, 0, 8, 0, 0, 8, 0]
    assert state.sites["backlog"].tolist() == [4.0, 12.0]
    assert state.sites["total_demand"].tolist() == [4.0, 12.0]


def test_many_markets_draw_what_each_would_draw_alone(network: Network) -> None:
    laws = ("normal(mean=9, sd=4)", "poisson(mean=3)", "uniform(low=1, high=5)", "4")
    names = [f"market-{number}" for number in range(2 * TOGETHER + 40)]
    markets = {
        name: {"served_by": ["shop"], "demand": {"law": laws[number % 4], "every_days": 1 + number % 3}}
        for number, name in enumerate(names)
    }
    state = build_world(network({"shop": {"stock": 0}}, markets=markets)).state
    key = state.keys[QUANTITY]
    for now in range(4):
        meet_demand(state, now)
    for number, market in enumerate(state.markets):
        law = int(market.law)
        alone = [
            sample(state.laws, law, int(key[0]), int(key[1]), int(state.market_entity[number]), period, 0)
            for period in range(int(market.periods))
        ]
        assert (market.periods, market.demanded) == (math.ceil(4 / (1 + number % 3)), sum(alone))


def test_several_periods_between_two_ticks_come_together(market: Market) -> None:
    state = market({"law": 8, "every_days": 1})
    meet_demand(state, 4)
    assert state.markets[0].demanded == 5 * 8


def test_every_customer_gets_an_order_of_his_own_that_waits(market: Market) -> None:
    state = market({"law": 8, "every_days": 1})
    _asked(state, 2)
    sold = state.lines[state.lines["market"] == 0]
    assert sold["tail"].tolist() == [2, 2]
    assert sold["placed"].tolist() == [4.0, 12.0]


def test_demand_is_due_after_the_service_time(market: Market) -> None:
    state = market({"law": 8, "every_days": 1}, service_days=2)
    meet_demand(state, 0)
    assert state.sites["backlog"].tolist() == [0.0, 0.0]
    assert state.lines["delayed"].sum() == 8.0
    assert state.markets[0].demanded == 0.0
    receive(state, 2)
    assert state.sites["backlog"].tolist() == [2.0, 6.0]
    assert state.sites["due_later"].tolist() == [0.0, 0.0]
    assert state.markets[0].demanded == 8.0


def test_demand_that_is_due_later_is_known_at_once(market: Market) -> None:
    state = market({"law": 8, "every_days": 1}, service_days=2)
    before = [own_position(state, number) for number in range(2)]
    meet_demand(state, 0)
    assert state.sites["demanded"].tolist() == [2.0, 6.0]
    assert [own_position(state, number) for number in range(2)] == [before[0] - 2.0, before[1] - 6.0]


def test_sales_that_cannot_wait_are_due_after_the_service_time_too(market: Market) -> None:
    state = market({"law": 8, "every_days": 10}, backorders=False, service_days=2)
    state.sites["on_hand"] = [1.0, 100.0]
    meet_demand(state, 0)
    supply(state, 0)
    assert (state.markets[0].lost, state.markets[0].filled) == (0.0, 0.0)
    receive(state, 2)
    supply(state, 2)
    assert (state.markets[0].lost, state.markets[0].filled) == (1.0, 7.0)


def test_goods_brought_back_go_to_stock(market: Market) -> None:
    state = market({"law": "normal(mean=-8, sd=0, truncated=false)", "every_days": 10})
    before = state.sites["on_hand"].copy()
    meet_demand(state, 0)
    assert (state.sites["on_hand"] - before).tolist() == [2.0, 6.0]
    assert state.sites["demanded"].tolist() == [-2.0, -6.0]
    assert (state.markets[0].demanded, state.markets[0].returned) == (0.0, 8.0)


def test_sales_that_cannot_wait_are_lost_and_leave_no_order(market: Market) -> None:
    state = market({"law": 8, "every_days": 10}, backorders=False)
    state.sites["on_hand"] = [1.0, 100.0]
    meet_demand(state, 0)
    assert state.clock[0].open_orders == 0
    supply(state, 0)
    assert (state.markets[0].filled, state.markets[0].lost, state.markets[0].delivered) == (7.0, 1.0, 7.0)
    assert state.sites["backlog"].tolist() == [0.0, 0.0]
    assert state.ledger["quantity"][: state.clock[0].ledger_used].tolist() == [1.0, 6.0]


def test_what_a_market_without_suppliers_asks_for_is_lost(market: Market) -> None:
    state = market({"law": 8, "every_days": 10})
    state.markets[0].last_line = state.markets[0].first_line
    meet_demand(state, 0)
    assert (state.markets[0].demanded, state.markets[0].lost) == (8.0, 8.0)


def test_mean_demand_grows_by_the_yearly_rate(market: Market) -> None:
    asked = _asked(market({"law": 100, "every_days": 1, "growth_per_year": 0.5}), 729)
    assert asked[364] == pytest.approx(100 * 1.5 ** (364 / 364), rel=0.01)
    assert asked[728] / asked[364] == pytest.approx(asked[364] / asked[0], rel=1e-9)


def test_generations_sell_along_the_curve_of_bass_and_return(market: Market) -> None:
    days = 80
    asked = np.array(_asked(market({"law": 10, "every_days": 1, "life_cycle": {"days": days}}), 2 * days))
    np.testing.assert_allclose(asked[:days], asked[days:], rtol=1e-12)
    assert asked.mean() == pytest.approx(10, rel=1e-3)
    rate = bass_rate(np.arange(0.5, days), *rescale_bass(0.03, 0.38, days))
    np.testing.assert_allclose(asked[:days] / 10, rate / rate.mean(), atol=0.2)


@settings(max_examples=25, deadline=None)
@given(
    values=st.lists(st.floats(0, 100), min_size=2, max_size=6),
    weight=st.floats(-0.9, 0.9),
)
def test_deviations_carry_over_from_period_to_period(values: list[float], weight: float, market: Market) -> None:
    asked = _asked(market({"law": {"law": "series", "values": values}, "every_days": 1, "autocorrelation": weight}), 12)
    carried, expected, mean = 0.0, [], float(np.mean(values))
    for number in range(12):
        carried = weight * carried + values[number % len(values)] - mean
        expected.append(max(0.0, mean + carried))
    np.testing.assert_allclose(asked, expected, atol=1e-9)


def test_correlated_demand_may_fall_below_zero_where_its_law_may(market: Market) -> None:
    law = "normal(mean=0, sd=10, truncated=false)"
    state = market({"law": law, "every_days": 1, "autocorrelation": 0.5})
    _asked(state, 50)
    assert state.markets[0].returned > 0.0


def test_customers_come_as_a_poisson_process_of_the_given_rate(market: Market) -> None:
    state = market({"law": 2, "arrivals": "poisson", "arrivals_per_day": 3}, tick_days=0.01)
    _wait_for_the_first(state)
    gaps, last = [], float(state.markets[0].arrival)
    for _ in range(4000):
        state.markets[0].periods += 1
        next_arrival(state, 0)
        gaps.append(float(state.markets[0].arrival) - last)
        last = float(state.markets[0].arrival)
    days = np.array(gaps) * 0.01
    assert days.mean() == pytest.approx(1 / 3, rel=0.05)
    assert days.std() == pytest.approx(1 / 3, rel=0.05)
    assert np.mean(days > 1 / 3) == pytest.approx(math.exp(-1), abs=0.03)


def _wait_for_the_first(state: State) -> None:
    state.markets[0].arrival = state.markets[0].next
    next_arrival(state, 0)


def test_a_customer_comes_at_the_first_tick_after_his_arrival(market: Market) -> None:
    state = market({"law": 2, "arrivals": "poisson", "arrivals_per_day": 3})
    _wait_for_the_first(state)
    while state.markets[0].periods < 100:
        now, arrives = int(state.markets[0].next), float(state.markets[0].arrival)
        assert now - 1 < arrives <= now
        meet_demand(state, now)
    assert state.markets[0].demanded == 2 * state.markets[0].periods


def test_another_seed_gives_other_demand_and_the_same_seed_the_same(market: Market) -> None:
    demand = {"law": "normal(mean=10, sd=3)", "every_days": 1}
    assert _asked(market(demand, seed=1), 9) == _asked(market(demand, seed=1), 9)
    assert _asked(market(demand, seed=1), 9) != _asked(market(demand, seed=2), 9)


def test_a_factor_scales_demand(market: Market) -> None:
    state = market({"law": 8, "every_days": 1})
    state.markets[0].factor = 0.5
    assert _asked(state, 2) == [4.0, 4.0]
