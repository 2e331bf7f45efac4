"""Drives the compiled flow of goods from one irregular event to the next."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from gpnde.engine.clock import Phase, Timeline
from gpnde.engine.kernel.cohort import advance
from gpnde.engine.kernel.transit import forget_the_road_ahead
from gpnde.world.layout import Floats, Records
from gpnde.world.memory import make_room
from gpnde.world.world import World


class FlowDriver:
    """Runs the instants of the flow of goods.

    Between two irregular events nobody can see the state, so all instants in between are done in one compiled call.
    """

    def __init__(self, world: World, timeline: Timeline, keep: Callable[[Records], None]) -> None:
        """Plan the first instant; closed orders are handed to *keep* in batches."""
        self._world = world
        self._timeline = timeline
        self._keep = keep
        self._planned = -1
        self._plan(0)

    def wake(self) -> None:
        """Make sure that there is an instant now or, if the flow has had its turn today, at the next tick.

        To be called after the state was changed from outside the flow.
        """
        has_passed = self._timeline.phase >= Phase.FLOW
        soonest = self._timeline.now + int(has_passed)
        if soonest < self._planned:
            self._plan(soonest)

    def write(self, records: Records, field: str, values: Floats) -> None:
        """Write values into the state of the flow, and wake it if they are new."""
        if not np.array_equal(records[field], values):
            records[field] = values
            self.wake()

    def finish(self) -> None:
        """Bring the time integrals up to the horizon and hand over the last closed orders."""
        state = self._world.state
        elapsed = self._timeline.ticks - state.clock[0].last
        for integral, stock in (("held", "on_hand"), ("short", "backlog")):
            state.sites[integral] += state.sites[stock] * elapsed
        forget_the_road_ahead(state, self._timeline.ticks)
        state.clock[0].last = self._timeline.ticks
        self._empty_ledger()

    def _plan(self, tick: int) -> None:
        self._planned = tick
        self._timeline.call(tick, Phase.FLOW, lambda: self._run(tick))

    def _run(self, tick: int) -> None:
        """Do all instants from *tick* up to the next irregular event, unless another plan has replaced this one."""
        if tick != self._planned or tick >= self._timeline.ticks:
            return
        limit = max(tick + 1, math.ceil(min(self._timeline.next_event(), self._timeline.ticks)))
        due = tick
        while due < limit:
            due = advance(self._world.state, due, limit)
            if due < limit:
                self._empty_ledger()
                self._world.state = make_room(self._world.state)
        self._plan(due)

    def _empty_ledger(self) -> None:
        clock = self._world.state.clock[0]
        if clock.ledger_used:
            self._keep(self._world.state.ledger[: clock.ledger_used].copy())
            clock.ledger_used = 0
