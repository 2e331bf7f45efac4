"""What is already under way when a run starts: goods on the road, orders in the mail, sites that open later."""

from __future__ import annotations

from gpnde.engine.flow.books import append_order, mark_shipped
from gpnde.engine.flow.calendar import schedule
from gpnde.scenario.network import Link
from gpnde.world.layout import GOODS, MAIL, State
from gpnde.world.memory import make_room
from gpnde.world.world import World


def fill_pipelines(world: World) -> None:
    """Write the opening shipments and orders of every link into books and calendar.

    The first quantity of each list is due at tick 0, the next at tick 1 and so on.
    """
    for number, link in enumerate(world.scenario.links):
        if link.in_transit or link.in_mail:
            world.state = make_room(world.state)
            _fill(world.state, number, link)


def _fill(state: State, number: int, link: Link) -> None:
    for tick, quantity in enumerate(link.in_transit):
        _put_on_the_road(state, number, quantity, tick)
    for tick, quantity in enumerate(link.in_mail):
        _put_in_the_mail(state, number, quantity, tick)


def _put_on_the_road(state: State, number: int, quantity: float, due: int) -> None:
    line = state.lines[number]
    append_order(state, number, quantity, 0, 0)
    line.read += quantity
    line.shipped += quantity
    line.in_transit += quantity
    mark_shipped(state, number, 0)
    state.inputs[line.input].on_order += quantity
    if line.supplier >= 0:
        state.sites[line.supplier].in_transit += quantity
    schedule(state, due, GOODS, number, quantity)


def _put_in_the_mail(state: State, number: int, quantity: float, due: int) -> None:
    line = state.lines[number]
    append_order(state, number, quantity, 0, due)
    state.inputs[line.input].on_order += quantity
    line.mail += quantity
    schedule(state, due, MAIL, number, quantity)

