"""Goods on the road when disaster strikes: they are delayed or lost."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gpnde.engine.kernel.calendar import put_on_the_road, unlink
from gpnde.engine.kernel.orders import put_off, write_off
from gpnde.world.layout import GOODS, Floats, Integers, State


class Shipments(NamedTuple):
    """Goods on the road, one entry per line and tick of arrival, or per calendar entry where that is far ahead."""

    lines: Integers
    due: Integers
    quantities: Floats


def shipments_on(state: State, lines: Integers, now: int) -> Shipments:
    """Return what is on the way over *lines* at tick *now*, in order of arrival."""
    rows, columns = np.nonzero(state.arrivals[:, lines])
    where = lines[columns]
    far = state.entries[_far_shipments(state, lines)]
    all_lines = np.concatenate([where, far["where"]])
    # Rows tell the tick up to whole rounds, and hold what arrives within one round from *now*.
    due = np.concatenate([now + (rows - now) % len(state.arrivals), far["due"]])
    quantities = np.concatenate([state.arrivals[rows, where], far["quantity"]])
    order = np.lexsort((all_lines, due))
    return Shipments(all_lines[order], due[order], quantities[order])


def _far_shipments(state: State, lines: Integers) -> Integers:
    """Return the calendar entries of goods on the way over *lines*."""
    entries = state.entries
    return np.flatnonzero((entries["what"] == GOODS) & np.isin(entries["where"], lines))


def take_off_the_road(state: State, lines: Integers, now: int) -> Shipments:
    """Take what is on the way over *lines* out of the calendar and return it."""
    taken = shipments_on(state, lines, now)
    state.arrivals[:, lines] = 0.0
    # Goods of other lines may arrive at the same ticks.
    state.arriving[:] = state.arrivals.any(axis=1)
    for number in _far_shipments(state, lines).tolist():
        _take_out(state, number)
    return taken


def _take_out(state: State, number: int) -> None:
    """Take a calendar entry out of its bucket."""
    bucket = int(state.entries[number].due) % len(state.buckets)
    previous, candidate = -1, int(state.buckets[bucket])
    while candidate != number:
        previous, candidate = candidate, int(state.entries[candidate].next)
    unlink(state, bucket, previous, number)


def lose_in_transit(state: State, lines: Integers, now: int) -> None:
    """Lose everything on the way over *lines*; the buyers know and order again."""
    lost = take_off_the_road(state, lines, now)
    # They were counted when they left, with the time that they would have taken.
    _add_time_on_the_road(state, lost, now - lost.due)
    for where in np.unique(lost.lines).tolist():
        is_here = lost.lines == where
        write_off(state, where, float(lost.quantities[is_here].sum()), int(lost.due[is_here].min()), now)


def delay_in_transit(state: State, lines: Integers, ticks: int, now: int) -> None:
    """Delay all goods in transit over *lines* by *ticks*."""
    late = take_off_the_road(state, lines, now)
    _add_time_on_the_road(state, late, np.full(len(late.due), ticks))
    for where, due, quantity in zip(*(values.tolist() for values in late), strict=True):
        put_on_the_road(state, where, quantity, due + ticks, now)
    for where in np.unique(late.lines).tolist():
        put_off(state, where, int(late.due[late.lines == where].min()), ticks)


def forget_the_road_ahead(state: State, horizon: int) -> None:
    """Subtract in-transit time beyond the *horizon* from the pipeline-inventory integral."""
    under_way = shipments_on(state, np.arange(len(state.lines)), horizon)
    _add_time_on_the_road(state, under_way, horizon - under_way.due)


def _add_time_on_the_road(state: State, shipments: Shipments, ticks: Integers) -> None:
    """Count *ticks* more for shipments, in the pipelines of the sites that sent them (unit-ticks)."""
    supplier = state.lines["supplier"][shipments.lines]
    inside = supplier >= 0
    # Plain indexing would count only one of several shipments of the same site.
    np.add.at(state.sites["pipeline"], supplier[inside], (shipments.quantities * ticks)[inside])
