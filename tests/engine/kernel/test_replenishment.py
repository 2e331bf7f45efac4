"""Sites review their inventory position and order what their rule says, from the suppliers at work."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpnde.engine.kernel.calendar import next_delivery, row_of
from gpnde.engine.kernel.production import supply
from gpnde.engine.kernel.replenishment import order, review, split_order, weigh_echelons
from gpnde.scenario.schema import Scenario
from gpnde.world.build import build_world
from gpnde.world.layout import State

Network = Callable[..., Scenario]
Shop = Callable[..., State]


@pytest.fixture(scope="session")
def shop(network: Network) -> Shop:
    """Return a maker of states with one shop that buys outside, two days away, with a rule of its own."""

    def make(ordering: dict[str, Any], stock: float = 0, **more: Any) -> State:
        site = {"stock": stock, "ordering": {"review_days": 1, **ordering}, **more}
        return build_world(network({"shop": site}, [{"buyer": "shop", "lead_time": 2}])).state

    return make


def _reviewed(state: State, demand: float = 0.0, now: int = 0) -> float:
    """Return what site 0 orders at a review after some demand that it could not meet."""
    site = state.sites[0]
    site.demanded += demand
    site.backlog += demand
    before = float(state.lines[0].placed)
    review(state, 0, now)
    return float(state.lines[0].placed) - before


def test_base_stock_orders_up_to_its_level(shop: Shop) -> None:
    assert _reviewed(shop({"policy": "base-stock", "level": 30}, stock=12)) == 18.0


def test_what_is_on_order_and_in_production_counts_and_what_is_owed_counts_against_it(shop: Shop) -> None:
    state = shop({"policy": "base-stock", "level": 30}, stock=12)
    state.inputs[0].on_order = 5.0
    state.sites[0].wip = 4.0
    state.sites[0].backlog = 2.0
    assert _reviewed(state) == 30 - (12 + 5 + 4 - 2)


def test_nothing_is_ordered_above_the_level(shop: Shop) -> None:
    state = shop({"policy": "base-stock", "level": 30}, stock=31)
    assert _reviewed(state) == 0.0
    assert state.inputs[0].orders == 0


def test_no_empty_order_is_placed_after_customers_brought_back_more_than_they_took(shop: Shop) -> None:
    state = shop({"policy": "base-stock", "level": 0}, stock=0)
    state.sites[0].total_demand = -5.0
    assert _reviewed(state) == 0.0
    assert state.inputs[0].orders == 0


def test_make_to_order_orders_what_is_owed(shop: Shop) -> None:
    assert _reviewed(shop({"policy": "make-to-order"}), demand=7.0) == 7.0


def test_the_s_S_rule_orders_up_to_its_level_once_its_point_is_reached(shop: Shop) -> None:
    rule = {"policy": "s-S", "reorder_point": 10, "level": 40}
    assert _reviewed(shop(rule, stock=11)) == 0.0
    assert _reviewed(shop(rule, stock=10)) == 30.0


def test_the_r_Q_rule_orders_whole_quantities(shop: Shop) -> None:
    rule = {"policy": "r-Q", "reorder_point": 10, "quantity": 8}
    assert _reviewed(shop(rule, stock=11)) == 0.0
    assert _reviewed(shop(rule, stock=10)) == 8.0
    assert _reviewed(shop(rule, stock=0)) == 16.0


def test_order_up_to_follows_the_smoothed_forecast(shop: Shop) -> None:
    forecast = {"method": "exponential-smoothing", "alpha": 0.25, "mean": 10, "sd": 2}
    state = shop({"forecast": forecast, "safety_factor": 1.5, "protection_days": 3}, stock=0)
    ordered = _reviewed(state, demand=18.0)
    deviation = math.sqrt(0.75 * 2**2 + 0.25 * (18 - 10) ** 2)
    level = 12 * 3 + 1.5 * deviation * math.sqrt(3)
    assert state.sites[0].forecast == 12.0
    assert ordered == pytest.approx(level + 18)


@settings(max_examples=30, deadline=None)
@given(demands=st.lists(st.floats(0, 100), min_size=1, max_size=12), window=st.integers(1, 5))
def test_the_moving_average_looks_at_the_last_periods(demands: list[float], window: int, shop: Shop) -> None:
    state = shop({"forecast": {"method": "moving-average", "window": window}, "safety_factor": 2, "protection_days": 4})
    for demand in demands:
        _reviewed(state, demand)
    seen = demands[-window:]
    assert state.sites[0].forecast == pytest.approx(np.mean(seen), abs=1e-9)
    if len(seen) > 1:
        level = 4 * np.mean(seen) + 2 * np.std(seen, ddof=1) * 2
        assert state.sites[0].level == pytest.approx(level, abs=1e-9)


def test_a_smoothed_order_closes_part_of_the_gap(shop: Shop) -> None:
    forecast = {"method": "fixed", "mean": 10, "sd": 0}
    state = shop({"policy": "smoothed", "smoothing": 0.25, "forecast": forecast, "protection_days": 3}, stock=0)
    assert _reviewed(state) == pytest.approx(10 + 0.25 * (30 - 10))


def test_smoothed_orders_follow_their_recursion(shop: Shop) -> None:
    forecast = {"method": "fixed", "mean": 10, "sd": 0}
    rule = {"policy": "smoothed", "smoothing": 0.25, "forecast": forecast, "protection_days": 3}
    state = shop(rule, stock=30)
    placed, demands = [10.0], [10.0, 14.0, 3.0, 8.0, 8.0]
    for demand in demands:
        placed.append(_reviewed(state, demand))
    expected = [0.25 * demand + 0.75 * before for demand, before in zip(demands, placed, strict=False)]
    assert placed[1:] == pytest.approx(expected)


@pytest.fixture(scope="session")
def plant(network: Network) -> Shop:
    """Return a maker of states with a plant, site 0, whose wheels come from two makers and lamps from outside."""

    def make(ordering: dict[str, Any] | None = None, shares: tuple[float, float] = (0.75, 0.25), **more: Any) -> State:
        rule = {"policy": "base-stock", "level": 20, "review_days": 1}
        links = [
            {"buyer": "plant", "supplier": "left", "share": shares[0], "lead_time": 1},
            {"buyer": "plant", "supplier": "right", "share": shares[1], "lead_time": 1},
            {"buyer": "plant", "product": "lamp", "lead_time": 1},
        ]
        return build_world(
            network(
                {
                    "plant": {"product": "car", "stock": 0, "ordering": ordering or rule, **more},
                    "left": {"product": "wheel", "stock": 0, "ordering": {**rule, "level": 0}},
                    "right": {"product": "wheel", "stock": 0, "ordering": {**rule, "level": 0}},
                },
                links,
                products={"car": {"made_of": {"wheel": 4, "lamp": 2}}, "wheel": {}, "lamp": {}},
            )
        ).state

    return make


def test_every_input_is_ordered_by_its_own_position(plant: Shop) -> None:
    state = plant()
    state.inputs["stock"][:2] = [16.0, 0.0]
    review(state, 0, 0)
    assert state.lines["placed"][:3].tolist() == [0.75 * (80 - 16), 0.25 * (80 - 16), 40.0]
    assert state.sites[0].ordered == 16.0
    assert state.clock[0].order_lines == 3


def test_orders_allow_for_the_mean_yield(plant: Shop) -> None:
    state = plant(yield_rate=0.8)
    review(state, 0, 0)
    assert state.inputs["on_order"][:2] == pytest.approx([100.0, 50.0])


def test_orders_go_to_suppliers_at_work_in_proportion_to_their_shares(plant: Shop) -> None:
    state = plant()
    state.sites[1].down = 1
    split_order(state, 0, 8.0, 0.0, 0)
    assert state.lines["placed"][:2].tolist() == [0.0, 8.0]


def test_a_blocked_line_is_avoided(plant: Shop) -> None:
    state = plant()
    state.lines[1].blocked = 1
    split_order(state, 0, 8.0, 0.0, 0)
    assert state.lines["placed"][:2].tolist() == [8.0, 0.0]


def test_orders_go_to_all_suppliers_where_none_is_at_work(plant: Shop) -> None:
    state = plant()
    state.sites["down"][1:] = 1
    split_order(state, 0, 8.0, 0.0, 0)
    assert state.lines["placed"][:2].tolist() == [6.0, 2.0]


def test_a_supplier_without_a_share_gets_no_order(plant: Shop) -> None:
    state = plant(shares=(1.0, 0.0))
    state.sites[1].down = 1
    split_order(state, 0, 8.0, 0.0, 0)
    assert state.lines["placed"][:2].tolist() == [8.0, 0.0]


def test_nothing_is_ordered_from_no_supplier(plant: Shop) -> None:
    state = plant(shares=(1.0, 0.0))
    state.lines["share"][0] = 0.0
    review(state, 0, 0)
    assert state.lines["placed"][:3].tolist() == [0.0, 0.0, 40.0]
    assert (state.sites[0].ordered, state.inputs["orders"][:2].tolist()) == (0.0, [0, 1])


def test_an_order_outside_leaves_when_it_is_read_there(network: Network) -> None:
    rule = {"policy": "base-stock", "level": 9, "review_days": 1}
    link = {"buyer": "shop", "lead_time": 2, "order_delay_days": 3}
    state = build_world(network({"shop": {"stock": 0, "ordering": rule}}, [link])).state
    order(state, 4)
    assert next_delivery(state, 4) == 4 + 3 + 2
    assert state.arrivals[row_of(state, 9), 0] == 9.0
    assert state.orders[state.lines[0].head].shipped == 7
    assert state.orders[state.lines[0].head].promised == 4 + 3 + 2 + 1


@pytest.mark.parametrize(("steps", "seen"), [("demand order", 5.0), ("order demand", 0.0)])
def test_suppliers_see_the_orders_of_the_same_instant_unless_orders_precede_demand(
    network: Network, steps: str, seen: float
) -> None:
    rule = {"policy": "base-stock", "level": 5, "review_days": 1}
    scenario = network(
        {"shop": {"stock": 0, "ordering": rule}, "depot": {"stock": 5, "ordering": rule}},
        [{"buyer": "shop", "supplier": "depot"}],
        clock={"steps": [*steps.split(), "receive", "supply"]},
    )
    state = build_world(scenario).state
    order(state, 0)
    assert state.lines[0].placed == 5.0
    assert state.lines["placed"][state.lines["buyer"] == 1].tolist() == [seen]


def test_sites_are_reviewed_when_their_time_has_come(network: Network) -> None:
    rule = {"policy": "base-stock", "level": 5, "review_days": 3, "first_review_day": 2}
    state = build_world(network({"shop": {"stock": 0, "ordering": rule}})).state
    counts = []
    for now in range(7):
        order(state, now)
        counts.append(int(state.inputs[0].orders))
        state.sites[0].on_hand = 0.0
    assert counts == [0, 0, 1, 1, 1, 2, 2]


def test_continuous_review_looks_at_every_instant(shop: Shop) -> None:
    state = shop({"policy": "base-stock", "level": 5, "review_days": 0})
    for now in range(3):
        state.sites[0].backlog += 1.0
        order(state, now)
    assert state.lines[0].placed == 5 + 3


def test_echelon_stock_is_all_that_a_site_has_made_less_what_customers_are_owed(network: Network) -> None:
    rule = {"policy": "echelon-base-stock", "level": 50, "review_days": 1}
    scenario = network(
        {"shop": {"stock": 7, "ordering": {**rule, "level": 20}}, "depot": {"stock": 11, "ordering": rule}},
        [{"buyer": "shop", "supplier": "depot", "lead_time": 1}],
    )
    state = build_world(scenario).state
    state.lines[0].in_transit = 5.0
    sold = int(np.flatnonzero(state.lines["market"] == 0)[0])
    state.lines[sold].backlog = 3.0
    weigh_echelons(state)
    assert state.sites["echelon"].tolist() == [7 - 3, 11 + 5 + 7 - 3]
    order(state, 0)
    assert state.lines["placed"][state.lines["buyer"] == 1].tolist() == [50 - 20]


def test_echelon_stock_counts_assembled_goods_by_the_units_in_them(network: Network) -> None:
    rule = {"policy": "echelon-base-stock", "level": 50, "review_days": 1}
    scenario = network(
        {
            "plant": {"product": "car", "stock": 3, "ordering": rule},
            "maker": {"product": "wheel", "stock": 2, "ordering": rule},
        },
        [{"buyer": "plant", "supplier": "maker", "lead_time": 1}],
        products={"car": {"made_of": {"wheel": 4}}, "wheel": {}},
    )
    state = build_world(scenario).state
    state.inputs[0].stock = 5.0
    weigh_echelons(state)
    assert state.sites["echelon"].tolist() == [3.0, 2 + 5 + 4 * 3]


def test_the_sums_of_the_bullwhip_ratio_are_those_of_orders_and_demand(shop: Shop) -> None:
    state = shop({"policy": "base-stock", "level": 10}, stock=10)
    state.sites[0].reviews = 0
    for demand in (4.0, 9.0, 2.0):
        _reviewed(state, demand)
    site = state.sites[0]
    assert (site.reviews, site.demand_sum, site.demand_squares) == (3, 15.0, 16.0 + 81.0 + 4.0)
    assert (site.order_sum, site.order_squares) == (15.0, 16.0 + 81.0 + 4.0)


def two_makers(network: Network, ordering: dict[str, Any], *shares: float) -> State:
    """Return a shop that buys from as many makers as there are shares, a day away."""
    names = [f"maker-{number}" for number in range(len(shares))]
    rule = {"policy": "base-stock", "level": 0, "review_days": 1}
    sites = {"shop": {"stock": 0, "ordering": ordering}, **{name: {"stock": 0, "ordering": rule} for name in names}}
    links = [
        {"buyer": "shop", "supplier": name, "share": share, "lead_time": 1}
        for name, share in zip(names, shares, strict=True)
    ]
    return build_world(network(sites, links)).state


LOTS = {"policy": "r-Q", "reorder_point": 10, "quantity": 420, "review_days": 1}


def test_whole_lots_go_to_the_supplier_furthest_behind_its_share(network: Network) -> None:
    state = two_makers(network, LOTS, 0.75, 0.25)
    placed = []
    for _ in range(8):
        before = state.lines["placed"][:2].copy()
        split_order(state, 0, 420.0, 1.0, 0)
        placed.append((state.lines["placed"][:2] - before).tolist())
    first, second = [420.0, 0.0], [0.0, 420.0]
    assert placed == [first, first, second, first] * 2


@settings(max_examples=50, deadline=None)
@given(
    weights=st.lists(st.integers(1, 9), min_size=2, max_size=4),
    orders=st.lists(st.integers(1, 1000), min_size=1, max_size=20),
)
def test_lots_stay_within_a_few_of_their_shares_however_many_are_ordered(
    weights: list[int], orders: list[int], network: Network
) -> None:
    shares = [weight / sum(weights) for weight in weights]
    state = two_makers(network, LOTS, *shares)
    for lots in orders:
        split_order(state, 0, 420.0 * lots, float(lots), 0)
    dealt = state.lines["placed"][: len(shares)] / 420.0
    assert dealt == pytest.approx(np.round(dealt), abs=1e-9)
    assert dealt.sum() == pytest.approx(sum(orders))
    assert np.abs(dealt - np.array(shares) * sum(orders)).max() < len(shares)


def test_lots_of_a_supplier_that_is_down_go_whole_to_the_others(network: Network) -> None:
    state = two_makers(network, LOTS, 0.75, 0.25)
    state.sites[1].down = 1
    split_order(state, 0, 840.0, 2.0, 0)
    assert state.lines["placed"][:2].tolist() == [0.0, 840.0]


STOCKED = {"policy": "base-stock", "level": 8, "review_days": 1}


@pytest.mark.parametrize(
    ("choice", "placed"), [("wait", [12.0, 4.0]), ("elsewhere", [6.0, 10.0]), ("recall", [0.0, 16.0])]
)
def test_the_rule_says_what_becomes_of_orders_for_a_supplier_that_is_down(
    network: Network, choice: str, placed: list[float]
) -> None:
    """Two orders of 8 units: the second one comes when the first supplier, which has sent nothing, is down."""
    state = two_makers(network, {**STOCKED, "supplier_down": choice}, 0.75, 0.25)
    _reviewed(state)
    state.sites[1].down = 1
    _reviewed(state, demand=8.0)
    assert state.lines["placed"][:2].tolist() == placed
    assert state.inputs[0].on_order == 16.0


def test_what_was_sent_is_not_recalled(network: Network) -> None:
    state = two_makers(network, {**STOCKED, "supplier_down": "recall"}, 0.75, 0.25)
    _reviewed(state)
    state.sites[1].on_hand = 4.0
    supply(state, 0)
    state.sites[1].down = 1
    _reviewed(state, demand=8.0)
    assert state.lines["placed"][:2].tolist() == [4.0, 12.0]
    assert state.lines["cancelled"][:2].tolist() == [2.0, 0.0]
    assert state.inputs[0].on_order == 16.0


def test_nothing_is_recalled_where_no_other_is_at_work(network: Network) -> None:
    state = two_makers(network, {**STOCKED, "supplier_down": "recall"}, 0.75, 0.25)
    _reviewed(state)
    state.sites["down"][1:] = 1
    _reviewed(state)
    assert state.lines["placed"][:2].tolist() == [6.0, 2.0]


@pytest.mark.parametrize("choice", ["wait", "elsewhere", "recall"])
def test_no_site_orders_from_a_supplier_that_is_not_open_where_another_is(network: Network, choice: str) -> None:
    """Even where the open one is down: orders wait there, and not for a plant that may open years later."""
    state = two_makers(network, {**STOCKED, "supplier_down": choice}, 0.25, 0.75)
    state.sites["down"][1:3] = 1
    state.sites[2].shut = 1
    _reviewed(state)
    assert state.lines["placed"][:2].tolist() == [8.0, 0.0]
    state.sites[1].shut = 1
    _reviewed(state, demand=8.0)
    assert state.lines["placed"][:2].tolist() == [10.0, 6.0]


@pytest.mark.parametrize("field", ["rule", "method"])
def test_a_code_that_the_flow_does_not_know_is_an_error(shop: Shop, field: str) -> None:
    state = shop({})
    state.sites[field] = 99
    state.sites[0].reviews = 1
    with pytest.raises(ValueError, match="does not know"):
        _reviewed(state)
