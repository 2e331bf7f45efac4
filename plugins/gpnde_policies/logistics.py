"""Infrastructure, logistics and customs: goods move faster once roads and ports are built (Q11)."""

from __future__ import annotations

import numpy as np

from gpnde.plugin import YEAR_DAYS, Floats, Memory, Programme, View, hookimpl, param
from gpnde_policies.amounts import months_of_cost
from gpnde_policies.by_site import SitePolicy
from gpnde_policies.schedule import overlap, progress


class Logistics(SitePolicy):
    """Sites in the target countries deliver faster as works progress; investment cost comes first, maintenance after.

    Corrective policy covers infrastructure (Ernst, section C). The factor on lead times falls along a straight line
    while the works go on. It scales whole lead times: their spread falls with their mean, and how much they vary
    relative to the mean cannot change by a factor. Without money, or after its end, the works serve no firm.
    """

    name = "policy.logistics"

    lead_time_cut: float = param(
        0.15, ge=0, le=0.95, vary=(0, 0.5), doc="Share of lead times that is saved once the works are done."
    )
    build_days: float = param(728.0, ge=0, unit="day", vary=(0, 1820), doc="Time that the works take.")
    investment_months: float = param(
        2.0, ge=0, le=240, unit="month", vary=(0, 12), doc="Cost of the works, in months of cost of the sites served."
    )
    upkeep: float = param(
        0.04, ge=0, le=1, unit="1/year", vary=(0, 0.1), doc="Upkeep after the works, as a share of their cost."
    )

    @hookimpl
    def lead_time(self, view: View, programme: Programme) -> Floats:
        """Return what is left of the lead times of each site."""
        done = progress(view.day, self.start_day, self.build_days)
        return 1.0 - self.lead_time_cut * done * self.site_reach(view, programme)

    @hookimpl
    def tick(self, view: View, programme: Programme, memory: Memory) -> None:
        """Pay for works and maintenance of the step; works are planned for the firms that are served at the start."""
        if not programme.is_on:
            return
        investment = memory.setdefault("investment", self._investment(view, programme))
        programme.spend_overhead(investment * self._share_due(view))
        programme.serve(programme.reached)

    def _investment(self, view: View, programme: Programme) -> float:
        """Return what the works cost in all (money); a firm counts as far as its sites are served."""
        firm = view.sites["firm"]
        count = len(view.firms)
        served = np.bincount(firm, self.site_reach(view, programme), count)
        share = served / np.maximum(np.bincount(firm, minlength=count), 1)
        return float(share @ months_of_cost(view, self.investment_months))

    def _share_due(self, view: View) -> float:
        """Return which share of the investment falls due in the step, as works or as upkeep."""
        first, last, done = view.day - view.days, view.day, self.start_day + self.build_days
        upkeep = self.upkeep / YEAR_DAYS * overlap(first, last, done, np.inf)
        if self.build_days <= 0.0:
            return upkeep + float(first <= done < last)
        return upkeep + overlap(first, last, self.start_day, done) / self.build_days
