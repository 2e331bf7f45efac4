"""Goods on the road when disaster strikes: they are delayed or lost."""

from __future__ import annotations

import numpy as np

from gpnde.engine.flow.books import write_off
from gpnde.engine.flow.calendar import schedule, unlink
from gpnde.world.layout import GOODS, Integers, State


def shipments_on(state: State, lines: Integers) -> Integers:
    """Return the calendar entries of the goods on the way over *lines*, in order of number."""
    entries = state.entries
    return np.flatnonzero((entries["what"] == GOODS) & np.isin(entries["where"], lines))


def take_out(state: State, number: int) -> None:
    """Take a calendar entry out of its bucket."""
    bucket = int(state.entries[number].due) % len(state.buckets)
    previous, candidate = -1, int(state.buckets[bucket])
    while candidate != number:
        previous, candidate = candidate, int(state.entries[candidate].next)
    unlink(state, bucket, previous, number)


def lose_in_transit(state: State, lines: Integers, now: int) -> None:
    """Lose everything on the way over *lines*; the buyers know and order again."""
    for number in shipments_on(state, lines).tolist():
        where, quantity = int(state.entries[number].where), float(state.entries[number].quantity)
        take_out(state, number)
        write_off(state, where, quantity, now)


def delay_in_transit(state: State, lines: Integers, ticks: int) -> None:
    """Let everything on the way over *lines* arrive *ticks* later."""
    for number in shipments_on(state, lines).tolist():
        entry = state.entries[number]
        due, where, quantity = int(entry.due) + ticks, int(entry.where), float(entry.quantity)
        take_out(state, number)
        schedule(state, due, GOODS, where, quantity)
