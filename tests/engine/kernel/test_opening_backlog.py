"""Orders that are owed when a run begins: they go first, and every book counts them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpnde.engine.run import Simulation
from gpnde.engine.simulate import simulate
from gpnde.scenario.schema import Scenario
from gpnde.world.layout import State

from ...thorough import often

Network = Callable[..., Scenario]
Start = Callable[..., Simulation]
Reach = Callable[[Simulation, float], State]
Check = Callable[[State], None]

NEVER = {"policy": "r-Q", "reorder_point": -1e6, "quantity": 1, "review_days": 1}


def chain(network: Network, owed: Any, owed_to_market: Any = (), *, stock: float = 100, demand: float = 0) -> Scenario:
    """Return a shop that buys from a depot, to each of which something is owed."""
    sites = {"shop": {"stock": 0, "ordering": NEVER}, "depot": {"stock": stock, "ordering": NEVER}}
    markets = {
        "town": {"served_by": ["shop"], "demand": {"law": demand, "every_days": 1}, "opening_backlog": owed_to_market}
    }
    links = [{"buyer": "shop", "supplier": "depot", "lead_time": 3, "in_transit": [0, 2], "opening_backlog": owed}]
    return network(sites, links, markets, clock={"days": 28})


def test_what_is_owed_leaves_at_once_behind_what_is_under_way(
    network: Network, start: Start, reach: Reach, check: Check
) -> None:
    simulation = start(chain(network, [{"quantity": 5}, {"quantity": 6}]))
    check(simulation.world.state)
    assert simulation.world.state.inputs[0].on_order == 13.0
    assert simulation.world.state.sites["backlog"].tolist() == [0.0, 11.0]
    assert [float(reach(simulation, day).sites[0].on_hand) for day in range(4)] == [0.0, 2.0, 2.0, 13.0]
    simulation.observe(None, debug=True)
    simulation.finish()


def test_orders_keep_their_due_day(network: Network) -> None:
    run = simulate(chain(network, [{"quantity": 5}, {"quantity": 6, "due_day": 3}]))
    owed = run.tables["orders"].filter(run.tables["orders"]["quantity"] > 4)
    assert owed.select("quantity", "promised_day", "received_day").rows() == [(5.0, 0.0, 3.0), (6.0, 3.0, 3.0)]
    # Of the two that were under way, one of them empty, and the two that were owed, one is late.
    assert run.tables["links"]["on_time_share"][0] < 1.0


def test_what_is_owed_to_a_market_is_no_demand_and_is_sent_before_it(network: Network) -> None:
    run = simulate(chain(network, [{"quantity": 60}], [{"quantity": 50}], demand=1))
    market = run.tables["markets"]
    assert market["demanded"].sum() == 28
    assert market["shipped"].sum() == 62
    assert market["backlog"][-1] == pytest.approx(28 + 50 - 62)
    assert run.tables["sales"]["quantity"][0] == 50.0


@settings(max_examples=often(10, 50), deadline=None)
@given(
    owed=st.lists(st.floats(0.1, 80), max_size=4),
    to_market=st.lists(st.floats(0.1, 80), max_size=4),
    stock=st.integers(0, 200),
    demand=st.integers(0, 5),
)
def test_what_was_owed_is_sent_or_still_owed(
    network: Network, owed: list[float], to_market: list[float], stock: int, demand: int
) -> None:
    lists = [[{"quantity": each} for each in quantities] for quantities in (owed, to_market)]
    run = simulate(chain(network, *lists, stock=stock, demand=demand))
    market, links = run.tables["markets"], run.tables["links"]
    asked = sum(to_market) + float(market["demanded"].sum())
    assert asked == pytest.approx(float(market["shipped"].sum()) + market["backlog"][-1])
    depot = run.tables["sites"].filter(run.tables["sites"]["site"] == "depot")
    assert sum(owed) == pytest.approx(float(depot["shipped"].sum()) + depot["backlog"][-1])
    assert links["ordered"][0] == pytest.approx(2 + sum(owed))
