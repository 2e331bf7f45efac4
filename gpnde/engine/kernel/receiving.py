"""Arrivals: goods reach their buyers, batches are finished, delayed orders reach the supplier."""

from __future__ import annotations

from gpnde.engine.kernel.calendar import row_of, unlink
from gpnde.engine.kernel.orders import end_order_delay, mark_received
from gpnde.engine.kernel.prefetch import fetch_for_arrival
from gpnde.numerics.compiled import compiled_part, inlined_part
from gpnde.world.layout import DELAYED_ORDER, GOODS, IN_PRODUCTION, State


@inlined_part
def hand_over(state: State, where: int, quantity: float, now: int) -> None:
    """Give the goods of line *where* to its buyer."""
    line = state.lines[where]
    line.received += quantity
    if line.market >= 0:
        state.markets[line.market].delivered += quantity
    else:
        _put_into_stock(state, line.input, quantity)
    mark_received(state, where, now)


@inlined_part
def _put_into_stock(state: State, number: int, quantity: float) -> None:
    item = state.inputs[number]
    site = state.sites[item.site]
    item.on_order -= quantity
    state.clock[0].busy = 1
    if site.passes_through != 0:
        item.used += quantity
        site.on_hand += quantity
        site.produced += quantity
    else:
        item.stock += quantity


@inlined_part
def arrive(state: State, where: int, quantity: float, now: int) -> None:
    """Take a shipment off the road of line *where* and hand it over."""
    state.lines[where].in_transit -= quantity
    hand_over(state, where, quantity, now)


@compiled_part
def finish_batch(state: State, number: int, quantity: float) -> None:
    """Move a finished batch of site *number* to its stock."""
    site = state.sites[number]
    site.wip -= quantity
    site.on_hand += quantity
    state.clock[0].busy = 1


@inlined_part
def deliver(state: State, what: int, where: int, quantity: float, now: int) -> None:
    """Carry out one calendar entry."""
    if what == GOODS:
        arrive(state, where, quantity, now)
    elif what == IN_PRODUCTION:
        finish_batch(state, where, quantity)
    elif what == DELAYED_ORDER:
        end_order_delay(state, where, quantity)
    else:
        raise ValueError("an entry of the calendar that the flow does not know")


@inlined_part
def unload(state: State, now: int) -> None:
    """Receive the goods in the row of this tick."""
    row = row_of(state, now)
    if state.arriving[row] == 0:
        return
    state.arriving[row] = 0
    for where in range(state.lines.shape[0]):
        fetch_for_arrival(state, row, where)
        quantity = state.arrivals[row, where]
        if quantity > 0.0:
            state.arrivals[row, where] = 0.0
            arrive(state, where, quantity, now)


@inlined_part
def receive(state: State, now: int) -> None:
    """Carry out everything in the calendar that is due."""
    unload(state, now)
    bucket = now % state.buckets.shape[0]
    previous, number = -1, state.buckets[bucket]
    while number >= 0:
        entry = state.entries[number]
        # Read in full first: the entry is free, and may be used again, before its work is done.
        what, where, quantity, following = entry.what, entry.where, entry.quantity, entry.next
        if entry.due <= now:
            unlink(state, bucket, previous, number)
            deliver(state, what, where, quantity, now)
        else:
            previous = number
        number = following
