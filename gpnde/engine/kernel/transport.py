"""Transport: what is sent waits on the dock until it is full or the step is over, and is then put on the road.

To draw a lead time is a long chain of operations; drawn one after the other, several are in the processor at a time.
"""

from __future__ import annotations

import math

from gpnde.engine.kernel.calendar import put_on_the_road
from gpnde.engine.kernel.orders import carry, mark_shipped
from gpnde.engine.kernel.prefetch import fetch_for_departure
from gpnde.engine.kernel.receiving import hand_over
from gpnde.numerics.compiled import compiled_part, inlined_part
from gpnde.numerics.draws import draw_together
from gpnde.numerics.laws.kinds import FIXED
from gpnde.numerics.laws.sampling import is_positive_by_inversion, sample, value_of
from gpnde.world.layout import LATEST, LEAD_TIME, Integers, State


@inlined_part
def duration(
    state: State, law: int, purpose: int, names: Integers, number: int, now: int, factor: float, part: int = 0
) -> int:
    """Draw a duration in days of entity *number* of those with *names*, multiply it by *factor*, return whole ticks."""
    key = state.keys[purpose]
    # Names lie apart from all else that is sent, so they are looked up where there is a draw only.
    entity = 0 if state.laws.rows[law].kind == FIXED else names[number]
    return _in_ticks(state, factor * sample(state.laws, law, key[0], key[1], entity, now, part))


@inlined_part
def _in_ticks(state: State, days: float) -> int:
    # Without the margin, 0.1 + 0.2 days in ticks of 0.1 would take 4 ticks by rounding error.
    return int(math.ceil(min(days / state.clock[0].tick_days - 1e-9, LATEST)))


@compiled_part
def depart(state: State, now: int) -> None:
    """Draw the lead time of everything on the dock, a tick or more, and put it on the road."""
    clock, key = state.clock[0], state.keys[LEAD_TIME]
    draw_together(state.dock, clock.loads, key[0], key[1])
    for number in range(clock.loads):
        load = state.dock[number]
        days = load.lead_time_factor * value_of(state.laws.rows[load.lead_time], load)
        # A draw that rounds to no tick at all cannot be handed over any more: its instant is under way.
        load.due = max(load.due + _in_ticks(state, days), now + 1)
        fetch_for_departure(state, load.where, load.first, load.due)
    for number in range(clock.loads):
        load = state.dock[number]
        carry(state, load.where, load.first, load.behind, load.due)
        _begin_to_move(state, load.where, load.supplier, load.quantity, load.due, now)
    clock.loads = 0


@inlined_part
def _begin_to_move(state: State, where: int, supplier: int, quantity: float, due: int, now: int) -> None:
    if supplier >= 0:
        # Counted at once for all its time, so that goods on the road need no sweep at every instant.
        state.sites[supplier].pipeline += quantity * (due - now)
    put_on_the_road(state, where, quantity, due, now)


@inlined_part
def _put_on_the_dock(
    state: State,
    where: int,
    first: int,
    behind: int,
    supplier: int,
    quantity: float,
    leaves: int,
    now: int,
    lead_time_factor: float,
) -> None:
    clock = state.clock[0]
    load = state.dock[clock.loads]
    load.quantity = quantity
    load.lead_time_factor = lead_time_factor
    load.where = where
    load.entity = state.line_entity[where]
    load.occurrence = now
    load.supplier = supplier
    load.lead_time = state.lines[where].lead_time
    load.due = leaves
    load.first = first
    load.behind = behind
    clock.loads += 1
    if clock.loads == state.dock.shape[0]:
        depart(state, now)


@inlined_part
def send(
    state: State, where: int, supplier: int, quantity: float, leaves: int, now: int, lead_time_factor: float
) -> None:
    """Send *quantity* from a supplier, outside (-1) or a site, over line *where* at tick *leaves*.

    It serves the oldest orders that are not wholly sent. The lead time is multiplied by *lead_time_factor*, above 0.
    What surely takes time waits on the dock until `depart`. The rest is sent now, and if it needs no time it is handed
    over at once, so that the sites after this one can use it at the same instant.
    """
    line = state.lines[where]
    first = line.unshipped
    behind = mark_shipped(state, where, leaves)
    # Only laws drawn by one inversion can be drawn together: others take a varying number of attempts.
    if is_positive_by_inversion(state.laws.rows[line.lead_time]):
        line.in_transit += quantity
        _put_on_the_dock(state, where, first, behind, supplier, quantity, leaves, now, lead_time_factor)
        return
    arrives = leaves + duration(state, line.lead_time, LEAD_TIME, state.line_entity, where, now, lead_time_factor)
    carry(state, where, first, behind, arrives)
    if arrives <= now:
        hand_over(state, where, quantity, now)
    else:
        line.in_transit += quantity
        _begin_to_move(state, where, supplier, quantity, arrives, now)
