"""Currency crises: a currency falls, credit dries up, debt abroad weighs more, and exports may get cheaper."""

from __future__ import annotations

import numpy as np

from gpnde.plugin import (
    Act,
    Clock,
    Component,
    Credit,
    Flags,
    Integers,
    Memory,
    Process,
    View,
    check_names,
    hookimpl,
    param,
)
from gpnde_disruptions.choices import upper


class CurrencyCrisis(Component):
    """The currency of one or several countries falls on a day; while the crisis lasts, their firms get less credit.

    Small economies are vulnerable to volatile currency and financial markets, which constrain patient capital (Ernst,
    section 2.5). Firms with debt, which is cash below zero, pay once what the debt that they have in foreign currency
    costs more. Exports get cheaper by the part of the fall that is passed on, on links that exist on the first day.
    """

    name = "disruption.currency-crisis"

    countries: tuple[str, ...] = param((), doc="Countries whose currency falls; empty: all.")
    start_day: float = param(728.0, ge=0, unit="day", doc="First day of the crisis.")
    days: float = param(364.0, gt=0, unit="day", vary=(91, 1092), doc="Length of the crisis.")
    credit_factor: float = param(0.5, ge=0, le=1, vary=(0, 1), doc="Factor on credit lines.")
    rate_added: float = param(0.1, ge=0, le=5, unit="1/year", vary=(0, 0.5), doc="Added to the rate of interest.")
    fall: float = param(0.3, ge=0, lt=1, vary=(0.1, 0.7), doc="Share of its foreign value that the currency loses.")
    foreign_debt: float = param(0.5, ge=0, le=1, vary=(0, 1), doc="Share of debt that is in foreign currency.")
    passed_on: float = param(0.0, ge=0, le=1, vary=(0, 1), doc="Share of the fall by which exports get cheaper.")

    @hookimpl
    def process(self, clock: Clock, view: View, act: Act, memory: Memory) -> Process:
        """Check the countries; return the process that begins and ends the crisis."""
        check_names(f"{self.name}.countries", upper(self.countries), upper(view.country_names))
        memory["is_on"] = False
        return self._strike(clock, view, act, memory)

    @hookimpl
    def credit_terms(self, view: View, memory: Memory) -> Credit | None:
        """Return the terms that firms of the countries get while the crisis lasts."""
        if not memory.get("is_on"):
            return None
        hit = self._firms(view)
        return Credit(factor=np.where(hit, self.credit_factor, 1.0), rate=np.where(hit, self.rate_added, 0.0))

    def _strike(self, clock: Clock, view: View, act: Act, memory: Memory) -> Process:
        yield clock.until(self.start_day)
        memory["is_on"] = True
        act.renew()
        self._revalue(view, act)
        factor = 1.0 - self.passed_on * self.fall
        exports = self._exports(view)
        if factor < 1.0:
            act.scale_price(exports, factor)
        yield clock.wait(self.days)
        memory["is_on"] = False
        act.renew()
        if factor < 1.0:
            act.scale_price(exports, 1.0 / factor)

    def _revalue(self, view: View, act: Act) -> None:
        """Charge indebted firms the extra cost of foreign debt after the devaluation."""
        debt = np.maximum(-view.firms["cash"], 0.0) * self._firms(view)
        firms = np.flatnonzero(debt)
        extra = self.foreign_debt * self.fall / (1.0 - self.fall)
        act.pay(firms, extra * debt[firms])

    def _firms(self, view: View) -> Flags:
        """Return which firms are at home in the countries; shape (firms,)."""
        home = np.char.upper(view.firm_country_names)
        return np.asarray(np.isin(home, upper(self.countries)) if self.countries else home != "")

    def _exports(self, view: View) -> Integers:
        """Return the lines that lead from the countries to buyers and markets abroad."""
        names = np.array(["", *upper(view.country_names)])
        is_hit = np.isin(names, upper(self.countries)) if self.countries else names != ""
        lanes = view.lanes
        return np.flatnonzero(lanes.is_export & is_hit[lanes.origin + 1])
