"""Room in the arrays: rings of places for orders, rows for goods on the road, pools of free records."""

from __future__ import annotations

import numpy as np

from gpnde.numerics.laws.sampling import Laws
from gpnde.world.layout import CACHE_LINE, ENDED, ENTRY, LEDGER, NEVER, ORDER_RECORD, Floats, Integers, Records, State

LEAST_PLACES = 8
"""Places for orders that every line has at least; a power of 2, as all numbers of places are."""

TOGETHER = 256
"""How many draws are made together: many for each start of the work, and few enough to stay in the fastest cache."""

_WINDOWS = (8, 64)
"""The least and the largest number of ticks ahead for which goods on the road have a row."""


def blank(layout: np.dtype[np.void], size: int) -> Records:
    """Return *size* records of zeros that begin on the boundary of a cache line."""
    raw = np.zeros(size * layout.itemsize + CACHE_LINE, dtype=np.uint8)
    # numpy aligns to 16 bytes only; a record across two cache lines costs a second miss.
    begin = -raw.ctypes.data % CACHE_LINE
    records: Records = raw[begin : begin + size * layout.itemsize].view(layout)
    return records


def free_list(records: Records, first: int) -> None:
    """Chain the records from *first* on through their field ``next``; the last points nowhere (-1)."""
    numbers = np.arange(first, len(records))
    records["next"][first:] = numbers + 1
    records["next"][-1:] = -1


def pool(layout: np.dtype[np.void], size: int) -> Records:
    """Return *size* free records."""
    records = blank(layout, size)
    free_list(records, 0)
    return records


def enlarged(records: Records, size: int) -> Records:
    """Return the same records followed by free ones."""
    larger = blank(records.dtype, size)
    larger[: len(records)] = records
    free_list(larger, len(records))
    return larger


def _grow_pool(records: Records, free: int, used: int, wanted: int) -> tuple[Records, int]:
    """Double a pool until *wanted* of its records are free; return it and its first free record."""
    if len(records) - used > wanted:
        return records, free
    size = len(records)
    while size - used <= wanted:
        size *= 2
    larger = enlarged(records, size)
    # The new records come first and the old chain is hung behind them, so that no chain is walked.
    larger["next"][size - 1] = free
    return larger, len(records)


def places_of(lines: Records) -> Integers:
    """Return the places of the orders that are open, line by line and the oldest first."""
    return _places_and_lines(lines)[0]


def open_orders(state: State) -> tuple[Records, Integers]:
    """Return the open orders, line by line and the oldest first, and the number of the line of each."""
    places, owner = _places_and_lines(state.lines)
    return state.orders[places], owner


def _places_and_lines(lines: Records) -> tuple[Integers, Integers]:
    """Return where orders stand, and the line of each."""
    counts = lines["tail"] - lines["head"]
    owner = np.repeat(np.arange(len(lines)), counts)
    rank = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    number = lines["head"][owner] + rank
    # The number of places is a power of 2, so the mask is the remainder.
    places = lines["first_place"][owner] + (number & (lines["places"][owner] - 1))
    return places.astype(np.int64), owner


