"""Room in the arrays: pools of free records that grow by doubling."""

from __future__ import annotations

import numpy as np

from gpnde.world.layout import CACHE_LINE, ENTRY, LEDGER, ORDER_RECORD, Integers, Records, State


def blank(layout: np.dtype[np.void], size: int) -> Records:
    """Return *size* records of zeros that begin on the boundary of a cache line."""
    raw = np.zeros(size * layout.itemsize + CACHE_LINE, dtype=np.uint8)
    begin = -raw.ctypes.data % CACHE_LINE
    records: Records = raw[begin : begin + size * layout.itemsize].view(layout)
    return records


def free_list(records: Records, first: int) -> None:
    """Chain the records from *first* on through their field ``next``; the last points nowhere (-1).

    A free order belongs to no line (-1).
    """
    numbers = np.arange(first, len(records))
    records["next"][first:] = numbers + 1
    records["next"][-1:] = -1
    if "line" in (records.dtype.names or ()):
        records["line"][first:] = -1


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
    larger["next"][size - 1] = free
    return larger, len(records)


def make_room(state: State) -> State:
    """Return the state with room for one more instant; the ledger must have been emptied before."""
    clock, lines = state.clock[0], len(state.lines)
    orders, clock.free_order = _grow_pool(state.orders, clock.free_order, clock.open_orders, 2 * lines)
    wanted = 4 * lines + 2 * len(state.sites)
    entries, clock.free_entry = _grow_pool(state.entries, clock.free_entry, clock.entries, wanted)
    ledger = state.ledger
    if clock.keep_orders and len(ledger) <= 2 * (clock.open_orders + lines):
        ledger = np.zeros(4 * (clock.open_orders + lines), dtype=LEDGER)
    return state._replace(orders=orders, entries=entries, ledger=ledger)


def empty_books(lines: int, sites: int, keep_orders: bool) -> tuple[Records, Records, Integers, Records]:
    """Return order pool, calendar entries, calendar buckets and ledger for a new run."""
    buckets = np.full(1024, -1, dtype=np.int64)
    ledger = np.zeros(max(4096, 8 * lines) if keep_orders else 1, dtype=LEDGER)
    return pool(ORDER_RECORD, max(256, 4 * lines)), pool(ENTRY, max(256, 8 * lines + 4 * sites)), buckets, ledger
