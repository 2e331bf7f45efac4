"""Alternatives: what a firm would sell, at which price and for how long, if it could do more than it can."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

import numpy as np

from gpnde.contracts import INTRA_FIRM
from gpnde.engine.context import RunContext
from gpnde.engine.hooks.commitments import committed_ticks
from gpnde.engine.knowledge.coupling import Coupling
from gpnde.engine.markets.design import development_capability
from gpnde.engine.money.costs import UnitCosts
from gpnde.engine.money.prices import Prices
from gpnde.engine.trade.bargaining import Bargaining
from gpnde.engine.trade.quotations import Quotations
from gpnde.engine.trade.scorecards import Scorecards
from gpnde.engine.trade.strike_bars import strike_bars, strikes_allowed
from gpnde.mechanics.capability_effects import response_level
from gpnde.mechanics.expectations import chance_beaten, expected_days, hazard_per_day
from gpnde.mechanics.rivalry import quality_gained, time_to_market
from gpnde.scenario.knowledge import Effort
from gpnde.scenario.rules import Selection
from gpnde.vocabulary import YEAR_DAYS
from gpnde.world.layout import Flags, Floats, Integers, Records


class Shift(NamedTuple):
    """By how much more a firm could do; each the same for all firms."""

    making: float = 0.0
    """In the functions that its sites perform."""
    coordination: float = 0.0
    design: float = 0.0
    functions: float = 0.0
    """Rise of what buyers pay for its functions beside making, as a share of the price."""


class Worth(NamedTuple):
    """What places in the network are worth, and what standing costs take from it (money)."""

    lines: Floats
    """Shape (sold lines,)."""
    sites: Floats
    """Shape (sites,)."""


class Alternatives:
    """Works out what all that firms sell is worth to them, as it is and as it would be.

    A firm reckons with the rules that decide, at its own position: costs and yields, the price that would be agreed
    upon, the score and the chance to be dismissed that goes with it, the share of volume that follows scores, and what
    buyers make of the design of its brand. What rivals do stands still.
    """

    def __init__(self, context: RunContext, rules: Effort, coupling: Coupling | None) -> None:
        """Take what firms sell today."""
        self._context, self._rules, self._coupling = context, rules, coupling
        world = context.world
        lines = world.state.lines
        sold = (lines["supplier"] >= 0) & (lines["active"] == 1)
        self.numbers: Integers = np.flatnonzero(sold)
        self.supplier: Integers = lines["supplier"][self.numbers].astype(np.int64)
        self.firm: Integers = world.state.sites["firm"][self.supplier].astype(np.int64)
        self._supplies: Flags = ((lines["market"] < 0) & (lines["contract"] != INTRA_FIRM))[self.numbers]
        self._protected = self._protected_days()
        self._known_costs: dict[float, tuple[Records, Records]] = {}

    @property
    def discount(self) -> float:
        """The rate at which firms discount (1/day)."""
        return self._rules.discount_per_year / YEAR_DAYS

    def worth(self, volume: Floats, shift: Shift) -> Worth:
        """Return what *volume*, the units that are sold on each line per day, is worth under a *shift*."""
        plants, factories = self._costs(shift)
        income = (self._prices(shift, plants) - plants["variable_cost"][self.supplier]) * volume
        scores = self._scores(shift)
        kept = self._days_kept(scores)
        grown = self._volume_factor(scores) * self._demand_factor(shift)
        standing = factories["standing"] * factories["wage"] * self._context.world.site_exchange_rates
        # Standing staff is paid whether a place is kept or lost, so no hazard shortens this.
        horizon = expected_days(0.0, self.discount, 0.0, self._rules.base_horizon_days)
        return Worth(np.asarray(income * grown * kept), -np.asarray(standing * horizon))

    def _protected_days(self) -> Floats:
        """Return how long the buyer of each line that is sold is still bound (days)."""
        context, lines = self._context, self._context.world.state.lines
        if not self._rules.commitment_counts:
            return np.zeros(len(self.numbers))
        until = lines["opened"] + committed_ticks(lines, context.timeline, context.hooks)
        left = np.maximum(until - context.timeline.now, 0) * context.timeline.tick_days
        return np.asarray(left[self.numbers], dtype=np.float64)

    def _costs(self, shift: Shift) -> tuple[Records, Records]:
        """Return plants and factories under a *shift*, which only what sites can do in making changes."""
        # All costs are worked out again for a shift, which takes long, and most shifts leave making as it is.
        if shift.making not in self._known_costs:
            costs = self._context.part(UnitCosts)
            self._known_costs[shift.making] = costs.at(costs.capability + shift.making, self._yields(shift))
        return self._known_costs[shift.making]

    def _yields(self, shift: Shift) -> Floats:
        """Return the mean yield of each site under a *shift*; shape (sites,)."""
        able = self._context.part(UnitCosts).capability + shift.making
        yields: Floats = self._context.world.state.sites["mean_yield"]
        return yields if self._coupling is None else self._coupling.yields(able)

    def _prices(self, shift: Shift, plants: Records) -> Floats:
        """Return the price of each line that is sold, given what units would cost."""
        world = self._context.world
        price: Floats = world.state.lines["price"][self.numbers].copy()
        free = ~world.money["is_set"][self.numbers]
        factor = self._context.part(UnitCosts).price_factors(plants["unit_cost"]) / world.plants["price_factor"]
        price[free] *= (factor * (1.0 + shift.functions))[self.supplier[free]]
        bargaining = self._context.find(Bargaining)
        if bargaining is not None and len(agreed := np.flatnonzero(self._supplies)):
            price[agreed] += bargaining.change(self.numbers[agreed], plants, shift.making, shift.functions)
        return price

    def _scores(self, shift: Shift) -> Floats:
        """Return the score that each supplying line would have, and 1 for all others."""
        scorecards = self._context.find(Scorecards)
        scores = np.ones(len(self.numbers))
        if scorecards is None:
            return scores
        now, then = self._present_marks, self._marks(scorecards, shift)
        last = self._context.world.trade["score"][self._supplying]
        # `_marks` takes delivery to be perfect, so only the difference that it shows is added to the last score.
        scores[self._supplies] = np.where(np.isnan(last), now, last) + then - now
        return scores

    @cached_property
    def _supplying(self) -> Integers:
        """The numbers of the supplying lines."""
        return self.numbers[self._supplies]

    @cached_property
    def _present_marks(self) -> Floats:
        """The score of each supplying line as `_marks` works it out for suppliers as they are."""
        return self._marks(self._context.part(Scorecards), Shift())

    @cached_property
    def _price_marks(self) -> Floats:
        """The mark of the price of each supplying line, which no shift changes."""
        landed = self._context.world.landed[self._supplying]
        return self._context.part(Scorecards).marks.price(self._supplying, landed)

    @cached_property
    def _usual_hours(self) -> Floats:
        """The time in which the supplier of each supplying line answers."""
        return self._context.part(Quotations).usual_hours(self.supplier[self._supplies])

    def _marks(self, scorecards: Scorecards, shift: Shift) -> Floats:
        """Return the score that suppliers would have who deliver whole and on time and ask what they ask now."""
        numbers, sites, marks = self._supplying, self.supplier[self._supplies], scorecards.marks
        effects = self._context.part(UnitCosts).effects
        answered = self._usual_hours * response_level(shift.coordination, effects.response)
        quality, response = marks.quality(sites, self._yields(shift)[sites]), marks.response(numbers, answered)
        return marks.score(numbers, np.ones(len(numbers)), quality, self._price_marks, response)

    def _days_kept(self, scores: Floats) -> Floats:
        """Return the discounted days for which each line is expected to last."""
        selection = self._context.world.scenario.selection
        hazard = np.zeros(len(scores))
        if selection is not None:
            hazard[self._supplies] = self._hazard(scores[self._supplies], selection)
        horizon = np.maximum(self._rules.base_horizon_days, self._protected)
        return expected_days(hazard, self.discount, self._protected, horizon)

    def _hazard(self, scores: Floats, selection: Selection) -> Floats:
        """Return the hazard of each supplying line with these *scores*, by the rules of its buyer (1/day)."""
        world, numbers, spread = self._context.world, self.numbers[self._supplies], self._rules.score_spread
        rules = world.governance_of(numbers)
        present = self._present_scores if _look_at_others(rules) else scores
        bars = strike_bars(world, numbers, present, scores)
        product = world.state.lines["product"][numbers]
        usual = (np.bincount(product, present) / np.maximum(np.bincount(product), 1))[product]
        beaten = chance_beaten(scores, usual, rules["incumbent_lock"] if selection.replace else np.nan, spread)
        allowed = strikes_allowed(world, numbers, selection.review_days)
        return hazard_per_day(scores, bars, spread, allowed, selection.review_days, beaten)

    @cached_property
    def _present_scores(self) -> Floats:
        """The score of each supplying line as it is."""
        return self._scores(Shift())[self._supplies]

    def _volume_factor(self, scores: Floats) -> Floats:
        """Return by which factor the volume of each line changes as shares follow scores."""
        selection = self._context.world.scenario.selection
        factor = np.ones(len(scores))
        if selection is None or selection.allocation == 0.0:
            return factor
        own, lines = self._supplies, self._context.world.state.lines
        present = self._context.world.trade["score"][self.numbers[own]]
        moved = np.exp(selection.allocation * (scores[own] - np.where(np.isnan(present), scores[own], present)))
        item = lines["input"][self.numbers[own]]
        share = lines["share"][self.numbers[own]]
        total = np.bincount(item, share)[item]
        part = np.divide(share, total, out=np.ones(len(share)), where=total > 0.0)
        # Shares sum to 1 again once all have moved, so a supplier that has all of an input gains nothing.
        factor[own] = moved / (1.0 - part + part * moved)
        return factor

    def _demand_factor(self, shift: Shift) -> Floats:
        """Return by which factor buyers take more of each brand on offer once its next generation is out."""
        factor = np.ones(len(self.numbers))
        choice = self._context.part(Prices).choice
        if shift.design == 0.0 or not choice.rules:
            return factor
        lines, terms = self._context.world.state.lines[self.numbers], choice.terms
        chosen = np.isin(lines["market"], list(choice.rules)) & terms.launched[lines["product"]]
        product, share = lines["product"][chosen], lines["share"][chosen]
        able = development_capability(self._context.world)[self.firm[chosen]]
        days = time_to_market(terms.design_days[product], terms.design_effect[product], able)
        gain = quality_gained(shift.design, days, terms.design_effect[product], terms.obsolescence[product])
        factor[chosen] = np.exp(terms.quality_weight[product] * (1.0 - share) * gain)
        return factor


def _look_at_others(rules: Records) -> bool:
    """Return whether some buyer judges its suppliers by what others score or bid."""
    return bool(rules["is_relative"].any() or np.isfinite(rules["incumbent_lock"]).any())
