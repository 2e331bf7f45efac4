"""A broker of linkages: it brings local suppliers together with multinational buyers (Q6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from gpnde.plugin import Event, Flags, Floats, Memory, Policy, Programme, View, hookimpl, param
from gpnde_policies.amounts import in_step, months_of_mean_cost


class LinkageBroker(Policy):
    """Suppliers answer requests sooner, are certified sooner, and their bids are known better.

    The broker takes cost and time out of the search, and is paid for every link that a firm it reaches opens with a
    foreign firm or a flagship. Who wins a request, and whether a link lasts, stays a matter of scores. Agencies of this
    kind were at work beside attraction in Costa Rica (World Bank/MIGA, 2006).
    """

    name = "policy.linkage-broker"
    better = {"links-brokered": "higher"}

    search_cut: float = param(
        0.4, ge=0, le=0.95, vary=(0, 0.8), doc="Share of the time to answer a request for quotation that is saved."
    )
    certification_cut: float = param(
        0.3, ge=0, le=0.95, vary=(0, 0.8), doc="Share of the time of certification that is saved."
    )
    recommendation: float = param(0.02, ge=0, le=1, vary=(0, 0.1), doc="Points that a recommendation adds to a bid.")
    office_months: float = param(
        1.0, ge=0, le=1200, unit="month of the mean firm's cost per year", vary=(0, 12), doc="Cost of the office."
    )
    link_months: float = param(
        0.2, ge=0, le=120, unit="month of the mean firm's cost", vary=(0, 2), doc="Cost of each link that is brokered."
    )

    @hookimpl
    def response_time(self, programme: Programme) -> Floats | None:
        """Cut the time in which reached firms answer."""
        return 1.0 - self.search_cut * programme.reach if programme.is_on else None

    @hookimpl
    def certification(self, view: View, programme: Programme) -> Floats | None:
        """Cut the time in which sites of reached firms are certified."""
        return 1.0 - self.certification_cut * programme.reach[view.sites["firm"]] if programme.is_on else None

    @hookimpl
    def bid_score(self, view: View, programme: Programme) -> Floats | None:
        """Recommend the bids of reached firms."""
        return self.recommendation * programme.reach[view.sites["firm"]] if programme.is_on else None

    @hookimpl
    def tick(self, view: View, programme: Programme) -> None:
        """Pay the office."""
        if programme.is_on:
            programme.spend_overhead(in_step(months_of_mean_cost(view, self.office_months), view))
            programme.serve(programme.reached)

    @hookimpl
    def events(self, happened: Sequence[Event], view: View, memory: Memory, programme: Programme) -> None:
        """Pay for the links that reached suppliers have opened with multinationals."""
        opened = [event for event in happened if event.kind == "link_opened" and event.site >= 0 and event.buyer >= 0]
        if not opened or not programme.is_on:
            return
        supplier, buyer = (view.sites["firm"][[getattr(each, side) for each in opened]] for side in ("site", "buyer"))
        is_brokered = (programme.reach[supplier] > 0.0) & _multinational(view)[buyer]
        programme.spend(supplier[is_brokered], months_of_mean_cost(view, self.link_months))
        memory["brokered"] = memory.get("brokered", 0) + int(is_brokered.sum())

    @hookimpl
    def metrics(self, memory: Memory) -> Mapping[str, float]:
        """Report how many links were brokered."""
        return {"links-brokered": float(memory.get("brokered", 0))}


def _multinational(view: View) -> Flags:
    return np.asarray(view.in_group("foreign") | view.in_group("flagship"))
