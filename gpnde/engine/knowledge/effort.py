"""Effort choice (E18): what firms spend on learning, by net present value, under threat and within their means."""

from __future__ import annotations

import numpy as np

from gpnde.engine.context import RunContext
from gpnde.engine.knowledge.hooks import Folds
from gpnde.engine.knowledge.learning import Learning
from gpnde.engine.knowledge.reviews import Reviews
from gpnde.engine.money.payments import invest, means
from gpnde.engine.prospects.prospects import Prospects
from gpnde.mechanics.effort import best_effort
from gpnde.mechanics.expectations import catching_up
from gpnde.mechanics.internalisation import mean_capability
from gpnde.plugin.knowledge import KnowledgeView
from gpnde.scenario.knowledge import Knowledge
from gpnde.world.knowledge import KnowledgeState
from gpnde.world.layout import Floats
from gpnde.world.world import World

LEVELS = np.linspace(0.0, 1.0, 11)
"""Levels of effort that firms weigh."""

UNSCORED = 1.0
"""Score of a firm without a review: it is under no threat."""


class EffortChoice:
    """Sets the effort of all firms and lets them pay for it."""

    def __init__(
        self, context: RunContext, state: KnowledgeState, rules: Knowledge, learning: Learning, opening: Floats
    ) -> None:
        """Without finance firms have no bounds on spending; without scorecards they are under no threat.

        *opening* is the mean capability of each firm on day 0.
        """
        self._context, self._state, self._rules, self._learning = context, state, rules, learning
        self._reviews = Reviews(rules.effort.review_days, first_day=0.0)
        self._slopes, self._hurdles = np.zeros(state.active.shape), np.ones(len(state.effort))
        self._known: tuple[float, Floats] = 0.0, opening

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
            self._look_ahead(view)
            chosen = self._chosen(view, support, factor)
            self._state.effort = np.where(view.firms.present, chosen, 0.0)
            worth = (self._slopes * self._state.opening).sum(axis=1)
            self._prospects.rows.review(view.day, view.mean_capability, worth, self._hurdles, self._state.effort)
        if self._pays:
            per_day = self._rules.effort.cost_share * view.firms.revenue
            invest(self._world, per_day * factor * view.days * self._state.effort**2, "learning")
            invest(self._world, self._unpaid(factors, per_day * view.days * self._state.effort**2), "learning")

    @property
    def _prospects(self) -> Prospects:
        return self._context.part(Prospects)

    def _look_ahead(self, view: KnowledgeView) -> None:
        """Work out what more capability is worth to each firm, and how sure it wants to be."""
        days = max(view.day - self._known[0], 1.0)
        growth = (view.mean_capability - self._known[1]) / days
        self._known = view.day, view.mean_capability
        caught_up = catching_up(growth, view.mean_capability, view.firms.frontier)
        self._prospects.set_decay(caught_up)
        self._slopes, self._hurdles = self._prospects.slopes(), self._prospects.hurdles()

    def _unpaid(self, factors: list[tuple[str, Floats]], cost: Floats) -> Floats:
        """Bill what each component takes off the *cost* of firms to its programme; return what no budget paid."""
        unpaid, before = np.zeros(len(cost)), cost
        # Each component takes its part off what those before it have left, so that no saving is billed twice.
        for label, factor in factors:
            saved = np.maximum(before - before * factor, 0.0)
            unpaid += saved - self._context.hooks.programmes.of(label).bill(saved)
            before = before * factor
        return unpaid

    def _chosen(self, view: KnowledgeView, support: Floats, factor: Floats) -> Floats | float:
        fixed = self._rules.effort.fixed
        return self._best(view, support, factor) if fixed is None else fixed

    def _best(self, view: KnowledgeView, support: Floats, factor: Floats) -> Floats:
        """Return the effort that pays best: what it lets a firm know, at what this is worth to it.

        All cost of learning is deducted from taxed profit as it is paid, so that a tax takes the same share of gain and
        cost: both are counted before tax.
        """
        rules, days = self._rules.effort, self._rules.effort.review_days
        outcomes = self._learning.outcomes(LEVELS, support, view.firms.present, days)
        # Only what effort adds counts: the rest is learnt without any.
        gains = np.einsum("lfk,fk->fl", outcomes - outcomes[0], self._slopes)
        cost = rules.cost_share * self._prospects.revenue() * factor * days
        chosen = best_effort(LEVELS, gains, cost, self._budget(), self._hurdles)
        self._expect(view, outcomes, chosen)
        return chosen

    def _expect(self, view: KnowledgeView, outcomes: Floats, chosen: Floats) -> None:
        """Note what firms expect to know at the next review."""
        level = np.searchsorted(LEVELS, chosen)
        then = mean_capability(outcomes[level, np.arange(len(level))], self._state.opening)
        self._prospects.rows.expect_gain(then - view.mean_capability)

    def _budget(self) -> Floats:
        """Return what each firm can spend at most: a share of its cash and of the credit that banks give for this."""
        firms = self._world.firms
        if not self._pays:
            return np.full(len(firms), np.inf)
        return means(self._world)

    def scores(self) -> Floats:
        """Return the mean of the last scores of each firm over its active links; shape (firms,)."""
        count, state = len(self._world.firms), self._world.state
        score = self._world.trade["score"]
        scored = ~np.isnan(score) & (state.lines["active"] == 1)
        firm = state.sites["firm"][state.lines["supplier"][scored]]
        total = np.bincount(firm, score[scored], count)
        links = np.bincount(firm, minlength=count)
        return np.asarray(np.divide(total, links, out=np.full(count, UNSCORED), where=links > 0))
