"""The order books: every order is a mark on the cumulative quantity of its line.

What is sent serves the oldest order first. Every shipment knows which orders it carries parts of, and every order when
its own last part arrives, so that orders may overtake each other on the way.
"""

from __future__ import annotations

import math

import numpy as np

from gpnde.engine.kernel.batches import count_asked, take_off_order
from gpnde.engine.kernel.calendar import schedule
from gpnde.engine.kernel.lead_times import observe
from gpnde.mechanics.shipping import promised_on_time
from gpnde.numerics.compiled import compiled_part, inlined_part
from gpnde.world.layout import CANCELLED, DELAYED_ORDER, ENDED, LOST, RECEIVED, State


@inlined_part
def reaches(cumulative: float, mark: float) -> bool:
    """Return whether a cumulative quantity has reached a mark, rounding errors forgiven."""
    # Relative as well as absolute, since the rounding of sums over a long run grows with them.
    return cumulative >= mark - 1e-9 - 1e-12 * mark


@inlined_part
def dust_of(state: State, number: int) -> float:
    """Return how much rounding may leave over at site *number* (units), against all it was asked for.

    That sum is negative where customers have brought back more than they took.
    """
    return float(1e-12 * abs(state.sites[number].total_demand))


@inlined_part
def place_of(state: State, where: int, number: int) -> int:
    """Return where order *number* of line *where* stands; the places of a line are a ring, a power of 2 in number."""
    line = state.lines[where]
    return int(line.first_place + (number & (line.places - 1)))


@inlined_part
def append_order(state: State, where: int, quantity: float, now: int, read: int) -> None:
    """Write a new order at the end of the book of line *where*; the supplier reads it at tick *read*."""
    line = state.lines[where]
    order = state.orders[place_of(state, where, line.tail)]
    line.placed += quantity
    order.quantity = quantity
    order.mark = line.placed
    order.placed = now
    order.promised = read + line.promise
    order.shipped = -1
    order.arrives = 0
    line.tail += 1
    state.clock[0].open_orders += 1
    # As soon as the ring is full, or the next order would be written over the oldest one.
    if line.tail - line.head == line.places:
        double_places(state, where)


@compiled_part
def double_places(state: State, where: int) -> None:
    """Move the orders of line *where*, whose ring is full, to a ring of twice the size.

    An instant writes one order per line at most; so where there is no room left, this can wait until the instant is
    over and :func:`gpnde.world.allocation.make_room` has been called.
    """
    clock, line = state.clock[0], state.lines[where]
    first, places = clock.used_places, 2 * line.places
    if first + places > state.orders.shape[0]:
        clock.crowded = 1
        return
    for number in range(line.head, line.tail):
        old = place_of(state, where, number)
        state.orders[first + (number & (places - 1))] = state.orders[old]
        clear_place(state, old)
    line.first_place = first
    line.places = places
    clock.used_places = first + places


@inlined_part
def clear_place(state: State, place: int) -> None:
    """Mark the place of an order as empty."""
    state.orders[place].arrives = ENDED
    # A negative number would stand for an order that is still to be shipped.
    state.orders[place].shipped = 0


@inlined_part
def tell_of_change(state: State, number: int) -> None:
    """Note that site *number*, if it reviews continuously, has a new position to look at."""
    if state.sites[number].review == 0:
        state.clock[0].unseen = 1


@inlined_part
def claim_stock(state: State, where: int, quantity: float) -> None:
    """Add *quantity* on line *where* to the backlog of its supplier."""
    line = state.lines[where]
    site = state.sites[line.supplier]
    line.backlog += quantity
    line.fresh += quantity
    site.backlog += quantity
    state.clock[0].busy = 1
    tell_of_change(state, line.supplier)


@inlined_part
def take_note(state: State, number: int, quantity: float) -> None:
    """Count *quantity* as demanded of site *number*."""
    site = state.sites[number]
    site.demanded += quantity
    site.total_demand += quantity
    count_asked(state, number, 1)


@inlined_part
def deliver_order(state: State, where: int, quantity: float) -> None:
    """Deliver the information of an order of *quantity* to the supplier of line *where*."""
    state.lines[where].read += quantity
    take_note(state, state.lines[where].supplier, quantity)
    claim_stock(state, where, quantity)


@compiled_part
def end_order_delay(state: State, where: int, quantity: float) -> None:
    """End the delay of an order: it reaches the supplier or, placed by a market, becomes due."""
    line = state.lines[where]
    # Orders of a link that has ended are cancelled already, but their entries stay in the calendar.
    if line.active == 0:
        return
    line.delayed -= quantity
    if line.market < 0:
        deliver_order(state, where, quantity)
        return
    state.sites[line.supplier].due_later -= quantity
    state.markets[line.market].demanded += quantity
    # Without backorders no order is in the book yet; `write_sale` counts what is sent as read.
    if line.backorders != 0:
        line.read += quantity
    claim_stock(state, where, quantity)


