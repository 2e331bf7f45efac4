"""The calendar: what comes due at which tick.

Goods that arrive soon, which most do, wait in a row per tick and a column per line: what arrives at one tick lies side
by side, in the order of the lines. Everything else waits in buckets of linked lists (a timing wheel).
"""

from __future__ import annotations

from gpnde.numerics.compiled import inlined_part
from gpnde.world.layout import FREE, GOODS, NEVER, State


@inlined_part
def row_of(state: State, tick: int) -> int:
    """Return the row for the goods that arrive at *tick*; the number of rows is a power of 2."""
    return int(tick & (state.arrivals.shape[0] - 1))


@inlined_part
def put_on_the_road(state: State, where: int, quantity: float, due: int, now: int) -> None:
    """Note that *quantity* arrives over line *where* at tick *due*, which is not before *now*."""
    # Rows are used again after one round, so what arrives later must not lie in one of them yet.
    if due - now < state.arrivals.shape[0]:
        row = row_of(state, due)
        state.arrivals[row, where] += quantity
        state.arriving[row] = 1
    else:
        schedule(state, due, GOODS, where, quantity)


@inlined_part
def schedule(state: State, due: int, what: int, where: int, quantity: float) -> None:
    """Note that *quantity* of *what* comes due *where* (a line or a site) at tick *due*."""
    clock = state.clock[0]
    number = clock.free_entry
    entry = state.entries[number]
    clock.free_entry = entry.next
    clock.entries += 1
    bucket = due % state.buckets.shape[0]
    entry.due = due
    entry.what = what
    entry.where = where
    entry.quantity = quantity
    entry.next = state.buckets[bucket]
    state.buckets[bucket] = number


@inlined_part
def unlink(state: State, bucket: int, previous: int, number: int) -> None:
    """Take entry *number* out of its bucket; *previous* is the entry before it there, or -1."""
    clock = state.clock[0]
    entry = state.entries[number]
    if previous < 0:
        state.buckets[bucket] = entry.next
    else:
        state.entries[previous].next = entry.next
    # Searches for goods on the road look at all entries, and must not find those that are free.
    entry.what = FREE
    entry.next = clock.free_entry
    clock.free_entry = number
    clock.entries -= 1


@inlined_part
def earliest_in_bucket(state: State, tick: int) -> int:
    """Return the earliest due tick in the bucket of *tick*, which is looked through only as far as needed."""
    earliest = NEVER
    number = state.buckets[tick % state.buckets.shape[0]]
    # What was due before *tick* is no longer there, so nothing in this bucket can come sooner than *tick*.
    while number >= 0 and earliest > tick:
        entry = state.entries[number]
        earliest = min(earliest, entry.due)
        number = entry.next
    return earliest


@inlined_part
def next_delivery(state: State, now: int) -> int:
    """Return the earliest tick after *now* for which goods stand in the rows, or `NEVER`."""
    for tick in range(now + 1, now + 1 + state.arrivals.shape[0]):
        if state.arriving[row_of(state, tick)] != 0:
            return tick
    return NEVER


@inlined_part
def next_entry(state: State, now: int) -> int:
    """Return the earliest tick after *now* at which an entry of the lists is due, or `NEVER`."""
    if state.clock[0].entries == 0:
        return NEVER
    wheel = state.buckets.shape[0]
    earliest = NEVER
    for tick in range(now + 1, now + 1 + wheel):
        # A bucket also holds what is due whole turns of the wheel later, which counts if nothing comes before it.
        due = earliest_in_bucket(state, tick)
        if due == tick:
            return tick
        earliest = min(earliest, due)
    return earliest
