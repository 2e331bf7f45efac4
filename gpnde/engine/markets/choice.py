"""Choice (E3): which brands the buyers of a market take at the prices of today, and how much they buy in all."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gpnde.engine.markets.brands import Aged, Sellers, Terms, aged, appeals, sellers_of, terms_of
from gpnde.mechanics.rivalry import crowded_sensitivity, logit_shares
from gpnde.scenario.rivalry import Rivalry
from gpnde.world.layout import Floats, Integers
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
        given = [market.rivalry for market in markets]
        self._sensitivity = np.array([np.nan if rule is None else rule.price_sensitivity for rule in given])
        self._listed: Integers | None = None
        self._parts: Floats = np.zeros(0)

    @property
    def sellers(self) -> Sellers:
        """Who sells in all of these markets now."""
        listed, before = self._world.state.market_lines, self._listed
        parts = self._world.money["sales_part"][listed]
        # The list is made again whenever a link comes or goes; what it says of sales changes far more seldom.
        if before is None or (listed is not before and not np.array_equal(listed, before)) or self._has_moved(parts):
            self._sellers, self._parts = sellers_of(self._world, [*self.rules]), parts
        self._listed = listed
        return self._sellers

    def _has_moved(self, parts: Floats) -> bool:
        """Return whether plants share the sales of their firms in other parts than before."""
        return not bool((parts == self._parts).all())

    def now(self, day: float) -> Aged:
        """Return how brands stand on a *day*."""
        return aged(self._world.brands, self.terms, day)

    def appeals(self, now: Aged) -> Floats:
        """Return the utility of each seller's brand at the reference price; shape (rows of `sellers`,)."""
        return np.asarray(appeals(self._world.brands, self.terms, now)[self.sellers.brands])

    def sensitivity(self, now: Aged) -> Floats:
        """Return how sensitive buyers of each seller are to what they pay (1/money); shape (rows of `sellers`,)."""
        world, sellers = self._world, self.sellers
        factor = sellers.mean(world.of_cells("price_sensitivity")[sellers.suppliers])
        crowding = self.terms.crowding[world.brands["product"][sellers.brands]]
        usual = self._sensitivity[sellers.market] * factor
        return crowded_sensitivity(usual, crowding, now.availability[sellers.brands])

    def utility(self, now: Aged) -> Floats:
        """Return the utility of each seller's brand at today's prices, duties included; shape (rows of `sellers`,)."""
        world, sellers = self._world, self.sellers
        over = sellers.mean(world.landed_of(sellers.lines)) - world.choices["reference_price"][sellers.market]
        return np.asarray(self.appeals(now) - self.sensitivity(now) * over)

    def choose(self, day: float) -> dict[int, float]:
        """Set the shares of brands, and return by market what buyers take in all over what they did at the opening."""
        outside, sellers = self._world.choices["outside"], self.sellers
        chosen = {market: rows for market, rows in sellers.rows.items() if rows.start < rows.stop}
        chosen = {market: rows for market, rows in chosen.items() if np.isfinite(outside[market])}
        if not chosen:
            return {}
        utility = self.utility(self.now(day))
        share, inside = np.zeros(len(utility)), np.zeros(len(outside))
        for market, rows in chosen.items():
            share[rows] = logit_shares(utility[rows], float(outside[market]))
            inside[market] = share[rows].sum()
        self._set_shares(sellers, share[sellers.place], inside[sellers.market][sellers.place])
        return {market: float(inside[market]) / (1.0 - self.rules[market].outside_share) for market in chosen}

    def _set_shares(self, sellers: Sellers, share: Floats, inside: Floats) -> None:
        """Give each line its part of the *share* of its brand in all that is bought *inside* its market at all."""
        # Where nothing is bought at all, shares stay as they were.
        bought = inside > 0.0
        part = (share * sellers.weight)[bought] / inside[bought]
        self._world.state.lines["share"][sellers.lines[bought]] = part
