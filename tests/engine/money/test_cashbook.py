"""Money is booked twice: what one firm pays another gets, and what enters or leaves the network is counted."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from gpnde.engine.money.cashbook import Cashbook
from gpnde.engine.run import Simulation
from gpnde.engine.trade.links import Links
from gpnde.scenario.schema import Scenario
from gpnde.world.layout import State

Network = Callable[..., Scenario]
Start = Callable[..., Simulation]
Reach = Callable[[Simulation, float], State]
Trade = Callable[..., Simulation]
Ruin = Callable[[Simulation, int], None]
SHOP, DEPOT = 0, 1

_DAILY = {"policy": "base-stock", "level": 40, "review_days": 1}
_PLAIN = {"settle_days": 7, "payment_days": 0, "interest_per_year": 0, "spread_per_year": 0, "fixed_cost_share": 0}


def _cash(simulation: Simulation) -> list[float]:
    cash: list[float] = simulation.world.firms["cash"].tolist()
    return cash


def test_sales_of_a_period_are_paid_at_the_next_settlement_where_no_time_is_given(trade: Trade, reach: Reach) -> None:
    simulation = trade()
    state = reach(simulation, 6)
    sold, bought, made = 7 * 10 * 9, float(state.lines[0].shipped) * 6, float(state.sites["produced"][SHOP])
    reach(simulation, 7)
    firms, cash = simulation.world.firms, _cash(simulation)[SHOP]
    assert (firms["receivable"][SHOP], firms["payable"][SHOP]) == (sold, bought)
    assert firms["revenue"][SHOP] == sold
    added = float(reach(simulation, 13).sites["produced"][SHOP]) - made
    reach(simulation, 14)
    assert _cash(simulation)[SHOP] == pytest.approx(cash + sold - bought - added)


def test_invoices_are_paid_after_their_term(trade: Trade, reach: Reach) -> None:
    simulation = trade(payment_days=21)
    reach(simulation, 27)
    assert simulation.world.flows.inflow == 0.0
    reach(simulation, 28)
    assert simulation.world.flows.inflow == 7 * 10 * 9


def test_what_a_buyer_owes_a_seller_may_claim(trade: Trade, reach: Reach) -> None:
    simulation = trade(payment_days=28)
    reach(simulation, 35)
    firms = simulation.world.firms
    assert firms["payable"][SHOP] == firms["receivable"][DEPOT] > 0.0


def test_cash_changes_by_what_enters_less_what_leaves(trade: Trade, reach: Reach) -> None:
    simulation = trade(payment_days=14, interest_per_year=0.1, fixed_cost_share=0.3)
    for day in range(7, 190, 7):
        reach(simulation, day)
        assert simulation.balances()["cash"] < 1e-12
        flows = simulation.world.flows
        assert sum(_cash(simulation)) - 2000 == pytest.approx(flows.inflow - flows.outflow)


def test_a_missing_coin_is_found(trade: Trade, reach: Reach) -> None:
    simulation = trade()
    reach(simulation, 30)
    simulation.world.firms["cash"][SHOP] += 1.0
    assert simulation.balances()["cash"] > 1e-4


def test_plants_of_one_firm_do_not_pay_each_other(trade: Trade, reach: Reach) -> None:
    simulation = trade(depot={"firm": "shop"}, firms={"shop": {"cash": 1000}})
    state = reach(simulation, 27)
    assert state.lines[0].shipped > 0.0
    spent = float(state.lines["shipped"][1] * 4 + state.sites["produced"].sum())
    reach(simulation, 28)
    firms = simulation.world.firms
    assert firms["revenue"].tolist() == [28 * 10 * 9]
    assert firms["expense"][0] == pytest.approx(spent)


def test_what_is_made_costs_its_value_added(trade: Trade, reach: Reach) -> None:
    simulation = trade()
    state = reach(simulation, 69)
    spent = float(state.lines["shipped"][0]) * 6 + float(state.sites["produced"][SHOP]) * 1
    reach(simulation, 70)
    assert simulation.world.firms["expense"][SHOP] == pytest.approx(spent)


def test_the_fixed_share_of_the_cost_is_paid_even_when_idle(trade: Trade, reach: Reach) -> None:
    simulation = trade(fixed_cost_share=0.4)
    reach(simulation, 6)
    simulation.world.state.markets["factor"] = 0.0
    reach(simulation, 28)
    before = simulation.world.firms["expense"].copy()
    reach(simulation, 56)
    np.testing.assert_allclose(simulation.world.firms["expense"] - before, 0.4 * 28 * 10 * 1)


def test_debt_costs_interest_and_cash_earns_none(trade: Trade, reach: Reach) -> None:
    simulation = trade(interest_per_year=0.52, insolvency=False)
    reach(simulation, 6)
    simulation.world.state.markets["factor"] = 0.0
    reach(simulation, 28)
    firms = simulation.world.firms
    firms["cash"] = [-100.0, 100.0]
    reach(simulation, 35)
    assert _cash(simulation) == pytest.approx([-100 * (1 + 0.52 * 7 / 364), 100.0])


def test_experience_lowers_the_cost_of_making(network: Network, start: Start, reach: Reach) -> None:
    def expense(rate: float) -> float:
        products = {"unit": {"learning_rate": rate, "outside_cost": 0}}
        sites = {"shop": {"ordering": _DAILY, "stock": 40}}
        simulation = start(network(sites, products=products, finance=_PLAIN, clock={"days": 2000}))
        reach(simulation, 1995)
        return float(simulation.world.firms["expense"][0])

    assert expense(0.2) < 0.8 * expense(0.0)


def test_the_stock_of_a_failed_firm_is_sold_below_its_cost(trade: Trade, reach: Reach, ruin: Ruin) -> None:
    simulation = trade(recovery=0.5)
    state = reach(simulation, 20)
    stock = float(state.sites[DEPOT].on_hand)
    ruin(simulation, DEPOT)
    inflow = simulation.world.flows.inflow
    state = reach(simulation, 21)
    sold_in_the_shop = 7 * 10 * 9
    assert stock > 0.0
    assert state.sites[DEPOT].on_hand == 0.0
    assert simulation.world.flows.written_off.tolist() == [stock]
    assert simulation.world.flows.inflow - inflow == pytest.approx(sold_in_the_shop + 0.5 * stock * (4 + 1))


def test_creditors_share_what_is_left_and_bear_the_rest(trade: Trade, reach: Reach, ruin: Ruin) -> None:
    simulation = trade(payment_days=28, recovery=0)
    reach(simulation, 20)
    ruin(simulation, SHOP)
    firms = simulation.world.firms
    claim, expense = float(firms["receivable"][DEPOT]), float(firms["expense"][DEPOT])
    reach(simulation, 21)
    assert (firms["receivable"][DEPOT], firms["payable"][SHOP]) == (0.0, 0.0)
    assert firms["expense"][DEPOT] - expense > claim
    simulation.observe(None, debug=True)
    simulation.finish()


def test_a_failed_firm_with_money_left_pays_its_creditors_in_full(trade: Trade, reach: Reach) -> None:
    simulation = trade(payment_days=28, firms={"shop": {"cash": 5000}})
    reach(simulation, 21)
    firms = simulation.world.firms
    owed, cash = float(firms["payable"][SHOP]), _cash(simulation)
    assert cash[SHOP] > owed > 0.0
    simulation.part(Cashbook).wind_up(SHOP)
    assert _cash(simulation)[DEPOT] == pytest.approx(cash[DEPOT] + owed)
    assert simulation.balances()["cash"] < 1e-12


@pytest.mark.parametrize(("had", "share"), [(1e5, 1.0), (0.25, 0.25), (0.0, 0.0)])
def test_creditors_outside_get_their_share_and_it_leaves_the_network(
    trade: Trade, reach: Reach, had: float, share: float
) -> None:
    simulation = trade(payment_days=28, recovery=0, interest_per_year=0)
    reach(simulation, 21)
    firms, flows = simulation.world.firms, simulation.world.flows
    owed = float(firms["payable"][DEPOT])
    assert owed > 0.0
    # What the firm has is given, as if it had been paid from or to the outside.
    flows.inflow += had * owed - float(firms["cash"][DEPOT])
    firms["cash"][DEPOT] = had * owed
    outflow = flows.outflow
    simulation.part(Cashbook).wind_up(DEPOT)
    assert flows.outflow - outflow == pytest.approx(share * owed)
    assert firms["cash"][DEPOT] == pytest.approx((had - share) * owed)
    assert simulation.balances()["cash"] < 1e-12


def test_the_soundness_of_a_firm_is_its_months_of_cash_and_its_debt_over_assets(trade: Trade, reach: Reach) -> None:
    simulation = trade(payment_days=28)
    state = reach(simulation, 28)
    firms = simulation.world.firms
    firms["cash"] = [560.0, -300.0]
    months, leverage = simulation.part(Cashbook).soundness()
    np.testing.assert_allclose(months, (firms["cash"] + firms["credit"]) / 280)
    assets = firms["receivable"][DEPOT] + state.sites[DEPOT].on_hand * 5
    np.testing.assert_allclose(leverage, [0.0, 300 / assets])


def test_new_links_are_invoiced_too(network: Network, start: Start, reach: Reach) -> None:
    sites = {"shop": {"ordering": _DAILY, "stock": 40}, "old": {"ordering": _DAILY}, "new": {"ordering": _DAILY}}
    links = [{"buyer": "shop", "supplier": "old", "lead_time": 1}]
    simulation = start(network(sites, links, finance=_PLAIN, clock={"days": 100}))
    reach(simulation, 10)
    number = simulation.part(Links).open(0, 2, 1.0, 5.0)
    state = reach(simulation, 70)
    assert simulation.world.firms["revenue"][2] == pytest.approx(state.lines[number].shipped * 5)
    simulation.observe(None, debug=True)
    simulation.finish()
