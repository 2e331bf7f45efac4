"""What waits longer than buyers' patience is lost, the oldest first; goods, books and orders stay in balance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpnde import simulate
from gpnde.engine.run import Simulation
from gpnde.errors import ScenarioError
from gpnde.scenario import load_scenario
from gpnde.scenario.schema import Scenario
from gpnde.world.layout import State

Network = Callable[..., Scenario]
Start = Callable[..., Simulation]
Reach = Callable[[Simulation, float], State]
Check = Callable[[State], None]


def shop(network: Network, arrivals: Sequence[float], days: int, **market: Any) -> Scenario:
    """Return a shop that orders nothing, gets *arrivals* day by day, and is asked for 10 a day."""
    link = {"buyer": "shop", "supplier": "outside", "product": "unit", "in_transit": list(arrivals)}
    served = {"served_by": ["shop"], "demand": {"law": 10, "every_days": 1}, **market}
    order = {"policy": "base-stock", "level": 0, "first_review_day": 10_000}
    return network({"shop": {"stock": 0, "ordering": order}}, [link], {"market": served}, clock={"days": days})


def first_in_first_out(arrivals: Sequence[float], days: int, patience: int) -> tuple[float, float]:
    """Return what is sent and what is lost of 10 a day, by a queue that is kept day by day."""
    queue: list[list[float]] = []
    stock = sent = lost = 0.0
    for day in range(days):
        stock += arrivals[day] if day < len(arrivals) else 0.0
        queue.append([day, 10.0])
        while queue and stock > 0.0:
            units = min(stock, queue[0][1])
            queue[0][1] -= units
            stock, sent = stock - units, sent + units
            if queue[0][1] == 0.0:
                queue.pop(0)
        while queue and queue[0][0] + patience <= day:
            lost += queue.pop(0)[1]
    return sent, lost


@given(
    st.lists(st.sampled_from([1.0, 2.0, 4.0, 10.0, 35.0]), min_size=1, max_size=30),
    st.integers(min_value=1, max_value=9),
    st.sampled_from([0, 3]),
)
@settings(max_examples=60, deadline=None)
def test_losses_are_those_of_a_queue_kept_by_hand(
    network: Network, start: Start, reach: Reach, check: Check, arrivals: list[float], patience: int, lead_time: int
) -> None:
    wait = max(patience, lead_time)
    scenario = shop(network, arrivals, 40, patience_days=wait, lead_time=lead_time)
    simulation = start(scenario)
    for day in range(0, 41, 5):
        check(reach(simulation, day))
    state = simulation.world.state
    market = state.markets[0]
    shipped = state.lines["shipped"][state.lines["market"] == 0].sum()
    np.testing.assert_allclose((shipped, market.lost), first_in_first_out(arrivals, 40, wait), atol=1e-9)
    assert market.demanded == pytest.approx(shipped + market.lost + state.sites["backlog"].sum())


def test_what_waited_as_long_as_buyers_do_is_lost_on_that_day(network: Network, start: Start, reach: Reach) -> None:
    simulation = start(shop(network, [], 20, patience_days=3))
    assert reach(simulation, 2).markets[0].lost == 0.0
    assert reach(simulation, 3).markets[0].lost == 10.0
    assert reach(simulation, 3).sites[0].backlog == 30.0


def test_goods_on_the_last_day_of_patience_are_in_time(network: Network, start: Start, reach: Reach) -> None:
    state = reach(start(shop(network, [1, 1, 1, 7], 20, patience_days=3)), 3)
    assert (state.markets[0].lost, state.markets[0].delivered) == (0.0, 10.0)


def test_an_order_that_was_sent_in_part_keeps_that_part(network: Network) -> None:
    run = simulate(shop(network, [4], 6, patience_days=2, lead_time=1))
    sales = run.tables["sales"].sort("placed_day")
    assert sales["quantity"].to_list()[:2] == [4.0, 10.0]
    assert sales["status"].to_list()[:2] == ["received", "cancelled"]
    assert run.conservation["goods"] <= 1e-9


def test_losses_do_not_wait_for_another_event(network: Network, start: Start, reach: Reach) -> None:
    """Demand comes once; nothing else would wake the flow on the day of the loss."""
    once = {"law": 10, "every_days": 100}
    state = reach(start(shop(network, [], 90, demand=once, patience_days=3)), 80)
    assert state.markets[0].lost == 10.0
    assert state.clock[0].last <= 4


def test_service_time_counts_as_waiting(network: Network, start: Start, reach: Reach) -> None:
    simulation = start(shop(network, [], 20, patience_days=5, service_days=4))
    assert reach(simulation, 4).markets[0].lost == 0.0
    assert reach(simulation, 5).markets[0].lost == 10.0


def test_service_time_without_further_patience_is_lost_once_it_is_due(
    network: Network, start: Start, reach: Reach, check: Check
) -> None:
    for steps in (("receive", "demand", "supply", "order"), ("supply", "receive", "demand", "order")):
        scenario = shop(network, [], 20, patience_days=4, service_days=4)
        clock = scenario.clock.model_copy(update={"steps": steps})
        state = reach(start(scenario.model_copy(update={"clock": clock})), 20)
        check(state)
        assert state.markets[0].lost > 100.0


def test_shorter_patience_loses_more(network: Network) -> None:
    runs = [simulate(shop(network, [5] * 60, 60, patience_days=days)) for days in (8, 4, 2, 1)]
    lost = [run.metric("flow.lost_sales") for run in runs]
    assert lost == sorted(set(lost))


def test_endless_patience_loses_nothing(network: Network) -> None:
    run = simulate(shop(network, [0, 0, 50], 30, patience_days=1e12))
    assert run.metric("flow.lost_sales") == 0.0
    assert run.tables["sales"].filter(pl.col("status") == "cancelled").is_empty()


@pytest.mark.parametrize(
    ("market", "message"),
    [
        (
            {"patience_days": 3, "lead_time": 5},
            "markets.market.patience_days: 3: below the mean delivery time, service included: must be at least 5",
        ),
        (
            {"patience_days": 3, "service_days": 2, "lead_time": "gamma(mean=2, cv=0.5)"},
            "markets.market.patience_days: 3: below the mean delivery time, service included: must be at least 4",
        ),
    ],
)
def test_patience_below_the_delivery_time_is_refused(network: Network, market: dict[str, Any], message: str) -> None:
    with pytest.raises(ScenarioError) as raised:
        shop(network, [], 10, **market)
    assert str(raised.value) == message


def test_patience_without_backorders_is_refused_as_said_twice() -> None:
    given = {"markets.customers.backorders": False, "markets.customers.patience_days": 3}
    with pytest.raises(ScenarioError, match=r"^markets.customers: backorders: false and patience_days say both"):
        load_scenario("single-site", given)
