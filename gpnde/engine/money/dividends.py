"""Dividends (E21): every quarter owners get their share of what the firms that they own have earned."""

from __future__ import annotations

import numpy as np

from gpnde.engine.clock import Phase
from gpnde.engine.context import RunContext, Subsystem
from gpnde.engine.money.payments import enter, per_firm
from gpnde.engine.money.statements import balance_of
from gpnde.mechanics.finance import dividend
from gpnde.ownership import share_held
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import QUARTER_DAYS
from gpnde.world.layout import Floats


class Dividends(Subsystem):
    """Pays out profits of owned firms, as far as they can spare cash."""

    name = "dividends"

    @classmethod
    def is_needed(cls, scenario: Scenario) -> bool:
        """Return whether firms have money, and some of them owners who hold a share."""
        owned = [firm for firm in scenario.firms if firm.owner is not None]
        return scenario.finance is not None and any(share_held(firm.node_type, firm.equity_share) for firm in owned)

    def __init__(self, context: RunContext) -> None:
        """Begin with nothing earned."""
        super().__init__(context)
        rules = self.world.scenario.finance
        self._means_share = 0.0 if rules is None else rules.means_share
        self._equity = np.zeros(len(self.world.firms))

    def start(self) -> None:
        """Note what firms are worth on day 0, and plan the quarters."""
        self._equity = self._worth()
        self.plan_steps(QUARTER_DAYS, Phase.CASH)

    def step(self) -> None:
        """Pay the dividends of the quarter that ends now.

        What was received counts as earned in the quarter that follows, so that it is passed on along chains of owners.
        """
        world, worth = self.world, self._worth()
        firms, owner = world.firms, world.owners
        both = (owner >= 0) & (firms["active"] == 1) & (firms["active"][owner] == 1)
        due = dividend(worth - self._equity, world.ownership["share"], self._means_share * firms["cash"])
        paid = np.where(both, due, 0.0)
        received = per_firm(world, owner, paid)
        firms["cash"] += received - paid
        enter(world, "dividends", received - paid)
        self._equity = worth - paid

    def _worth(self) -> Floats:
        """Return the equity of every firm (money)."""
        worth: Floats = balance_of(self.world)[-1]
        return worth