def arrange_orders(orders: Records, lines: Records) -> tuple[Records, int]:
    """Lay the rings of all lines side by side, those that are full twice as large, with room behind for more growth.

    Returns the orders at their new places and how many places belong to lines. Rings never shrink: what was crowded
    once will be so again.
    """
    # Before the rings move, which the same fields tell.
    old = places_of(lines)
    is_full = lines["tail"] - lines["head"] == lines["places"]
    lines["places"] = np.maximum(LEAST_PLACES, np.where(is_full, 2, 1) * lines["places"])
    used = int(lines["places"].sum())
    lines["first_place"] = np.cumsum(lines["places"]) - lines["places"]
    arranged = blank(ORDER_RECORD, used + used // 2 + 16 * LEAST_PLACES)
    # The 0 of a blank record would stand for an open order of which nothing was sent.
    arranged["arrives"] = ENDED
    arranged[places_of(lines)] = orders[old]
    return arranged, used


def make_room(state: State) -> State:
    """Return the state with room for one more instant; the ledger must have been emptied before."""
    clock, lines = state.clock[0], len(state.lines)
    orders = state.orders
    if clock.crowded:
        orders, clock.used_places = arrange_orders(orders, state.lines)
        clock.crowded = 0
    # More than one instant takes, or the flow would have to come back for room at every instant.
    wanted = 4 * lines + 2 * len(state.sites)
    entries, clock.free_entry = _grow_pool(state.entries, clock.free_entry, clock.entries, wanted)
    ledger = state.ledger
    if clock.keep_orders and len(ledger) <= 2 * (clock.open_orders + lines):
        ledger = np.zeros(4 * (clock.open_orders + lines), dtype=LEDGER)
    return state._replace(orders=orders, entries=entries, ledger=ledger)


def admit_lines(state: State, lines: Records) -> State:
    """Return the state with *lines*, the last of which are new, in the place of its own."""
    orders, clock, arrivals = state.orders, state.clock[0], state.arrivals
    first = len(state.lines)
    lines["places"][first:] = LEAST_PLACES
    new = np.arange(len(lines) - first)
    lines["first_place"][first:] = clock.used_places + LEAST_PLACES * new
    clock.used_places += LEAST_PLACES * len(new)
    if clock.used_places > len(orders):
        orders, clock.used_places = arrange_orders(orders, lines)
    if arrivals.shape[1] < len(lines):
        # An eighth more than needed, since lines are opened one by one.
        arrivals = np.pad(arrivals, ((0, 0), (0, len(lines) + len(lines) // 8 - arrivals.shape[1])))
    return state._replace(lines=lines, orders=orders, arrivals=arrivals)


def admit_sites(state: State, sites: Records, inputs: Records, rules: Records) -> State:
    """Return the state with new *sites* and their *inputs* and *rules* behind the others, each to act after those."""
    first = len(state.sites)
    timed = sites["next_review"][sites["review"] > 0]
    state.clock[0].next_review = min(state.clock[0].next_review, int(timed.min(initial=NEVER)))
    return state._replace(
        sites=followed_by(state.sites, sites),
        inputs=followed_by(state.inputs, inputs),
        rules=followed_by(state.rules, rules),
        history=np.pad(state.history, (0, int(sites["window"].sum()))),
        upstream_first=np.append(state.upstream_first, np.arange(first, first + len(sites))),
    )


def followed_by(records: Records, more: Records) -> Records:
    """Return records with *more* behind them, on the boundary of a cache line."""
    longer = blank(records.dtype, len(records) + len(more))
    longer[: len(records)], longer[len(records) :] = records, more
    return longer


def window_of(lines: Records, laws: Laws, tick_days: float) -> int:
    """Return for how many ticks ahead goods on the road should have a row: enough for nearly all, a power of 2."""
    used = lines["lead_time"]
    longest = float(np.max(laws.mean[used] + 3.0 * laws.sd[used], initial=0.0)) / tick_days
    least, most = _WINDOWS
    return int(min(most, max(least, 2 ** np.ceil(np.log2(longest + 2.0)))))


def empty_road(window: int, lines: int) -> tuple[Floats, Integers]:
    """Return rows for the goods of *window* ticks, and whether anything arrives at each."""
    return np.zeros((window, lines)), np.zeros(window, dtype=np.int64)


def empty_calendar(lines: int, sites: int) -> tuple[Records, Integers]:
    """Return entries and buckets of the calendar for a new run."""
    return pool(ENTRY, max(256, 5 * lines + 3 * sites)), np.full(1024, -1, dtype=np.int64)


def empty_ledger(lines: int, keep_orders: bool) -> Records:
    """Return the ledger for a new run."""
    return np.zeros(max(4096, 8 * lines) if keep_orders else 1, dtype=LEDGER)
