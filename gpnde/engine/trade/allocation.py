"""Allocation (E10): how the volume of an input is shared among its suppliers at each review."""

from __future__ import annotations

from typing import Any

import numpy as np

from gpnde.engine.context import RunContext
from gpnde.engine.hooks.validator import AnswerValidator
from gpnde.engine.trade.links import Links
from gpnde.mechanics.sourcing import allocation_shares, fill_to_cap, price_breaker_award
from gpnde.numerics.draws import entities, joined, uniform
from gpnde.plugin.flow import Sharing
from gpnde.scenario.rules import Selection
from gpnde.vocabulary import OVERFLOW_ROLES, PRICE_BREAKER, ROLES
from gpnde.world.layout import Floats, Integers

_PRICE_BREAKER = ROLES.index(PRICE_BREAKER)
_OVERFLOW = [ROLES.index(role) for role in OVERFLOW_ROLES]


class Allocation:
    """Shares volume by score or by capacity, and holds the price-breaker rounds."""

    def __init__(self, context: RunContext, rules: Selection) -> None:
        """Start with the shares as they are."""
        self._context, self._rules, self._window = context, rules, context.timeline.period(rules.review_days)
        self._key = context.stream("selection", "price-breaker")
        self._fills = rules.fill_order == "higher-tier-first"
        self._moves = self._fills or rules.allocation > 0.0 or rules.price_breaker_probability > 0.0
        self._moves |= context.hooks.decides("allocate")
        self._reviews = 0

    def renew(self, numbers: Integers, before: Floats, placed: Floats) -> None:
        """Share the volume of each input among the links *numbers*.

        The scores *before* this review, and the units *placed* since the last one, have one entry per line.
        """
        self._reviews += 1
        if not self._moves:
            return
        # More may have been cancelled since the last review than was placed.
        need, caps = self._need_and_caps(numbers, np.maximum(placed, 0.0))
        items = self._context.world.state.lines["input"][numbers]
        # Stable, so that the suppliers of one input stay in the order of their links.
        order = np.argsort(items, kind="stable")
        for group in np.split(numbers[order], np.flatnonzero(np.diff(items[order])) + 1):
            # A single supplier has all of an input, whatever it scores.
            if len(group) > 1:
                decided = self._decided(group, before[group], float(need[group[0]]), caps[group])
                self._context.part(Links).set_shares(group, decided)

    def _decided(self, group: Integers, before: Floats, need: float, caps: Floats) -> Floats:
        """Return the shares of the suppliers of one input: by the rules, or as components decide."""
        lines, scores = self._context.world.state.lines, self._context.world.trade["score"][group]
        first = lines[group[0]]
        sharing = Sharing(
            int(first.buyer),
            int(first.product),
            group,
            lines["supplier"][group].astype(np.int64),
            self._in_force(group),
            scores,
        )

        def by_rules() -> Floats:
            return self._after_price_breaking(group, self._shares(group, scores, before, need, caps))

        def read(reader: AnswerValidator, answer: Any) -> Floats:
            given = reader.numbers("share", answer, group.shape)
            if given.sum() <= 0.0:
                raise reader.fault("shares that are all 0", "at least one must be above 0")
            return np.asarray(given / given.sum())

        return self._context.hooks.decide("allocate", by_rules, read, sharing=sharing)

    def _shares(self, group: Integers, scores: Floats, before: Floats, need: float, caps: Floats) -> Floats:
        """Return the shares of the suppliers of one input by their scores, now and *before*, and by capacity."""
        in_force = self._in_force(group)
        by_score = allocation_shares(in_force, self._risen(scores, before, in_force), self._rules.allocation)
        if self._fills:
            volume = fill_to_cap(need, by_score, caps, self._ranks(group))
            # Where nothing was ordered, or nobody can deliver, there is nothing to go by and shares stay.
            return volume / volume.sum() if volume.any() else in_force
        return by_score

    def _in_force(self, group: Integers) -> Floats:
        """Return the shares of the suppliers of one input, which sum to 1; equal parts where none has any."""
        share = self._context.world.state.lines["share"][group]
        total = float(share.sum())
        return np.asarray(share / total) if total > 0.0 else np.full(len(group), 1.0 / len(group))

    def _risen(self, scores: Floats, before: Floats, weights: Floats) -> Floats:
        """Return by how much scores have risen, for a first one from the mean of all; who has none stands still."""
        known = np.isfinite(scores)
        # `np.average` refuses weights that sum to 0.
        mean = np.average(scores[known], weights=weights[known]) if weights[known].any() else 0.0
        start = np.where(np.isfinite(before), before, mean)
        return np.where(known, scores - start, 0.0)

    def _need_and_caps(self, numbers: Integers, placed: Floats) -> tuple[Floats, Floats]:
        """Return per line what its buyer needs of the input in a window, and what its supplier can make of it (units).

        A supplier's capacity goes to its customers in proportion to their needs; what it sells otherwise counts too.
        """
        lines, sites = self._context.world.state.lines, self._context.world.state.sites
        need = placed.copy()
        need[numbers] = self._volumes(numbers, placed)[lines["input"][numbers]]
        sold = (lines["supplier"] >= 0) & (lines["active"] == 1)
        supplier = lines["supplier"][sold]
        asked = np.bincount(supplier, need[sold], len(sites))[supplier]
        part = np.divide(need[sold], asked, out=np.ones(len(asked)), where=asked > 0.0)
        can_make = np.where(sites["unlimited"] == 1, np.inf, sites["capacity"] * sites["mean_yield"])[supplier]
        caps = np.full(len(lines), np.inf)
        # Infinite capacity times a part of 0 is not a number, so it is left out.
        caps[sold] = np.multiply(can_make * self._window, part, out=caps[sold], where=np.isfinite(can_make))
        return need, caps

    def _volumes(self, numbers: Integers, placed: Floats) -> Floats:
        """Return the units of each input that its buyer has ordered in the window, as far as *numbers* deliver it."""
        lines, count = self._context.world.state.lines, len(self._context.world.state.inputs)
        bought = lines["input"] >= 0
        volume: Floats = np.bincount(lines["input"][bought], placed[bought], count).astype(np.float64)
        return volume * np.bincount(lines["input"][numbers], lines["share"][numbers], count)

    def _ranks(self, group: Integers) -> Integers:
        """Return the tiers of suppliers; those whose role is to take the overflow come after all others."""
        state, firms = self._context.world.state, self._context.world.firms
        firm = state.sites["firm"][state.lines["supplier"][group]]
        # More than any tier, so that they come last even where their own tier is the first.
        last = int(firms["tier"].max()) + 1
        ranks: Integers = firms["tier"][firm] + last * np.isin(firms["role"][firm], _OVERFLOW)
        return ranks

    def _after_price_breaking(self, group: Integers, shares: Floats) -> Floats:
        """Return the shares after a round, held by chance, that awards volume to the cheapest price breaker."""
        state = self._context.world.state
        first = state.lines[group[0]]
        item = joined(state.site_entity[first.buyer], entities(self._context.world.names.products)[first.product])
        if uniform(*self._key, int(item), self._reviews, 0) >= self._rules.price_breaker_probability:
            return shares
        role = self._context.world.firms["role"][state.sites["firm"][state.lines["supplier"][group]]]
        if not (role == _PRICE_BREAKER).any():
            return shares
        price = np.where(role == _PRICE_BREAKER, state.lines["price"][group], np.inf)
        cheapest = int(np.argmin(price))
        self._context.journal.line("price_breaker_awarded", int(group[cheapest]), value=self._rules.price_breaker_share)
        return price_breaker_award(shares, lowest_bid=cheapest, awarded_share=self._rules.price_breaker_share)
