"""Dividends (E21): after every quarter owners get their share of what the firms that they own have earned in it."""

from __future__ import annotations

import numpy as np

from gpnde.engine.clock import Phase
from gpnde.engine.context import RunContext, Subsystem
from gpnde.engine.money.payments import enter, per_firm
from gpnde.engine.money.statements import Statements
from gpnde.mechanics.finance import dividend
from gpnde.ownership import share_held
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import QUARTER_DAYS


class Dividends(Subsystem):
    """Pays out profits of owned firms, as far as they can spare cash."""

    name = "dividends"

    @classmethod
    def is_needed(cls, scenario: Scenario) -> bool:
        """Return whether firms have money, and some of them owners who hold a share."""
        owned = [firm for firm in scenario.firms if firm.owner is not None]
        return scenario.finance is not None and any(share_held(firm.node_type, firm.equity_share) for firm in owned)

    def __init__(self, context: RunContext) -> None:
        """Begin with nothing paid."""
        super().__init__(context)
        rules = self.world.scenario.finance
        self._means_share = 0.0 if rules is None else rules.means_share
        self._paid = self._losses = np.zeros(len(self.world.firms))

    def start(self) -> None:
        """Plan to pay when the statements of a quarter are there."""
        self.plan_steps(QUARTER_DAYS, Phase.TERMS)

    def step(self) -> None:
        """Pay dividends on the profits of the last statements, once losses of earlier ones are made up for.

        What a firm has paid itself is no loss of it; what it has received is profit, which is passed on along chains.
        """
        world = self.world
        firms, owner = world.firms, world.owners
        profit = self.context.part(Statements).last_profits + self._paid + self._losses
        self._losses = np.minimum(profit, 0.0)
        due = dividend(profit, world.ownership["share"], self._means_share * firms["cash"])
        both = (owner >= 0) & (firms["active"] == 1) & (firms["active"][owner] == 1)
        self._paid = np.where(both, due, 0.0)
        received = per_firm(world, owner, self._paid)
        firms["cash"] += received - self._paid
        enter(world, "dividends", received - self._paid)
