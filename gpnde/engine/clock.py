"""Time: SimPy's clock counted in ticks, with a fixed order of phases at one instant."""

from __future__ import annotations

import math
from collections.abc import Callable
from enum import IntEnum
from typing import Any

import simpy
from simpy.events import EventPriority


class Phase(IntEnum):
    """What happens first at one instant; lower numbers come first.

    The flow of tick t is that of the time from t to t + 1. So an instant first closes the time that has passed, then
    comes what is new, then the rows that show the state at this time, and last the flow of the time that follows.
    """

    CASH = -30
    """Invoices, payments, wages, interest and insolvency of the period that ends."""
    SELECTION = -20
    """Scorecards, dismissals, awards, exit and entry."""
    KNOWLEDGE = -10
    """Learning, effort, upgrading and what they do to the flow; components act."""
    SHOCKS = 0
    """Outages, sites that open and close, prices, and what processes of components do."""
    EVENTS = 10
    """Components hear what has happened at this instant."""
    RECORD = 20
    """Rows of the tables, and balances under ``--debug``."""
    HORIZON = 30
    """The run ends at the last instant: nothing begins any more."""
    TERMS = 40
    """Policies start and end, and components are asked anew for the conditions of the flow."""
    FLOW = 50
    """Arrivals, demand, production, shipping and ordering, in the order that the scenario names."""


class Timeline:
    """The clock of a run: a SimPy environment whose unit is the tick."""

    def __init__(self, tick_days: float, ticks: int) -> None:
        """Start at tick 0 of *ticks* ticks of *tick_days* days each."""
        self.env = simpy.Environment()
        self.tick_days = tick_days
        self.ticks = ticks
        self.phase = Phase.SHOCKS
        """The phase that the present instant has reached."""

    @property
    def now(self) -> int:
        """The present tick."""
        return int(self.env.now)

    @property
    def today(self) -> float:
        """The present time in days."""
        return self.now * self.tick_days

    def tick(self, days: float) -> int:
        """Return the first tick at or after a time in days.

        >>> Timeline(0.5, 10).tick(1.2)
        3
        """
        return math.ceil(days / self.tick_days - 1e-9)

    def at(self, tick: int, phase: Phase) -> simpy.Event:
        """Return an event that happens at *tick*, in *phase* of that instant; never in the past."""
        event = simpy.Event(self.env)
        event._ok = True
        event._value = None
        event.callbacks = [lambda _event: self._enter(phase)]
        self.env.schedule(event, priority=EventPriority(phase), delay=max(0, tick - self.now))
        return event

    def _enter(self, phase: Phase) -> None:
        self.phase = phase

    def call(self, tick: int, phase: Phase, action: Callable[[], None]) -> None:
        """Call *action* at *tick*, in *phase* of that instant."""
        event = self.at(tick, phase)
        assert event.callbacks is not None
        event.callbacks.append(lambda _event: action())

    def every(self, period: int, phase: Phase, action: Callable[[], None], first: int) -> None:
        """Call *action* at tick *first* and every *period* ticks after it."""

        def repeat() -> None:
            self.call(self.now + period, phase, repeat)
            action()

        self.call(first, phase, repeat)

    def next_event(self) -> float:
        """Return the tick of the next event, or infinity."""
        return float(self.env.peek())

    def run(self) -> None:
        """Let everything up to the horizon happen: the last instant closes what ends then, and begins nothing."""
        self.env.run(until=self.at(self.ticks, Phase.HORIZON))

    def start(self, process: Any) -> None:
        """Run a generator as a SimPy process."""
        self.env.process(process)
