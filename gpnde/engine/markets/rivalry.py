"""Rivalry: firms launch generations of their products, set prices against each other, and buyers choose (E1 to E3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from gpnde.engine.clock import Phase
from gpnde.engine.context import Columns, RunContext, Subsystem
from gpnde.engine.markets.brands import Sellers
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
        self._launches.set_typical()
        # While brands are typical: their true age and success must not shape what buyers compare with.
        self._set_references()
        self._launches.open()
        self._set_prices()
        self.plan_every(self.timeline.period(WEEK_DAYS), Phase.SHOCKS, "step", from_start=True)
        rows = self.timeline.period(self.world.scenario.record.every_days)
        self.plan_every(rows, Phase.RECORD, "record", from_start=True)

    def step(self) -> None:
        """Go on designing, launch what is ready, set prices, and let buyers choose."""
        # The first step is on day 0, before which no time has passed.
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
        prices = self.context.part(Prices)
        sellers = prices.choice.sellers
        asked = self._best_prices(sellers)[sellers.place]
        chosen = ~np.isnan(asked)
        least = self.world.plants["variable_cost"][sellers.suppliers]
        prices.set_prices(sellers.lines[chosen], asked[chosen], least[chosen])
        prices.update()

    def _best_prices(self, sellers: Sellers) -> Floats:
        """Return the price of each seller, before duties, at which none gains by another one; NaN where it is given."""
        choices, best = self.world.choices, np.full(len(sellers.brands), np.nan)
        duty, sensitivity, appeal = self._markets(sellers)
        appeal = appeal + sensitivity * choices["reference_price"][sellers.market]
        cost, per_price = self._cost(sellers), sensitivity * duty
        for market, rows in self._with_rule("bertrand", sellers):
            outside = float(choices["outside"][market])
            best[rows] = bertrand_prices(cost[rows], per_price[rows], appeal[rows], outside)
        return best

    def _with_rule(self, pricing: str, sellers: Sellers) -> Iterator[tuple[int, slice]]:
        """Yield the markets with this rule of pricing in which anybody sells, and the rows of their sellers."""
        rules = self.context.part(Prices).choice.rules
        for market, rows in sellers.rows.items():
            if rules[market].pricing == pricing and rows.start < rows.stop:
                yield market, rows

    def _markets(self, sellers: Sellers) -> tuple[Floats, Floats, Floats]:
        """Return per seller what buyers pay for a unit of its price, their sensitivity, and its brand's appeal."""
        choice = self.context.part(Prices).choice
        now = choice.now(self.timeline.today)
        duty = sellers.mean(1.0 + self.world.money["tariff"][sellers.lines])
        return duty, choice.sensitivity(now), choice.appeals(now)

    def _cost(self, sellers: Sellers) -> Floats:
        return sellers.mean(self.world.plants["variable_cost"][sellers.suppliers])

    def _set_references(self) -> None:
        """Set what buyers compare with in every market, at the costs and prices of typical brands."""
        sellers = self.context.part(Prices).choice.sellers
        _, sensitivity, appeal = self._markets(sellers)
        price = sellers.mean(self.world.state.lines["price"][sellers.lines])
        cost = self._cost(sellers)
        for market, rows in sellers.rows.items():
            self._set_reference(market, cost[rows], sensitivity[rows], appeal[rows], price[rows])

    def _set_reference(self, market: int, cost: Floats, sensitivity: Floats, appeal: Floats, price: Floats) -> None:
        """Set reference price and utility of buying nothing so that the stated share does so among typical brands."""
        choices, rules = self.world.choices, self.context.part(Prices).choice.rules[market]
        share, reference = rules.outside_share, float(price.mean())
        for _ in range(_ROUNDS if rules.pricing == "bertrand" else 0):
            at_nothing = appeal + sensitivity * reference
            outside = outside_utility(cost, sensitivity, at_nothing, share)
            price = bertrand_prices(cost, sensitivity, at_nothing, outside)
            shares = logit_shares(at_nothing - sensitivity * price, outside)
            reference = float(shares @ price / shares.sum())
        choices["reference_price"][market] = reference
        choices["outside"][market] = outside_utility_at(appeal - sensitivity * (price - reference), share)
