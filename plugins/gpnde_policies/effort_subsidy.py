"""A subsidy or tax credit for effort: the state pays a share of what firms spend on learning (Q2)."""

from __future__ import annotations

import numpy as np

from gpnde.plugin import YEAR_DAYS, Floats, KnowledgeView, Memory, Policy, Programme, hookimpl, param
from gpnde_policies.amounts import months_of_cost


class EffortSubsidy(Policy):
    """Firms get back a share of what effort costs them, up to an amount per firm and year.

    Knowledge spills over, so that firms on their own may spend too little on it; whether a subsidy raises what the
    network knows by more than it costs is for the run to say, since what is paid may also go to effort that firms
    would have made anyway (Ernst, 2002).
    """

    name = "policy.effort-subsidy"

    rate: float = param(0.3, ge=0, le=1, vary=(0, 0.8), doc="Share of the cost of effort that is paid.")
    cap_months: float | None = param(
        1.0,
        ge=0,
        unit="month of the firm's cost",
        vary=(0.1, 6),
        doc="Most that a firm gets in a year of the policy; null: no limit.",
    )

    @hookimpl
    def effort_cost(self, knowledge: KnowledgeView, memory: Memory, programme: Programme) -> Floats | None:
        """Take the subsidy off the cost of effort, as far as the year's amount is not used up."""
        if not programme.is_on:
            return None
        full = _cost_of_full_effort(knowledge)
        rate = programme.reach * np.minimum(self.rate, self._left(knowledge, memory) / np.maximum(full, 1e-12))
        memory["granted"] = rate * full
        return np.asarray(1.0 - rate)

    def _left(self, knowledge: KnowledgeView, memory: Memory) -> Floats:
        """Return what each firm may still get in this year of the policy (money); shape (firms,)."""
        if self.cap_months is None:
            return np.full(len(knowledge.effort), np.inf)
        self._count(knowledge, memory)
        cap = months_of_cost(knowledge.network, self.cap_months)
        return np.asarray(np.maximum(cap - memory["got"], 0.0))

    def _count(self, knowledge: KnowledgeView, memory: Memory) -> None:
        """Add what the last step paid for the effort made in it; a new year begins at nothing.

        A step that ends with the year is the last of that year.
        """
        year = int(np.ceil((knowledge.day - self.start_day) / YEAR_DAYS)) - 1
        nothing = np.zeros(len(knowledge.effort))
        got = memory.get("got", nothing) + memory.get("granted", nothing) * knowledge.effort**2
        memory["got"] = got if memory.get("year", year) == year else nothing
        memory["year"] = year


def _cost_of_full_effort(knowledge: KnowledgeView) -> Floats:
    """Return what full effort costs each firm in this step (money); effort e costs e² times as much."""
    rules = knowledge.network.scenario.knowledge
    share = 0.0 if rules is None else rules.effort.cost_share
    return np.asarray(share * knowledge.firms.revenue * knowledge.days)
