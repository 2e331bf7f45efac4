"""Drives the compiled flow of goods from one irregular event to the next."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from gpnde.engine.clock import Phase
from gpnde.engine.context import RunContext, Subsystem
from gpnde.engine.kernel.cohort import advance
from gpnde.engine.kernel.transit import forget_the_road_ahead
from gpnde.engine.recording.conservation import goods_error, opening_goods
from gpnde.engine.recording.recorder import Recorder
from gpnde.world.allocation import make_room
from gpnde.world.layout import Floats, Integers, Records


class FlowDriver(Subsystem):
    """Runs the instants of the flow of goods.

    Between two irregular events no component sees the state, so all instants in between are done in one compiled call.
    """

    name = "flow"

    def __init__(self, context: RunContext) -> None:
        """Begin with what is under way on day 0."""
        super().__init__(context)
        self._opening = opening_goods(self.world.state, len(self.world.scenario.products))
        self._planned = -1

    def start(self) -> None:
        """Plan the first instant."""
        self._plan(0)

    def balance(self) -> Mapping[str, float]:
        """Return the largest imbalance of goods relative to all that was ever there of a product."""
        return {"goods": goods_error(self.world.state, self._opening, self.world.flows.written_off)}

    def wake(self) -> None:
        """Make sure that there is an instant now or, if the flow has had its turn today, at the next tick.

        To be called after the state was changed from outside the flow.
        """
        has_passed = self.timeline.phase >= Phase.FLOW
        soonest = self.timeline.now + int(has_passed)
        if soonest < self._planned:
            self._plan(soonest)

    def extend_sites(self, numbers: Integers) -> None:
        """Make sure that there is an instant when the first of them reviews."""
        soonest = int(self.world.state.clock[0].next_review)
        if soonest < self._planned:
            self._plan(soonest)

    def write(self, records: Records, field: str, values: Floats) -> None:
        """Write values into the state of the flow, and wake it if they are new."""
        # Waking the flow for equal values would cut its stretch in two at every refresh.
        if not np.array_equal(records[field], values):
            records[field] = values
            self.wake()

    def finish(self) -> None:
        """Bring the time integrals up to the horizon and hand over the last closed orders."""
        state = self.world.state
        elapsed = self.timeline.ticks - state.clock[0].last
        for integral, stock in (("held", "on_hand"), ("short", "backlog")):
            state.sites[integral] += state.sites[stock] * elapsed
        forget_the_road_ahead(state, self.timeline.ticks)
        state.clock[0].last = self.timeline.ticks
        self._empty_ledger()

    def _plan(self, tick: int) -> None:
        self._planned = tick
        self.plan(tick, Phase.FLOW, "run", tick)

    def run(self, tick: int) -> None:
        """Do all instants from *tick* up to the next irregular event, unless another plan has replaced this one."""
        # Plans are not taken back when the flow is woken earlier: the late one finds that it has been replaced.
        if tick != self._planned or tick >= self.timeline.ticks:
            return
        # The event may lie at this very tick in a later phase, hence one instant at least.
        limit = max(tick + 1, math.ceil(min(self.timeline.next_event(), self.timeline.ticks)))
        # Prices, duties and freight change by irregular events only.
        self.world.quote()
        due = tick
        while due < limit:
            due = advance(self.world.state, due, limit)
            if due < limit:
                self._empty_ledger()
                self.world.state = make_room(self.world.state)
        self._plan(due)

    def _empty_ledger(self) -> None:
        clock = self.world.state.clock[0]
        if clock.ledger_used:
            # A copy, because the flow writes over the ledger from its begin.
            self.context.part(Recorder).keep_closed(self.world.state.ledger[: clock.ledger_used].copy())
            clock.ledger_used = 0