@inlined_part
def place_with_site(state: State, where: int, quantity: float, now: int) -> None:
    """Place an order with the supplying site of line *where*, at once or after the order delay.

    Orders of markets are known at once and due after their service time.
    """
    line = state.lines[where]
    append_order(state, where, quantity, now, now + line.delay)
    if line.delay == 0:
        deliver_order(state, where, quantity)
    elif line.market >= 0:
        book_ahead(state, where, quantity, now)
    else:
        line.delayed += quantity
        schedule(state, now + line.delay, DELAYED_ORDER, where, quantity)


@inlined_part
def book_ahead(state: State, where: int, quantity: float, now: int) -> None:
    """Book *quantity*, due after the service time, with the site that serves the market of line *where*."""
    line = state.lines[where]
    line.delayed += quantity
    schedule(state, now + line.delay, DELAYED_ORDER, where, quantity)
    state.sites[line.supplier].due_later += quantity
    take_note(state, line.supplier, quantity)
    tell_of_change(state, line.supplier)


@inlined_part
def is_partly_sent(line: np.record, order: np.record) -> bool:
    """Return whether a part of an *order* of a *line*, but not all of it, has left."""
    # Quantities of orders that have lost goods on the way are negative.
    return bool(order.shipped < 0 and not reaches(order.mark - abs(order.quantity), line.shipped))


@inlined_part
def mark_shipped(state: State, where: int, now: int) -> int:
    """Stamp the orders of line *where* whose last part has left; return the number behind the last that was served.

    The stamp of one that is sent in part so far is ``-2 - now``, so that it is known if the rest is never sent.
    """
    line = state.lines[where]
    order = state.orders[place_of(state, where, line.unshipped)]
    # Behind the last order stands an empty place, or the first order again; neither has anything left to ship.
    while order.shipped < 0 and reaches(line.shipped, order.mark):
        order.shipped = now
        line.unshipped += 1
        if order.mark >= line.read:
            # What follows, if anything, is not known to the supplier yet.
            break
        order = state.orders[place_of(state, where, line.unshipped)]
    if not is_partly_sent(line, order):
        return int(line.unshipped)
    order.shipped = -2 - now
    return int(line.unshipped) + 1


@inlined_part
def note_crossing(state: State, where: int, first: int, behind: int, due: int) -> None:
    """Note whether of the orders from *first* up to *behind*, now carried, one arrives before an older one.

    Nothing was sent of any but the first before, so that all others arrive at tick *due*.
    """
    line = state.lines[where]
    arrives = state.orders[place_of(state, where, first)].arrives
    before = state.orders[place_of(state, where, first - 1)].arrives if first > 0 else ENDED
    if arrives < before or (behind - first > 1 and due < arrives):
        line.crossed = 1


@inlined_part
def carry(state: State, where: int, first: int, behind: int, due: int) -> None:
    """Note that a shipment for the orders of line *where* from *first* up to *behind* arrives at tick *due*."""
    for number in range(first, behind):
        order = state.orders[place_of(state, where, number)]
        # The part that was sent last need not arrive last.
        order.arrives = max(order.arrives, due)
    if state.lines[where].crossed == 0 and first < behind:
        note_crossing(state, where, first, behind, due)


@compiled_part
def write_ledger(state: State, where: int, place: int, received: int, status: int) -> None:
    """Copy an order of line *where* that has ended to the ledger."""
    clock = state.clock[0]
    order = state.orders[place]
    row = state.ledger[clock.ledger_used]
    row.line = where
    row.quantity = abs(order.quantity)
    row.placed = order.placed
    row.promised = order.promised
    row.shipped = order.shipped
    row.received = received
    row.status = status
    clock.ledger_used += 1


@inlined_part
def end_order(state: State, where: int, place: int, now: int, status: int) -> None:
    """Close the order of line *where* that stands at *place*, and count it."""
    clock = state.clock[0]
    order = state.orders[place]
    line = state.lines[where]
    if status != RECEIVED:
        line.unfulfilled += 1
    else:
        line.completed += 1
        line.delivery_ticks += now - order.placed
        if promised_on_time(now, order.promised):
            line.on_time += 1
        if clock.observes != 0:
            # What was sent of an order may have been there before the rest was cancelled, which ends the order.
            observe(state, where, place, order.arrives)
    if clock.keep_orders != 0:
        write_ledger(state, where, place, now if status == RECEIVED else -1, status)
    clock.open_orders -= 1


