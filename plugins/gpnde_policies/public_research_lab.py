"""A public laboratory: it builds up knowledge of one function and passes it on to the firms that it can serve (Q4)."""

from __future__ import annotations

import math

import numpy as np

from gpnde.plugin import (
    FUNCTIONS,
    MONTH_DAYS,
    YEAR_DAYS,
    Function,
    KnowledgeView,
    Memory,
    Policy,
    Programme,
    Transfer,
    View,
    hookimpl,
    param,
)
from gpnde_policies.amounts import in_step, months_of_mean_cost


class PublicResearchLab(Policy):
    """Public spending raises what a laboratory knows; firms learn from it through formal ties.

    The laboratory closes its gap to the frontier at a rate that its spending allows, and falls behind as the frontier
    moves on. It opens a share of what it knows, and has hands for so many firms at a time: more of them get less each.
    Such institutions stand for the domestic knowledge base that outside knowledge needs (Ernst, 2002).
    """

    name = "policy.public-research-lab"

    function: Function = param("engineering", doc="Function that the laboratory works on.")
    level: float = param(0.3, ge=0, le=1, vary=(0, 0.8), doc="What it knows at first, relative to the frontier.")
    growth_per_year: float = param(
        0.15, ge=0, le=10, unit="1/year", vary=(0, 0.5), doc="Rate at which full spending closes its gap."
    )
    open_share: float = param(
        0.8, ge=0, le=1, vary=(0.2, 1), doc="Share of what it knows that firms may come to know from it."
    )
    codified_per_month: float = param(
        0.05, ge=0, le=10, unit="1/month", vary=(0, 0.3), doc="Rate at which a firm closes its gap to that."
    )
    tacit_share: float = param(
        0.2, ge=0, le=1, vary=(0, 0.5), doc="Rate for tacit knowledge as a share of that for codified knowledge."
    )
    capacity: float = param(20.0, ge=0, le=1e6, vary=(5, 100), doc="Firms that it can serve at full rate at a time.")
    cost_months: float = param(
        12.0, ge=0, le=12000, unit="month of the mean firm's cost per year", vary=(1, 60), doc="What it costs a year."
    )

    @hookimpl
    def tick(self, view: View, memory: Memory, programme: Programme) -> None:
        """Pay for the step and let the laboratory learn, as far as it was paid."""
        funded = 0.0
        if programme.is_on:
            funded = self._funded(view, programme)
            programme.serve(programme.reached)
        # Without money the laboratory does not learn, and still falls behind the frontier.
        memory["level"] = self._grown(memory.get("level", self.level), funded, view)

    def _funded(self, view: View, programme: Programme) -> float:
        """Return the share of the cost of the step that was paid."""
        asked = in_step(months_of_mean_cost(view, self.cost_months), view)
        return programme.spend_overhead(asked) / asked if asked > 0.0 else 1.0

    def _grown(self, level: float, funded: float, view: View) -> float:
        """Return the level at the end of the step: the exact solution of growth towards, and drift of, the frontier."""
        rules = view.scenario.knowledge
        growth, drift = self.growth_per_year * funded, 0.0 if rules is None else rules.frontier_drift_per_year
        total = growth + drift
        rest = growth / total if total > 0.0 else level
        return rest + (level - rest) * math.exp(-total * view.days / YEAR_DAYS)

    @hookimpl
    def knowledge_transfer(self, knowledge: KnowledgeView, memory: Memory, programme: Programme) -> Transfer | None:
        """Pass on what is open, at rates that fall with the crowd."""
        served = programme.reached
        if not programme.is_on or not len(served):
            return None
        reach = programme.reach[served]
        rates = np.zeros((len(served), len(FUNCTIONS)))
        crowding = min(1.0, self.capacity / float(reach.sum()))
        rates[:, FUNCTIONS.index(self.function)] = self.codified_per_month / MONTH_DAYS * reach * crowding
        levels = np.full((2, *rates.shape), self.open_share * memory.get("level", self.level))
        return Transfer(served, rates, self.tacit_share * rates, "formal", levels=levels)
