"""One outage on one day: a site, a link, or all sites of a cluster or country, taken out to see what depends on it."""

from __future__ import annotations

from typing import Literal

import numpy as np

from gpnde.plugin import Act, Clock, Component, Integers, InTransit, Process, View, check_names, hookimpl, param
from gpnde_disruptions.choices import countries
from gpnde_disruptions.dated_outages import Place


class SingleOutage(Component):
    """One thing is out of work from a day on, once, for a time that is known.

    A link is named as ``Penang > Osaka: disk``, by its supplier, buyer and product. Nothing is shipped over it while it
    is out. Sites of a cluster or a country are all out together.
    """

    name = "disruption.single-outage"

    kind: Literal["site", "link", "cluster", "country"] = param("site", doc="What is out.")
    place: str = param(doc="Name of the site, link, cluster or country.")
    day: float = param(91.0, ge=0, unit="day", vary=(28, 364), doc="Day from which it is out.")
    days: float = param(28.0, ge=0, unit="day", vary=(7, 182), doc="Length of the outage; 0: there is none.")
    in_transit: InTransit = param("none", doc="What happens to goods on their way: none, delay or lose.")

    @hookimpl
    def process(self, clock: Clock, view: View, act: Act) -> Process | None:
        """Find what is meant; return the process that takes it out, or None for an outage of no length."""
        self._check_place(view)
        return self._take_out(clock, view, act) if self.days else None

    def _check_place(self, view: View) -> None:
        where = f"{self.name}.place, a {self.kind}"
        if self.kind == "country":
            check_names(where, [self.place.upper()], countries(view))
            return
        known = {"site": view.names.sites, "cluster": view.names.clusters, "link": view.line_names}
        check_names(where, [self.place], known[self.kind])

    def _take_out(self, clock: Clock, view: View, act: Act) -> Process:
        yield clock.until(self.day)
        if self.kind == "link":
            act.disrupt_lines(self._line(view), self.days, in_transit=self.in_transit, cause_detail=self.place)
            return
        # Looked up on the day, so that sites that were built before are hit too.
        sites = Place(self.kind, self.place).sites(view)
        if len(sites):
            act.disrupt_sites(sites, self.days, in_transit=self.in_transit, cause_detail=self.place)

    def _line(self, view: View) -> Integers:
        """Return the number of the link, or none where it has ended by now."""
        number = np.array([view.line_names.index(self.place)], dtype=np.int64)
        return np.asarray(number[view.lines["active"][number] == 1])
