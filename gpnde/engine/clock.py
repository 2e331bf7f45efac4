"""Time: SimPy's clock counted in ticks, with a fixed order of phases at one instant."""

from __future__ import annotations

import math
from collections.abc import Callable
from enum import IntEnum
from typing import Any, NamedTuple

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
    PUBLIC = -15
    """Institutions, research and expertise of countries grow and decay."""
    KNOWLEDGE = -10
    """Learning, effort, upgrading and what they do to the flow; components act."""
    SHOCKS = 0
    """Outages, sites that open and close, prices, and what processes of components do."""
    EVENTS = 10
    """Components hear what has happened at this instant."""
    TAXES = 15
    """Taxes on the profit of the quarter that ends."""
    RECORD = 20
    """Rows of the tables."""
    OBSERVE = 25
    """Observers look at the run, and balances are checked under ``--debug``; nothing changes."""
    HORIZON = 30
    """The run ends at the last instant: nothing begins any more."""
    TERMS = 40
    """Policies start and end, and components are asked again for the terms of the flow."""
    FLOW = 50
    """Arrivals, demand, production, shipping and ordering, in the order that the scenario names."""


class Call(NamedTuple):
    """Work that is planned for an instant, as data: which method of which subsystem, and its arguments."""

    tick: int
    phase: Phase
    subsystem: str
    method: str
    arguments: tuple[Any, ...] = ()
    period: int = 0
    """Ticks after which the call is repeated; 0 for once."""


class Timeline:
    """The clock of a run: a SimPy environment whose unit is the tick.

    What is planned is kept as data in an agenda, so that a run can be copied between two of its events; only what
    processes of components wait for lies with SimPy alone.
    """

    def __init__(self, tick_days: float, ticks: int) -> None:
        """Start at tick 0 of *ticks* ticks of *tick_days* days each."""
        self.env = simpy.Environment()
        self.tick_days = tick_days
        self.ticks = ticks
        self.phase = Phase.SHOCKS
        """The phase that the present instant has reached."""
        self.has_processes = False
        """Whether processes of components wait for something, which cannot be copied."""
        self._agenda: dict[int, Call] = {}
        self._planned = 0
        self._carry_out: Callable[[Call], None] = _refuse

    def __deepcopy__(self, memo: dict[int, Any]) -> Timeline:
        """Return a clock of the same time with the same agenda, in the same order, that carries out nothing yet."""
        copy = Timeline(self.tick_days, self.ticks)
        copy.env = simpy.Environment(initial_time=self.now)
        copy.phase = self.phase
        for number in sorted(self._agenda):
            copy.plan(self._agenda[number])
        return copy

    def carry_out_by(self, carry_out: Callable[[Call], None]) -> None:
        """Hand every call to *carry_out* when its time has come."""
        self._carry_out = carry_out

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
        # Rounding errors must not cost a whole tick where the time is a multiple of it.
        return math.ceil(days / self.tick_days - 1e-9)

    def period(self, days: float) -> int:
        """Return a time between two reviews in whole ticks, at least one.

        >>> Timeline(7.0, 52).period(1.0)
        1
        """
        return max(1, self.tick(days))

    def at(self, tick: int, phase: Phase) -> simpy.Event:
        """Return an event that happens at *tick*, in *phase* of that instant; never in the past."""
        # SimPy's timeouts know no priority, and its events succeed at once; so the event is put together by hand.
        event = simpy.Event(self.env)
        event._ok = True
        event._value = None
        event.callbacks = [lambda _event: self._enter(phase)]
        self.env.schedule(event, priority=EventPriority(phase), delay=max(0, tick - self.now))
        return event

    def _enter(self, phase: Phase) -> None:
        self.phase = phase

    def plan(self, call: Call) -> None:
        """Carry out a *call* at its tick, in its phase of that instant; calls of one phase in the order of planning."""
        number = self._planned
        self._planned += 1
        self._agenda[number] = call
        event = self.at(call.tick, call.phase)
        assert event.callbacks is not None
        event.callbacks.append(lambda _event: self._happen(number))

    def _happen(self, number: int) -> None:
        call = self._agenda.pop(number)
        # Planned first, so that the repetition comes before whatever the call itself plans for that instant.
        if call.period:
            self.plan(call._replace(tick=self.now + call.period))
        self._carry_out(call)

    def observe(self, period: int, action: Callable[[], None], first: int) -> None:
        """Call *action* at tick *first* and every *period* ticks after it, after what is recorded then.

        Observers are no part of the run: they change nothing, and copies of the run do not have them.
        """

        def repeat(_event: simpy.Event) -> None:
            self.observe(period, action, self.now + period)
            action()

        event = self.at(first, Phase.OBSERVE)
        assert event.callbacks is not None
        event.callbacks.append(repeat)

    def next_event(self) -> float:
        """Return the tick of the next event, or infinity."""
        return float(self.env.peek())

    def run(self, until: int | None = None) -> None:
        """Pass the time up to tick *until*, or the horizon: what has passed is closed there, and no flow begins."""
        self.env.run(until=self.at(self.ticks if until is None else until, Phase.HORIZON))

    def start(self, process: Any) -> None:
        """Run a generator as a SimPy process."""
        self.has_processes = True
        self.env.process(process)


def _refuse(call: Call) -> None:
    raise RuntimeError(f"{call.subsystem}.{call.method}: nothing carries out what is planned")
