"""Guarantees of commitment: contract law that binds buyers, and purchases by the public sector (Q13)."""

from __future__ import annotations

import numpy as np

from gpnde.plugin import INTRA_FIRM, Flags, Floats, Memory, Policy, Programme, View, check_names, hookimpl, param
from gpnde_policies.amounts import in_step, months_of_cost


class CommitmentGuarantee(Policy):
    """Buyers cannot drop the suppliers reached before a minimum tenor is over; the public sector may buy as well.

    Suppliers invest if commitments are long and income is stable (Ernst, section 4.3). The tenor counts from the
    opening of a link, and for links older than the policy from its start, if these are covered. Insolvency ends a
    link all the same. Commitment takes pressure off as well as risk: which of the two counts for more is a result.
    Purchases raise the demand of the markets chosen; courts and purchases cost money.
    """

    name = "policy.commitment-guarantee"

    minimum_days: float = param(364.0, ge=0, unit="day", vary=(0, 1820), doc="Tenor of links of the suppliers reached.")
    covers_old_links: bool = param(True, doc="Whether links older than the policy are bound, from its start on.")
    purchases: float = param(
        0.0, ge=0, le=10, vary=(0, 0.3), doc="What the public sector buys, as a share of the demand of the markets."
    )
    markets: tuple[str, ...] = param((), doc="Markets in which the public sector buys; empty: all.")
    enforcement_months: float = param(
        0.05, ge=0, le=12, unit="month", vary=(0, 0.5), doc="Cost of courts a year, in months of cost of the suppliers."
    )

    def check_targets(self, view: View) -> None:
        """Refuse unknown names, in one line."""
        super().check_targets(view)
        check_names(f"{self.name}.markets", self.markets, view.names.markets)

    def concerns(self, view: View) -> bool:
        """Return whether there is a supplier to bind buyers to, or a market in which the public sector buys."""
        return super().concerns(view) or self.purchases > 0.0

    @hookimpl
    def commitment(self, view: View, programme: Programme) -> Floats:
        """Return for how long after its opening each link is bound (days)."""
        lines, supplier = view.lines, view.line_supplier
        between_firms = (supplier >= 0) & (lines["market"] < 0) & (lines["contract"] != INTRA_FIRM)
        tenor = self.minimum_days * programme.reach[supplier] * between_firms
        age_at_start = self.start_day - lines["opened"] * view.scenario.clock.tick_days
        if not self.covers_old_links:
            tenor = tenor * (age_at_start <= 0.0)
        # The answer counts from the opening of a link, the tenor of an older one from the start of the policy.
        return np.asarray(tenor + np.maximum(age_at_start, 0.0) * (tenor > 0.0))

    @hookimpl
    def demand(self, view: View, programme: Programme) -> Floats:
        """Return the demand of each market with public purchases over that without."""
        return np.where(self._chosen(view) & programme.is_on, 1.0 + self.purchases, 1.0)

    @hookimpl
    def tick(self, view: View, memory: Memory, programme: Programme) -> None:
        """Pay for courts and for what the public sector has bought."""
        # Counted while the policy is off, too, or it would pay for what was sent before.
        bought = self._bought(view, memory)
        if not programme.is_on:
            return
        reached = programme.reached
        programme.serve(reached)
        courts = programme.reach * months_of_cost(view, self.enforcement_months)
        programme.spend(reached, in_step(courts[reached], view))
        programme.spend_overhead(bought)

    def _chosen(self, view: View) -> Flags:
        names = np.array(view.names.markets)
        return np.isin(names, self.markets) if self.markets else np.ones(len(names), dtype=np.bool_)

    def _bought(self, view: View, memory: Memory) -> float:
        """Return the public sector's share of what the chosen markets were sent since the last step (money)."""
        lines = view.lines
        shipped = lines["shipped"] * (lines["market"] >= 0)
        before = memory.get("shipped", np.zeros(0))
        memory["shipped"] = shipped
        new = shipped - np.pad(before, (0, len(shipped) - len(before)))
        sales = float(new @ (lines["price"] * self._chosen(view)[lines["market"]]))
        # Sales hold what the public sector buys on top of all others.
        return sales * self.purchases / (1.0 + self.purchases)
