"""Reviews of sites: whether a policy of a plugin or a component says up to which level they order, before they do."""

from __future__ import annotations

from typing import Any

import numpy as np

from gpnde.engine.context import RunContext, Subsystem
from gpnde.engine.hooks.policy_levels import levels_by_policy
from gpnde.engine.hooks.review_dates import ReviewDates
from gpnde.engine.hooks.validator import AnswerValidator
from gpnde.plugin.flow import Review
from gpnde.world.layout import FIXED, ORDER_UP_TO, Floats, Integers

HOOK = "order_up_to"

_RULE = ("rule", "method", "level")
"""Fields of sites that make up the rule by which they order."""


class OrderLevels(Subsystem):
    """Asks for levels on the days on which sites review, if any ordering policy or component gives levels at all.

    The loops of the flow know nothing of it: a site that gets a level orders up to it as by base stock. The levels of
    policies are those of the scenario's rule; a component decides over them, and a site that gets no level from it any
    more goes back to that rule.
    """

    name = "order levels"

    def __init__(self, context: RunContext) -> None:
        """Note by which rule each site orders."""
        super().__init__(context)
        sites = self.world.state.sites
        # Copies, since the rules of sites that get levels are overwritten in the records.
        self._own = {name: sites[name].copy() for name in _RULE}
        self._is_given = np.zeros(len(sites), dtype=np.bool_)
        self._timed = np.flatnonzero(sites["review"] > 0)
        self._dates = ReviewDates(self)
        self._policies = levels_by_policy(self.world.scenario)
        self._counted = sites["demand_sum"].copy()
        steps = self.world.scenario.clock.steps
        # Where demand precedes orders, that of the day of a review counts for the period that ends.
        self._reviews_late = int(steps.index("demand") < steps.index("order"))

    def extend_sites(self, numbers: Integers) -> None:
        """Note by which rule new sites order, and ask for their levels too."""
        sites = self.world.state.sites
        self._own = {name: np.append(own, sites[name][numbers]) for name, own in self._own.items()}
        self._is_given = np.append(self._is_given, np.zeros(len(numbers), dtype=np.bool_))
        self._timed = np.append(self._timed, numbers[sites["review"][numbers] > 0])
        self._policies = levels_by_policy(self.world.scenario)
        self._counted = np.append(self._counted, sites["demand_sum"][numbers])
        self.start()

    def start(self) -> None:
        """Plan the first review, if any policy or component gives levels."""
        if self._policies or self.context.hooks.decides(HOOK):
            self._dates.plan(self._timed)

    def step(self) -> None:
        """Ask for the levels of the sites that review now."""
        is_due = self._dates.due(self._timed)
        if is_due is None:
            return
        due = self._timed[is_due]
        review = self._seen(due)
        self._follow_policies(review)
        self._set(due, self._levels(review._replace(level=self.world.state.sites["level"][due])))

    def _follow_policies(self, review: Review) -> None:
        """Set the levels of the sites of a review whose policies give any."""
        own, levels = self._own["level"], self.world.state.sites["level"]
        for policy in self._policies:
            seen = Review._make(each[np.isin(review.sites, policy.sites)] for each in review)
            if len(seen.sites):
                given = policy.levels(self.timeline.today, seen)
                own[seen.sites] = np.where(np.isnan(given), own[seen.sites], given)
                levels[seen.sites] = own[seen.sites]

    def _levels(self, review: Review) -> Floats:
        """Return the level that a component gives each site, NaN for its own rule."""
        shape = review.sites.shape

        def read(reader: AnswerValidator, answer: Any) -> Floats:
            return reader.finite_or_none("level", answer, shape)

        return self.context.hooks.decide(HOOK, lambda: np.full(shape, np.nan), read, review=review)

    def _seen(self, due: Integers) -> Review:
        sites = self.world.state.sites
        days = sites["review"][due].astype(np.float64) * self.timeline.tick_days
        demanded, level = sites["demanded"][due], sites["level"][due]
        return Review(due.copy(), days, demanded, self._positions()[due], level, self._demand_per_day(due))

    def _demand_per_day(self, due: Integers) -> Floats:
        """Return the mean demand of the last whole period between reviews and the time since (units per day)."""
        sites = self.world.state.sites
        of_period = sites["demand_sum"][due] - self._counted[due]
        self._counted[due] = sites["demand_sum"][due]
        # Where the demand of today counts for the period that ends, it has yet to come.
        days = (2 * sites["review"][due] - self._reviews_late) * self.timeline.tick_days
        known = sites["reviews"][due] > 0
        return np.where(known, (of_period + sites["demanded"][due]) / days, np.nan)

    def _positions(self) -> Floats:
        """Return the inventory position of each site for the input of which it has least (units of output)."""
        sites, inputs = self.world.state.sites, self.world.state.inputs
        free = sites["on_hand"] + sites["wip"] - sites["backlog"] - sites["due_later"]
        base = np.where(sites["echelon_rule"] != 0, sites["echelon"], free)
        per_output = inputs["per_unit"] / sites["mean_yield"][inputs["site"]]
        least = np.full(len(sites), np.inf)
        np.minimum.at(least, inputs["site"], (inputs["stock"] + inputs["on_order"]) / per_output)
        return np.asarray(base + np.where(np.isinf(least), 0.0, least))

    def _set(self, due: Integers, levels: Floats) -> None:
        sites, is_given = self.world.state.sites, ~np.isnan(levels)
        back = due[self._is_given[due] & ~is_given]
        for name in _RULE:
            sites[name][back] = self._own[name][back]
        given = due[is_given]
        sites["rule"][given], sites["method"][given], sites["level"][given] = ORDER_UP_TO, FIXED, levels[is_given]
        self._is_given[due] = is_given
