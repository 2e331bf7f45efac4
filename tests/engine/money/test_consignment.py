"""Consigned materials: buyers pay for a part of what suppliers work on, own it, and bear what it loses in worth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gpnde.contracts import CONTRACTS
from gpnde.engine.money.consignment import materials_per_unit, units_at
from gpnde.engine.money.prices import Prices
from gpnde.engine.money.statements import balance_of
from gpnde.engine.money.stocks import stock_value, stocks_of
from gpnde.engine.run import BALANCE, Simulation
from gpnde.engine.trade.links import Links
from gpnde.plugin import Component
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import ACCOUNTS, OUTSIDE, Account
from gpnde.world.layout import Floats, State

Network = Callable[..., Scenario]
Start = Callable[..., Simulation]
Reach = Callable[[Simulation, float], State]
Ruin = Callable[[Simulation, int], None]
Supply = Callable[..., Simulation]

SHOP, DEPOT = 0, 1
"""Firms and sites by number."""

TO_SHOP, PARTS = 0, 1
"""The link from the depot to the shop, and that from which the depot has its parts."""

PRICE, FREIGHT = 14.0, 0.5
MATERIALS = 2 * (4 + FREIGHT) / 0.8
"""What the parts of a good set cost: two at 4, with freight; one set in five is scrap."""

_DAILY = {"policy": "base-stock", "level": 40, "review_days": 1}
_ONCE = {"policy": "s-S", "reorder_point": 0, "level": 2000, "review_days": 1}
_PLAIN = {"settle_days": 7, "payment_days": 28, "interest_per_year": 0, "spread_per_year": 0, "fixed_cost_share": 0}
_SHARES = (0.0, 0.25, 0.5, 0.85, 1.0)

_ANY_SHARE = st.just(0.0) | st.floats(1e-6, 1.0)

_BALANCED = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="session")
def supply(network: Network, start: Start) -> Supply:
    """Return a starter of a shop that sells 10 sets a day at 20, bought at 14 from a depot that makes each of 2 parts.

    The shop owns a *share* of the depot's parts. *more* are further terms of the contract, *depot* fields of the site,
    *also* further links, and *blocks* those of the scenario.
    """

    def begin(
        share: float,
        *,
        more: Mapping[str, Any] | None = None,
        depot: Mapping[str, Any] | None = None,
        firms: Mapping[str, Any] | None = None,
        also: tuple[Mapping[str, Any], ...] = (),
        sites: Mapping[str, Any] | None = None,
        price: float = PRICE,
        **blocks: Any,
    ) -> Simulation:
        made = {"product": "set", "ordering": _DAILY}
        rich = {name: {"cash": 10_000} for name in ("shop", "depot")}
        links = [
            {"buyer": "shop", "supplier": "depot", "contract": "OEM", "lead_time": 1},
            {"buyer": "depot", "supplier": OUTSIDE, "product": "part", "lead_time": 1, "freight": FREIGHT},
            *also,
        ]
        usual = {
            "products": {"set": {"made_of": {"part": 2}, "value_added": 1}, "part": {"outside_cost": 4}},
            "clock": {"days": 200},
            "finance": {**_PLAIN, **blocks.pop("rules", {})},
            "contracts": {"OEM": {"consigned_share": share, **(more or {})}},
        }
        return start(
            network(
                {
                    "shop": {**made, "price": 20},
                    "depot": {**made, "price": price, "yield_rate": 0.8, **(depot or {})},
                    **(sites or {}),
                },
                links,
                firms=firms or rich,
                **{**usual, **blocks},
            )
        )

    return begin


def booked(simulation: Simulation, account: Account) -> Floats:
    """Return what all firms have entered in an account so far; shape (firms,)."""
    return np.asarray(simulation.world.entries[ACCOUNTS.index(account)].copy())


def invoiced(simulation: Simulation) -> tuple[float, float]:
    """Return how many sets and parts were invoiced so far."""
    sets, parts = simulation.world.money["invoiced_units"][[TO_SHOP, PARTS]].tolist()
    return sets, parts


def reached(simulation: Simulation, reach: Reach, day: float) -> Simulation:
    """Return a simulation that was brought to a day."""
    reach(simulation, day)
    return simulation


def worth(simulation: Simulation) -> Floats:
    """Return what each firm is worth today."""
    return np.asarray(balance_of(simulation.world)[-1])


@pytest.mark.parametrize("share", _SHARES)
def test_a_buyer_pays_back_its_part_of_the_parts_and_less_for_what_is_made_of_them(
    supply: Supply, reach: Reach, share: float
) -> None:
    simulation = supply(share)
    reach(simulation, 7)
    sets, parts = invoiced(simulation)
    assert min(sets, parts) > 0.0
    back, charged = share * parts * (4 + FREIGHT), sets * (PRICE - share * MATERIALS)
    firms = simulation.world.firms
    assert firms["receivable"][DEPOT] == pytest.approx(charged + back)
    assert firms["payable"].tolist() == pytest.approx([charged + back, parts * 4])
    assert booked(simulation, "sales")[DEPOT] == pytest.approx(charged)
    assert booked(simulation, "purchases").tolist() == pytest.approx([-charged - back, back - parts * 4])
    assert firms["revenue"][DEPOT] == pytest.approx(charged)


def test_what_is_paid_back_falls_due_with_what_is_bought(supply: Supply, reach: Reach) -> None:
    simulation = supply(0.5)
    reach(simulation, 7)
    _, parts = invoiced(simulation)
    owed = float(simulation.world.firms["receivable"][DEPOT])
    reach(simulation, 28)
    cash, costs = float(simulation.world.firms["cash"][DEPOT]), _costs(simulation)
    reach(simulation, 35)
    spent = parts * 4 + _costs(simulation) - costs
    assert simulation.world.firms["cash"][DEPOT] - cash == pytest.approx(owed - spent)


def _costs(simulation: Simulation) -> float:
    """Return what the depot has paid so far to others than suppliers."""
    return -float(booked(simulation, "production")[DEPOT] + booked(simulation, "freight")[DEPOT])


@pytest.mark.parametrize("share", _SHARES)
def test_over_time_a_buyer_pays_the_price_and_for_the_parts_that_it_has_in_stock(
    supply: Supply, reach: Reach, share: float
) -> None:
    simulation = reached(supply(share), reach, 196)
    sets, parts = invoiced(simulation)
    held = parts * (4 + FREIGHT) - sets * MATERIALS
    assert -booked(simulation, "purchases")[SHOP] == pytest.approx(sets * PRICE + share * held)


def test_profits_do_not_depend_on_who_owns_parts_whose_price_stands_still(supply: Supply, reach: Reach) -> None:
    profits = []
    for share in _SHARES:
        simulation = supply(share)
        before = worth(simulation)
        reach(simulation, 196)
        profits.append(worth(simulation) - before)
    assert np.abs(profits[0]).min() > 100.0
    np.testing.assert_allclose(profits, [profits[0]] * len(profits), rtol=1e-9)


def test_no_set_costs_less_than_nothing(supply: Supply, reach: Reach) -> None:
    simulation = supply(1.0, price=10)
    reach(simulation, 7)
    _, parts = invoiced(simulation)
    assert MATERIALS > 10
    assert booked(simulation, "sales")[DEPOT] == 0.0
    assert simulation.world.firms["receivable"][DEPOT] == pytest.approx(parts * (4 + FREIGHT))


_MARKETS = {
    "market": {"served_by": ["shop"], "demand": {"law": 10, "every_days": 1}},
    "door": {"served_by": ["depot"], "demand": {"law": 5, "every_days": 1}},
}


@pytest.mark.parametrize("contract", ["sale", "OEM"])
def test_buyers_pay_back_nothing_for_what_the_supplier_sells_to_markets(
    network: Network, start: Start, reach: Reach, contract: str
) -> None:
    made = {"product": "set", "ordering": _DAILY}
    simulation = start(
        network(
            {"shop": {**made, "price": 20}, "depot": {**made, "price": PRICE}},
            [
                {"buyer": "shop", "supplier": "depot", "contract": "OEM", "lead_time": 1},
                {"buyer": "depot", "supplier": OUTSIDE, "product": "part", "lead_time": 1},
            ],
            _MARKETS,
            products={"set": {"made_of": {"part": 2}, "value_added": 1}, "part": {"outside_cost": 4}},
            finance=_PLAIN,
            contracts={"OEM": {"consigned_share": 0.5}},
        )
    )
    lines = simulation.world.state.lines
    (door,) = np.flatnonzero((lines["supplier"] == DEPOT) & (lines["market"] >= 0))
    lines["contract"][door] = CONTRACTS.index(contract)
    reach(simulation, 0)
    opening = float(simulation.world.money["owned_units"][TO_SHOP])
    reach(simulation, 7)
    sets, parts = invoiced(simulation)
    sold = float(simulation.world.money["invoiced_units"][door])
    assert sold > 0.0
    # What was expected of a day counts beside what was sent, by four fifths.
    bought, left = sets + 0.8 * 10, sold + 0.8 * 5
    owned = 0.5 * at_suppliers(simulation)[DEPOT] * bought / (bought + left)
    back = 8 * (owned - opening + 0.5 * sets)
    assert booked(simulation, "purchases").tolist() == pytest.approx([-sets * (PRICE - 4) - back, back - parts * 4])
    assert booked(simulation, "sales")[DEPOT] == pytest.approx(sets * (PRICE - 4) + sold * PRICE)


def at_suppliers(simulation: Simulation) -> Floats:
    """Return how many units the materials at each site amount to."""
    return units_at(simulation.world, materials_per_unit(simulation.world))


def two_buyers(network: Network, start: Start, **second: Any) -> Simulation:
    """Return a depot that sells to two shops, 10 and 30 a day, under OEM with half of its parts consigned."""
    made = {"product": "set", "ordering": {**_DAILY, "level": 100}}
    return start(
        network(
            {"one": {**made, "price": 20}, "two": {**made, "price": 20, **second}, "depot": {**made, "price": PRICE}},
            [
                {"buyer": "one", "supplier": "depot", "contract": "OEM", "lead_time": 1},
                {"buyer": "two", "supplier": "depot", "contract": "OEM", "lead_time": 1},
                {"buyer": "depot", "supplier": OUTSIDE, "product": "part", "lead_time": 1},
            ],
            {
                "few": {"served_by": ["one"], "demand": {"law": 10, "every_days": 1}},
                "many": {"served_by": ["two"], "demand": {"law": 30, "every_days": 1}},
            },
            products={"set": {"made_of": {"part": 2}, "value_added": 1}, "part": {"outside_cost": 4}},
            finance=_PLAIN,
            contracts={"OEM": {"consigned_share": 0.5}},
        )
    )


def test_buyers_share_what_is_paid_back_by_what_each_has_bought(network: Network, start: Start, reach: Reach) -> None:
    simulation = two_buyers(network, start)
    reach(simulation, 7)
    one, two, parts = simulation.world.money["invoiced_units"][:3].tolist()
    back = 0.5 * parts * 4 * np.array([one, two]) / (one + two)
    charged = np.array([one, two]) * (PRICE - 4)
    assert one != two
    assert booked(simulation, "purchases")[:2].tolist() == pytest.approx((-charged - back).tolist())
    assert booked(simulation, "sales")[2] == pytest.approx(charged.sum())


def test_a_buyer_that_stops_buying_stops_paying(network: Network, start: Start, reach: Reach) -> None:
    simulation = two_buyers(network, start)
    reach(simulation, 56)
    before = booked(simulation, "purchases")[1]
    reach(simulation, 105)
    usual = booked(simulation, "purchases")[1] - before
    simulation.part(Prices).scale_demand(np.array([1]), 1e-9)
    reach(simulation, 252)
    before = booked(simulation, "purchases")[1]
    reach(simulation, 301)
    assert abs(booked(simulation, "purchases")[1] - before) < 0.01 * abs(usual)
    assert simulation.world.money["owned_units"][1] < 1.0


def test_a_supplier_buys_back_what_lies_with_it_when_a_link_ends(network: Network, start: Start, reach: Reach) -> None:
    simulation = two_buyers(network, start)
    reach(simulation, 99)
    money, worth = simulation.world.money, balance_of(simulation.world)[-1]
    owned = float(money["owned_units"][1])
    simulation.part(Links).drop(1, "link_dropped", "score", "test")
    assert balance_of(simulation.world)[-1] == pytest.approx(worth)
    cash, bought = simulation.world.firms["cash"][1], booked(simulation, "purchases")[1]
    reach(simulation, 105)
    assert owned > 0.0 and money["owned_units"][1] == 0.0
    late = float(money["invoiced"][1])
    assert booked(simulation, "purchases")[1] - bought == pytest.approx(owned * 8 - late)
    assert simulation.world.firms["cash"][1] > cash
    assert simulation.balances()["statements"] < 1e-9


def test_buyers_of_new_links_come_to_own_their_part(network: Network, start: Start, reach: Reach) -> None:
    simulation = two_buyers(network, start)
    reach(simulation, 99)
    number = simulation.part(Links).open(0, 2, 0.5, PRICE)
    assert simulation.world.money["owned_units"][number] == 0.0
    reach(simulation, 200)
    owned, there = simulation.world.money["owned_units"], at_suppliers(simulation)[2]
    assert owned[number] > 0.0
    assert owned.sum() == pytest.approx(0.5 * there, rel=0.2)
    assert simulation.balances()["statements"] < 1e-9


def test_what_a_supplier_owns_of_its_stock_is_never_below_nothing(supply: Supply, reach: Reach) -> None:
    simulation = supply(1.0)
    reach(simulation, 105)
    simulation.part(Prices).scale_prices(np.array([PARTS]), 3.0)
    assert stock_value(simulation.world)[DEPOT] >= 0.0
    assert stocks_of(simulation.world)[DEPOT] >= 0.0


def test_a_plant_of_the_suppliers_own_firm_owns_nothing_beside_it(network: Network, start: Start, reach: Reach) -> None:
    simulation = two_buyers(network, start, firm="depot")
    reach(simulation, 7)
    depot = simulation.world.names.firms.index("depot")
    one, two, parts = simulation.world.money["invoiced_units"][:3].tolist()
    back = 0.5 * parts * 4 * one / (one + two)
    assert two > 0.0
    assert booked(simulation, "purchases")[depot] == pytest.approx(back - parts * 4)
    assert booked(simulation, "purchases")[0] == pytest.approx(-one * (PRICE - 4) - back)
    assert simulation.world.firms["payable"][depot] == pytest.approx(parts * 4)


@pytest.mark.parametrize("share", _SHARES)
def test_stocks_belong_to_those_who_paid_for_what_is_in_them(supply: Supply, reach: Reach, share: float) -> None:
    simulation = supply(share, depot={"processing": 2})
    world, state = simulation.world, reach(simulation, 50)
    depot, unit = state.sites[DEPOT], float(world.plants["unit_cost"][DEPOT])
    sets = float(depot.on_hand + depot.wip)
    parts = (
        float(state.inputs["stock"][state.inputs["site"] == DEPOT].sum()) + float(state.lines[PARTS].in_transit)
    ) * 4.5
    theirs = share * (sets * MATERIALS + parts)
    bare = supply(0.0, depot={"processing": 2})
    reach(bare, 50)
    before = stocks_of(bare.world)
    assert before[DEPOT] == pytest.approx(sets * unit + parts)
    assert float(depot.wip) > 0.0
    assert stocks_of(world).tolist() == pytest.approx([before[SHOP] + theirs, before[DEPOT] - theirs])
    ready = float(depot.on_hand)
    assert stock_value(world)[DEPOT] == pytest.approx(ready * (unit - share * MATERIALS))


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_the_stock_of_a_failed_supplier_is_sold_for_those_who_own_it(
    supply: Supply, reach: Reach, ruin: Ruin, share: float
) -> None:
    simulation = supply(share, rules={"recovery": 0.5})
    state = reach(simulation, 20)
    ready, unit = float(state.sites[DEPOT].on_hand), float(simulation.world.plants["unit_cost"][DEPOT])
    ruin(simulation, DEPOT)
    reach(simulation, 21)
    theirs = ready * share * MATERIALS
    assert ready > 0.0
    assert booked(simulation, "liquidation").tolist() == pytest.approx([0.5 * theirs, 0.5 * (ready * unit - theirs)])


def _days_of_ruin() -> st.SearchStrategy[tuple[int, int] | None]:
    return st.none() | st.tuples(st.sampled_from([SHOP, DEPOT]), st.integers(1, 120))


@_BALANCED
@given(share=_ANY_SHARE, more=st.sampled_from([0, 28, 84]), fails=_days_of_ruin())
def test_books_balance_whatever_is_consigned_and_whoever_fails(
    supply: Supply, reach: Reach, ruin: Ruin, share: float, more: float, fails: tuple[int, int] | None
) -> None:
    simulation = supply(share, more={"payment_days_more": more})
    if fails is not None:
        firm, day = fails
        reach(simulation, day)
        ruin(simulation, firm)
        reach(simulation, day + 7)
        assert simulation.world.firms["active"][firm] == 0
    simulation.observe(None, debug=True)
    simulation.finish()
    balances = simulation.balances()
    assert max(balances[name] for name in ("cash", "accounts", "statements")) < 1e-9


@_BALANCED
@given(data=st.data(), share=_ANY_SHARE, more=st.sampled_from([0, 14, 100]))
def test_books_balance_in_networks_in_which_much_goes_wrong(
    data: st.DataObject,
    networks: st.SearchStrategy[Scenario],
    mishaps: st.SearchStrategy[Component],
    start: Start,
    share: float,
    more: float,
) -> None:
    scenario = data.draw(networks.filter(lambda each: each.finance is not None))
    plain = scenario.model_dump()
    plain["contracts"] = {"arms-length": {"consigned_share": share, "payment_days_more": more}}
    simulation = start(Scenario.model_validate(plain), data.draw(mishaps))
    simulation.observe(None, debug=True)
    simulation.finish()
    assert max(simulation.balances().values()) <= BALANCE


@settings(max_examples=15, deadline=None)
@given(share=_ANY_SHARE)
def test_what_all_firms_have_together_does_not_depend_on_who_owns_the_parts(
    supply: Supply, reach: Reach, share: float
) -> None:
    bare, consigned = supply(0.0), supply(share)
    for day in range(7, 197, 21):
        together = [float(reached(each, reach, day).world.firms["cash"].sum()) for each in (bare, consigned)]
        assert together[0] == pytest.approx(together[1], rel=1e-12)
    if share > 0.01:
        assert bare.world.firms["cash"].tolist() != consigned.world.firms["cash"].tolist()


def test_the_lowest_cash_of_a_supplier_rises_with_what_its_buyer_owns(supply: Supply, reach: Reach) -> None:
    lowest = []
    for share in _SHARES:
        simulation = supply(share, depot={"stock": 0})
        lowest.append(
            min(float(reached(simulation, reach, day).world.firms["cash"][DEPOT]) for day in range(0, 197, 7))
        )
    # From some share on it is lowest before any parts have to be paid.
    assert np.diff(lowest)[:3].min() > 100.0
    assert np.diff(lowest).min() >= 0.0


def _stocked_up(supply: Supply, share: float) -> Simulation:
    """Return the supply of a depot that buys what it needs for half a year on the first day."""
    rich = {name: {"cash": 100_000} for name in ("shop", "depot")}
    site = {"ordering": _ONCE, "yield_rate": 1, "stock": 0}
    return supply(share, depot=site, firms=rich, rules={"payment_days": 0})


def _fall(simulation: Simulation) -> None:
    """Let parts be had for 3 instead of 4, and sets, of two parts each, for 12 instead of 14."""
    prices = simulation.part(Prices)
    prices.scale_prices(np.array([PARTS]), 3 / 4)
    prices.scale_prices(np.array([TO_SHOP]), 12 / 14)


@pytest.mark.parametrize("share", _SHARES)
def test_buyers_bear_their_part_of_what_parts_in_stock_lose_when_prices_fall(
    supply: Supply, reach: Reach, share: float
) -> None:
    calm, war = _stocked_up(supply, share), _stocked_up(supply, share)
    for simulation in (calm, war):
        reach(simulation, 28)
    sold, bought = invoiced(war)
    _fall(war)
    for simulation in (calm, war):
        reach(simulation, 98)
    later, still = invoiced(war)
    assert still == bought > 2 * later > 2 * sold
    cash = [simulation.world.firms["cash"] + simulation.world.firms["receivable"] for simulation in (calm, war)]
    lost = cash[0][DEPOT] - cash[1][DEPOT]
    assert lost == pytest.approx((later - sold) * 2 * (1 - share), abs=1e-6)


def test_the_more_its_buyer_owns_the_less_a_supplier_loses_to_erosion(supply: Supply, reach: Reach) -> None:
    def profit(share: float, erosion: float) -> float:
        products = {
            "set": {"made_of": {"part": 2}, "value_added": 1, "price_erosion_per_week": erosion},
            "part": {"outside_cost": 4, "price_erosion_per_week": erosion},
        }
        simulation = supply(share, depot={"ordering": {**_DAILY, "level": 400}}, products=products)
        before = worth(simulation)[DEPOT]
        reach(simulation, 196)
        return float(worth(simulation)[DEPOT] - before)

    lost = [profit(share, 0.0) - profit(share, 0.01) for share in _SHARES]
    assert lost[0] > 0.0
    assert np.diff(lost).max() < -1.0


def _collected(simulation: Simulation) -> float:
    """Return what the depot was paid so far by the shop."""
    return float(booked(simulation, "sales")[DEPOT] - simulation.world.firms["receivable"][DEPOT])


def test_payment_days_more_delay_what_a_supplier_is_paid_by_so_long(supply: Supply, reach: Reach) -> None:
    usual, late = supply(0.0), supply(0.0, more={"payment_days_more": 35})
    paid = [_collected(reached(usual, reach, day)) for day in range(0, 162, 7)]
    paid_later = [_collected(reached(late, reach, day)) for day in range(0, 197, 7)]
    assert paid_later == pytest.approx([0.0] * 5 + paid)
    assert len(set(paid)) > 15


def test_payment_days_more_change_nothing_but_cash_claims_and_debts_where_cash_binds_nobody(
    supply: Supply, reach: Reach
) -> None:
    usual, late = supply(0.0), supply(0.0, more={"payment_days_more": 35})
    for day in range(0, 197, 14):
        for simulation in (usual, late):
            reach(simulation, day)
        one, other = usual.world, late.world
        assert one.state.lines.tobytes() == other.state.lines.tobytes()
        assert one.state.sites.tobytes() == other.state.sites.tobytes()
        assert one.entries.tolist() == other.entries.tolist()
        owned = [world.firms["cash"] + world.firms["receivable"] - world.firms["payable"] for world in (one, other)]
        assert owned[0].tolist() == pytest.approx(owned[1].tolist(), rel=1e-12)
    for name in one.firms.dtype.names or ():
        same = bool(np.array_equal(one.firms[name], other.firms[name], equal_nan=True))
        assert same == (name not in ("cash", "receivable", "payable")), name


def test_other_contracts_are_paid_as_before(supply: Supply, reach: Reach) -> None:
    simulation = supply(0.0, more={"payment_days_more": 35})
    reach(simulation, 35)
    parts = float(simulation.world.firms["payable"][DEPOT])
    _, bought = invoiced(simulation)
    assert parts < bought * 4
