"""Exchange rates (E27): the currencies of countries move, and with them wages, sales abroad and debt."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gpnde.engine.clock import Phase
from gpnde.engine.context import Columns, RunContext, Subsystem
from gpnde.engine.money.costs import UnitCosts
from gpnde.engine.money.payments import receive
from gpnde.engine.money.prices import Prices
from gpnde.mechanics.exchange import next_deviation, next_variance, rate_of
from gpnde.numerics.draws import entities, normals
from gpnde.results.tables import Coded
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import MONTH_DAYS, YEAR_DAYS
from gpnde.world.layout import Floats


class ExchangeRates(Subsystem):
    """Moves the value of each currency in world money every month."""

    name = "exchange"

    @classmethod
    def is_needed(cls, scenario: Scenario) -> bool:
        """Return whether some country has a currency of its own."""
        return any(country.currency is not None for country in scenario.countries)

    def __init__(self, context: RunContext) -> None:
        """Begin with all currencies at their mean."""
        super().__init__(context)
        currencies = [country.currency for country in self.world.scenario.countries]
        self._volatility = np.array([0.0 if each is None else each.volatility_per_year for each in currencies])
        self._reversion = np.array([0.0 if each is None else each.reversion_per_year for each in currencies])
        self._at_home = np.array([0.0 if each is None else 1.0 - each.foreign_debt_share for each in currencies])
        self._key = context.stream("exchange", "rate")
        self._deviation, self._variance = np.zeros(len(currencies)), np.zeros(len(currencies))
        self._days: list[float] = []
        self._rows: list[Floats] = []

    def start(self) -> None:
        """Note the rates of day 0 and plan their steps."""
        self._note()
        self.plan_steps(MONTH_DAYS, Phase.SHOCKS)

    def step(self) -> None:
        """Move all rates, revalue debt, and bring costs, which prices follow, up to date."""
        # A copy, since `set_rates` writes into the same array.
        timeline, before = self.timeline, self.world.exchange_rates.copy()
        years = timeline.period(MONTH_DAYS) * timeline.tick_days / YEAR_DAYS
        noise, volatility = normals(self._key, entities(self.world.country_names), timeline.now), self._volatility_now()
        self._deviation = next_deviation(self._deviation, years, volatility, self._reversion, noise)
        self._variance = next_variance(self._variance, years, volatility, self._reversion)
        self.set_rates(rate_of(self._deviation, self._variance))
        self._revalue_debt(self.world.exchange_rates / before)
        self._note()

    def _volatility_now(self) -> Floats:
        """Return the volatility of each currency; components scale it by what they do for the firms of its country."""
        factor = self.context.hooks.product("volatility", len(self.world.firms))
        if factor is None:
            return self._volatility
        home, count = self.world.places.country, len(self._volatility)
        # Components answer by firm, and a currency takes the mean over the firms of its country.
        firms = np.bincount(home[home >= 0], minlength=count)
        total = np.bincount(home[home >= 0], factor[home >= 0], count)
        return np.asarray(self._volatility * np.divide(total, firms, out=np.ones(count), where=firms > 0))

    def set_rates(self, rates: Floats) -> None:
        """Set the values of all currencies in world money; shape (countries,)."""
        self.world.exchange_rates[:] = rates
        have_followed = self.context.part(UnitCosts).update()
        # Prices quoted in a currency move with it even where no cost does.
        if not have_followed and self.world.money["quoted_rate"].any():
            self.context.part(Prices).update()

    def _revalue_debt(self, change: Floats) -> None:
        """Book what debt in home currency is worth more or less than before; *change* has shape (countries,)."""
        if self.world.scenario.finance is None:
            return
        home = self.world.places.country
        # Firms at home in no country have the number -1, which finds the 0 at the end.
        weight = np.append(self._at_home * (change - 1.0), 0.0)[home]
        debt = np.maximum(-self.world.firms["cash"], 0.0)
        receive(self.world, -weight * debt, "exchange")

    def _note(self) -> None:
        self._days.append(self.timeline.today)
        self._rows.append(self.world.exchange_rates.copy())

    def tables(self) -> Mapping[str, Columns]:
        """Return the rates over time."""
        names = self.world.country_names
        codes = np.tile(np.arange(len(names)), len(self._days))
        rates = np.concatenate(self._rows)
        return {"exchange": {"day": np.repeat(self._days, len(names)), "country": Coded(codes, names), "rate": rates}}
