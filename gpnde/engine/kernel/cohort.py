"""The cohort: everything that happens at one instant, and the run from instant to instant."""

from __future__ import annotations

from gpnde.engine.kernel.calendar import next_delivery, next_entry
from gpnde.engine.kernel.demand import meet_demand
from gpnde.engine.kernel.patience import give_up
from gpnde.engine.kernel.plants import book_plants, share_plants
from gpnde.engine.kernel.production import supply
from gpnde.engine.kernel.receiving import receive
from gpnde.engine.kernel.replenishment import order
from gpnde.numerics.compiled import compiled, compiled_part, inlined_part
from gpnde.world.layout import DEMAND, NEVER, ORDER, RECEIVE, SUPPLY, State


@compiled_part
def add_up_time(state: State, now: int) -> None:
    """Add the stocks since the last instant to their integrals over time (unit-ticks).

    Goods on the road are counted when they leave, with all the time that they will take.
    """
    clock = state.clock[0]
    elapsed = now - clock.last
    clock.last = now
    if elapsed <= 0:
        return
    for number in range(state.sites.shape[0]):
        site = state.sites[number]
        site.held += site.on_hand * elapsed
        site.short += site.backlog * elapsed


@compiled_part
def next_instant(state: State, now: int) -> int:
    """Return the earliest tick after *now* at which anything is due, or `NEVER`."""
    clock = state.clock[0]
    # What waits for capacity, or has not been seen, has no due time of its own: the next tick looks again.
    if clock.busy != 0 or clock.unseen != 0:
        return now + 1
    goods = min(next_delivery(state, now), next_entry(state, now))
    earliest = min(min(goods, clock.next_loss), min(clock.next_demand, clock.next_review))
    return max(earliest, now + 1) if earliest < NEVER else NEVER


@compiled_part
def has_room(state: State) -> bool:
    """Return whether the next instant is sure to find room for its orders, entries and closed orders."""
    clock = state.clock[0]
    lines = state.lines.shape[0]
    if clock.crowded != 0:
        return False
    # A line adds an order that is delayed and a shipment at most, and a site one batch that takes time.
    if state.entries.shape[0] - clock.entries <= 2 * lines + state.sites.shape[0]:
        return False
    # All orders that are open may end at one instant, and so may one new order of each line.
    return bool(clock.keep_orders == 0 or state.ledger.shape[0] - clock.ledger_used > clock.open_orders + lines)


@inlined_part
def _take_step(state: State, step: int, now: int) -> None:
    """Do one of the four steps of an instant; buyers who have waited too long give up after supply."""
    if step == RECEIVE:
        receive(state, now)
    elif step == DEMAND:
        meet_demand(state, now)
    elif step == SUPPLY:
        if state.clock[0].plants != 0:
            share_plants(state, now)
        supply(state, now)
        if state.clock[0].plants != 0:
            book_plants(state, now)
        # What was made or came in on the last day of patience still serves those who wait.
        if state.clock[0].impatient != 0:
            give_up(state, now)
    elif step == ORDER:
        order(state, now)
    else:
        raise ValueError("a step that the flow does not know")


@compiled
def advance(state: State, first: int, limit: int) -> int:
    """Run the instants from *first* up to but not including *limit*; return the next one that is due.

    At every instant the four steps are done in the order that the scenario names. The run stops early, at the instant
    that it returns, where the arrays have no room left for it.
    """
    now = first
    # Compiled code cannot make arrays longer, so it returns to Python for that before an instant, never within one.
    while now < limit and has_room(state):
        add_up_time(state, now)
        for position in range(4):
            _take_step(state, state.steps[position], now)
        now = next_instant(state, now)
    return now
