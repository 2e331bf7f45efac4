"""Outages of single sites: fire, breakdown, strike."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gpnde.plugin import Act, Clock, Integers, Process, Streams, View, hookimpl
from gpnde_disruptions.alternating import AlternatingOutages, Failures
from gpnde_disruptions.choices import AmongSites


class SiteOutage(AlternatingOutages, AmongSites):
    """Sites fail and are repaired, each at times of its own; a site that is out neither produces nor ships.

    Sites that are built in mid run fail, too, where the choice covers them.
    """

    name = "disruption.site-outage"

    @hookimpl
    def process(self, clock: Clock, view: View, act: Act, streams: Streams) -> Process | None:
        """Choose the sites; return the process that puts them out of work, or None without a site."""
        chosen = view.site_numbers(**self.choice(view))
        self.check_found(chosen, "site")
        return self._process(chosen, clock, view, act, streams)

    @hookimpl
    def new_sites(self, numbers: Integers, clock: Clock, view: View, act: Act, streams: Streams) -> Process | None:
        """Return the process that puts new sites out of work, which begin to wear when they are built."""
        chosen = np.intersect1d(numbers, view.site_numbers(**self.choice(view)))
        return self._process(chosen, clock, view, act, streams)

    def _process(self, chosen: Integers, clock: Clock, view: View, act: Act, streams: Streams) -> Process | None:
        if not len(chosen):
            return None
        return self._fail(self.failures(chosen, view.names.sites, clock, streams), clock, act)

    def _fail(self, failures: Iterator[Failures], clock: Clock, act: Act) -> Process:
        for day, sites, days in failures:
            yield clock.until(day)
            act.disrupt_sites(sites, days, in_transit=self.in_transit)
