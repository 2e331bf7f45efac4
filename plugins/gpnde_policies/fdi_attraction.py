"""Attraction of foreign firms: promotion of places, incentives for entry and expansion, tax holidays (Q5)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gpnde.plugin import (
    FUNCTIONS,
    YEAR_DAYS,
    Entrant,
    Event,
    Flags,
    Floats,
    Group,
    KnowledgeView,
    Memory,
    Programme,
    Streams,
    View,
    entry_chance,
    hookimpl,
    param,
)
from gpnde_policies.amounts import months_of_cost, share_of_step
from gpnde_policies.by_site import SitePolicy


class FdiAttraction(SitePolicy):
    """Foreign firms that enter or grow in some countries are paid for it, and more of them come.

    Firms are more likely to grow and to open sites there, and foreign firms that wait for entry (``enters:
    endogenously``) enter at the rate of the policy. All of them get an incentive and pay less tax for some years, also
    those that would have come anyway. What local firms gain depends on links that they get with these firms, which the
    policy does not make (Ernst, 2002; Javorcik, 2004). A tax holiday is a payment that does not depend on what the
    country takes of profits.
    """

    name = "policy.fdi-attraction"

    group: Group = param("foreign", doc="Target group; foreign: owned from, or at home in, other countries.")
    pull: float = param(0.5, ge=0, le=50, vary=(0, 2), doc="Utility added to clusters there as places to make goods.")
    entry_per_year: float = param(
        0.1, ge=0, le=100, unit="1/year", vary=(0, 1), doc="Rate at which each waiting foreign firm enters."
    )
    parent_share: float = param(
        0.5, ge=0, le=1, vary=(0, 1), doc="Share of its owner's tacit knowledge that an entrant brings along."
    )
    incentive_months: float = param(
        3.0,
        ge=0,
        le=600,
        unit="month of the firm's cost",
        vary=(0, 12),
        doc="Paid for an entry; for an expansion, by the share that capacity at the site grows by.",
    )
    tax_relief: float = param(
        0.02, ge=0, le=1, vary=(0, 0.1), doc="Tax that an attracted firm is spared, as a share of its revenue there."
    )
    holiday_days: float = param(
        1820.0, ge=0, le=36400, unit="day", vary=(0, 3640), doc="Length of the tax holiday, from the first attraction."
    )

    def meets(self, view: View) -> Flags:
        """Return the firms that meet all conditions; firms at home outside the countries count as foreign there."""
        return np.asarray(super().meets(view) | self._is_from_abroad(view, self))

    def could_come(self, view: View) -> Flags:
        """Return the firms of the target group, wherever they have sites; shape (firms,)."""
        anywhere = self.model_copy(update={"countries": (), "clusters": ()})
        return np.asarray(SitePolicy.meets(anywhere, view) | self._is_from_abroad(view, anywhere))

    def concerns(self, view: View) -> bool:
        """Return whether there is a firm to attract, wherever it has sites."""
        return bool(self.could_come(view).any())

    def _is_from_abroad(self, view: View, conditions: SitePolicy) -> Flags:
        """Return which firms are at home outside the countries, and meet all *conditions* but that of the group."""
        if self.group != "foreign" or not self.countries:
            return np.zeros(len(view.firms), dtype=np.bool_)
        home = view.firm_country_names
        is_abroad = (home != "") & ~np.isin(home, self.countries)
        return np.asarray(is_abroad & SitePolicy.meets(conditions.model_copy(update={"group": "all"}), view))

    @hookimpl
    def location_utility(self, view: View, programme: Programme, product: int) -> Floats | None:
        """Promote the clusters of the countries to the target group, whether it has sites there yet or not."""
        if not programme.is_on or (self.products and view.names.products[product] not in self.products):
            return None
        return np.asarray(self.pull * np.outer(self.could_come(view), self.covers(view)))

    @hookimpl
    def entrants(self, knowledge: KnowledgeView, streams: Streams, programme: Programme) -> list[Entrant]:
        """Return the waiting foreign firms that enter, each by its own random draw."""
        if not programme.is_on:
            return []
        lots = streams.uniforms("entry", knowledge.network.names.firms, day=knowledge.day)
        comes = lots < entry_chance(self.entry_per_year / YEAR_DAYS, knowledge.days)
        comes &= _waits(knowledge) & self.meets(knowledge.network)
        return [self._entrant(firm, knowledge) for firm in np.flatnonzero(comes).tolist()]

    def _entrant(self, firm: int, knowledge: KnowledgeView) -> Entrant:
        """Return a firm with what it brings from its owner."""
        owner = int(knowledge.firms.owner[firm])
        tacit = self.parent_share * knowledge.tacit[owner] if owner >= 0 else np.zeros(len(FUNCTIONS))
        return Entrant(firm, tacit, owner)

    @hookimpl
    def events(self, happened: Sequence[Event], view: View, memory: Memory, programme: Programme) -> None:
        """Record firms that enter or expand; the incentive is paid at the next step."""
        found = [event for event in happened if event.kind in ("firm_entered", "site_expanded", "site_opened")]
        if not found or not programme.is_on:
            return
        is_meant, is_there = self.meets(view), self.in_place(view)
        due = memory.setdefault("due", np.zeros(len(view.firms)))
        since = memory.setdefault("since", np.full(len(view.firms), np.nan))
        for event in found:
            # The sites of a firm that has just entered open with it.
            is_known = event.kind == "site_opened" and since[event.firm] == event.day
            if not is_known and is_meant[event.firm] and (event.site < 0 or is_there[event.site]):
                due[event.firm] += _growth(event, view)
                since[event.firm] = np.fmin(since[event.firm], event.day)

    @hookimpl
    def tick(self, view: View, memory: Memory, programme: Programme) -> None:
        """Pay incentives that are due, and the tax holidays of the step."""
        # Noted while nothing is due, too, so that nobody is spared tax on earlier revenue.
        revenue = view.firms["revenue"].copy()
        earned, memory["revenue"] = revenue - memory.get("revenue", 0.0), revenue
        if "due" not in memory:
            return
        due, memory["due"] = memory["due"], np.zeros(len(view.firms))
        holiday = share_of_step(memory["since"], memory["since"] + self.holiday_days, view.day, view.days)
        tax = self.tax_relief * earned * self._share_of_sites(view) * holiday
        amounts = (due * months_of_cost(view, self.incentive_months) + np.maximum(tax, 0.0)) * programme.reach
        paid = np.flatnonzero(amounts > 0.0)
        programme.grant(paid, amounts[paid])

    def _share_of_sites(self, view: View) -> Floats:
        """Return the share of the sites of each firm that stand in the countries, for its revenue there."""
        firm, count = view.sites["firm"], len(view.firms)
        inside = np.bincount(firm, self.in_place(view), count)
        return np.asarray(inside / np.maximum(np.bincount(firm, minlength=count), 1))


def _waits(knowledge: KnowledgeView) -> Flags:
    endogenous = [firm.enters == "endogenously" for firm in knowledge.network.scenario.firms]
    return np.array(endogenous, dtype=np.bool_) & ~knowledge.firms.present


def _growth(event: Event, view: View) -> float:
    """Return 1 for an entry or a new site, and for an expansion the share that capacity at the site has grown by."""
    if event.kind != "site_expanded":
        return 1.0
    after = float(view.sites["capacity"][event.site]) / view.scenario.clock.tick_days
    before = max(after - event.value, 1e-9)
    return min(1.0, event.value / before)
