"""Prices (E2) and what they do to demand (E1) and to the choice between brands (E3)."""

from __future__ import annotations

import numpy as np

from gpnde.engine.clock import Phase
from gpnde.engine.context import RunContext, Subsystem
from gpnde.engine.kernel.driver import FlowDriver
from gpnde.engine.markets.choice import BrandChoice
from gpnde.errors import GpndeError
from gpnde.mechanics.demand import price_response
from gpnde.mechanics.pricing import commodity_price
from gpnde.vocabulary import WEEK_DAYS
from gpnde.world.layout import Floats, Integers

MOST_DEMAND = 1e9
"""The largest factor by which prices and components may multiply the demand of a market."""


class Prices(Subsystem):
    """Moves the prices of links and sales, and with them demand and brand shares."""

    name = "prices"

    def __init__(self, context: RunContext) -> None:
        """Take the prices at the start as those of a newly launched product generation without a price war."""
        super().__init__(context)
        scenario = self.world.scenario
        self._demand_scale = np.ones(len(scenario.markets))
        self._demand_factor = np.ones(len(scenario.markets))
        products = list(scenario.products.values())
        self._erosion = np.array([product.price_erosion_per_week for product in products])
        self._life = np.array([product.life_cycle_days or np.inf for product in products])
        self._elasticity = np.array([market.elasticity for market in scenario.markets])
        self.choice = BrandChoice(self.world)

    def start(self) -> None:
        """Plan a look at prices every week, if any moves by itself."""
        if self._erosion.any():
            self.plan_every(self.timeline.period(WEEK_DAYS), Phase.SHOCKS, "update")

    def scale_prices(self, lines: Integers, factor: float) -> None:
        """Multiply the prices of *lines* by *factor*, on top of everything else."""
        self.world.money["price_scale"][lines] *= factor
        self.update()

    def set_prices(self, lines: Integers, prices: Floats, least: Floats) -> None:
        """Set the prices of *lines* in place of the last ones, not below the *least* (money per unit).

        From then on only price wars move these prices, down to the least one, and the currency that they are quoted in.
        """
        money = self.world.money
        money["base_price"][lines], money["least_price"][lines], money["is_set"][lines] = prices, least, True

    def scale_demand(self, markets: Integers, factor: float) -> None:
        """Multiply the demand of *markets* by *factor*, on top of everything else."""
        self._demand_scale[markets] *= factor
        self.update()

    def set_demand(self, factors: Floats) -> None:
        """Multiply the demand of all markets by factors, in place of the last ones; shape (markets,)."""
        if not np.array_equal(factors, self._demand_factor):
            self._demand_factor = factors
            self.update()

    def set_capability(self, factors: Floats) -> bool:
        """Multiply the prices of what each site sells by a factor, in place of the last one; shape (sites,).

        Return whether any factor is another one, so that all prices were brought up to date.
        """
        if np.array_equal(factors, self.world.plants["price_factor"]):
            return False
        self.world.plants["price_factor"] = factors
        self.update()
        return True

    def extend(self, rows: Integers) -> None:
        """Bring new links up to date."""
        self.update()

    def update(self) -> None:
        """Bring prices, demand and brand shares up to date."""
        lines, money = self.world.state.lines, self.world.money
        age = self._factor_of_age()[lines["product"]]
        lines["price"] = money["base_price"] * age * money["price_scale"] * self._of_sellers()
        if money["is_set"].any():
            agreed = (
                np.maximum(money["base_price"] * money["price_scale"], money["least_price"]) * self._of_currencies()
            )
            lines["price"] = np.where(money["is_set"], agreed, lines["price"])
        self._respond()
        self.context.part(FlowDriver).wake()

    def _of_currencies(self) -> Floats:
        """Return the change of the currency that each line is quoted in since its price was set."""
        quoted = self.world.money["quoted_rate"]
        supplier = self.world.state.lines["supplier"]
        rate = np.where(supplier >= 0, self.world.site_exchange_rates[supplier], 1.0)
        # A quoted rate of 0 stands for a price in world money, which no currency moves.
        return np.asarray(np.divide(rate, quoted, out=np.ones(len(quoted)), where=quoted > 0.0))

    def _of_sellers(self) -> Floats:
        """Return the factor of the selling site of each line; 1 for what comes from outside."""
        supplier = self.world.state.lines["supplier"]
        return np.where(supplier >= 0, self.world.plants["price_factor"][supplier], 1.0)

    def _factor_of_age(self) -> Floats:
        """Return how far the price of each product has eroded since its generation was launched."""
        age = np.where(np.isinf(self._life), self.timeline.today, np.mod(self.timeline.today, self._life))
        return commodity_price(1.0, self._erosion, age)

    def _respond(self) -> None:
        """Set each market's demand factor from its mean price."""
        state = self.world.state
        sold = np.flatnonzero(state.lines["market"] >= 0)
        market, share = state.lines["market"][sold], state.lines["share"][sold]
        count = len(state.markets)
        price = np.bincount(market, share * self.world.landed_of(sold), count)
        reference = np.bincount(market, share * self.world.money["base_price"][sold], count)
        # What is given away has no price to respond to, so its demand is left alone.
        priced = reference > 0
        # An overflow is refused below, in words that name the market.
        with np.errstate(over="ignore", divide="ignore"):
            response = price_response(np.where(priced, price, 1.0), np.where(priced, reference, 1.0), self._elasticity)
            for number, chosen in self.choice.choose(self.timeline.today).items():
                response[number] = chosen
            factor = self._demand_scale * self._demand_factor * response
        self._refuse_boundless(factor, np.asarray(price, float), np.asarray(reference, float))
        state.markets["factor"] = factor

    def _refuse_boundless(self, factor: Floats, price: Floats, reference: Floats) -> None:
        """End the run where demand has grown beyond all sense; all arrays have shape (markets,)."""
        # A factor that is not a number is not bounded either.
        bounded = factor <= MOST_DEMAND
        if not bounded.all():
            market = int(np.flatnonzero(~bounded)[0])
            name, day = self.world.names.markets[market], self.timeline.today
            text = (
                f"a price of {price[market]:g} instead of {reference[market]:g} multiplies demand by {factor[market]:g}"
            )
            right = f"at most {MOST_DEMAND:g}: give a lower elasticity than {self._elasticity[market]:g}"
            raise GpndeError(
                where=f"markets.{name}, day {day:g}", given=text, expected=f"{right}, or let the price move less"
            )
