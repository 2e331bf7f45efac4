"""Rivals price against each other, buyers choose, and what moves costs, duties or tastes moves prices and shares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
import pytest

from gpnde import simulate
from gpnde.engine.capacity.exits import Exits
from gpnde.engine.markets.brands import sellers_of
from gpnde.engine.money.prices import Prices
from gpnde.engine.run import Simulation
from gpnde.engine.simulate import open_run, restore
from gpnde.mechanics.rivalry import best_markup, crowded_sensitivity
from gpnde.scenario.schema import Scenario
from gpnde.world.layout import Floats, State

Rivals = Callable[..., Scenario]
Start = Callable[..., Simulation]
Reach = Callable[[Simulation, float], State]


def generations(scenario: Scenario, **options: Any) -> pl.DataFrame:
    return simulate(scenario, **options).tables["generations"]


def markup(scenario: Scenario) -> float:
    """Return the mean markup over variable cost, a share of the price."""
    table = generations(scenario)
    price, cost = table["price"].to_numpy(), table["cost"].to_numpy()
    return float(((price - cost) / price).mean())


def plain(scenario: Scenario) -> Scenario:
    """Return the same scenario without generations."""
    drive = scenario.products["drive"].model_copy(update={"generations": None})
    return scenario.model_copy(update={"products": {**scenario.products, "drive": drive}})


def shares_of_all(simulation: Simulation) -> tuple[Floats, Floats]:
    """Return the share of each brand among all buyers, and its markup over cost."""
    world, sellers = simulation.world, sellers_of(simulation.world, [0])
    inside = world.state.markets[0].factor * (1 - 0.1)
    lines = world.state.lines[sellers.lines]
    cost = world.plants["variable_cost"][lines["supplier"]]
    share = np.bincount(sellers.place, lines["share"], len(sellers.brands)) * inside
    return share, lines["price"] - cost


def test_each_markup_is_the_best_at_the_share_that_it_brings(rivals: Rivals, start: Start, reach: Reach) -> None:
    simulation = start(rivals(sites={"alpha": {"value_added": 30}, "gamma": {"value_added": 55}}))
    for day in (0, 91, 364):
        reach(simulation, day)
        choice = simulation.part(Prices).choice
        availability = choice.now(7 * (day // 7)).availability
        share, over_cost = shares_of_all(simulation)
        sensitivity = crowded_sensitivity(0.05, 0.5, availability)
        np.testing.assert_allclose(over_cost, best_markup(sensitivity, share), rtol=1e-6)


def test_demand_of_the_opening_is_that_of_the_law(rivals: Rivals, start: Start, reach: Reach) -> None:
    state = reach(start(plain(rivals())), 50)
    assert state.markets[0].factor == pytest.approx(1.0, rel=1e-9)
    np.testing.assert_allclose(state.lines["share"][state.lines["market"] == 0], 1 / 3)


def test_cheaper_maker_sells_more_at_a_higher_markup(rivals: Rivals, start: Start, reach: Reach) -> None:
    simulation = start(plain(rivals(sites={"beta": {"value_added": 20}})))
    reach(simulation, 10)
    share, over_cost = shares_of_all(simulation)
    assert share[1] > share[0] == pytest.approx(share[2])
    assert over_cost[1] > over_cost[0]


def test_plants_of_one_firm_share_a_price_and_its_sales(rivals: Rivals, start: Start, reach: Reach) -> None:
    served = {"served_by": {"alpha": 0.6, "beta": 0.2, "gamma": 0.2}}
    both = plain(rivals(sites={"beta": {"firm": "alpha", "value_added": 44}}, market=served))
    simulation = start(both)
    state = reach(simulation, 10)
    sold = state.lines[state.lines["market"] == 0]
    assert sold["price"][0] == sold["price"][1] != sold["price"][2]
    assert sold["share"][0] / sold["share"][1] == pytest.approx(3.0)
    cost = simulation.world.plants["variable_cost"][sold["supplier"]]
    share = float(sold["share"][:2].sum() * state.markets[0].factor * 0.9)
    assert sold["price"][0] - (0.75 * cost[0] + 0.25 * cost[1]) == pytest.approx(float(best_markup(0.05, share)))


def test_twice_the_price_sensitivity_lowers_markups(rivals: Rivals) -> None:
    assert markup(rivals(rivalry={"price_sensitivity": 0.1})) < markup(rivals())


def test_one_rival_less_raises_markups(rivals: Rivals) -> None:
    assert markup(rivals(makers={"alpha": 0.9, "beta": 0.9})) > markup(rivals())


def test_more_who_buy_nothing_lower_markups(rivals: Rivals) -> None:
    assert markup(rivals(rivalry={"outside_share": 0.5})) < markup(rivals())


def test_money_of_another_unit_changes_no_share(rivals: Rivals) -> None:
    one, ten = (generations(rivals(money=money, finance={})) for money in (1.0, 10.0))
    np.testing.assert_allclose(ten["price"] / one["price"], 10.0, rtol=1e-9)
    for column in ("share", "sold", "quality", "launched_day"):
        np.testing.assert_allclose(ten[column], one[column], rtol=1e-7, atol=1e-9)


def test_one_rival_more_leaves_the_luck_of_the_others(rivals: Rivals) -> None:
    few = generations(rivals(makers={"alpha": 0.9, "gamma": 0.8}))
    more = generations(rivals(makers={"alpha": 0.9, "beta": 0.5, "gamma": 0.8})).filter(pl.col("firm") != "beta")
    for column in ("firm", "generation", "launched_day", "quality"):
        assert few[column].to_list() == more[column].to_list()
    assert few["share"].to_list() != more["share"].to_list()


def test_a_price_war_lowers_prices_down_to_cost_and_draws_buyers(rivals: Rivals, start: Start, reach: Reach) -> None:
    simulation = start(plain(rivals()))
    state = reach(simulation, 10)
    lines = np.flatnonzero(state.lines["market"] == 0)
    before = state.lines["price"][lines[0]]
    simulation.part(Prices).scale_prices(lines[:1], 0.9)
    assert state.lines["price"][lines[0]] == pytest.approx(0.9 * before)
    assert state.lines["share"][lines[0]] > state.lines["share"][lines[1]]
    assert state.markets[0].factor > 1.0
    simulation.part(Prices).scale_prices(lines[:1], 0.1)
    assert state.lines["price"][lines[0]] == simulation.world.plants["variable_cost"][state.lines["supplier"][lines[0]]]
    simulation.part(Prices).scale_prices(lines[:1], 1 / 0.09)
    assert state.lines["price"][lines[0]] == pytest.approx(before)


def test_a_duty_raises_what_buyers_pay_and_lowers_what_the_seller_gets(
    rivals: Rivals, start: Start, reach: Reach
) -> None:
    simulation = start(plain(rivals()))
    reach(simulation, 10)
    world = simulation.world
    lines = np.flatnonzero(world.state.lines["market"] == 0)
    before = world.state.lines["price"][lines]
    world.money["tariff"][lines[0]] = 0.2
    state = reach(simulation, 20)
    assert state.lines["price"][lines[0]] < before[0] < world.landed[lines[0]]
    assert state.lines["share"][lines[0]] < state.lines["share"][lines[1]]
    assert state.lines["price"][lines[1]] > before[1]


def test_a_rival_that_fails_leaves_its_buyers_to_the_others(rivals: Rivals, start: Start, reach: Reach) -> None:
    simulation = start(plain(rivals(finance={})))
    before = reach(simulation, 30).lines["price"].copy()
    simulation.part(Exits).close_firms(np.array([1]), "finance", "engine")
    state = reach(simulation, 60)
    sold = np.flatnonzero((state.lines["market"] == 0) & (state.lines["active"] == 1))
    assert len(sold) == 2
    np.testing.assert_allclose(state.lines["share"][sold], 0.5)
    assert (state.lines["price"][sold] > before[sold]).all()
    assert state.markets[0].factor < 1.0
    simulation.observe(None, debug=True)
    simulation.finish()


def test_a_market_that_all_have_left_loses_what_it_asks_for(rivals: Rivals, start: Start, reach: Reach) -> None:
    simulation = start(rivals())
    reach(simulation, 30)
    simulation.part(Exits).close_firms(np.arange(3), "policy", "test")
    state = reach(simulation, 60)
    assert state.markets[0].lost > 29 * 70
    simulation.finish()


def test_a_site_that_opens_later_brings_its_firm_into_the_market(rivals: Rivals) -> None:
    table = generations(rivals(sites={"gamma": {"opens_day": 200}}))
    entered = table.filter(pl.col("firm") == "gamma")
    assert entered["day"].min() == 203.0
    assert entered["generation"].min() == 1
    assert entered["launched_day"].min() == 203.0
    assert entered["share"][0] == pytest.approx(0.0, abs=1e-3)
    assert entered["share"][-1] > 0.1


def test_several_markets_of_a_product_have_the_same_generations(rivals: Rivals, start: Start) -> None:
    scenario = rivals()
    near, far = scenario.markets[0], scenario.markets[0].model_copy(update={"name": "far"})
    rules = far.rivalry.model_copy(update={"price_sensitivity": 0.1}) if far.rivalry else None
    scenario = scenario.model_copy(update={"markets": (far.model_copy(update={"rivalry": rules}), near)})
    table = generations(scenario)
    here, there = (table.filter(pl.col("market") == name) for name in ("far", "world"))
    assert here["launched_day"].to_list() == there["launched_day"].to_list()
    assert (here["price"] < there["price"]).all()


@pytest.mark.parametrize("day", [0.0, 91.0, 300.0])
def test_a_restored_run_has_the_same_bytes(rivals: Rivals, day: float) -> None:
    run = open_run(rivals(finance={}, market={"patience_days": 5}))
    run.advance(day)
    then = run.snapshot()
    assert run.finish().fingerprint == restore(then).finish().fingerprint


def test_shorter_patience_loses_more_where_capacity_is_scarce(rivals: Rivals) -> None:
    scarce = {"alpha": {"capacity_per_day": 30}, "beta": {"capacity_per_day": 30}}
    lost = [
        simulate(rivals(sites=scarce, market={"patience_days": days})).metric("flow.lost_sales") for days in (20, 10, 2)
    ]
    assert lost == sorted(lost)
    assert lost[0] < lost[-1]


def test_rows_of_the_table_tell_what_was_sold(rivals: Rivals) -> None:
    run = simulate(rivals())
    table = run.tables["generations"]
    assert table["sold"].sum() == pytest.approx(run.tables["markets"]["shipped"].sum())
    shares = table.group_by("day").agg(pl.col("share").sum())["share"].to_numpy()
    np.testing.assert_allclose(shares, 1.0)


def test_networks_without_rivals_have_no_such_table() -> None:
    assert simulate("single-site").tables["generations"].is_empty()
