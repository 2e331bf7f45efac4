"""Outages: sites and links stop for a while; several causes can hold one down at the same time."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from gpnde.engine.flow_driver import FlowDriver
from gpnde.engine.journal import OUTAGE, Journal
from gpnde.engine.timeline import Phase, Timeline
from gpnde.engine.transit import delay_in_transit, lose_in_transit
from gpnde.world.layout import NEVER, Floats, Integers
from gpnde.world.world import World

InTransit = Literal["none", "delay", "lose"]
Durations = float | npt.NDArray[np.float64]
Kind = Literal["site", "link"]


class Outages:
    """Takes sites and links out and brings them back; one event restores all that is due at one tick."""

    def __init__(self, world: World, timeline: Timeline, flow: FlowDriver, journal: Journal) -> None:
        """Start with everything at work but the sites that open later."""
        self._world, self._timeline, self._flow, self._journal = world, timeline, flow, journal
        self._due: dict[int, dict[tuple[Kind, str], list[int]]] = {}
        self._out: set[tuple[Kind, int]] = set()

    def fail_sites(self, numbers: Integers, days: Durations, in_transit: InTransit, component: str) -> None:
        """Stop sites for *days* (one number, or one per site); what they sent may be delayed or lost."""
        ticks = self._ticks(numbers, days)
        self._fail("site", numbers, ticks, component)
        if in_transit != "none":
            for number, duration in zip(numbers.tolist(), ticks.tolist(), strict=True):
                sent = np.flatnonzero(self._world.state.lines["supplier"] == number)
                self._touch_goods(sent, duration, in_transit)

    def fail_lines(self, numbers: Integers, days: Durations, in_transit: InTransit, component: str) -> None:
        """Block links for *days*; what is on the way may be delayed or lost."""
        ticks = self._ticks(numbers, days)
        self._fail("link", numbers, ticks, component)
        if in_transit != "none":
            for number, duration in zip(numbers.tolist(), ticks.tolist(), strict=True):
                self._touch_goods(np.array([number]), duration, in_transit)

    def close_site(self, number: int) -> None:
        """Stop a site for good: it works and orders no more."""
        if self._world.closed[number]:
            return
        self._world.closed[number] = True
        site = self._world.state.sites[number]
        site.down += 1
        site.review, site.next_review = 1, NEVER
        self._flow.wake()

    def open_site(self, number: int) -> None:
        """Let a site begin that the scenario opens later, unless it has been closed before."""
        if self._world.closed[number]:
            return
        self._world.state.sites["down"][number] -= 1
        self._journal.site("site_opened", number)
        self._flow.wake()

    def enter_firm(self, firm: int, component: str) -> None:
        """Let all sites of a firm begin that has waited for entry."""
        self._journal.firm("firm_entered", firm, component=component)
        for number in np.flatnonzero(self._world.state.sites["firm"] == firm).tolist():
            self.open_site(number)

    def _ticks(self, numbers: Integers, days: Durations) -> Integers:
        """Return the durations in whole ticks, at least one."""
        each = np.broadcast_to(np.asarray(days, dtype=np.float64), numbers.shape)
        return np.maximum(1, np.ceil(each / self._timeline.tick_days - 1e-9)).astype(np.int64)

    def _counters(self, kind: Kind) -> Integers:
        """Return how many outages hold each site or link down."""
        state = self._world.state
        counters: Integers = state.sites["down"] if kind == "site" else state.lines["blocked"]
        return counters

    def _fail(self, kind: Kind, numbers: Integers, ticks: Integers, component: str) -> None:
        """Take sites or links out, note those that were at work, and plan their return."""
        counters = self._counters(kind)
        at_work = counters[numbers] == 0
        self._out.update((kind, number) for number in numbers[at_work].tolist())
        days = ticks[at_work] * self._timeline.tick_days
        self._note(kind, "failed", numbers[at_work], OUTAGE, component, days)
        np.add.at(counters, numbers, 1)
        for number, due in zip(numbers.tolist(), (self._timeline.now + ticks).tolist(), strict=True):
            self._remember(due, kind, number, component)
        self._flow.wake()

    def _note(self, kind: Kind, happened: str, numbers: Integers, cause: str, component: str, values: Floats) -> None:
        note = self._journal.sites if kind == "site" else self._journal.lines
        note(f"{kind}_{happened}", numbers, cause, component, values)

    def _remember(self, due: int, kind: Kind, number: int, component: str) -> None:
        """Note what is to be restored at a tick."""
        if due not in self._due:
            self._due[due] = {}
            self._timeline.call(due, Phase.SHOCKS, lambda: self._restore(due))
        self._due[due].setdefault((kind, component), []).append(number)

    def _restore(self, due: int) -> None:
        """Bring back what has waited for this tick and is held down by nothing else."""
        for (kind, component), waiting in self._due.pop(due).items():
            numbers, counters = np.array(waiting), self._counters(kind)
            np.subtract.at(counters, numbers, 1)
            back = self._recovered(kind, numbers[counters[numbers] == 0])
            self._note(kind, "recovered", back, "", component, np.full(len(back), np.nan))
        self._flow.wake()

    def _recovered(self, kind: Kind, numbers: Integers) -> Integers:
        """Return those whose failure was noted: not what was shut anyway when the outage began."""
        noted = [(kind, number) for number in dict.fromkeys(numbers.tolist()) if (kind, number) in self._out]
        self._out.difference_update(noted)
        return np.array([number for _, number in noted], dtype=np.int64)

    def _touch_goods(self, lines: Integers, ticks: int, in_transit: InTransit) -> None:
        """Lose what is on the way over *lines*, or let it arrive *ticks* later."""
        if in_transit == "lose":
            lose_in_transit(self._world.state, lines, self._timeline.now)
        else:
            delay_in_transit(self._world.state, lines, ticks)
