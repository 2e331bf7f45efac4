"""What is sent serves the oldest order first; an order ends when its own last part arrives, and may overtake others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpnde.engine.kernel.calendar import next_entry
from gpnde.engine.kernel.orders import (
    append_order,
    cancel_unshipped,
    carry,
    deliver_order,
    end_order_delay,
    mark_received,
    mark_shipped,
    place_of,
    place_with_site,
    put_off,
    reaches,
    write_off,
)
from gpnde.scenario.schema import Scenario
from gpnde.world.allocation import make_room, open_orders, places_of
from gpnde.world.build import build_world
from gpnde.world.layout import CANCELLED, DELAYED_ORDER, ENDED, LOST, RECEIVED, State

from ...thorough import often

Network = Callable[..., Scenario]
Book = Callable[[], State]


@pytest.fixture(scope="module")
def book(network: Network) -> Book:
    """Return a maker of states whose line 0 goes from a depot to a shop; orders take two ticks to reach the depot."""
    link = {"buyer": "shop", "supplier": "depot", "order_delay_days": 2, "lead_time": 5}
    scenario = network({"shop": {"stock": 0}, "depot": {"stock": 0}}, [link])
    return lambda: build_world(scenario).state


def _order(state: State, quantity: float, now: int) -> None:
    """Place an order on line 0 that is read at once."""
    append_order(state, 0, quantity, now, now)
    deliver_order(state, 0, quantity)
    state.inputs[state.lines[0].input].on_order += quantity


def _ship(state: State, quantity: float, now: int, due: int) -> None:
    """Send *quantity* of what line 0 owes; it arrives at tick *due*."""
    line = state.lines[0]
    line.backlog -= quantity
    state.sites[line.supplier].backlog -= quantity
    line.shipped += quantity
    line.in_transit += quantity
    first = int(line.unshipped)
    carry(state, 0, first, mark_shipped(state, 0, now), due)


def _arrive(state: State, quantity: float, now: int) -> None:
    line = state.lines[0]
    line.in_transit -= quantity
    line.received += quantity
    mark_received(state, 0, now)


def _ledger(state: State) -> list[tuple[float, int, int, int, int]]:
    """Return quantity, placed, shipped, received and status of every order that has ended."""
    rows = state.ledger[: state.clock[0].ledger_used]
    return [(float(r.quantity), int(r.placed), int(r.shipped), int(r.received), int(r.status)) for r in rows]


def test_an_order_ends_when_its_last_part_has_arrived(book: Book) -> None:
    state = book()
    _order(state, 10.0, 1)
    _ship(state, 6.0, 2, 7)
    assert state.orders[place_of(state, 0, state.lines[0].head)].shipped == -2 - 2
    _ship(state, 4.0, 3, 8)
    _arrive(state, 6.0, 7)
    assert _ledger(state) == []
    _arrive(state, 4.0, 8)
    assert _ledger(state) == [(10.0, 1, 3, 8, RECEIVED)]


def test_one_shipment_serves_several_orders_in_turn(book: Book) -> None:
    state = book()
    for now, quantity in enumerate((3.0, 4.0, 5.0)):
        _order(state, quantity, now)
    _ship(state, 8.0, 4, 9)
    _arrive(state, 8.0, 9)
    assert _ledger(state) == [(3.0, 0, 4, 9, RECEIVED), (4.0, 1, 4, 9, RECEIVED)]
    assert state.lines[0].completed == 2
    assert state.clock[0].open_orders == 1


def test_a_young_order_ends_before_an_old_one_that_is_longer_on_the_way(book: Book) -> None:
    state = book()
    _order(state, 3.0, 0)
    _order(state, 4.0, 1)
    _ship(state, 3.0, 0, 30)
    _ship(state, 4.0, 1, 2)
    _arrive(state, 4.0, 2)
    assert _ledger(state) == [(4.0, 1, 1, 2, RECEIVED)]
    assert state.clock[0].open_orders == 1
    _arrive(state, 3.0, 30)
    assert _ledger(state)[1:] == [(3.0, 0, 0, 30, RECEIVED)]


def test_an_order_ends_before_an_older_one_whose_first_part_is_still_on_the_way(book: Book) -> None:
    """The second shipment brings the rest of the old order and all of the young one, sooner than the first part."""
    state = book()
    _order(state, 6.0, 0)
    _order(state, 2.0, 1)
    _ship(state, 5.0, 1, 10)
    _ship(state, 3.0, 2, 5)
    _arrive(state, 3.0, 5)
    assert _ledger(state) == [(2.0, 1, 2, 5, RECEIVED)]
    _arrive(state, 5.0, 10)
    assert _ledger(state)[1:] == [(6.0, 0, 2, 10, RECEIVED)]


def test_an_order_of_which_a_part_is_lost_ends_as_lost_when_the_rest_has_arrived(book: Book) -> None:
    state = book()
    _order(state, 10.0, 0)
    _ship(state, 6.0, 1, 5)
    write_off(state, 0, 6.0, 5, 4)
    assert _ledger(state) == []
    _ship(state, 4.0, 6, 9)
    _arrive(state, 4.0, 9)
    assert _ledger(state) == [(10.0, 0, 6, -1, LOST)]
    assert state.lines[0].unfulfilled == 1


def test_an_order_is_on_time_if_the_whole_of_it_came_by_the_promised_tick(book: Book) -> None:
    state = book()
    state.lines[0].promise = 6
    for now in (0, 0, 0):
        _order(state, 2.0, now)
    for now in (5, 6, 7):
        _ship(state, 2.0, now, now)
        _arrive(state, 2.0, now)
    assert state.lines[0].completed == 3
    assert state.lines[0].on_time == 2
    assert state.lines[0].delivery_ticks == 5 + 6 + 7


def test_a_delayed_order_is_not_known_to_the_supplier(book: Book) -> None:
    state = book()
    place_with_site(state, 0, 5.0, 3)
    assert (state.lines[0].delayed, state.lines[0].backlog) == (5.0, 0.0)
    assert next_entry(state, 3) == 5
    entry = state.entries[state.buckets[5]]
    assert (entry.what, entry.where, entry.quantity) == (DELAYED_ORDER, 0, 5.0)
    end_order_delay(state, 0, 5.0)
    assert (state.lines[0].delayed, state.lines[0].backlog) == (0.0, 5.0)
    assert state.sites[state.lines[0].supplier].backlog == 5.0


def test_a_delayed_order_never_reaches_a_supplier_that_was_dropped(book: Book) -> None:
    state = book()
    place_with_site(state, 0, 5.0, 3)
    cancel_unshipped(state, 0, 8)
    state.lines[0].active = 0
    end_order_delay(state, 0, 5.0)
    assert (state.lines[0].delayed, state.lines[0].backlog) == (0.0, 0.0)
    assert state.sites[state.lines[0].supplier].due_later == 0.0


def test_cancelling_takes_back_what_was_not_sent(book: Book) -> None:
    state = book()
    _order(state, 3.0, 0)
    _order(state, 7.0, 1)
    _ship(state, 3.0, 2, 9)
    assert cancel_unshipped(state, 0, 8) == 7.0
    line = state.lines[0]
    assert (line.placed, line.backlog, line.cancelled) == (3.0, 0.0, 7.0)
    assert state.inputs[line.input].on_order == 3.0
    assert state.sites[line.supplier].backlog == 0.0
    assert _ledger(state) == [(7.0, 1, -1, -1, CANCELLED)]
    _arrive(state, 3.0, 9)
    assert _ledger(state)[1:] == [(3.0, 0, 2, 9, RECEIVED)]


def test_an_order_that_is_cancelled_half_way_keeps_the_part_that_is_on_the_road(book: Book) -> None:
    state = book()
    _order(state, 10.0, 0)
    _ship(state, 4.0, 2, 9)
    assert cancel_unshipped(state, 0, 8) == 6.0
    _arrive(state, 4.0, 9)
    assert _ledger(state) == [(4.0, 0, 2, 9, RECEIVED)]
    assert state.clock[0].open_orders == 0


def test_an_order_that_is_cancelled_when_all_that_was_sent_has_arrived_ends_at_once(book: Book) -> None:
    state = book()
    _order(state, 10.0, 0)
    _order(state, 5.0, 1)
    _ship(state, 4.0, 2, 7)
    _arrive(state, 4.0, 7)
    assert cancel_unshipped(state, 0, 8) == 11.0
    assert sorted(_ledger(state)) == [(4.0, 0, 2, 8, RECEIVED), (5.0, 1, -1, -1, CANCELLED)]
    assert state.clock[0].open_orders == 0
    line = state.lines[0]
    assert (line.head, line.unshipped, line.tail) == (0, 0, 0)
    assert (line.completed, line.unfulfilled) == (1, 1)


def test_cancelling_takes_its_part_alone_off_the_totals_of_a_supplier(book: Book) -> None:
    state = book()
    supplier = state.sites[state.lines[0].supplier]
    supplier.backlog = 4.0
    _order(state, 10.0, 0)
    state.lines[0].fresh = 10.0
    cancel_unshipped(state, 0, 8)
    assert (supplier.backlog, state.lines[0].fresh) == (4.0, 0.0)


def test_orders_of_a_market_that_are_cancelled_are_not_due_later(network: Network) -> None:
    markets = {"market": {"served_by": ["shop"], "demand": {"law": 0}, "service_days": 3}}
    state = build_world(network({"shop": {"stock": 0}}, markets=markets)).state
    sale = int(np.flatnonzero(state.lines["market"] >= 0)[0])
    shop = state.sites[state.lines[sale].supplier]
    shop.due_later = 2.0
    place_with_site(state, sale, 5.0, 0)
    assert (state.lines[sale].delayed, shop.due_later) == (5.0, 7.0)
    assert cancel_unshipped(state, sale, 1) == 5.0
    assert (state.lines[sale].delayed, shop.due_later) == (0.0, 2.0)


def test_cancelling_where_all_was_sent_changes_nothing(book: Book) -> None:
    state = book()
    _order(state, 3.0, 0)
    _ship(state, 3.0, 1, 9)
    assert cancel_unshipped(state, 0, 8) == 0.0
    line = state.lines[0]
    assert (line.placed, line.cancelled, line.unfulfilled, line.in_transit) == (3.0, 0.0, 0, 3.0)
    assert (state.inputs[line.input].on_order, state.clock[0].open_orders) == (3.0, 1)
    _arrive(state, 3.0, 9)
    assert _ledger(state) == [(3.0, 0, 1, 9, RECEIVED)]


def test_places_of_cancelled_orders_are_free(book: Book) -> None:
    state = book()
    for now in range(3):
        _order(state, 5.0, now)
    _ship(state, 7.0, 3, 9)
    assert cancel_unshipped(state, 0, 8) == 8.0
    assert np.count_nonzero(state.orders["arrives"] != ENDED) == state.clock[0].open_orders == 2
    opened, _ = open_orders(state)
    assert [(float(order["quantity"]), float(order["mark"])) for order in opened] == [(5.0, 5.0), (2.0, 7.0)]


def test_an_order_whose_first_part_was_lost_is_lost_when_the_rest_is_cancelled(book: Book) -> None:
    state = book()
    _order(state, 10.0, 0)
    _ship(state, 4.0, 2, 9)
    write_off(state, 0, 4.0, 9, 3)
    assert cancel_unshipped(state, 0, 5) == 6.0
    mark_received(state, 0, 9)
    assert _ledger(state) == [(4.0, 0, 2, -1, LOST)]


def test_a_line_takes_new_orders_after_all_old_ones_were_cancelled(book: Book) -> None:
    state = book()
    _order(state, 10.0, 0)
    cancel_unshipped(state, 0, 8)
    _order(state, 2.0, 1)
    _ship(state, 2.0, 2, 3)
    _arrive(state, 2.0, 3)
    assert _ledger(state) == [(10.0, 0, -1, -1, CANCELLED), (2.0, 1, 2, 3, RECEIVED)]


def test_what_is_lost_on_the_way_ends_the_orders_that_it_was_for(book: Book) -> None:
    state = book()
    _order(state, 4.0, 0)
    _order(state, 4.0, 1)
    _ship(state, 4.0, 2, 6)
    write_off(state, 0, 4.0, 6, 5)
    assert _ledger(state) == [(4.0, 0, 2, -1, LOST)]
    line = state.lines[0]
    assert (line.lost, line.in_transit, line.received) == (4.0, 0.0, 4.0)
    assert state.inputs[line.input].on_order == 4.0
    assert line.completed == 0


def test_a_mark_is_reached_in_spite_of_rounding() -> None:
    assert reaches(0.1 + 0.2, 0.3)
    assert reaches(0.3, 0.1 + 0.2)
    assert reaches(1e12 - 1e-4, 1e12)
    assert not reaches(0.999, 1.0)


def test_no_ledger_is_kept_where_orders_are_not_recorded(network: Network) -> None:
    link = {"buyer": "shop", "supplier": "depot"}
    scenario = network({"shop": {"stock": 0}, "depot": {"stock": 0}}, [link], record={"orders": False})
    state = build_world(scenario).state
    _order(state, 4.0, 0)
    _ship(state, 4.0, 1, 1)
    _arrive(state, 4.0, 1)
    assert state.clock[0].ledger_used == 0
    assert state.lines[0].completed == 1


@dataclass
class _SlowOrder:
    quantity: int
    placed: int
    unsent: int
    shipped: int = -1
    sent_last: int = -1
    is_torn: bool = False
    road: list[int] = field(default_factory=list)  # when each unit on the way arrives


@dataclass
class _SlowBook:
    """The same book, one unit at a time."""

    orders: list[_SlowOrder] = field(default_factory=list)
    ended: list[tuple[float, int, int, int, int]] = field(default_factory=list)

    def order(self, quantity: int, now: int) -> None:
        self.orders.append(_SlowOrder(quantity, now, unsent=quantity))

    def ship(self, quantity: int, now: int, due: int) -> None:
        for _ in range(quantity):
            order = next(order for order in self.orders if order.unsent)
            order.unsent -= 1
            order.road.append(due)
            order.sent_last = now
            order.shipped = now if order.unsent == 0 else -1

    def arrive(self, now: int) -> None:
        for order in self.orders.copy():
            order.road = [due for due in order.road if due > now]
            self._end_if_over(order, now)

    def cancel(self, now: int) -> None:
        for order in [order for order in self.orders if order.unsent]:
            sent = order.quantity - order.unsent
            order.unsent, order.shipped, order.quantity = 0, order.sent_last, sent or order.quantity
            if sent:
                self._end_if_over(order, now)
            else:
                self._end(order, -1, CANCELLED)

    def lose(self) -> None:
        for order in [order for order in self.orders if order.road]:
            order.is_torn, order.road = True, []
            self._end_if_over(order, -1)

    def delay(self, ticks: int) -> None:
        for order in self.orders:
            order.road = [due + ticks for due in order.road]

    def _end_if_over(self, order: _SlowOrder, now: int) -> None:
        if order.unsent == 0 and not order.road:
            self._end(order, -1 if order.is_torn else now, LOST if order.is_torn else RECEIVED)

    def _end(self, order: _SlowOrder, now: int, status: int) -> None:
        self.orders.remove(order)
        self.ended.append((float(order.quantity), order.placed, order.shipped, now, status))

    @property
    def unsent(self) -> int:
        return sum(order.unsent for order in self.orders)

    @property
    def road(self) -> list[int]:
        return [due for order in self.orders for due in order.road]


_ACTS = st.lists(
    st.tuples(
        st.sampled_from(["order", "order", "ship", "ship", "wait", "cancel", "lose", "lose early", "delay"]),
        st.integers(1, 9),
        st.integers(1, 9),
    ),
    max_size=40,
)


@settings(max_examples=often(100, 300), deadline=None)
@given(acts=_ACTS)
def test_the_book_agrees_with_one_that_counts_every_unit(acts: list[tuple[str, int, int]], book: Book) -> None:
    state, slow = book(), _SlowBook()
    for now, (act, quantity, days) in enumerate(acts):
        if act == "lose early":
            _lose(state, slow, now)
        _let_arrive(state, slow, now)
        _act(state, slow, act, quantity, now, now + days)
        opened, where = open_orders(state)
        assert [(abs(order.quantity), order.placed) for order in opened] == [
            (order.quantity, order.placed) for order in slow.orders
        ]
        assert not where.any()
    assert sorted(_ledger(state)) == sorted(slow.ended)
    assert state.lines[0].placed - state.lines[0].shipped == slow.unsent
    assert state.lines[0].in_transit == len(slow.road)
    assert state.clock[0].open_orders == len(slow.orders)


def _let_arrive(state: State, slow: _SlowBook, now: int) -> None:
    arrived = sum(due <= now for due in slow.road)
    if arrived:
        _arrive(state, float(arrived), now)
        slow.arrive(now)


def _lose(state: State, slow: _SlowBook, now: int) -> None:
    if slow.road:
        write_off(state, 0, float(len(slow.road)), min(slow.road), now)
        slow.lose()


def _act(state: State, slow: _SlowBook, act: str, quantity: int, now: int, later: int) -> None:
    """Do the same to both books, as far as it can be done."""
    if act == "order":
        _order(state, float(quantity), now)
        slow.order(quantity, now)
    elif act == "ship" and slow.unsent:
        sent = min(quantity, slow.unsent)
        _ship(state, float(sent), now, later)
        slow.ship(sent, now, later)
    elif act == "cancel":
        cancel_unshipped(state, 0, now)
        slow.cancel(now)
    elif act == "lose":
        _lose(state, slow, now)
    elif act == "delay" and slow.road:
        put_off(state, 0, min(slow.road), later - now)
        slow.delay(later - now)


def test_places_of_orders_are_used_again(book: Book) -> None:
    state = book()
    used = int(state.clock[0].used_places)
    for now in range(2 * len(state.orders)):
        state.clock[0].ledger_used = 0
        _order(state, 1.0, now)
        _ship(state, 1.0, now, now)
        _arrive(state, 1.0, now)
    assert state.clock[0].used_places == used
    assert np.all(state.orders["arrives"] == ENDED)


def test_a_full_ring_is_replaced_by_a_larger_one_and_waits_for_room_where_there_is_none(book: Book) -> None:
    state, slow = book(), _SlowBook()
    for now in range(300):
        _order(state, 1.0, now)
        slow.order(1, now)
        if state.clock[0].crowded:
            state = make_room(state)
        assert state.lines[0].places > now + 1 - state.lines[0].head
        if now % 3 == 0:
            _ship(state, 2.0 if now else 1.0, now, 300)
            slow.ship(2 if now else 1, now, 300)
    assert [state.orders[place].placed for place in places_of(state.lines)] == list(range(300))
    assert len(open_orders(state)[0]) == state.clock[0].open_orders == 300
    _let_arrive(state, slow, 300)
    assert _ledger(state) == slow.ended


def test_what_is_sent_of_a_full_book_ends_with_its_last_order(book: Book) -> None:
    state = book()
    places = int(state.lines[0].places)
    state = state._replace(orders=state.orders[: state.clock[0].used_places])
    for now in range(places):
        _order(state, 1.0, now)
    assert (state.clock[0].crowded, int(state.lines[0].places)) == (1, places)
    _ship(state, float(places), places, places + 1)
    assert (state.lines[0].unshipped, state.lines[0].tail) == (places, places)
    _arrive(state, float(places), places + 1)
    assert [row[2:4] for row in _ledger(state)] == [(places, places + 1)] * places
