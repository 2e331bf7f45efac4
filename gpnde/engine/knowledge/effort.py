"""Effort choice (E18): what firms spend on learning, by net present value, under threat and within their means."""

from __future__ import annotations

import numpy as np

from gpnde.engine.context import RunContext
from gpnde.engine.hooks.commitments import committed_ticks
from gpnde.engine.knowledge.hooks import Folds
from gpnde.engine.knowledge.reviews import Reviews
from gpnde.engine.money.payments import invest, means
from gpnde.mechanics.effort import Prospects, best_effort, hurdle, planning_days
from gpnde.mechanics.internalisation import absorptive_capacity, mean_capability
from gpnde.plugin.knowledge import KnowledgeView
from gpnde.scenario.knowledge import Knowledge
from gpnde.vocabulary import MONTH_DAYS, YEAR_DAYS
from gpnde.world.knowledge import KnowledgeState
from gpnde.world.layout import Floats
from gpnde.world.world import World

LEVELS = np.linspace(0.0, 1.0, 11)
"""Levels of effort that firms weigh."""

UNSCORED = 1.0
"""Score of a firm without a review: it is under no threat."""


class EffortChoice:
    """Sets the effort of all firms and lets them pay for it."""

    def __init__(self, context: RunContext, state: KnowledgeState, rules: Knowledge) -> None:
        """Without finance firms have no bounds on spending; without scorecards they are under no threat."""
        self._context, self._state, self._rules = context, state, rules
        self._reviews = Reviews(rules.effort.review_days, first_day=0.0)
        self._volatility = state.places.of_firms("volatility", 0.0)

    @property
    def _world(self) -> World:
        return self._context.world

    @property
    def _pays(self) -> bool:
        """Whether firms have money to pay with."""
        return self._world.scenario.finance is not None

    def choose(self, view: KnowledgeView, folds: Folds, support: Floats) -> None:
        """Choose effort where it is time to, and pay for that of the step; *support* is all help with learning."""
        factors = folds.effort_cost(view)
        factor = np.prod([each for _, each in factors], axis=0) if factors else np.ones(len(view.effort))
        if self._reviews.is_due(view.day):
            chosen = self._chosen(view, support, factor)
            self._state.effort = np.where(view.firms.present, chosen, 0.0)
        if self._pays:
            per_day = self._rules.effort.cost_share * view.firms.revenue
            invest(self._world, per_day * factor * view.days * self._state.effort**2, "learning")
            invest(self._world, self._unpaid(factors, per_day * view.days * self._state.effort**2), "learning")

    def _unpaid(self, factors: list[tuple[str, Floats]], cost: Floats) -> Floats:
        """Bill what each component takes off the *cost* of firms to its programme; return what no budget paid."""
        unpaid, before = np.zeros(len(cost)), cost
        for label, factor in factors:
            saved = np.maximum(before - before * factor, 0.0)
            unpaid += saved - self._context.hooks.programmes.of(label).bill(saved)
            before = before * factor
        return unpaid

    def _chosen(self, view: KnowledgeView, support: Floats, factor: Floats) -> Floats | float:
        fixed = self._rules.effort.fixed
        return self._best(view, support, factor) if fixed is None else fixed

    def _best(self, view: KnowledgeView, support: Floats, factor: Floats) -> Floats:
        rules = self._rules.effort
        gain = self._gain_of_full_effort(view, support)
        revenue = self._revenue(view)
        commitment = self._commitment()
        return best_effort(
            LEVELS,
            Prospects(
                score=self.scores(),
                score_gain=rules.score_gain * gain,
                margin=rules.margin * revenue,
                margin_gain=rules.margin_gain * gain * revenue,
                cost=rules.cost_share * revenue * factor,
                threshold=self._threshold(),
                spread=rules.score_spread,
                horizon_days=planning_days(commitment, rules.base_horizon_days),
                protected_days=commitment,
                discount=rules.discount_per_year / YEAR_DAYS,
                budget=self._budget() / rules.review_days,
                hurdle=hurdle(self._volatility_now(), rules.volatility_hurdle),
            ),
        )

    def _volatility_now(self) -> Floats:
        """Return the volatility of income that each firm reckons with (1/year)."""
        factor = self._context.hooks.product("volatility", len(self._volatility))
        return self._volatility if factor is None else self._volatility * factor

    def _gain_of_full_effort(self, view: KnowledgeView, support: Floats) -> Floats:
        """Return how much more mean capability a day brings with full effort than with none."""
        rules = self._rules.absorption
        prior = view.mean_capability
        with_effort = absorptive_capacity(prior, 1.0, support, rules.sensitivity, rules.base_prior, rules.base_effort)
        without = absorptive_capacity(prior, 0.0, support, rules.sensitivity, rules.base_prior, rules.base_effort)
        waiting = mean_capability(view.waiting_codified + view.waiting_tacit, self._state.opening) / 2.0
        learnt = rules.internalised_per_month * (with_effort - without) * waiting
        return np.asarray((learnt + self._rules.effort.research_per_month) / MONTH_DAYS)

    def _commitment(self) -> Floats:
        """Return for how long the buyers of each firm are still committed (days), the longest of them."""
        state = self._world.state
        days = np.zeros(len(self._world.firms))
        if not self._rules.effort.commitment_counts:
            return days
        ticks = committed_ticks(state.lines, self._context.timeline, self._context.hooks)
        committed = (ticks > 0) & (state.lines["supplier"] >= 0) & (state.lines["active"] == 1)
        lines = state.lines[committed]
        left = (lines["opened"] + ticks[committed] - self._context.timeline.now) * self._context.timeline.tick_days
        np.maximum.at(days, state.sites["firm"][lines["supplier"]], left)
        return days

    def _revenue(self, view: KnowledgeView) -> Floats:
        """Return what each firm turns over in a day; 1 without finance, since only ratios matter then."""
        return view.firms.revenue if self._pays else np.ones(len(view.effort))

    def _budget(self) -> Floats:
        """Return what each firm can spend at most: its cash and the part of its credit that banks give for this."""
        firms = self._world.firms
        if not self._pays:
            return np.full(len(firms), np.inf)
        return means(self._world)

    def _threshold(self) -> float:
        selection = self._world.scenario.selection
        return 0.0 if selection is None else selection.threshold

    def scores(self) -> Floats:
        """Return the mean of the last scores of each firm over its active links; shape (firms,)."""
        count, state = len(self._world.firms), self._world.state
        score = self._world.trade["score"]
        scored = ~np.isnan(score) & (state.lines["active"] == 1)
        firm = state.sites["firm"][state.lines["supplier"][scored]]
        total = np.bincount(firm, score[scored], count)
        links = np.bincount(firm, minlength=count)
        return np.asarray(np.divide(total, links, out=np.full(count, UNSCORED), where=links > 0))