@inlined_part
def take_out(state: State, where: int, number: int) -> None:
    """Move the orders of line *where* that are older than *number*, which has ended, up by one place.

    So all orders of a line stay side by side, on few lines of the cache.
    """
    line = state.lines[where]
    for later in range(number, line.head, -1):
        state.orders[place_of(state, where, later)] = state.orders[place_of(state, where, later - 1)]
    clear_place(state, place_of(state, where, line.head))
    line.head += 1


@inlined_part
def mark_received(state: State, where: int, now: int) -> None:
    """Close the orders of line *where* whose last part has arrived."""
    line = state.lines[where]
    for number in range(line.head, line.unshipped):
        place = place_of(state, where, number)
        order = state.orders[place]
        if order.arrives <= now:
            end_order(state, where, place, now, LOST if order.quantity < 0.0 else RECEIVED)
            take_out(state, where, number)
        # As long as no order has overtaken another, all that follow arrive later still.
        elif line.crossed == 0:
            break
    if line.head == line.tail:
        # The next order takes the first place again, which is still in the processor's cache.
        line.head = line.unshipped = line.tail = 0
        line.crossed = 0


@compiled_part
def cancel_unshipped(state: State, where: int, now: int) -> float:
    """Take back what line *where* has ordered and not been sent; return the quantity (units).

    An order that was sent in part keeps the part that was sent, and has ended if that has arrived.
    """
    line = state.lines[where]
    cancelled = float(line.placed - line.shipped)
    # First, so that an order that was sent in part is not among those that are cancelled.
    cut_off(state, where)
    for number in range(line.unshipped, line.tail):
        place = place_of(state, where, number)
        end_order(state, where, place, now, CANCELLED)
        clear_place(state, place)
    line.tail = line.unshipped
    _forget(state, where, cancelled)
    mark_received(state, where, now)
    return cancelled


@compiled_part
def cut_off(state: State, where: int) -> None:
    """Shorten the order of line *where* that was sent in part, if there is one, to that part, sent when it was."""
    line = state.lines[where]
    if line.unshipped == line.tail:
        return
    order = state.orders[place_of(state, where, line.unshipped)]
    if is_partly_sent(line, order):
        # The sign tells whether goods were lost on the way, and has to stay.
        order.quantity -= math.copysign(order.mark - line.shipped, order.quantity)
        order.mark = line.shipped
        order.shipped = -2 - order.shipped
        line.unshipped += 1


@compiled_part
def _forget(state: State, where: int, cancelled: float) -> None:
    """Take a cancelled quantity out of the totals of line *where*."""
    line = state.lines[where]
    if line.supplier >= 0:
        site = state.sites[line.supplier]
        site.backlog = max(0.0, site.backlog - line.backlog)
        # Markets book ahead at their site; orders of other buyers are not known there before their delay is over.
        if line.market >= 0:
            site.due_later -= line.delayed
    if line.input >= 0:
        take_off_order(state, line.input, cancelled)
    line.backlog = 0.0
    line.fresh = 0.0
    line.delayed = 0.0
    # Marks of later orders count on from here, or these would wait for goods that were cancelled.
    line.placed = line.shipped
    line.read = line.shipped
    line.cancelled += cancelled


@compiled_part
def write_off(state: State, where: int, quantity: float, earliest: int, now: int) -> None:
    """Count all that is on the way over line *where*, *quantity* in all, as lost.

    The orders that it was for end as lost; one that is still to be sent in part does so when the rest arrives.
    *earliest* is when the first of it would have arrived.
    """
    line = state.lines[where]
    line.in_transit -= quantity
    line.received += quantity
    line.lost += quantity
    if line.input >= 0:
        take_off_order(state, line.input, quantity)
    for number in range(line.head, line.tail):
        order = state.orders[place_of(state, where, number)]
        # It arrives before the first of what was lost, or nothing of it has been sent.
        if order.arrives < earliest:
            continue
        order.quantity = -abs(order.quantity)
        # If it was sent in full, `mark_received` finds it over at once.
        order.arrives = 0
    mark_received(state, where, now)


@compiled_part
def put_off(state: State, where: int, earliest: int, ticks: int) -> None:
    """Delay the orders in transit over line *where*, the first due at tick *earliest*, by *ticks*."""
    line = state.lines[where]
    for number in range(line.head, line.tail):
        order = state.orders[place_of(state, where, number)]
        if order.arrives >= earliest:
            order.arrives += ticks
