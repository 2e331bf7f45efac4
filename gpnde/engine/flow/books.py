"""The order books: every order is a mark on the cumulative quantity of its line, first in first out."""

from __future__ import annotations

from gpnde.engine.flow.calendar import schedule
from gpnde.mechanics.compiled import compiled_part, inlined_part
from gpnde.mechanics.shipping import promised_on_time
from gpnde.world.layout import CANCELLED, LOST, MAIL, RECEIVED, State


@inlined_part
def reaches(cumulative: float, mark: float) -> bool:
    """Return whether a cumulative quantity has reached a mark, rounding errors forgiven."""
    return cumulative >= mark - 1e-9 - 1e-12 * mark


@inlined_part
def append_order(state: State, where: int, quantity: float, now: int, read: int) -> None:
    """Write a new order at the end of the book of line *where*; the supplier reads it at tick *read*."""
    clock = state.clock[0]
    line = state.lines[where]
    number = clock.free_order
    order = state.orders[number]
    clock.free_order = order.next
    clock.open_orders += 1
    line.placed += quantity
    line.orders += 1
    order.quantity = quantity
    order.mark = line.placed
    order.line = where
    order.placed = now
    order.promised = read + line.promise
    order.shipped = -1
    order.next = -1
    if line.tail >= 0:
        state.orders[line.tail].next = number
    line.tail = number
    if line.head < 0:
        line.head = number
    if line.unshipped < 0:
        line.unshipped = number


@inlined_part
def tell_of_change(state: State, number: int) -> None:
    """Note that site *number*, if it reviews continuously, has a new position to look at."""
    if state.sites[number].review == 0:
        state.clock[0].unseen = 1


@inlined_part
def claim_stock(state: State, where: int, quantity: float) -> None:
    """Let *quantity* on line *where* join the backlog of its supplier."""
    line = state.lines[where]
    site = state.sites[line.supplier]
    line.backlog += quantity
    line.fresh += quantity
    site.backlog += quantity
    site.demanded += quantity
    site.total_demand += quantity
    state.clock[0].busy = 1
    tell_of_change(state, line.supplier)


@inlined_part
def let_read(state: State, where: int, quantity: float) -> None:
    """Make an order of *quantity* known to the supplier of line *where*."""
    state.lines[where].read += quantity
    claim_stock(state, where, quantity)


@compiled_part
def read_mail(state: State, where: int, quantity: float) -> None:
    """Deliver an order that was in the mail."""
    line = state.lines[where]
    if line.active == 0:
        return
    line.mail -= quantity
    let_read(state, where, quantity)


@inlined_part
def place_with_site(state: State, where: int, quantity: float, now: int) -> None:
    """Place an order with the supplying site of line *where*, at once or through the mail."""
    line = state.lines[where]
    append_order(state, where, quantity, now, now + line.delay)
    if line.delay == 0:
        let_read(state, where, quantity)
    else:
        line.mail += quantity
        schedule(state, now + line.delay, MAIL, where, quantity)


@inlined_part
def mark_shipped(state: State, where: int, now: int) -> None:
    """Stamp the orders of line *where* whose last part has left."""
    line = state.lines[where]
    while line.unshipped >= 0 and reaches(line.shipped, state.orders[line.unshipped].mark):
        order = state.orders[line.unshipped]
        order.shipped = now
        line.unshipped = order.next


@compiled_part
def write_ledger(state: State, number: int, received: int, status: int) -> None:
    """Copy an order that has ended to the ledger."""
    clock = state.clock[0]
    order = state.orders[number]
    row = state.ledger[clock.ledger_used]
    row.line = order.line
    row.quantity = order.quantity
    row.placed = order.placed
    row.promised = order.promised
    row.shipped = order.shipped
    row.received = received
    row.status = status
    clock.ledger_used += 1


@inlined_part
def end_order(state: State, number: int, received: int, status: int) -> None:
    """Close an order, count it and free its place; the caller has taken it out of the book."""
    clock = state.clock[0]
    order = state.orders[number]
    if status == RECEIVED:
        line = state.lines[order.line]
        line.completed += 1
        line.delivery_ticks += received - order.placed
        if promised_on_time(received, order.promised):
            line.on_time += 1
    if clock.keep_orders != 0:
        write_ledger(state, number, received, status)
    order.line = -1
    order.next = clock.free_order
    clock.free_order = number
    clock.open_orders -= 1


@inlined_part
def mark_received(state: State, where: int, now: int, status: int) -> None:
    """Close the orders of line *where* whose last part has arrived (or was lost)."""
    line = state.lines[where]
    while line.head >= 0 and reaches(line.received, state.orders[line.head].mark):
        number = line.head
        order = state.orders[number]
        line.head = order.next
        if line.unshipped == number:
            line.unshipped = order.next
        if line.tail == number:
            line.tail = -1
        end_order(state, number, now if status == RECEIVED else -1, status)


@compiled_part
def cancel_unshipped(state: State, where: int) -> float:
    """Take back what line *where* has ordered and not been sent; return the quantity (units).

    An order that was sent in part keeps the part that was sent, and has ended if that has arrived.
    """
    line = state.lines[where]
    cancelled = float(line.placed - line.shipped)
    previous, number = -1, line.head
    while number >= 0 and number != line.unshipped:
        previous = number
        number = state.orders[number].next
    if number >= 0 and not reaches(state.orders[number].mark - state.orders[number].quantity, line.shipped):
        order = state.orders[number]
        order.quantity -= order.mark - line.shipped
        order.mark = line.shipped
        order.shipped = state.clock[0].now
        previous, number = number, order.next
    if previous >= 0:
        state.orders[previous].next = -1
    else:
        line.head = -1
    line.tail = previous
    line.unshipped = -1
    while number >= 0:
        following = state.orders[number].next
        end_order(state, number, -1, CANCELLED)
        number = following
    _forget(state, where, cancelled)
    mark_received(state, where, state.clock[0].now, RECEIVED)
    return cancelled


@compiled_part
def _forget(state: State, where: int, cancelled: float) -> None:
    """Take a cancelled quantity out of the totals of line *where*."""
    line = state.lines[where]
    if line.supplier >= 0:
        site = state.sites[line.supplier]
        site.backlog = max(0.0, site.backlog - line.backlog)
    if line.input >= 0:
        state.inputs[line.input].on_order -= cancelled
    line.backlog = 0.0
    line.fresh = 0.0
    line.mail = 0.0
    line.placed = line.shipped
    line.read = line.shipped
    line.cancelled += cancelled


@compiled_part
def write_off(state: State, where: int, quantity: float, now: int) -> None:
    """Count *quantity* on the way over line *where* as lost; the orders that it was for end as lost."""
    line = state.lines[where]
    line.in_transit -= quantity
    line.received += quantity
    line.lost += quantity
    if line.supplier >= 0:
        state.sites[line.supplier].in_transit -= quantity
    if line.input >= 0:
        state.inputs[line.input].on_order -= quantity
    mark_received(state, where, now, LOST)
