"""Outages: sites and links stop for a while.

Several causes can hold one down at the same time: outages that overlap are one outage, which lasts until the last of
them ends. Every strike is an event: the first one is ``site_failed`` or ``link_failed``, with the days for which it
lasts; one that hits what is out, closed or not open yet is ``site_struck`` or ``link_struck``, with the number of
strikes so far.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from gpnde.engine.clock import Phase
from gpnde.engine.context import RunContext, Subsystem
from gpnde.engine.kernel.driver import FlowDriver
from gpnde.engine.kernel.transit import delay_in_transit, lose_in_transit
from gpnde.vocabulary import OUTAGE
from gpnde.world.layout import NEVER, Flags, Floats, Integers, Records

InTransit = Literal["none", "delay", "lose"]
Durations = float | npt.NDArray[np.float64]
Kind = Literal["site", "link"]

_STRUCK = np.dtype([("noted", "?"), ("strikes", "i8"), ("place", "i8")])
"""Whether a site or link is out by a failure that was noted, how many strikes in a row it has had, and where it stands
first among those that were looked at last."""


class Outages(Subsystem):
    """Takes sites and links out and brings them back; one event restores all that is due at one tick."""

    name = "outages"

    def __init__(self, context: RunContext) -> None:
        """Start with everything at work but the sites that open later."""
        super().__init__(context)
        self._due: dict[int, dict[tuple[Kind, str], list[int]]] = {}
        self._strikes: dict[Kind, Records] = {"site": np.zeros(0, dtype=_STRUCK), "link": np.zeros(0, dtype=_STRUCK)}
        self._delayed: dict[tuple[Kind, int], int] = {}
        self._counts_work = self.world.scenario.location is not None
        self._counted = 0

    def fail_sites(self, numbers: Integers, days: Durations, in_transit: InTransit, component: str) -> None:
        """Stop sites for *days* (one number, or one per site); what they sent may be delayed or lost."""
        ticks = self._ticks(numbers, days)
        self._fail("site", numbers, ticks, component)
        if in_transit != "none":
            for number, duration in zip(numbers.tolist(), ticks.tolist(), strict=True):
                sent = np.flatnonzero(self.world.state.lines["supplier"] == number)
                self._touch_goods(("site", number), sent, duration, in_transit)

    def fail_lines(self, numbers: Integers, days: Durations, in_transit: InTransit, component: str) -> None:
        """Block links for *days*; what is on the way may be delayed or lost."""
        ticks = self._ticks(numbers, days)
        self._fail("link", numbers, ticks, component)
        if in_transit != "none":
            for number, duration in zip(numbers.tolist(), ticks.tolist(), strict=True):
                self._touch_goods(("link", number), np.array([number]), duration, in_transit)

    def close_site(self, number: int) -> None:
        """Stop a site for good: it works and orders no more."""
        if self.world.plants["closed"][number]:
            return
        # Before the state changes, which holds for the time to come.
        self.count_work()
        self.world.plants["closed"][number] = True
        self.world.plants["closed_day"][number] = self.timeline.today
        site = self.world.state.sites[number]
        site.down += 1
        site.shut = 1
        # A review of 0 ticks, as of sites that look at every instant, would go on for ever.
        site.review, site.next_review = 1, NEVER
        self.context.part(FlowDriver).wake()

    def open_site(self, number: int) -> None:
        """Open a site that the scenario opens later, unless it has been closed before."""
        if self.world.plants["closed"][number]:
            return
        self.count_work()
        site = self.world.state.sites[number]
        site.down -= 1
        site.shut = 0
        self.context.journal.site("site_opened", number)
        self.context.part(FlowDriver).wake()

    def enter_firm(self, firm: int, component: str) -> None:
        """Open all sites of a firm that has waited for entry."""
        self.context.journal.firm("firm_entered", firm, component=component)
        for number in np.flatnonzero(self.world.state.sites["firm"] == firm).tolist():
            self.open_site(number)

    def _ticks(self, numbers: Integers, days: Durations) -> Integers:
        """Return the durations in whole ticks, at least one."""
        each = np.zeros(numbers.shape) + days
        # Rounding in the division must not make an outage a tick longer.
        return np.maximum(1, np.ceil(each / self.timeline.tick_days - 1e-9)).astype(np.int64)

    def _counters(self, kind: Kind) -> Integers:
        """Return how many outages hold each site or link down."""
        state = self.world.state
        counters: Integers = state.sites["down"] if kind == "site" else state.lines["blocked"]
        return counters

    def _fail(self, kind: Kind, numbers: Integers, ticks: Integers, component: str) -> None:
        """Take sites or links out, note every strike, and plan their return."""
        self.count_work()
        is_first = self._is_first(kind, numbers)
        # Before they are counted, since a first failure is told by a count of 0.
        self._note_strikes(kind, numbers, is_first, ticks, component)
        self._count(kind, numbers, is_first, 1)
        heading = kind, component
        for number, due in zip(numbers.tolist(), (self.timeline.now + ticks).tolist(), strict=True):
            self._waiting(due).setdefault(heading, []).append(number)
        self.context.part(FlowDriver).wake()

    def _note_strikes(self, kind: Kind, numbers: Integers, is_first: Flags, ticks: Integers, component: str) -> None:
        """Note failures; for what is out or shut already, note how many strikes in a row it has had."""
        fails = (self._counters(kind)[numbers] == 0) & is_first
        struck, failed, again = self._struck(kind), numbers[fails], numbers[~fails]
        struck["noted"][failed] = True
        struck["strikes"][failed] = 1
        self._note(kind, "failed", failed, OUTAGE, component, ticks[fails] * self.timeline.tick_days)
        if len(again):
            np.add.at(struck["strikes"], again, 1)
            self._note(kind, "struck", again, "", component, struck["strikes"][again].astype(np.float64))

    def _count(self, kind: Kind, numbers: Integers, is_first: Flags, change: int) -> None:
        """Add *change* to the outages of sites or links, as often as each is named."""
        counters, again = self._counters(kind), numbers[~is_first]
        # Adding by a list of numbers counts each number once, so those that are named again go another way.
        counters[numbers[is_first]] += change
        if len(again):
            np.add.at(counters, again, change)

    def _is_first(self, kind: Kind, numbers: Integers) -> Flags:
        """Return of each of *numbers* whether it stands there for the first time."""
        places = np.arange(len(numbers))
        last = self._struck(kind)["place"]
        # Written from the end, so that the first place of each is the one that stays.
        last[numbers[::-1]] = places[::-1]
        is_first: Flags = last[numbers] == places
        return is_first

    def count_work(self) -> None:
        """Count the ticks up to now for which each site has worked, for decisions where to grow."""
        if self._counts_work:
            now = self.timeline.now
            self.world.plants["worked"] += (self.world.state.sites["down"] == 0) * (now - self._counted)
            self._counted = now

    def extend_sites(self, numbers: Integers) -> None:
        """Count the work of new sites from now on."""
        self.count_work()
        self.world.plants["worked"][numbers] = 0.0

    def _note(self, kind: Kind, happened: str, numbers: Integers, cause: str, component: str, values: Floats) -> None:
        note = self.context.journal.sites if kind == "site" else self.context.journal.lines
        note(f"{kind}_{happened}", numbers, cause, component, values)

    def _waiting(self, due: int) -> dict[tuple[Kind, str], list[int]]:
        """Return what is to be restored at a tick, by kind and component."""
        waiting = self._due.get(due)
        if waiting is None:
            waiting = self._due[due] = {}
            self.plan(due, Phase.SHOCKS, "restore", due)
        return waiting

    def restore(self, due: int) -> None:
        """Bring back what has waited for this tick and is held down by nothing else."""
        self.count_work()
        for (kind, component), waiting in self._due.pop(due).items():
            numbers = np.array(waiting)
            is_first = self._is_first(kind, numbers)
            self._count(kind, numbers, is_first, -1)
            back = self._recovered(kind, numbers[is_first & (self._counters(kind)[numbers] == 0)])
            self._note(kind, "recovered", back, "", component, np.full(len(back), np.nan))
        self.context.part(FlowDriver).wake()

    def _recovered(self, kind: Kind, numbers: Integers) -> Integers:
        """Return those whose failure was noted: not what was shut anyway when the outage began."""
        noted = self._struck(kind)["noted"]
        back: Integers = numbers[noted[numbers]]
        noted[back] = False
        return back

    def _struck(self, kind: Kind) -> Records:
        """Return what has struck each site or link, with a row for each that there is by now."""
        more = len(self._counters(kind)) - len(self._strikes[kind])
        if more:
            self._strikes[kind] = np.append(self._strikes[kind], np.zeros(more, dtype=_STRUCK))
        return self._strikes[kind]

    def _touch_goods(self, struck: tuple[Kind, int], lines: Integers, ticks: int, in_transit: InTransit) -> None:
        """Lose what is on the way over *lines*, or let it arrive later by as much as the outage lasts longer."""
        now = self.timeline.now
        if in_transit == "lose":
            lose_in_transit(self.world.state, lines, now)
            return
        until = max(now, self._delayed.get(struck, 0))
        self._delayed[struck] = max(until, now + ticks)
        if now + ticks > until:
            delay_in_transit(self.world.state, lines, now + ticks - until, now)
