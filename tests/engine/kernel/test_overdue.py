"""An order is late while it is open after the tick for which it was promised."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gpnde.engine.kernel.orders import append_order, carry, mark_received, mark_shipped
from gpnde.engine.kernel.overdue import overdue_orders
from gpnde.engine.run import Simulation
from gpnde.scenario.schema import Scenario
from gpnde.world.allocation import open_orders
from gpnde.world.build import build_world
from gpnde.world.layout import State

Network = Callable[..., Scenario]


def test_orders_count_as_late_from_the_tick_after_their_promise_until_they_are_received(network: Network) -> None:
    link = {"buyer": "shop", "supplier": "depot", "lead_time": 5, "promise_days": 2}
    state = build_world(network({"shop": {"stock": 0}, "depot": {"stock": 0}}, [link])).state
    append_order(state, 0, 3.0, 1, 1)
    append_order(state, 0, 4.0, 2, 2)
    assert [overdue_orders(state, now)[0] for now in (3, 4, 5)] == [0.0, 1.0, 2.0]
    state.lines[0].shipped += 3.0
    carry(state, 0, 0, mark_shipped(state, 0, 1), 6)
    mark_received(state, 0, 6)
    assert overdue_orders(state, 6)[0] == 1.0


@settings(max_examples=10, deadline=None)
@given(data=st.data(), day=st.integers(1, 119))
def test_late_orders_are_those_of_the_books(
    data: st.DataObject,
    day: int,
    networks: st.SearchStrategy[Scenario],
    start: Callable[..., Simulation],
    reach: Callable[[Simulation, float], State],
) -> None:
    simulation = start(data.draw(networks))
    state = reach(simulation, day)
    opened, where = open_orders(state)
    now = int(state.clock[0].last)
    late = np.bincount(where[opened["promised"] < now], minlength=len(state.lines))
    assert overdue_orders(state, now).tolist() == late.tolist()
