"""Outages of single links: a closed port, a lost carrier, a border."""

from __future__ import annotations

from collections.abc import Iterator

from gpnde.plugin import Act, Clock, Process, Streams, View, hookimpl
from gpnde_disruptions.alternating import AlternatingOutages, Failures
from gpnde_disruptions.choices import AmongSites


class LinkOutage(AlternatingOutages, AmongSites):
    """Links fail and reopen, each at times of its own; over a link that is out nothing is shipped.

    The parameters that choose sites choose the suppliers of the links. Links that come into being during the run
    are spared, and so are those that have ended.
    """

    name = "disruption.link-outage"

    @hookimpl
    def process(self, clock: Clock, view: View, act: Act, streams: Streams) -> Process | None:
        """Choose the links; return the process that blocks them, or None without a link."""
        chosen = view.line_numbers(**self.choice(view))
        self.check_found(chosen, "supplier of a link")
        if not len(chosen):
            return None
        return self._fail(self.failures(chosen, view.line_names, clock, streams), clock, view, act)

    def _fail(self, failures: Iterator[Failures], clock: Clock, view: View, act: Act) -> Process:
        for day, lines, days in failures:
            yield clock.until(day)
            is_active = view.lines["active"][lines] == 1
            if is_active.any():
                act.disrupt_lines(lines[is_active], days[is_active], in_transit=self.in_transit)
