"""The opening backlog: orders in the books of suppliers when a run begins, of which nothing has been sent."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gpnde.engine.kernel.orders import append_order, place_of
from gpnde.scenario.backlog import OwedOrder
from gpnde.world.allocation import make_room
from gpnde.world.tables import whole_ticks
from gpnde.world.world import World


def owe_markets(world: World) -> None:
    """Write what is owed to every market into the books of the sites that serve it, by their shares."""
    for number, market in enumerate(world.scenario.markets):
        if market.opening_backlog:
            lines = world.state.lines
            serving = np.flatnonzero((lines["market"] == number) & (lines["share"] > 0.0))
            shares = lines["share"][serving] / lines["share"][serving].sum()
            for where, share in zip(serving.tolist(), shares.tolist(), strict=True):
                owe(world, where, market.opening_backlog, share)


def owe(world: World, where: int, owed: Sequence[OwedOrder], share: float = 1.0) -> None:
    """Write a *share* of orders that are owed on line *where* into its book, in their order.

    They are no demand of the run: neither forecasts nor what was short when asked for count them.
    """
    for order in owed:
        # Instants leave room for one order per line, while any number may be owed at the start.
        world.state = make_room(world.state)
        state, quantity = world.state, share * order.quantity
        line = state.lines[where]
        site = state.sites[line.supplier]
        append_order(state, where, quantity, 0, 0)
        due = whole_ticks(order.due_day, world.scenario.clock.tick_days)
        state.orders[place_of(state, where, line.tail - 1)].promised = due
        line.read += quantity
        line.backlog += quantity
        site.backlog += quantity
        if line.input >= 0:
            state.inputs[line.input].on_order += quantity
            state.inputs[line.input].batches += 1.0
