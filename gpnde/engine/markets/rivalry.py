"""Rivalry: firms launch generations of their products, set prices against each other, and buyers choose (E1 to E3)."""

from __future__ import annotations

from collections.abc import Mapping

from gpnde.engine.clock import Phase
from gpnde.engine.context import Columns, RunContext, Subsystem
from gpnde.engine.markets.brands import Sellers, sellers_of
from gpnde.engine.markets.generations import Launches
from gpnde.engine.markets.rows import BrandRows
from gpnde.engine.money.prices import Prices
from gpnde.mechanics.rivalry import bertrand_prices, logit_shares, outside_utility, outside_utility_at
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import WEEK_DAYS
from gpnde.world.layout import Floats

_ROUNDS = 50
"""How often the reference price is brought in line with the prices that follow from it."""


class Rivalry(Subsystem):
    """Looks every week at the designs of rivals, launches what is ready, and sets prices."""

    name = "rivalry"

    @classmethod
    def is_needed(cls, scenario: Scenario) -> bool:
        """Return whether firms are rivals in some market."""
        return any(market.rivalry is not None for market in scenario.markets)

    def __init__(self, context: RunContext) -> None:
        """Look up who sells where."""
        super().__init__(context)
        self._launches = Launches(context)
        self._rows = BrandRows(context)

    def start(self) -> None:
        """Open the brands amid their generations, set what buyers compare with, and plan the weeks."""
        choice = self.context.part(Prices).choice
        self._launches.set_typical()
        for market in choice.rules:
            self._set_reference(market)
        self._launches.open()
        self._set_prices()
        self.plan_every(self.timeline.period(WEEK_DAYS), Phase.SHOCKS, "step", from_start=True)
        rows = self.timeline.period(self.world.scenario.record.every_days)
        self.plan_every(rows, Phase.RECORD, "record", from_start=True)

    def step(self) -> None:
        """Go on designing, launch what is ready, set prices, and let buyers choose."""
        days = min(self.timeline.period(WEEK_DAYS), self.timeline.now) * self.timeline.tick_days
        self._launches.step(days)
        self._set_prices()

    def record(self) -> None:
        """Add a row for every brand in every market."""
        self._rows.record()

    def finish(self) -> None:
        """Add the rows of the horizon."""
        self._rows.record()

    def tables(self) -> Mapping[str, Columns]:
        """Return the table of generations."""
        return {"generations": self._rows.columns()}

    def _set_prices(self) -> None:
        """Set the prices of all markets whose sellers choose them, and let buyers respond."""
        prices, cost = self.context.part(Prices), self.world.plants["variable_cost"]
        for market, rules in prices.choice.rules.items():
            sellers = sellers_of(self.world, market)
            if rules.pricing == "bertrand" and len(sellers.lines):
                least = cost[self.world.state.lines["supplier"][sellers.lines]]
                asked = self._best_prices(market, sellers)
                prices.set_prices(sellers.lines, asked[sellers.place], least)
        prices.update()

    def _best_prices(self, market: int, sellers: Sellers) -> Floats:
        """Return the price of each brand, before duties, at which no seller gains by another one."""
        choices = self.world.choices[market]
        duty, sensitivity, appeal = self._market(market, sellers)
        appeal = appeal + sensitivity * choices["reference_price"]
        return bertrand_prices(self._cost(sellers), sensitivity * duty, appeal, float(choices["outside"]))

    def _market(self, market: int, sellers: Sellers) -> tuple[Floats, Floats, Floats]:
        """Return per brand what buyers pay for a unit of its price, their sensitivity, and the brand's appeal."""
        choice = self.context.part(Prices).choice
        now = choice.now(self.timeline.today)
        duty = sellers.mean(1.0 + self.world.money["tariff"][sellers.lines])
        return duty, choice.sensitivity(market, now, sellers), choice.appeals(now)[sellers.brands]

    def _cost(self, sellers: Sellers) -> Floats:
        return sellers.mean(self.world.plants["variable_cost"][self.world.state.lines["supplier"][sellers.lines]])

    def _set_reference(self, market: int) -> None:
        """Set reference price and utility of buying nothing so that the stated share does so among typical brands."""
        choices, rules = self.world.choices, self.context.part(Prices).choice.rules[market]
        sellers = sellers_of(self.world, market)
        _, sensitivity, appeal = self._market(market, sellers)
        price = sellers.mean(self.world.state.lines["price"][sellers.lines])
        cost, share = self._cost(sellers), rules.outside_share
        reference = float(price.mean())
        for _ in range(_ROUNDS if rules.pricing == "bertrand" else 0):
            at_nothing = appeal + sensitivity * reference
            outside = outside_utility(cost, sensitivity, at_nothing, share)
            price = bertrand_prices(cost, sensitivity, at_nothing, outside)
            shares = logit_shares(at_nothing - sensitivity * price, outside)
            reference = float(shares @ price / shares.sum())
        choices["reference_price"][market] = reference
        choices["outside"][market] = outside_utility_at(appeal - sensitivity * (price - reference), share)
