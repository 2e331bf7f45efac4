"""Choice (E3): which brands the buyers of a market take at the prices of today, and how much they buy in all."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gpnde.engine.markets.brands import Aged, Sellers, Terms, aged, appeals, sellers_of, terms_of
from gpnde.mechanics.rivalry import crowded_sensitivity, logit_shares
from gpnde.scenario.rivalry import Rivalry
from gpnde.world.layout import Floats
from gpnde.world.world import World


class BrandChoice:
    """What buyers choose in the markets where firms are rivals."""

    def __init__(self, world: World) -> None:
        """Look up the markets; nothing is chosen before their reference is set."""
        self._world = world
        self.terms: Terms = terms_of(world.scenario)
        markets = world.scenario.markets
        self.rules: Mapping[int, Rivalry] = {
            number: market.rivalry for number, market in enumerate(markets) if market.rivalry is not None
        }

    def now(self, day: float) -> Aged:
        """Return how brands stand on a *day*."""
        return aged(self._world.brands, self.terms, day)

    def appeals(self, now: Aged) -> Floats:
        """Return the utility of each brand at the reference price; shape (brands,)."""
        return appeals(self._world.brands, self.terms, now)

    def sensitivity(self, market: int, now: Aged, sellers: Sellers) -> Floats:
        """Return how sensitive those who buy each of the brands of a market are to what they pay (1/money)."""
        world, availability = self._world, now.availability[sellers.brands]
        product = world.brands["product"][sellers.brands]
        factor = sellers.mean(world.of_cells("price_sensitivity")[world.state.lines["supplier"][sellers.lines]])
        sensitivity = self.rules[market].price_sensitivity * factor
        return crowded_sensitivity(sensitivity, self.terms.crowding[product], availability)

    def utility(self, market: int, now: Aged, sellers: Sellers) -> Floats:
        """Return the utility of each brand of a market at today's prices, duties included."""
        world = self._world
        over = sellers.mean(world.landed[sellers.lines]) - world.choices["reference_price"][market]
        return np.asarray(self.appeals(now)[sellers.brands] - self.sensitivity(market, now, sellers) * over)

    def choose(self, day: float) -> dict[int, float]:
        """Set the shares of brands, and return by market what buyers take in all over what they did at the opening."""
        now = self.now(day)
        found = {market: self._choose(market, now) for market in self.rules if self._is_open(market)}
        return {market: factor for market, factor in found.items() if factor is not None}

    def _is_open(self, market: int) -> bool:
        return bool(np.isfinite(self._world.choices["outside"][market]))

    def _choose(self, market: int, now: Aged) -> float | None:
        """Set the shares of one market and return its factor, or None where nobody sells any more."""
        world, sellers = self._world, sellers_of(self._world, market)
        if len(sellers.lines) == 0:
            return None
        share = logit_shares(self.utility(market, now, sellers), float(world.choices["outside"][market]))
        inside = float(share.sum())
        if inside > 0.0:
            world.state.lines["share"][sellers.lines] = share[sellers.place] * sellers.weight / inside
        return inside / (1.0 - self.rules[market].outside_share)
