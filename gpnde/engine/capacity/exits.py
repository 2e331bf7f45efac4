"""Exits: firms and sites that leave for good, links that end with them, and sites that open and close by plan."""

from __future__ import annotations

import numpy as np

from gpnde.engine.capacity.outages import Outages
from gpnde.engine.clock import Phase
from gpnde.engine.context import Subsystem
from gpnde.engine.money.cashbook import Cashbook
from gpnde.engine.money.prices import Prices
from gpnde.engine.recording.journal import ENGINE
from gpnde.engine.trade.links import Links
from gpnde.engine.trade.quotations import Quotations
from gpnde.vocabulary import CONTRACT_END, FINANCE, POLICY
from gpnde.world.columns import STAYS
from gpnde.world.layout import Integers
from gpnde.world.sales import begin_sales


class Exits(Subsystem):
    """Takes firms, sites and links out of the network, and has buyers look for successors."""

    name = "exits"

    def start(self) -> None:
        """Plan the days on which the scenario opens and closes sites."""
        for number, site in enumerate(self.world.scenario.sites):
            if site.opens_day > 0:
                self._on(site.opens_day, "open", number)
            if site.closes_day is not None:
                self._on(site.closes_day, "close", number)

    def _on(self, day: float, method: str, site: int) -> None:
        tick = self.timeline.tick(day)
        if tick <= self.timeline.ticks:
            self.plan(tick, Phase.SHOCKS, method, site)

    def open(self, site: int) -> None:
        """Open a site, unless its firm has left by now."""
        if self.world.plants["closed"][site]:
            return
        self.context.part(Outages).open_site(site)
        if begin_sales(self.world, site):
            self.context.part(Prices).update()

    def close(self, site: int) -> None:
        """Close a site as planned."""
        if self.world.plants["closed"][site]:
            return
        self.context.journal.site("site_closed", site)
        self._end_sites([site], CONTRACT_END)

    def give_up(self, site: int) -> None:
        """Close a site that has lost its plant; a firm without another one leaves."""
        firm = int(self.world.state.sites["firm"][site])
        others = (self.world.state.sites["firm"] == firm) & ~self.world.plants["closed"]
        # The site itself is among these.
        if np.count_nonzero(others) <= 1:
            self.leave(firm, FINANCE, ENGINE)
            return
        self.context.journal.site("site_closed", site, FINANCE)
        self._end_sites([site], FINANCE)

    def retire(self, site: int) -> None:
        """Close a site whose work others of its firm have taken over: nobody has to look for a successor."""
        self.context.journal.site("site_closed", site)
        self.context.part(Outages).close_site(site)
        lines, links = self.world.state.lines, self.context.part(Links)
        touched = (lines["supplier"] == site) | (lines["buyer"] == site)
        for number in np.flatnonzero(touched & (lines["active"] == 1)).tolist():
            kind = "sale_ended" if lines["market"][number] >= 0 else "link_ended"
            links.drop(number, kind, CONTRACT_END, ENGINE)

    def strike_off(self, numbers: Integers, component: str) -> None:
        """End links between firms with the cause ``policy``; buyers look for successors."""
        lines = self.world.state.lines
        # As they are now: each link that ends gives its share to the others.
        shares = lines["share"].copy()
        with self.context.part(Links).several():
            for number in numbers[(lines["market"][numbers] < 0) & (lines["active"][numbers] == 1)].tolist():
                self._lose_supplier(number, POLICY, float(shares[number]), component)

    def close_firms(self, firms: Integers, cause: str, component: str) -> None:
        """Take firms out of the network; with finance they are wound up."""
        for firm in firms[self.world.firms["active"][firms] == 1].tolist():
            self.leave(firm, cause, component)

    def leave(self, firm: int, cause: str, component: str) -> None:
        """Take a firm out of the network: its creditors share its cash, its sites stop and its links end."""
        books = self.context.find(Cashbook)
        # Noted before creditors share it.
        cash = float("nan") if books is None else float(self.world.firms["cash"][firm])
        self.context.journal.firm("firm_failed", firm, cause, component, value=cash)
        self.world.firms["active"][firm] = 0
        if books is not None:
            books.wind_up(firm)
        self._end_sites(np.flatnonzero(self.world.state.sites["firm"] == firm).tolist(), cause, component)

    def _end_sites(self, sites: list[int], cause: str, component: str = ENGINE) -> None:
        """Stop sites for good and end their links and sales; buyers look for successors."""
        lines, outages = self.world.state.lines, self.context.part(Outages)
        # All of them stop before any link ends, so that none counts as a buyer or a bidder while successors are sought.
        for site in sites:
            outages.close_site(site)
        # As they are now, for the same reason as when suppliers are struck off.
        shares = lines["share"].copy()
        touched = np.isin(lines["supplier"], sites) | np.isin(lines["buyer"], sites)
        with self.context.part(Links).several():
            for number in np.flatnonzero(touched & (lines["active"] == 1)).tolist():
                self._end_line(number, cause, float(shares[number]), component)

    def _end_line(self, number: int, cause: str, share: float, component: str) -> None:
        """End a sale, or a link of which the buyer or the supplier has gone."""
        line, links = self.world.state.lines[number], self.context.part(Links)
        if line.market >= 0:
            links.drop(number, "sale_ended", cause, component)
        elif self.world.plants["closed"][line.buyer]:
            links.drop(number, "link_ended", cause, component)
        else:
            self._lose_supplier(number, cause, share, component)

    def _lose_supplier(self, number: int, cause: str, share: float, component: str) -> None:
        """End a link whose supplier is gone; its buyer looks for a successor, unless it does already."""
        self.context.part(Links).drop(number, "link_dropped", cause, component)
        rules, quotations = self.world.scenario.selection, self.context.find(Quotations)
        if quotations is None or rules is None or not rules.replace:
            return
        if self.world.trade["leaves"][number] == STAYS:
            quotations.request(number, share)
