"""Prices (E2) and what they do to demand (E1) and to the choice between brands (E3)."""

from __future__ import annotations

import numpy as np

from gpnde.engine.clock import Phase, Timeline
from gpnde.engine.kernel.driver import FlowDriver
from gpnde.errors import GpndeError
from gpnde.mechanics.demand import choice_shares, price_response
from gpnde.mechanics.pricing import commodity_price
from gpnde.world.layout import Floats, Integers
from gpnde.world.world import World

PERIOD_DAYS = 7.0
"""Time between two looks at prices."""

MOST_DEMAND = 1e9
"""The largest factor by which prices and components may multiply the demand of a market."""


class Prices:
    """Moves the prices of links and sales, and with them demand and brand shares."""

    def __init__(self, world: World, timeline: Timeline, flow: FlowDriver) -> None:
        """Take the prices at the start as those of a new product generation in peace."""
        self._world, self._timeline, self._flow = world, timeline, flow
        self.base = world.state.lines["price"].copy()
        self._scale = np.ones(len(self.base))
        self._demand_scale = np.ones(len(world.state.markets))
        self._demand_factor = np.ones(len(world.state.markets))
        products = list(world.scenario.products.values())
        self._erosion = np.array([product.price_erosion_per_week for product in products])
        self._life = np.array([product.life_cycle_days or np.inf for product in products])
        self._elasticity = np.array([market.elasticity for market in world.scenario.markets])
        self._chosen = [n for n, market in enumerate(world.scenario.markets) if market.choice == "logit"]
        if self._move():
            period = max(1, timeline.tick(PERIOD_DAYS))
            timeline.every(period, Phase.SHOCKS, self.update, period)

    def _move(self) -> bool:
        """Return whether prices or shares move at all."""
        return bool(self._erosion.any() or self._chosen)

    def scale_prices(self, lines: Integers, factor: float) -> None:
        """Multiply the prices of *lines* by *factor*, on top of everything else."""
        self._scale[lines] *= factor
        self.update()

    def scale_demand(self, markets: Integers, factor: float) -> None:
        """Multiply the demand of *markets* by *factor*, on top of everything else."""
        self._demand_scale[markets] *= factor
        self.update()

    def set_demand(self, factors: Floats) -> None:
        """Multiply the demand of all markets by factors, in place of the last ones; shape (markets,)."""
        if not np.array_equal(factors, self._demand_factor):
            self._demand_factor = factors
            self.update()

    def set_capability(self, factors: Floats) -> None:
        """Multiply the prices of what each site sells by a factor, in place of the last one; shape (sites,)."""
        if not np.array_equal(factors, self._world.price_factor):
            self._world.price_factor = factors
            self.update()

    def extend(self, base: Floats) -> None:
        """Take in the prices of new links."""
        self.base = np.concatenate([self.base, base])
        self._scale = np.concatenate([self._scale, np.ones(len(base))])
        self.update()

    def update(self) -> None:
        """Bring prices, demand and brand shares up to date."""
        lines = self._world.state.lines
        lines["price"] = self.base * self._factor_of_age()[lines["product"]] * self._scale * self._of_sellers()
        self._respond()
        for market in self._chosen:
            self._choose(market)
        self._flow.wake()

    def _of_sellers(self) -> Floats:
        """Return the factor of the selling site of each line; 1 for what comes from outside."""
        factor: Floats = np.append(self._world.price_factor, 1.0)[self._world.state.lines["supplier"]]
        return factor

    def _factor_of_age(self) -> Floats:
        """Return how far the price of each product has eroded since its generation was launched."""
        age = np.where(np.isinf(self._life), self._timeline.today, np.mod(self._timeline.today, self._life))
        return commodity_price(1.0, self._erosion, age)

    def _respond(self) -> None:
        """Let demand follow the mean price of each market."""
        state = self._world.state
        sold = np.flatnonzero(state.lines["market"] >= 0)
        market, share = state.lines["market"][sold], state.lines["share"][sold]
        count = len(state.markets)
        price = np.bincount(market, share * self._world.landed[sold], count)
        reference = np.bincount(market, share * self.base[sold], count)
        priced = reference > 0
        with np.errstate(over="ignore", divide="ignore"):
            response = price_response(np.where(priced, price, 1.0), np.where(priced, reference, 1.0), self._elasticity)
            factor = self._demand_scale * self._demand_factor * response
        self._refuse_boundless(factor, np.asarray(price, float), np.asarray(reference, float))
        state.markets["factor"] = factor

    def _refuse_boundless(self, factor: Floats, price: Floats, reference: Floats) -> None:
        """End the run where demand has grown beyond all sense; all arrays have shape (markets,)."""
        beyond = np.flatnonzero(~(factor <= MOST_DEMAND))
        if len(beyond):
            market = int(beyond[0])
            name, day = self._world.names.markets[market], self._timeline.today
            text = (
                f"a price of {price[market]:g} instead of {reference[market]:g} multiplies demand by {factor[market]:g}"
            )
            right = f"at most {MOST_DEMAND:g}: give a lower elasticity than {self._elasticity[market]:g}"
            raise GpndeError(f"markets.{name}, day {day:g}: {text}: {right}, or let the price move less")

    def _choose(self, market: int) -> None:
        """Let buyers of a market choose between its brands by price, relative to the mean price."""
        state = self._world.state
        record = state.markets[market]
        numbers = state.market_lines[record.first_line : record.last_line]
        if len(numbers) == 0:
            return
        price = self._world.landed[numbers]
        level = price / price.mean() if price.mean() > 0 else np.ones(len(numbers))
        even = np.zeros(len(numbers))
        state.lines["share"][numbers] = choice_shares(level, even, even, self._elasticity[market] or 1.0)
