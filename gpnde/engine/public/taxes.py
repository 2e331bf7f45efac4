"""Taxes on profit (E21): before every quarter's statements a firm pays a share of its profit to the state."""

from __future__ import annotations

import numpy as np

from gpnde.engine.clock import Phase
from gpnde.engine.context import RunContext, Subsystem
from gpnde.engine.money.payments import spend
from gpnde.engine.money.statements import Statements
from gpnde.mechanics.finance import profit_tax
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import QUARTER_DAYS
from gpnde.world.layout import Floats


class Taxes(Subsystem):
    """Levies the tax of each firm's country on its profit, as far as the firm has cash."""

    name = "taxes"

    @classmethod
    def is_needed(cls, scenario: Scenario) -> bool:
        """Return whether firms have money, and some country takes part of their profit."""
        return scenario.finance is not None and any(country.profit_tax > 0 for country in scenario.countries)

    def __init__(self, context: RunContext) -> None:
        """Begin without losses."""
        super().__init__(context)
        self._rate = self.world.places.of_firms("profit_tax", 0.0)
        self._losses = np.zeros(len(self.world.firms))

    def start(self) -> None:
        """Plan to collect when a quarter is over."""
        self.plan_steps(QUARTER_DAYS, Phase.TAXES)

    def step(self) -> None:
        """Collect the tax on the quarter that ends, once losses of earlier ones are made up for."""
        firms = self.world.firms
        profit = self.context.part(Statements).taxable_profit() + self._losses
        self._losses = np.minimum(profit, 0.0)
        due: Floats = profit_tax(profit, self._rate, firms["cash"])
        spend(self.world, np.where(firms["active"] == 1, due, 0.0), "taxes")
