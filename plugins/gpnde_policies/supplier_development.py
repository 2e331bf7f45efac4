"""Supplier development: a diagnosis, then a plan that shares the cost of learning and helps with it (Q1)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gpnde.plugin import MONTH_DAYS, Floats, KnowledgeView, Memory, Policy, Programme, Streams, View, hookimpl, param
from gpnde_policies.amounts import months_of_cost, of_months, share_of_step
from gpnde_policies.seats import chance_in, drawn


class Stages(NamedTuple):
    """The share of a step that each firm spends in either stage; shape (firms,)."""

    diagnosis: Floats
    plan: Floats


class SupplierDevelopment(Policy):
    """Consultants look at a supplier for some months; then the programme pays part of what it spends on learning.

    Every firm has its own clock: it joins at random, as long as there are seats, is diagnosed, follows its plan, and
    leaves for good. The design follows the Chilean programme that Arráiz, Henríquez and Stucchi (2013) evaluate: help
    is tied to the firm's own effort, which is paid for by half. What firms make of it depends on what they know.
    """

    name = "policy.supplier-development"

    diagnosis_months: float = param(
        6.0,
        ge=0,
        le=120,
        unit="month",
        source="literature, Arráiz, Henríquez, Stucchi (2013)",
        vary=(1, 12),
        doc="Length of the diagnosis, from the day on which a firm joins.",
    )
    plan_months: float = param(
        36.0,
        ge=0,
        le=240,
        unit="month",
        source="literature, Arráiz, Henríquez, Stucchi (2013)",
        vary=(12, 36),
        doc="Length of the plan that follows the diagnosis.",
    )
    co_finance: float = param(
        0.5,
        ge=0,
        le=1,
        source="literature, Arráiz, Henríquez, Stucchi (2013)",
        vary=(0.2, 0.8),
        doc="Share of the cost of effort that is paid during the plan.",
    )
    support: float = param(
        0.2, ge=0, le=5, vary=(0, 0.5), doc="Help with learning during the plan; it counts like effort."
    )
    consultants: float = param(
        0.02, ge=0, le=1, vary=(0, 0.1), doc="Cost of the diagnosis as a share of what the firm costs in that time."
    )
    trainers: float = param(
        0.01, ge=0, le=1, vary=(0, 0.05), doc="Cost of the help during the plan as a share of what the firm costs."
    )
    joining_per_year: float = param(
        0.3, ge=0, le=1, unit="1/year", vary=(0.05, 1), doc="Share of the firms outside that join in a year."
    )
    seats: int = param(50, ge=0, le=1_000_000, vary=(5, 200), doc="Most firms that are in the programme at a time.")

    @hookimpl
    def tick(self, view: View, memory: Memory, streams: Streams, programme: Programme) -> None:
        """Pay consultants and trainers for the step; let firms join."""
        joined = memory.setdefault("joined", np.full(len(view.firms), np.nan))
        if not programme.is_on:
            return
        stages = self._stages(joined, view.day, view.days)
        shares = self.consultants * stages.diagnosis + self.trainers * stages.plan
        amounts = months_of_cost(view, view.days / MONTH_DAYS) * shares * programme.reach
        served = np.flatnonzero(stages.diagnosis + stages.plan * (programme.reach > 0.0))
        programme.spend(served, amounts[served])
        memory["joined"] = self._with_new_members(joined, view, streams, programme)

    def _stages(self, joined: Floats, day: float, days: float) -> Stages:
        begin = joined + of_months(self.diagnosis_months)
        end = begin + of_months(self.plan_months)
        return Stages(share_of_step(joined, begin, day, days), share_of_step(begin, end, day, days))

    def _with_new_members(self, joined: Floats, view: View, streams: Streams, programme: Programme) -> Floats:
        """Return the days on which firms joined, with those that join now; each has its own random draw every step."""
        stay = of_months(self.diagnosis_months + self.plan_months)
        taken = int(((view.day - joined < stay) & (view.firms["active"] == 1)).sum())
        lots = streams.uniforms("joining", view.names.firms, day=view.day)
        willing = np.isnan(joined) & (programme.reach > 0.0) & (lots < chance_in(self.joining_per_year, view.days))
        changed = joined.copy()
        changed[drawn(willing, self.seats - taken, lots)] = view.day
        return changed

    @hookimpl
    def effort_cost(self, knowledge: KnowledgeView, memory: Memory, programme: Programme) -> Floats | None:
        """Pay a share of what effort costs firms that follow their plan."""
        follows = self._following(knowledge, memory, programme)
        return None if follows is None else 1.0 - self.co_finance * follows

    @hookimpl
    def absorptive_support(self, knowledge: KnowledgeView, memory: Memory, programme: Programme) -> Floats | None:
        """Help firms that follow their plan with learning."""
        follows = self._following(knowledge, memory, programme)
        return None if follows is None else self.support * follows

    def _following(self, knowledge: KnowledgeView, memory: Memory, programme: Programme) -> Floats | None:
        """Return the part of the step for which each firm follows its plan and is served; None without members."""
        if "joined" not in memory or not programme.is_on:
            return None
        return np.asarray(self._stages(memory["joined"], knowledge.day, knowledge.days).plan * programme.reach)
