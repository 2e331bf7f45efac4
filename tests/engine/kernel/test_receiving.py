"""What is due arrives: goods, finished batches, and delayed orders."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gpnde.engine.kernel.calendar import schedule
from gpnde.engine.kernel.orders import place_with_site
from gpnde.engine.kernel.receiving import receive
from gpnde.engine.kernel.transport import send
from gpnde.scenario.schema import Scenario
from gpnde.world.build import build_world
from gpnde.world.layout import GOODS, IN_PRODUCTION, State

Network = Callable[..., Scenario]
LINK, MARKET = 0, 1
"""Lines of the network below."""
SHOP, DEPOT = 0, 1


@pytest.fixture
def state(network: Network) -> State:
    """Return a depot that supplies a shop that works on what it gets, and sells to a market; three days on the road."""
    scenario = network(
        {"shop": {"stock": 0, "processing": 1}, "depot": {"stock": 0, "unlimited": True}},
        [{"buyer": "shop", "supplier": "depot", "lead_time": 3, "order_delay_days": 2}],
        {"market": {"served_by": ["shop"], "demand": {"law": 10}, "lead_time": 4}},
    )
    return build_world(scenario).state


def _send(state: State, where: int, quantity: float, now: int) -> None:
    """Order, and put the goods on the road."""
    line = state.lines[where]
    line.placed += quantity
    line.shipped += quantity
    if line.input >= 0:
        state.inputs[line.input].on_order += quantity
    send(state, where, int(line.supplier), quantity, now, now, 1.0)


def test_goods_arrive_when_they_are_due_and_not_before(state: State) -> None:
    _send(state, LINK, 5.0, 0)
    receive(state, 2)
    assert (state.inputs[0].stock, state.lines[LINK].in_transit) == (0.0, 5.0)
    receive(state, 3)
    assert (state.inputs[0].stock, state.lines[LINK].in_transit) == (5.0, 0.0)
    assert state.inputs[0].on_order == 0.0


def test_goods_a_wheel_ahead_stay_on_the_road(state: State) -> None:
    schedule(state, 5 + len(state.buckets), GOODS, LINK, 2.0)
    schedule(state, 5, GOODS, LINK, 1.0)
    receive(state, 5)
    assert state.lines[LINK].received == 1.0
    receive(state, 5 + len(state.buckets))
    assert state.lines[LINK].received == 3.0


def test_what_is_overdue_in_the_bucket_comes_too(state: State) -> None:
    schedule(state, 5, GOODS, LINK, 1.0)
    receive(state, 5 + len(state.buckets))
    assert state.lines[LINK].received == 1.0


def test_a_trader_has_the_goods_ready_for_sale(network: Network) -> None:
    state = build_world(network({"shop": {"stock": 0}})).state
    _send(state, 0, 5.0, 0)
    site, item = state.sites[0], state.inputs[0]
    assert site.passes_through == 1
    assert (site.on_hand, site.produced, item.used, item.stock) == (5.0, 5.0, 5.0, 0.0)


def test_a_finished_batch_goes_to_stock(state: State) -> None:
    state.sites[SHOP].wip = 7.0
    schedule(state, 4, IN_PRODUCTION, SHOP, 7.0)
    receive(state, 4)
    assert (state.sites[SHOP].wip, state.sites[SHOP].on_hand) == (0.0, 7.0)


def test_an_order_is_read_after_its_delay(state: State) -> None:
    place_with_site(state, LINK, 6.0, 0)
    receive(state, 1)
    assert state.sites[DEPOT].backlog == 0.0
    receive(state, 2)
    assert (state.sites[DEPOT].backlog, state.sites[DEPOT].demanded, state.lines[LINK].fresh) == (6.0, 6.0, 6.0)


def test_what_reaches_a_market_counts_as_delivered(state: State) -> None:
    _send(state, MARKET, 8.0, 0)
    receive(state, 4)
    assert state.markets[0].delivered == 8.0


def test_what_needs_no_time_is_handed_over_at_once(network: Network) -> None:
    state = build_world(network({"shop": {}})).state
    _send(state, 1, 8.0, 3)
    assert state.markets[0].delivered == 8.0
    assert state.clock[0].entries == 0


@pytest.mark.parametrize("what", ["goods", "batch", "order"])
def test_an_arrival_after_supply_makes_the_next_tick_due(state: State, what: str) -> None:
    state.clock[0].busy = 0
    if what == "order":
        place_with_site(state, LINK, 6.0, -2)
    else:
        schedule(state, 0, GOODS if what == "goods" else IN_PRODUCTION, 0, 1.0)
    state.clock[0].busy = 0
    receive(state, 0)
    assert state.clock[0].busy == 1
