"""Orders that are late: open, and promised for a tick that has passed."""

from __future__ import annotations

import numpy as np

from gpnde.engine.kernel.orders import place_of
from gpnde.numerics.compiled import compiled, inlined_part
from gpnde.world.layout import Floats, State


@inlined_part
def _overdue_on(state: State, where: int, now: int) -> int:
    """Return how many orders of line *where* are late."""
    line = state.lines[where]
    count = 0
    for number in range(line.head, line.tail):
        order = state.orders[place_of(state, where, number)]
        if order.promised < now:
            count += 1
    return count


@compiled
def _count(state: State, now: int, late: Floats) -> None:
    for where in range(state.lines.shape[0]):
        late[where] = _overdue_on(state, where, now)


def overdue_orders(state: State, now: int) -> Floats:
    """Return how many orders of each line are late at tick *now*; shape (lines,)."""
    late = np.zeros(len(state.lines))
    _count(state, now, late)
    return late
