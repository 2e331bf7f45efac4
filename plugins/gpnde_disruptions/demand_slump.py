"""Demand slumps: markets buy less for a while."""

from __future__ import annotations

from gpnde.plugin import Act, Clock, Component, Integers, Process, View, hookimpl, param
from gpnde_disruptions.choices import numbers_of


class DemandSlump(Component):
    """Markets demand less from one day on, and as much as before after some time."""

    name = "disruption.demand-slump"

    start_day: float = param(182.0, ge=0, unit="day", doc="First day of the slump.")
    days: float = param(182.0, gt=0, unit="day", vary=(28, 728), doc="Length of the slump.")
    depth: float = param(0.3, ge=0, lt=1, vary=(0.1, 0.6), doc="Share of demand that is missing.")
    markets: tuple[str, ...] = param((), doc="Names of the markets that slump; empty: all.")

    @hookimpl
    def process(self, clock: Clock, view: View, act: Act) -> Process:
        """Choose the markets; return the process that lowers and raises their demand."""
        chosen = numbers_of(f"{self.name}.markets", self.markets, view.names.markets)
        return self._slump(chosen, clock, act)

    def _slump(self, markets: Integers, clock: Clock, act: Act) -> Process:
        yield clock.until(self.start_day)
        act.scale_demand(markets, 1.0 - self.depth)
        yield clock.wait(self.days)
        # The inverse factor, as other components may have scaled demand meanwhile.
        act.scale_demand(markets, 1.0 / (1.0 - self.depth))
