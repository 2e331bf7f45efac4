"""What is already under way when a run starts: goods on the road, delayed orders, customers on their way."""

from __future__ import annotations

from gpnde.engine.kernel.calendar import put_on_the_road, schedule
from gpnde.engine.kernel.demand import next_arrival
from gpnde.engine.kernel.opening_backlog import owe, owe_markets
from gpnde.engine.kernel.orders import append_order, carry, mark_shipped
from gpnde.engine.kernel.transport import duration
from gpnde.scenario.network import Link
from gpnde.vocabulary import OUTSIDE
from gpnde.world.allocation import make_room
from gpnde.world.layout import DELAYED_ORDER, LEAD_TIME, State
from gpnde.world.world import World


def fill_pipelines(world: World) -> None:
    """Write the opening shipments and orders of every link and market into books and calendar.

    The first quantity of each list is due at tick 0, the next at tick 1 and so on.
    """
    for number, link in enumerate(world.scenario.links):
        _fill(world, number, link)
    owe_markets(world)


def _fill(world: World, number: int, link: Link) -> None:
    for tick, quantity in enumerate(link.in_transit):
        # Instants leave room for one order per line, while any number may be under way at the start.
        world.state = make_room(world.state)
        _put_on_the_road(world.state, number, quantity, tick)
    # Behind what was sent, since orders are served in turn.
    owe(world, number, link.opening_backlog)
    for tick, quantity in enumerate(link.in_mail):
        world.state = make_room(world.state)
        if link.supplier == OUTSIDE:
            _let_outside_send(world.state, number, quantity, tick)
        else:
            _delay_order(world.state, number, quantity, tick)


def await_customers(state: State) -> None:
    """Draw when the first customer of every market with Poisson arrivals comes, counted from the market's start."""
    for number in range(len(state.markets)):
        market = state.markets[number]
        if market.poisson != 0:
            market.arrival = market.next
            next_arrival(state, number)


def _put_on_the_road(state: State, number: int, quantity: float, due: int) -> None:
    line = state.lines[number]
    append_order(state, number, quantity, 0, 0)
    line.read += quantity
    line.shipped += quantity
    line.in_transit += quantity
    # Noted before `mark_shipped` moves it on.
    first = int(line.unshipped)
    carry(state, number, first, mark_shipped(state, number, 0), due)
    _expect(state, line.input, quantity)
    if line.supplier >= 0:
        state.sites[line.supplier].pipeline += quantity * due
    put_on_the_road(state, number, quantity, due, 0)


def _let_outside_send(state: State, number: int, quantity: float, read: int) -> None:
    """Put on the road what leaves outside as soon as the order is read there, at tick *read*."""
    days = duration(state, state.lines[number].lead_time, LEAD_TIME, state.line_entity, number, read, 1.0)
    _put_on_the_road(state, number, quantity, read + days)


def _delay_order(state: State, number: int, quantity: float, due: int) -> None:
    line = state.lines[number]
    append_order(state, number, quantity, 0, due)
    _expect(state, line.input, quantity)
    line.delayed += quantity
    schedule(state, due, DELAYED_ORDER, number, quantity)


def _expect(state: State, item: int, quantity: float) -> None:
    """Count a batch of an input as on order."""
    state.inputs[item].on_order += quantity
    state.inputs[item].batches += 1.0
