"""Macroeconomic stabilisation: reserves that dampen the swings of currency and finance (Q9)."""

from __future__ import annotations

from gpnde.plugin import Credit, Floats, Group, Policy, Programme, View, hookimpl, param
from gpnde_policies.amounts import in_step, months_of_cost


class MacroStabilisation(Policy):
    """Reserves make currencies less volatile and credit cheaper; holding them costs money.

    Volatile currency and financial markets bar firms from patient capital (Ernst, section 2.5). The policy takes off
    a share of the volatility of currencies, and a part of the spread that firms pay on credit. Firms are reached by
    their home country, whoever owns them, and without targeting errors; what reserves bring in less than what they
    cost to borrow is spent every year.
    """

    name = "policy.macro-stabilisation"

    group: Group = param("all", doc="Target group: local, foreign, flagship or all.")
    noise: float = param(
        0.0, ge=0, le=1, vary=(0, 0.5), doc="Share of firms that an administration without expertise serves wrongly."
    )
    volatility_cut: float = param(0.3, ge=0, le=1, vary=(0, 0.8), doc="Share of volatility that is taken away.")
    spread_cut: float = param(
        0.01, ge=0, le=1, unit="1/year", vary=(0, 0.04), doc="Fall of the rate of interest on credit."
    )
    reserve_months: float = param(
        3.0, ge=0, le=120, unit="month", vary=(0, 12), doc="Reserves, in months of the cost of the firms reached."
    )
    reserve_cost: float = param(
        0.03, ge=0, le=1, unit="1/year", vary=(0, 0.08), doc="Cost of holding reserves, as a share of them."
    )

    @hookimpl
    def volatility(self, programme: Programme) -> Floats:
        """Return what is left of the volatility of currencies."""
        return 1.0 - self.volatility_cut * programme.reach

    @hookimpl
    def credit_terms(self, programme: Programme) -> Credit:
        """Return how much cheaper credit is."""
        return Credit(rate=-self.spread_cut * programme.reach)

    @hookimpl
    def tick(self, view: View, programme: Programme) -> None:
        """Pay for the reserves of the step."""
        if not programme.is_on:
            return
        reserves = float(programme.reach @ months_of_cost(view, self.reserve_months))
        programme.spend_overhead(in_step(self.reserve_cost * reserves, view))
        programme.serve(programme.reached)
