"""Goods on the road when disaster strikes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from gpnde.engine.kernel.opening import fill_pipelines
from gpnde.engine.kernel.orders import append_order
from gpnde.engine.kernel.receiving import receive
from gpnde.engine.kernel.transit import (
    delay_in_transit,
    forget_the_road_ahead,
    lose_in_transit,
    shipments_on,
    take_off_the_road,
)
from gpnde.engine.kernel.transport import send
from gpnde.scenario.schema import Scenario
from gpnde.world.build import build_world
from gpnde.world.layout import State

Network = Callable[..., Scenario]
Check = Callable[[State], None]
LEFT, RIGHT = np.array([0]), np.array([1])


@pytest.fixture
def state(network: Network) -> State:
    """Return a shop to which goods are on the road from two depots: 1, 2 and 3 units on one line, 10 on the other."""
    sites = {"shop": {"stock": 0}, "left": {"stock": 0}, "right": {"stock": 0}}
    links = [
        {"buyer": "shop", "supplier": "left", "share": 0.5, "in_transit": [1, 2, 3]},
        {"buyer": "shop", "supplier": "right", "share": 0.5, "in_transit": [10]},
    ]
    world = build_world(network(sites, links))
    fill_pipelines(world)
    return world.state


def test_shipments_are_found_by_line(state: State) -> None:
    found = shipments_on(state, LEFT, 0)
    assert found.lines.tolist() == [0, 0, 0]
    assert found.due.tolist() == [0, 1, 2]
    assert found.quantities.tolist() == [1.0, 2.0, 3.0]


def test_lost_goods_never_arrive_and_are_no_longer_on_order(state: State, check: Check) -> None:
    lose_in_transit(state, LEFT, 0)
    check(state)
    for now in range(5):
        receive(state, now)
    assert (state.lines[0].lost, state.lines[0].in_transit) == (6.0, 0.0)
    assert state.sites[0].on_hand == 10.0
    assert state.inputs[0].on_order == 0.0
    assert state.clock[0].open_orders == 0


def test_delayed_goods_arrive_later_in_the_same_order(state: State, check: Check) -> None:
    delay_in_transit(state, LEFT, 1500, 0)
    check(state)
    arrived = []
    for now in (0, 1, 2, 1500, 1501, 1502):
        receive(state, now)
        arrived.append(float(state.lines[0].received))
    assert arrived == [0.0, 0.0, 0.0, 1.0, 3.0, 6.0]
    assert state.lines[1].received == 10.0


def test_goods_near_and_far_can_be_taken_off_the_road(state: State, check: Check) -> None:
    wheel = len(state.buckets)
    delay_in_transit(state, RIGHT, wheel, 0)
    delay_in_transit(state, LEFT, wheel - 1, 0)
    delay_in_transit(state, LEFT, 1, 0)
    assert state.clock[0].entries == 4
    taken = take_off_the_road(state, np.array([0, 1]), 0)
    assert taken.due.tolist() == [wheel, wheel, wheel + 1, wheel + 2]
    assert state.clock[0].entries == 0
    assert not state.arriving.any() and not state.arrivals.any()
    assert (state.buckets == -1).all()


def test_the_pipeline_holds_goods_for_the_time_that_they_are_on_the_road(state: State) -> None:
    left = state.sites[1]
    assert left.pipeline == 2 * 1 + 3 * 2
    delay_in_transit(state, LEFT, 10, 0)
    assert left.pipeline == 1 * 10 + 2 * 11 + 3 * 12
    receive(state, 10)
    forget_the_road_ahead(state, 11)
    assert left.pipeline == 1 * 10 + (2 + 3) * 11


def test_what_is_lost_leaves_the_pipeline(state: State) -> None:
    receive(state, 0)
    receive(state, 1)
    lose_in_transit(state, LEFT, 1)
    assert state.sites[1].pipeline == 2 * 1 + 3 * 1


def test_goods_for_a_market_can_be_lost_too(network: Network, check: Check) -> None:
    market = {"served_by": ["shop"], "demand": {"law": 1}, "lead_time": 9}
    state = build_world(network({"shop": {"stock": 0}}, markets={"market": market})).state
    where = int(np.flatnonzero(state.lines["market"] == 0)[0])
    append_order(state, where, 4.0, 0, 0)
    state.lines[where].read = state.lines[where].shipped = 4.0
    send(state, where, 0, 4.0, 0, 0, 1.0)
    lose_in_transit(state, np.array([where]), 0)
    assert (state.lines[where].lost, state.markets[0].delivered) == (4.0, 0.0)
    check(state)
