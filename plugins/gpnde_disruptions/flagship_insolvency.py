"""Insolvency of a flagship: the firm that leads the network fails, and its suppliers lose its orders."""

from __future__ import annotations

import numpy as np

from gpnde.plugin import (
    YEAR_DAYS,
    Act,
    Clock,
    Component,
    ComponentError,
    Integers,
    Process,
    Streams,
    View,
    hookimpl,
    nearest,
    param,
)


class FlagshipInsolvency(Component):
    """One flagship fails, on a day or by a yearly hazard: its sites stop, its links end, creditors lose.

    Flagships control critical resources and coordinate the network (Ernst, section 4.2), so that their suppliers
    depend on them. Subsidiaries are firms of their own and go on, with what buyers they have left.
    """

    name = "disruption.flagship-insolvency"

    flagship: str | None = param(None, doc="Name of the flagship; left out: the one with the highest monthly cost.")
    day: float | None = param(None, ge=0, unit="day", doc="Day of the failure; left out: it comes by the hazard.")
    hazard_per_year: float = param(
        0.05, ge=0, le=10, unit="1/year", vary=(0, 0.3), doc="Rate of the failure where no day is given; 0: never."
    )

    @hookimpl
    def process(self, clock: Clock, view: View, act: Act, streams: Streams) -> Process | None:
        """Choose the day; return the process that takes the flagship out, or None if it never comes."""
        flagships = np.flatnonzero(view.in_group("flagship"))
        if not len(flagships):
            raise ComponentError(
                where=self.name, given="no firm is a flagship", expected="give one the role brand-leader"
            )
        chosen = self._chosen(view, flagships)
        day = self._day(streams)
        return self._fail(day, chosen, clock, view, act) if day <= clock.days else None

    def _chosen(self, view: View, flagships: Integers) -> Integers:
        """Return the flagships of which one fails."""
        if self.flagship is None:
            return flagships
        names = [view.names.firms[number] for number in flagships.tolist()]
        if self.flagship not in names:
            hint = nearest(self.flagship, names) or f"; there are {', '.join(names)}"
            raise ComponentError(
                where=f"{self.name}.flagship", given=repr(self.flagship), expected=f"no flagship of the scenario{hint}"
            )
        return np.array([view.names.firms.index(self.flagship)], dtype=np.int64)

    def _day(self, streams: Streams) -> float:
        if self.day is not None:
            return self.day
        waiting = streams.generator("failure").standard_exponential()
        return float(waiting * YEAR_DAYS / self.hazard_per_year) if self.hazard_per_year else np.inf

    def _fail(self, day: float, chosen: Integers, clock: Clock, view: View, act: Act) -> Process:
        yield clock.until(day)
        present = chosen[view.firms["active"][chosen] == 1]
        if len(present):
            largest = present[np.argmax(view.firms["monthly_cost"][present])]
            act.close_firms(np.array([largest]), cause="finance")
